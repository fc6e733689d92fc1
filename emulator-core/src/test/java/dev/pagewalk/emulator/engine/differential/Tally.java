package dev.pagewalk.emulator.engine.differential;

import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.engine.ExitReason;
import dev.pagewalk.emulator.engine.RegionReport;
import java.util.EnumMap;
import java.util.Map;

/** What the engine that translates has done in all programs together. */
final class Tally {
    private long programs;
    private long instructions;
    private long translatedInstructions;
    private long translations;
    private long refusals;
    private long entered;
    private long stops;
    private int mostBytecodeBytes;
    private final Map<DropReason, Long> drops = new EnumMap<>(DropReason.class);
    private final Map<ExitReason, Long> exits = new EnumMap<>(ExitReason.class);

    void addProgram(int stopCount) {
        programs++;
        stops += stopCount;
    }

    /** Before a machine is abandoned. */
    void add(EngineReport report, long executedInstructions) {
        instructions += executedInstructions;
        translatedInstructions += report.translatedInstructions();
        translations += report.translations();
        refusals += report.refusals();
        report.drops().forEach((reason, count) -> drops.merge(reason, count, Long::sum));
        report.exits().forEach((reason, count) -> exits.merge(reason, count, Long::sum));
        for (RegionReport region : report.regions()) {
            entered += region.entered();
            seeRegion(region);
        }
    }

    void seeRegion(RegionReport region) {
        mostBytecodeBytes = Math.max(mostBytecodeBytes, region.bytecodeBytes());
    }

    long programs() {
        return programs;
    }

    long instructions() {
        return instructions;
    }

    long translatedInstructions() {
        return translatedInstructions;
    }

    int mostBytecodeBytes() {
        return mostBytecodeBytes;
    }

    Map<DropReason, Long> drops() {
        return drops;
    }

    Map<ExitReason, Long> exits() {
        return exits;
    }

    @Override
    public String toString() {
        return "%d programs, %d stops, %d instructions, %d of them translated, %d translations, %d refusals, %d entries, %s, %s, methods up to %d bytes"
                .formatted(
                        programs,
                        stops,
                        instructions,
                        translatedInstructions,
                        translations,
                        refusals,
                        entered,
                        drops,
                        exits,
                        mostBytecodeBytes);
    }
}
