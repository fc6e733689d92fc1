package dev.pagewalk.tools.engine;

import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.engine.RegionReport;
import dev.pagewalk.tools.text.TextTable;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Translated regions in words, numbers and tables. */
public final class RegionText {
    private RegionText() {}

    /**
     * A line per region under captions, those that executed most first.
     *
     * @param instructions that the guest has executed, for shares
     * @param indent in front of each line
     */
    public static List<String> table(List<RegionReport> regions, long instructions, String indent) {
        TextTable table = new TextTable(
                ">region",
                "at",
                "physical",
                ">instructions",
                ">blocks",
                ">entries",
                ">bytecode",
                ">entered",
                ">executed",
                ">share",
                "left for");
        regions.stream()
                .sorted(Comparator.comparingLong(RegionReport::executedInstructions)
                        .reversed()
                        .thenComparingInt(RegionReport::id))
                .forEach(region -> table.add(
                        region.id(),
                        hex(region.virtualAddress()),
                        hex(region.physicalAddress()),
                        region.guestInstructions(),
                        region.blocks(),
                        region.entries(),
                        region.bytecodeBytes(),
                        region.entered(),
                        region.executedInstructions(),
                        share(region.executedInstructions(), instructions),
                        reasons(region.exits())));
        return table.lines(indent);
    }

    /**
     * All in a few lines.
     *
     * @param instructions that the guest has executed
     */
    public static List<String> summary(EngineReport report, long instructions) {
        if (report.translations() == 0) {
            String refused = report.refusals() == 0 ? "" : "; refused: " + number(report.refusals());
            return List.of("nothing has been translated" + refused);
        }
        return List.of(
                share(report.translatedInstructions(), instructions) + " of " + number(instructions)
                        + " instructions executed in translated regions",
                count(report.translations(), "region") + " translated; there "
                        + (report.regions().size() == 1 ? "is " : "are ")
                        + number(report.regions().size()) + " with " + number(report.bytecodeBytes())
                        + " bytes of bytecode; dropped: " + reasons(report.drops()) + "; refused: "
                        + number(report.refusals()),
                "left for: " + reasons(report.exits()));
    }

    /** {@code trap 12, deadline 3}: the most frequent first. */
    public static <E extends Enum<E>> String reasons(Map<E, Long> counts) {
        String text = counts.entrySet().stream()
                .sorted(Map.Entry.<E, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .map(entry -> entry.getKey().name().toLowerCase(Locale.ROOT) + " " + number(entry.getValue()))
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "none" : text;
    }

    /** Why a region is there no more. */
    static String describe(DropReason reason) {
        return switch (reason) {
            case STORE -> "a store changed its code";
            case FRAME -> "its page got other contents as a whole";
            case BREAKPOINT -> "a debugger has a breakpoint in it";
            case GROWN -> "a larger one takes its place";
            case SHORT -> "it was left too soon each time to be worth entering";
            case LIMIT -> "there were too many";
            case RESTORED -> "the machine was taken back to a snapshot";
        };
    }

    static String count(long value, String noun) {
        return number(value) + " " + noun + (value == 1 ? "" : "s");
    }

    static String number(long value) {
        return String.format(Locale.ROOT, "%,d", value);
    }

    static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    /** A debugger that goes back has the same instructions executed again: they are no more than the whole. */
    private static String share(long part, long whole) {
        return whole == 0 ? "-" : String.format(Locale.ROOT, "%.1f %%", 100.0 * Math.min(part, whole) / whole);
    }
}
