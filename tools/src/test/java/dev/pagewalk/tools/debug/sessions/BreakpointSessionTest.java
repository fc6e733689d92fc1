package dev.pagewalk.tools.debug.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Breakpoints, frames, stepping and data of a C guest, as in any first session. */
class BreakpointSessionTest {
    private static final String GUEST = "debug-tour";

    @Test
    void aFirstSessionStopsAtMainAndRunsToTheEnd() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.of(GUEST)) {
            assertThat(gdb.connect(guest)).contains("in _start ()");
            assertThat(gdb.run("break main", "continue"))
                    .contains("Breakpoint 1, main (argc=1, argv=0x")
                    .contains("int main(int argc, char **argv) {");
            assertThat(gdb.print("argv[0]")).contains("\"debug-tour\"");
            assertThat(gdb.run("delete", "continue")).contains("[Inferior 1 (process 1) exited normally]");

            assertThat(guest.result().status()).isZero();
        }
    }

    @Test
    void aDebuggerWithoutAFileFindsTheGuestsSymbols() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.withoutFile()) {
            assertThat(gdb.connect(guest)).contains("in _start ()");
            assertThat(gdb.run("break list_length", "continue", "backtrace"))
                    .contains("Breakpoint 1, list_length (list=", "in main (", "debug-tour.c:");
        }
    }

    @Test
    void backtracesFollowTheCallFrameInformationFromTheFirstInstructionOfAFunction() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("break *factorial if n == 2", "continue");
            assertThat(gdb.run("backtrace"))
                    .containsSubsequence(
                            "#0  factorial (n=2)",
                            "#1  0x",
                            "in factorial (n=",
                            "#4  0x",
                            "in factorial (n=",
                            "#5  0x",
                            "in main (",
                            "debug-tour.c:")
                    .doesNotContain("#6")
                    .doesNotContain("corrupt");
            // Amid the prologue: the stack pointer has moved, the return address is not saved yet.
            gdb.run("stepi 3");
            assertThat(gdb.run("backtrace")).contains("#5  0x").doesNotContain("#6");
            assertThat(gdb.run("frame 3", "info frame")).contains("caller of frame at");
        }
    }

    @Test
    void aConditionIsTrueAtTheRightCall() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            assertThat(gdb.run("break factorial if n == 2", "continue")).contains("Breakpoint 1, factorial (n=");
            assertThat(gdb.number("n")).isEqualTo(2);
            gdb.run("break count_up", "ignore 2 6", "continue");
            assertThat(gdb.number("step")).isEqualTo(7);
            assertThat(gdb.run("info breakpoints")).contains("breakpoint already hit 7 times");
        }
    }

    @Test
    void finishGivesTheValueAndUpTakesOneToTheCaller() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("tbreak factorial if n == 3", "continue");
            assertThat(gdb.run("finish")).contains("Run till exit from", "Value returned is $1 = 6");
            assertThat(gdb.run("finish")).contains("Value returned is $2 = 24");
            assertThat(gdb.run("up")).contains("in factorial (n=");
            assertThat(gdb.run("up 1", "frame function main", "info locals"))
                    .contains("nodes = {{value = 10, next = 0x0}");
        }
    }

    @Test
    void untilLeavesALoopAndADisplayIsShownAtEachStop() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("tbreak count", "continue", "next");
            assertThat(gdb.run("display counter")).contains("1: counter = 0");
            assertThat(gdb.run("next", "next", "next")).contains("1: counter = 1");
            // At the end of the body it goes back once; from the loop's head it leaves the loop.
            gdb.run("next");
            assertThat(gdb.run("until", "until")).contains("1: counter = 55", "print_line(\"counter: \"");
            assertThat(gdb.run("undisplay 1", "next")).doesNotContain("1: counter");
        }
    }

    @Test
    void aTemporaryBreakpointStopsOnce() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            assertThat(gdb.run("tbreak sum", "continue")).contains("Temporary breakpoint 1, sum (tree=");
            assertThat(gdb.run("info breakpoints")).contains("No breakpoints or watchpoints.");
            assertThat(gdb.run("continue")).contains("exited normally");
        }
    }

    @Test
    void hardwareBreakpointsStopTooAndAreNotSeenInMemory() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            long before = gdb.number("*(unsigned int *) sum");
            assertThat(gdb.run("hbreak sum")).contains("Hardware assisted breakpoint 1 at");
            gdb.run("break factorial", "continue");
            assertThat(gdb.number("*(unsigned int *) sum")).isEqualTo(before);
            assertThat(gdb.run("delete 2", "continue")).contains("Breakpoint 1, sum (tree=");
        }
    }

    @Test
    void structsListsAndPointersArePrinted() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("break list_length", "continue");
            assertThat(gdb.print("*list")).matches("\\{value = 30, next = 0x[0-9a-f]+}");
            assertThat(gdb.print("*list->next->next")).isEqualTo("{value = 10, next = 0x0}");
            assertThat(gdb.print("square"))
                    .contains("name = 0x", "\"unit square\", kind = SQUARE, corners = {{x = 0, y = 0}, {x = 1, y = 0}");
            assertThat(gdb.print("root.left->right->key")).isEqualTo("3");
            assertThat(gdb.run("ptype struct point")).contains("int x;", "int y;");
            gdb.run("tbreak move_shape", "continue", "finish");
            assertThat(gdb.print("square.corners[2]")).isEqualTo("{x = 3, y = 6}");
        }
    }

    @Test
    void aStepEntersAFunctionAndNextGoesOverIt() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("tbreak count", "continue", "next");
            assertThat(gdb.run("step")).contains("count_up(i);");
            assertThat(gdb.run("step")).contains("count_up (step=1)");
            gdb.run("finish");
            assertThat(gdb.run("next", "next")).doesNotContain("count_up (step=");
            long pc = gdb.number("$pc");
            gdb.run("stepi");
            assertThat(gdb.number("$pc")).isEqualTo(pc + 4);
            assertThat(gdb.run("x/2i $pc")).contains("=> 0x", "<count+");
        }
    }

    @Test
    void compressedInstructionsAreSteppedByTheirLengthAndStoppedAtBetweenWords() {
        String compressed = "picolibc-qsort";
        try (DebuggedGuest guest = DebuggedGuest.waiting(compressed);
                GdbSession gdb = GdbSession.connected(compressed, guest)) {
            assertThat(gdb.run("break by_levels_and_name", "continue"))
                    .contains("Breakpoint 1", "by_levels_and_name (one=0x");
            assertThat(gdb.run("backtrace")).containsSubsequence("#1  0x", "in qsort ()", "in main (");
            assertThat(gdb.run("x/3i by_levels_and_name")).containsSubsequence("name+2>:", "name+4>:");
            gdb.run("delete", "break *(by_levels_and_name + 2)", "break *(by_levels_and_name + 4)");
            long start = gdb.number("(long) by_levels_and_name");
            gdb.run("continue");
            long pc = gdb.number("$pc");
            assertThat(pc - start).isIn(2L, 4L);
            gdb.run("delete", "tbreak *by_levels_and_name", "continue");
            assertThat(gdb.number("$pc")).isEqualTo(start);
            gdb.run("stepi");
            assertThat(gdb.number("$pc")).isEqualTo(start + 2);
            gdb.run("stepi");
            assertThat(gdb.number("$pc")).isEqualTo(start + 4);
            assertThat(gdb.run("finish")).contains("Run till exit from", "Value returned is");
            assertThat(gdb.run("continue")).contains("exited normally");

            assertThat(guest.result().status()).isZero();
        }
    }

    @Test
    void theDebuggerCallsAFunctionOfTheGuest() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("break count", "continue");
            assertThat(gdb.print("factorial(5)")).isEqualTo("120");
            assertThat(gdb.run("continue")).contains("exited normally");

            assertThat(guest.result().output()).endsWith("counter: 55\ncorner: 36\n");
        }
    }

    @Test
    void variablesAndRegistersCanBeSet() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("break count", "continue", "set var counter = 100", "set var $a0 = 3", "continue");

            assertThat(guest.result().output()).contains("counter: 106\n");
        }
    }

    @Test
    void countersCanBeReadAsRegisters() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("break count", "continue");
            long instructions = gdb.number("$instret");
            long cycles = gdb.number("$cycle");
            gdb.run("stepi 5");
            assertThat(gdb.number("$instret")).isEqualTo(instructions + 5);
            assertThat(gdb.number("$cycle")).isGreaterThanOrEqualTo(cycles + 5);
        }
    }

    @Test
    void theAuxiliaryVectorAndTheProgramsFileAreThere() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            assertThat(gdb.run("info auxv")).contains("AT_PAGESZ", "4096", "AT_ENTRY");
            assertThat(gdb.run("info inferiors")).contains("process 1").contains("debug-tour.elf");
        }
    }
}
