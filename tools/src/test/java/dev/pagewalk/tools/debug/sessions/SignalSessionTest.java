package dev.pagewalk.tools.debug.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.testing.CommandResult;
import org.junit.jupiter.api.Test;

/** A fault stops in the debugger before the process dies of it. */
class SignalSessionTest {
    private static final String GUEST = "debug-crash";

    @Test
    void aFaultStopsAtItsInstructionWithWhatTheKernelWouldTell() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            assertThat(gdb.run("continue"))
                    .contains("Program received signal SIGSEGV, Segmentation fault.", "deposit (account=");
            assertThat(gdb.run("backtrace")).contains("deposit (", "in pay_all (amount=", "in main (");
            assertThat(gdb.run("x/i $pc")).contains("=> 0x", "sd");
            assertThat(gdb.number("$_siginfo.si_signo")).isEqualTo(11);
            assertThat(gdb.number("$_siginfo.si_code")).isEqualTo(1);
            assertThat(gdb.number("$_siginfo._sifields._sigfault.si_addr")).isEqualTo(0x123450);
            assertThat(gdb.print("*account")).contains("\"bob\"", "balance = 0x123450");

            assertThat(gdb.run("continue")).contains("Program terminated with signal SIGSEGV, Segmentation fault.");
            CommandResult result = guest.result();
            assertThat(result.status()).isEqualTo(139);
            assertThat(result.output()).isEqualTo("paying\n[KERN] invalid uva at 0x0000000000123450\n");
        }
    }

    @Test
    void aRepairedGuestGoesOnWithoutTheSignal() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("continue");
            assertThat(gdb.run("set var $a5 = &money", "signal 0")).contains("exited normally");

            assertThat(guest.result().output()).isEqualTo("paying\npaid: 50\n");
        }
    }

    @Test
    void aSignalThatIsNotToStopIsPassedOn() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            assertThat(gdb.run("handle SIGSEGV nostop noprint pass", "continue"))
                    .contains("Program terminated with signal SIGSEGV");
        }
    }

    @Test
    void aSignalOfTheDebuggerKills() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
            gdb.run("break count", "continue");
            assertThat(gdb.run("signal SIGTERM")).contains("Program terminated with signal SIGTERM");

            assertThat(guest.result().status()).isEqualTo(128 + 15);
        }
    }
}
