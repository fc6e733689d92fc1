package dev.pagewalk.tools.debug.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A session with LLDB 14, as far as that goes. It has no ABI plugin for RISC-V, hence:
 *
 * <ul>
 *   <li>it learns what pc and sp are from attributes of {@code target.xml} that GDB passes over;
 *   <li>backtraces have the right places for two callers; it does not know that a caller's sp is the frame's CFA, so
 *       deeper ones repeat or are missing;
 *   <li>it cannot call a function of the guest, and does not say what {@code finish} returned;
 *   <li>where the server tells the triple of a Linux, it waits for a dynamic linker at the entry point and does not stop
 *       there: the server leaves {@code qHostInfo} unanswered, and LLDB takes the triple of the ELF file.
 * </ul>
 */
class LldbSessionTest {
    @Test
    void aTourWithBreakpointsStepsDataAndAWatchpoint() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour")) {
            String said = lldb(
                    "debug-tour",
                    guest,
                    "register read pc sp",
                    "breakpoint set --name factorial --condition \"n == 2\"",
                    "continue",
                    "bt",
                    "frame variable n",
                    "register read a0",
                    "thread step-out",
                    "breakpoint disable 1",
                    "target variable square",
                    "memory read --size 8 --format x --count 2 &square",
                    "expression counter + 5",
                    "breakpoint set --name count",
                    "continue",
                    "thread step-inst",
                    "thread step-over",
                    "thread step-in",
                    "disassemble --pc --count 2",
                    "watchpoint set variable counter",
                    "continue",
                    "bt",
                    "watchpoint delete 1",
                    "continue");

            assertThat(said)
                    .containsSubsequence(
                            "stop reason = signal SIGTRAP",
                            "debug-tour.elf`_start",
                            "pc = 0x0000000000010120",
                            "stop reason = breakpoint 1.1",
                            "debug-tour.elf`factorial(n=2) at debug-tour.c:",
                            "frame #1: ",
                            "factorial(n=3)",
                            "(long) n = 2",
                            "a0 = 0x0000000000000002",
                            "stop reason = step out",
                            "factorial(n=3)",
                            "\"unit square\"",
                            "kind = SQUARE",
                            "[2] = (x = 1, y = 1)",
                            "= 5",
                            "stop reason = breakpoint 2.1",
                            "debug-tour.elf`count(last=10)",
                            "stop reason = instruction step into",
                            "stop reason = step over",
                            "stop reason = step in",
                            "Watchpoint created: Watchpoint 1",
                            "stop reason = watchpoint 1",
                            "count_up(",
                            "count(last=10)",
                            "main(",
                            "exited with status = 0");
            assertThat(guest.result().output()).endsWith("counter: 55\ncorner: 36\n");
        }
    }

    @Test
    void threadsHaveTheirBacktraces() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-threads")) {
            String said = lldb(
                    "debug-threads",
                    guest,
                    "breakpoint set --name all_are_here",
                    "continue",
                    "thread list",
                    "thread backtrace all",
                    "breakpoint disable 1",
                    "continue");

            assertThat(said)
                    .contains("thread #1", "thread #2", "thread #3", "thread #4", "all_are_here(", "main(")
                    .contains("exited with status = 0");
        }
    }

    @Test
    void aFaultShowsItsAddressAndADetachedGuestDiesOfIt() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-crash")) {
            String said = lldb("debug-crash", guest, "continue", "bt", "process detach");

            assertThat(said).contains("stop reason = signal SIGSEGV", "deposit(", "pay_all(", "detached");
            assertThat(guest.result().status()).isEqualTo(139);
        }
    }

    private static String lldb(String guest, DebuggedGuest to, String... commands) {
        DebuggerTool.require(DebuggerTool.LLDB);
        List<String> command = new ArrayList<>(List.of(DebuggerTool.LLDB, "--no-lldbinit", "--no-use-colors"));
        List<String> lines = new ArrayList<>(List.of(
                "settings set auto-confirm true",
                "target create " + guest + ".elf",
                "gdb-remote 127.0.0.1:" + to.port()));
        lines.addAll(List.of(commands));
        for (String line : lines) {
            command.add("-o");
            command.add(line);
        }
        try (DebuggerProcess lldb = new DebuggerProcess(DebuggedGuest.CATALOG, command)) {
            lldb.closeInput();
            return lldb.awaitEnd();
        }
    }
}
