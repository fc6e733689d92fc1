package dev.pagewalk.tools.debug.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Watchpoints on what a program, its threads and the kernel write. */
class WatchpointSessionTest {
    @Test
    void aWatchpointShowsEachChangeWithTheOldAndTheNewValue() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
            assertThat(gdb.run("watch counter")).contains("Hardware watchpoint 1: counter");
            assertThat(gdb.run("continue"))
                    .contains("Hardware watchpoint 1: counter", "Old value = 0", "New value = 1", "count_up (");
            assertThat(gdb.run("continue")).contains("Old value = 1", "New value = 3");
            assertThat(gdb.run("condition 1 counter > 20", "continue")).contains("Old value = 15", "New value = 21");
            assertThat(gdb.run("backtrace")).contains("count_up (", "in count (", "in main (");
            assertThat(gdb.run("delete 1", "continue")).contains("exited normally");

            assertThat(guest.result().output()).contains("counter: 55\n");
        }
    }

    @Test
    void readsAndAccessesAreSeenToo() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
            assertThat(gdb.run("rwatch counter", "continue"))
                    .contains("Hardware read watchpoint 1: counter", "Value = 0", "count_up (");
            gdb.run("delete");
            assertThat(gdb.run("awatch counter", "continue"))
                    .contains("Hardware access (read/write) watchpoint 2: counter", "Old value = 0", "New value = 1");
            assertThat(gdb.run("continue")).contains("Hardware access (read/write) watchpoint 2: counter", "Value = 1");
        }
    }

    @Test
    void aByteInTheMiddleOfAWordIsWatchedAlone() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
            gdb.run("watch square.corners[2].x");
            assertThat(gdb.run("continue")).contains("Old value = 1", "New value = 3", "move_shape (");
            assertThat(gdb.print("square.corners[1]")).isEqualTo("{x = 3, y = 5}");
            assertThat(gdb.run("continue")).contains("exited normally");
        }
    }

    @Test
    void aVariableOfAFrameIsWatchedUntilTheFrameEnds() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
            gdb.run("break list_length", "continue", "frame function main");
            gdb.run("watch nodes[2].value");
            assertThat(gdb.run("delete 1", "continue"))
                    .contains("Watchpoint 2 deleted because the program has left the block");
        }
    }

    /** clone writes the thread's id, and the thread's end clears it: both are stores of the kernel. */
    @Test
    void whatTheKernelWritesIsSeen() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-threads");
                GdbSession gdb = GdbSession.connected("debug-threads", guest)) {
            gdb.run("watch workers[0].thread.id");
            assertThat(gdb.run("continue")).contains("Old value = 0", "New value = 2");
            assertThat(gdb.run("continue")).contains("Old value = 2", "New value = 0");
        }
    }

    @Test
    void theThreadThatWritesIsTheOneThatStops() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-threads");
                GdbSession gdb = GdbSession.connected("debug-threads", guest)) {
            gdb.run("watch workers[1].result if workers[1].result > 1000");
            assertThat(gdb.run("continue")).contains("Old value = 819", "New value = 1015", "add_squares (");
        }
    }
}
