package dev.pagewalk.tools.metrics;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.engine.ExitReason;
import java.util.Locale;
import java.util.Map;

/** What the engine has translated, in the statistics' part that differs from run to run. */
final class EngineStatistics {
    private static final int THOUSANDTHS = 1000;

    private EngineStatistics() {}

    /**
     * @param node gets the fields
     * @param instructions that the guest has executed
     */
    static void add(ObjectNode node, EngineReport report, long instructions) {
        long share = Math.round(THOUSANDTHS * report.translatedShare(instructions));
        node.put("translated", report.translations())
                .put("live", report.regions().size())
                .put("refused", report.refusals())
                .put("instructions", report.translatedInstructions())
                .put("share", Statistics.decimal(share))
                .put("bytecode_bytes", report.bytecodeBytes());
        addByReason(node.putObject("dropped"), DropReason.values(), report.drops());
        addByReason(node.putObject("exits"), ExitReason.values(), report.exits());
    }

    /** All reasons, so that whoever looks for one finds it. */
    private static <E extends Enum<E>> void addByReason(ObjectNode node, E[] reasons, Map<E, Long> counts) {
        for (E reason : reasons) {
            node.put(reason.name().toLowerCase(Locale.ROOT), counts.getOrDefault(reason, 0L));
        }
    }
}
