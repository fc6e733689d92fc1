package dev.pagewalk.emulator.engine;

import java.util.List;
import java.util.Map;

/**
 * What an engine has done so far. It depends on the host's time where translation is in the background.
 *
 * @param kind of engine
 * @param translations how many regions were made
 * @param refusals how often hot code was not translated
 * @param translatedInstructions executed in regions, gone ones included; the rest was interpreted
 * @param bytecodeBytes of the regions that are there
 * @param drops how many regions were let go, by reason, in the order of the enum; those that never happened are left out
 * @param exits how often regions were left, by reason, likewise
 * @param regions those that are there, in the order of their translation
 */
public record EngineReport(
        EngineKind kind,
        int translations,
        int refusals,
        long translatedInstructions,
        long bytecodeBytes,
        Map<DropReason, Long> drops,
        Map<ExitReason, Long> exits,
        List<RegionReport> regions) {
    /**
     * The part of a run's instructions that was executed in regions. A debugger that goes back has instructions executed again, so it
     * would be more than all.
     *
     * @param instructions of the run
     * @return 0 to 1
     */
    public double translatedShare(long instructions) {
        return instructions == 0 ? 0 : (double) Math.min(translatedInstructions, instructions) / instructions;
    }

    /** The report of an engine that translates nothing. */
    public static EngineReport ofInterpreter() {
        return new EngineReport(EngineKind.INTERPRETER, 0, 0, 0, 0, Map.of(), Map.of(), List.of());
    }
}
