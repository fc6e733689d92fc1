package dev.pagewalk.tools.debug.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** fork and exec: processes are inferiors, and each has its own memory and its own breakpoints. */
class ForkSessionTest {
    private static final String GUEST = "debug-fork";
    private static final String OUTPUT = "before the fork: 3\nchild: 12\nafter exec: 1\nparent: 21\n";

    @Test
    void aForkIsCaughtInTheParent() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            assertThat(gdb.run("catch fork", "continue")).contains("Catchpoint 1 (forked process 2)");
            assertThat(gdb.run("backtrace")).contains("fork ()", "in main (");
            assertThat(gdb.run("delete", "continue")).contains("exited normally");

            assertThat(guest.result().output()).isEqualTo(OUTPUT);
        }
    }

    @Test
    void followingTheParentLeavesTheChildAlone() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("break child_work", "break parent_work");
            assertThat(gdb.run("continue"))
                    .contains("[Detaching after fork from child process 2]", "parent_work (child=2)");
            assertThat(gdb.run("info inferiors")).contains("process 1").doesNotContain("process 2");
            // The text that the child shares has a breakpoint of the parent: it is none for the child.
            assertThat(gdb.run("continue")).contains("[Inferior 1 (process 1) exited normally]");

            assertThat(guest.result().output()).isEqualTo(OUTPUT);
        }
    }

    @Test
    void followingTheChildLeavesTheParentAlone() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("set follow-fork-mode child", "break child_work", "break parent_work");
            assertThat(gdb.run("continue"))
                    .contains("[Attaching after", "process 2", "[Detaching", "hit Breakpoint 1", "child_work ()");
            assertThat(gdb.print("shared.value")).isEqualTo("3");
            assertThat(gdb.run("info inferiors")).containsPattern("\\* 2 +process 2");
            gdb.run("delete");
            assertThat(gdb.run("continue")).contains("(process 2) exited with code 07]");

            assertThat(guest.result().output()).isEqualTo(OUTPUT);
        }
    }

    @Test
    void aForkIsCaughtWithTheChildFollowedToo() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            assertThat(gdb.run("set follow-fork-mode child", "catch fork", "continue"))
                    .contains("Catchpoint 1 (forked process 2)");
            assertThat(gdb.run("tbreak set_shared", "continue")).contains("set_shared (value=10)");
        }
    }

    @Test
    void bothProcessesAreInferiorsAndEachHasItsOwnCopy() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("set detach-on-fork off", "set schedule-multiple on");
            gdb.run("break child_work", "break parent_work", "continue");
            assertThat(gdb.run("info inferiors")).contains("process 1", "process 2");

            // Both have the same frame: a write to one breaks the sharing, the other one keeps what it had.
            gdb.run("inferior 2", "set var shared.value = 77");
            assertThat(gdb.print("shared.value")).isEqualTo("77");
            gdb.run("inferior 1");
            assertThat(gdb.print("shared.value")).isEqualTo("3");
            gdb.run("inferior 2");
            assertThat(gdb.print("shared.value")).isEqualTo("77");
            assertThat(gdb.run("thread apply all backtrace")).contains("Thread 1.1", "Thread 2.2", "main (");

            gdb.run("delete", "continue");
            gdb.run("inferior 1", "continue");
            assertThat(guest.result().output()).isEqualTo(OUTPUT);
        }
    }

    @Test
    void aBreakpointStopsEachProcessForItself() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("set detach-on-fork off", "catch fork", "continue");
            gdb.run("delete", "break set_shared", "continue");
            assertThat(gdb.number("value")).isEqualTo(20);
            assertThat(gdb.run("inferior 2", "continue")).contains("set_shared (value=10)");
            assertThat(gdb.print("shared.value")).isEqualTo("3");
            assertThat(gdb.run("continue")).contains("set_shared (value=11)");
            gdb.run("inferior 1");
            assertThat(gdb.run("backtrace")).contains("set_shared (value=20)", "in parent_work (");
        }
    }

    @Test
    void anExecIsCaughtAndItsBreakpointsAreThoseOfTheNewProgram() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("set follow-fork-mode child", "catch exec");
            assertThat(gdb.run("continue")).contains("is executing new program", "Catchpoint 1 (exec'd");
            assertThat(gdb.print("shared.value")).isEqualTo("1");
            assertThat(gdb.run("tbreak after_exec", "continue")).contains("after_exec ()");
            assertThat(gdb.run("backtrace")).contains("after_exec ()", "in main (");
            assertThat(gdb.run("continue")).contains("(process 2) exited with code 07]");

            assertThat(guest.result().output()).isEqualTo(OUTPUT);
        }
    }

    @Test
    void aWatchpointOfTheParentIsHitAcrossTheCopyAndNotByTheChild() {
        try (DebuggedGuest guest = DebuggedGuest.waiting(GUEST);
                GdbSession gdb = GdbSession.connected(GUEST, guest)) {
            gdb.run("watch shared.value");
            assertThat(gdb.run("continue")).contains("Old value = 1", "New value = 2");
            assertThat(gdb.run("continue")).contains("Old value = 2", "New value = 3");
            assertThat(gdb.run("continue")).contains("Old value = 3", "New value = 20", "set_shared (value=20)");
            assertThat(gdb.run("continue")).contains("Old value = 20", "New value = 21");
            assertThat(gdb.run("continue")).contains("exited normally");
        }
    }
}
