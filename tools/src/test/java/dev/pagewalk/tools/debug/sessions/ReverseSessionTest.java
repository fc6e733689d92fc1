package dev.pagewalk.tools.debug.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Backwards: the machine runs the same way again, and stops earlier. */
class ReverseSessionTest {
    @Test
    void anInstructionBackIsWhereOneCameFrom() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
            gdb.run("break count", "continue");
            long[] pcs = new long[12];
            for (int step = 0; step < pcs.length; step++) {
                pcs[step] = gdb.number("$pc");
                gdb.run("stepi");
            }
            for (int step = pcs.length - 1; step >= 0; step--) {
                gdb.run("reverse-stepi");
                assertThat(gdb.number("$pc")).isEqualTo(pcs[step]);
            }
            assertThat(gdb.number("counter")).isZero();
        }
    }

    @Test
    void linesAndCallsAreSteppedBackToo() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
            gdb.run("break count_up if step == 4", "continue", "delete");
            assertThat(gdb.number("counter")).isEqualTo(6);
            gdb.run("finish");
            assertThat(gdb.number("counter")).isEqualTo(10);
            assertThat(gdb.run("reverse-step")).contains("count_up (step=4)");
            gdb.run("reverse-finish");
            assertThat(gdb.run("backtrace")).contains("#0").contains("count (");
            assertThat(gdb.number("counter")).isEqualTo(6);
            gdb.run("reverse-next", "reverse-next", "reverse-next");
            assertThat(gdb.number("counter")).isEqualTo(3);
        }
    }

    @Test
    void ofTwoProcessesTheOneThatHasStoppedIsSteppedBack() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-fork");
                GdbSession gdb = GdbSession.connected("debug-fork", guest)) {
            gdb.run("set detach-on-fork off", "set schedule-multiple on", "break parent_work", "continue");
            assertThat(gdb.run("reverse-stepi")).contains("in main (");
            assertThat(gdb.run("info threads")).containsPattern("(?m)^\\* 1\\.1 ");
        }
    }

    @Test
    void theLastBreakpointBeforeIsFound() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
            gdb.run("tbreak move_shape", "continue", "break count_up");
            assertThat(gdb.run("reverse-continue")).contains("count_up (step=10)");
            assertThat(gdb.run("reverse-continue")).contains("count_up (step=9)");
            assertThat(gdb.run("continue")).contains("count_up (step=10)");
        }
    }

    @Test
    void theLastWriteBeforeIsFound() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
            gdb.run("tbreak move_shape", "continue", "watch counter");
            assertThat(gdb.run("reverse-continue")).contains("Old value = 55", "New value = 45", "count_up (");
            assertThat(gdb.run("reverse-continue")).contains("Old value = 45", "New value = 36");
            assertThat(gdb.run("continue")).contains("Old value = 36", "New value = 45");
        }
    }

    @Test
    void thereIsNothingBeforeTheFirstInstruction() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
            long start = gdb.number("$pc");
            gdb.run("break count", "continue", "delete");
            assertThat(gdb.run("reverse-continue")).contains("No more reverse-execution history.");
            assertThat(gdb.number("$pc")).isEqualTo(start);
            assertThat(gdb.run("continue")).contains("exited normally");

            // What was printed the first time is not printed again.
            assertThat(guest.result().output())
                    .isEqualTo("nodes: 3\nfactorial: 720\nsum: 28\ncounter: 55\ncorner: 36\n");
        }
    }

    @Test
    void theLastWriteBeforeTheCopyIsFoundAcrossTheForkAndItsFaults() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-fork");
                GdbSession gdb = GdbSession.connected("debug-fork", guest)) {
            gdb.run("break parent_work", "continue", "watch shared.value", "continue");
            assertThat(gdb.run("continue")).contains("Old value = 20", "New value = 21");
            assertThat(gdb.run("reverse-continue")).contains("Old value = 21", "New value = 20");
            assertThat(gdb.run("reverse-continue")).contains("Old value = 20", "New value = 3");
            gdb.run("delete 1");
            assertThat(gdb.run("reverse-continue")).contains("Old value = 3", "New value = 2", "set_shared (value=3)");
            assertThat(gdb.run("backtrace")).contains("in main (");
        }
    }

    @Test
    void aFaultIsReachedAgainFromBefore() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-crash");
                GdbSession gdb = GdbSession.connected("debug-crash", guest)) {
            gdb.run("continue");
            assertThat(gdb.run("break pay_all", "reverse-continue")).contains("pay_all (amount=50)");
            assertThat(gdb.run("continue")).contains("SIGSEGV");
            assertThat(gdb.number("$_siginfo._sifields._sigfault.si_addr")).isEqualTo(0x123450);
        }
    }

    @Test
    void threadsGoBackTogether() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-threads");
                GdbSession gdb = GdbSession.connected("debug-threads", guest)) {
            gdb.run("break print_line", "continue", "break all_are_here");
            assertThat(gdb.run("reverse-continue")).contains("all_are_here (");
            assertThat(gdb.run("thread apply all backtrace 4")).contains("count_primes (", "add_squares (", "climb (");
            assertThat(gdb.run("delete", "continue")).contains("exited normally");

            assertThat(guest.result().output())
                    .isEqualTo("primes below 100: 25\nsquares up to 50: 42925\nstairs: 10\n");
        }
    }
}
