package dev.pagewalk.tools.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.engine.ExitReason;
import dev.pagewalk.emulator.engine.RegionReport;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.testing.Regions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the engine's log says, and how much of it at most. */
class EngineLogFileTest {
    private static final RegionReport SMALL = Regions.region(1, 0x10078, 0x8000_3078L, 5_000);
    private static final RegionReport LARGE = Regions.region(2, 0x10100, 0x8000_3100L, 900_000);

    private final List<String> lines = new ArrayList<>();
    private final EngineLogFile log = EngineLogFile.to(lines::add);

    private static EngineReport report(int translations, List<RegionReport> regions) {
        return new EngineReport(
                EngineKind.TRANSLATOR,
                translations,
                4,
                905_000,
                1690,
                Map.of(DropReason.STORE, 1L, DropReason.GROWN, 7L),
                Map.of(ExitReason.DEADLINE, 4L, ExitReason.TRAP, 2468L),
                regions);
    }

    @Test
    void eachEventIsALine() {
        log.onTranslated(SMALL);
        log.onRefused(0x11000, "its page is a device's");
        log.onDropped(SMALL, DropReason.STORE);

        assertThat(lines)
                .containsExactly(
                        "translated  region 1 at 0x10078 (physical 0x80003078): 12 instructions in 3 blocks, entered at"
                                + " 1 place, 845 bytes of bytecode",
                        "refused     code at 0x11000: its page is a device's",
                        "dropped     region 1 at 0x10078: a store changed its code; entered 1,236 times, executed 5,000"
                                + " instructions, left for trap 1,234, deadline 2");
    }

    @Test
    void theEndTellsOfTheWholeAndOfEachRegionTheBusiestFirst() throws UserErrorException {
        log.end(EngineKind.AUTO, report(10, List.of(SMALL, LARGE)), 1_000_000);

        assertThat(lines).hasSize(6);
        assertThat(lines.subList(0, 3))
                .containsExactly(
                        "90.5 % of 1,000,000 instructions executed in translated regions",
                        "10 regions translated; there are 2 with 1,690 bytes of bytecode; dropped: grown 7, store 1;"
                                + " refused: 4",
                        "left for: trap 2,468, deadline 4");
        assertThat(lines.get(3)).matches(" +region +at +physical +instructions .* executed +share +left for");
        assertThat(lines.get(4))
                .matches(" +2 +0x10100 +0x80003100 +12 +3 +1 +845 +1,236 +900,000 +90.0 % +trap 1,234, deadline 2");
        assertThat(lines.get(5)).matches(" +1 +0x10078 .* 5,000 +0.5 % .*");
    }

    @Test
    void whereNothingIsTranslatedThereIsNoTable() throws UserErrorException {
        log.end(EngineKind.AUTO, report(0, List.of()), 7);

        assertThat(lines).containsExactly("nothing has been translated; refused: 4");
    }

    @Test
    void anInterpreterSaysThatItTranslatesNothing() throws UserErrorException {
        log.end(EngineKind.INTERPRETER, EngineReport.ofInterpreter(), 7);

        assertThat(lines).singleElement().asString().startsWith("the engine is the interpreter");
    }

    @Test
    void aGuestThatChangesItsCodeForEverDoesNotFillTheDisk() throws UserErrorException {
        for (int i = 0; i < EngineLogFile.MOST_EVENTS; i++) {
            log.onDropped(SMALL, DropReason.STORE);
        }
        assertThat(lines).hasSize(EngineLogFile.MOST_EVENTS);
        for (int i = 0; i < 1_000; i++) {
            log.onTranslated(SMALL);
            log.onRefused(0, "");
        }
        log.end(EngineKind.AUTO, report(1, List.of()), 7);

        assertThat(lines.subList(EngineLogFile.MOST_EVENTS, lines.size()))
                .hasSize(5)
                .startsWith("...         from here on events are only counted", "...         2,000 more events");
    }

    @Test
    void onceIsEnough() throws UserErrorException {
        log.end(EngineKind.AUTO, report(0, List.of()), 7);
        log.onTranslated(SMALL);
        log.end(EngineKind.AUTO, report(0, List.of()), 7);

        assertThat(lines).hasSize(1);
    }

    @Test
    void linesAreInTheFileWhileTheGuestRuns(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("log"), "old\n");
        EngineLogFile inFile = EngineLogFile.to(file);
        inFile.onRefused(0x11000, "too cold");
        assertThat(file).hasContent("refused     code at 0x11000: too cold\n");

        inFile.end(EngineKind.AUTO, report(0, List.of()), 7);
        assertThat(file).hasContent("refused     code at 0x11000: too cold\nnothing has been translated; refused: 4\n");
    }

    @Test
    void aFullDiskIsSaidAtTheEnd() throws UserErrorException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "the host has no /dev/full");
        EngineLogFile inFile = EngineLogFile.to(full);
        inFile.onRefused(0x11000, "too cold");

        assertThatThrownBy(() -> inFile.end(EngineKind.AUTO, report(0, List.of()), 7))
                .isInstanceOf(UserErrorException.class)
                .hasMessageStartingWith("cannot write the engine's log to /dev/full: ");
    }
}
