package dev.pagewalk.tools.bench.engine;

import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.engine.RegionReport;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What an engine has translated in a run.
 *
 * @param translations how many regions were made
 * @param live how many of them are there at the end
 * @param guestInstructions in those that are there
 * @param bytecodeBytes of those
 * @param entered how often those were entered
 * @param translatedShare of all executed instructions, 0 to 1
 * @param refusals how often hot code was not translated
 * @param exits how often regions were left, by reason; those that never happened are left out
 */
public record RegionFigures(
        int translations,
        int live,
        long guestInstructions,
        long bytecodeBytes,
        long entered,
        double translatedShare,
        int refusals,
        Map<String, Long> exits) {
    static RegionFigures of(EngineReport report, long instructions) {
        Map<String, Long> exits = new TreeMap<>();
        report.exits().forEach((reason, count) -> exits.put(reason.name().toLowerCase(Locale.ROOT), count));
        return new RegionFigures(
                report.translations(),
                report.regions().size(),
                report.regions().stream()
                        .mapToLong(RegionReport::guestInstructions)
                        .sum(),
                report.bytecodeBytes(),
                report.regions().stream().mapToLong(RegionReport::entered).sum(),
                report.translatedShare(instructions),
                report.refusals(),
                exits);
    }
}
