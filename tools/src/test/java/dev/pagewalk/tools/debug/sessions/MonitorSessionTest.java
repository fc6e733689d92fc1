package dev.pagewalk.tools.debug.sessions;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands that only an emulator can have. */
class MonitorSessionTest {
    @Test
    void helpNamesEveryCommand() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
            assertThat(gdb.run("monitor help"))
                    .contains("help", "walk", "tlb", "maps", "frames", "cow", "shootdowns", "stats", "sanitizer")
                    .contains("events", "harts", "regions");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tlb",
                "tlb 0",
                "maps",
                "frames",
                "shootdowns",
                "stats",
                "regions",
                "regions $pc",
                "sanitizer",
                "events",
                "events 3",
                "harts"
            })
    void everyCommandAnswers(String command) {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
            gdb.run("break count", "continue");
            assertThat(gdb.run("monitor " + command))
                    .isNotBlank()
                    .doesNotContain("not supported", "Unknown", "Protocol error", "Exception");
        }
    }

    @Test
    void anUnknownCommandSaysWhichThereAre() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                GdbSession gdb = GdbSession.connected("debug-tour", guest)) {
            assertThat(gdb.run("monitor nonsense")).contains("nonsense", "help");
            assertThat(gdb.run("monitor walk")).contains("walk");
            assertThat(gdb.run("monitor walk xyz")).contains("xyz");
        }
    }

    /** The other hart has the page in its TLB until munmap takes it away there. */
    @Test
    void aWalkShowsAPageThatAnotherHartKnowsAndThenNoMore() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("--harts", "2", "debug-unmap");
                GdbSession gdb = GdbSession.connected("debug-unmap", guest)) {
            gdb.run("break before_unmap", "break after_unmap", "continue");
            String before = gdb.run("eval \"monitor walk %p\", page");
            gdb.run("continue");
            String after = gdb.run("eval \"monitor walk %p\", page");

            assertThat(before)
                    .contains("the page\n")
                    .containsPattern("(?m)^ +0  loaded +- +agrees")
                    .containsPattern("(?m)^ +1  loaded +- +agrees");
            assertThat(after)
                    .contains("page fault: not valid")
                    .containsPattern("(?m)^ +0  loaded +- +- +-")
                    .containsPattern("(?m)^ +1  loaded +- +- +-");
            assertThat(gdb.run("print *page")).contains("Cannot access memory at address");
            assertThat(gdb.run("monitor shootdowns")).isNotBlank();
            assertThat(gdb.run("delete", "continue")).contains("exited normally");

            assertThat(guest.result().status()).isZero();
        }
    }

    @Test
    void regionsAreWhatIsTranslatedAndGoWhereABreakpointIs() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("--engine", "translator", "picolibc-qsort");
                GdbSession gdb = GdbSession.connected("picolibc-qsort", guest)) {
            gdb.run("tbreak by_levels_and_name", "continue");
            String all = gdb.run("monitor regions");
            String before = gdb.run("eval \"monitor regions %p\", by_value");
            gdb.run("break by_value", "stepi");
            String after = gdb.run("monitor regions");

            assertThat(all)
                    .containsPattern("[1-9][0-9.]* % of [0-9,]+ instructions executed in translated regions")
                    .containsPattern("region +at +physical")
                    .doesNotContain("breakpoint");
            assertThat(before)
                    .containsPattern("[1-9][0-9]* regions? in the page of 0x[0-9a-f]+ in process 1, frame 0x");
            assertThat(after).containsPattern("dropped: .*breakpoint [1-9]");
            assertThat(gdb.run("delete", "continue")).contains("exited normally");

            assertThat(guest.result().status()).isZero();
        }
    }

    @Test
    void cowTellsWhoSharesAPage() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-fork");
                GdbSession gdb = GdbSession.connected("debug-fork", guest)) {
            gdb.run("set detach-on-fork off", "catch fork", "continue");
            String shared = gdb.run("eval \"monitor cow %p\", &shared");
            gdb.run("tbreak set_shared", "continue", "finish");
            String copied = gdb.run("eval \"monitor cow %p\", &shared");
            assertThat(shared).contains("2 owners", "COPY");
            assertThat(copied).contains("1 owner").doesNotContain("COPY");
        }
    }
}
