package dev.pagewalk.tools.debug.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Several threads of one process on several harts. */
class ThreadSessionTest {
    private static final String GUEST = "debug-threads";

    @Test
    void everyThreadHasItsBacktrace() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            assertThat(gdb.run("break all_are_here", "continue"))
                    .containsPattern("Thread \\d .*hit Breakpoint 1, all_are_here \\(");
            assertThat(gdb.run("thread apply all backtrace"))
                    .contains("Thread 1.1", "Thread 1.2", "Thread 1.3", "Thread 1.4")
                    .contains("in count_primes (", "in add_squares (", "in climb (", "in climb_stairs (")
                    .contains("thread_start (", "main (")
                    .doesNotContain("corrupt");
            assertThat(gdb.run("info threads")).containsPattern("\\* \\d +Thread 1\\.\\d .*hart \\d");
            assertThat(gdb.run("delete", "continue")).contains("exited normally");

            assertThat(guest.result().output())
                    .isEqualTo("primes below 100: 25\nsquares up to 50: 42925\nstairs: 10\n");
        }
    }

    @Test
    void framesAndVariablesAreThoseOfTheSelectedThread() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("break all_are_here", "continue");
            gdb.selectThread("1.2");
            gdb.run("frame function count_primes");
            assertThat(gdb.print("worker->role")).contains("prime counter");
            assertThat(gdb.print("worker->steps")).isEqualTo("50");
            gdb.selectThread("1.4");
            gdb.run("frame function climb_stairs");
            assertThat(gdb.print("worker->role")).contains("stair climber");
            assertThat(gdb.number("$sp")).isNotZero();
        }
    }

    @Test
    void aBreakpointOfOneThreadStopsNoOther() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("break count_primes", "continue", "delete");
            gdb.selectThread("1.1");
            // Other threads wait here too, before the first one does.
            gdb.run("eval \"break futex_wait thread %d\", $_thread", "continue");
            assertThat(gdb.number("$_thread")).isEqualTo(1);
            assertThat(gdb.run("backtrace")).contains("futex_wait (", "in join_thread (", "in main (");
            assertThat(gdb.run("delete", "continue")).contains("exited normally");
        }
    }

    @Test
    void withTheSchedulerLockedOnlyOneThreadMoves() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("break count_primes", "continue", "set scheduler-locking on");
            long pc = gdb.number("$pc");
            gdb.selectThread("1.1");
            long pcOfTheFirst = gdb.number("$pc");
            gdb.selectThread("1.2");
            gdb.run("stepi 4");
            assertThat(gdb.number("$pc")).isNotEqualTo(pc);
            long moved = gdb.number("$pc");
            gdb.selectThread("1.1");
            assertThat(gdb.number("$pc")).isEqualTo(pcOfTheFirst);
            gdb.run("stepi 2");
            gdb.selectThread("1.2");
            assertThat(gdb.number("$pc")).isEqualTo(moved);
            assertThat(gdb.run("set scheduler-locking off", "delete", "continue"))
                    .contains("exited normally");

            assertThat(guest.result().status()).isZero();
        }
    }

    @Test
    void threadsThatBeginAndEndAreTold() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            assertThat(gdb.run("info threads")).contains("Thread 1.1").doesNotContain("Thread 1.2");
            gdb.run("break all_are_here", "continue");
            assertThat(gdb.run("info threads")).contains("Thread 1.4");
            gdb.run("break print_line", "continue");
            assertThat(gdb.run("info threads")).contains("Thread 1.1").doesNotContain("Thread 1.2");
        }
    }
}
