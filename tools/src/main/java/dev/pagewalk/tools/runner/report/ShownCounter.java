package dev.pagewalk.tools.runner.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** What people see of a run's statistics: in plots, in the table of all tests, and where variants are compared. */
enum ShownCounter {
    CYCLES("cycles", "Cycles, of the hart with most", false, "/cycles"),
    INSTRUCTIONS("instructions", "Instructions, of all harts", false, "/instructions"),
    TLB_MISSES("TLB misses %", "First-level TLB misses, in % of accesses", true) {
        @Override
        OptionalDouble of(JsonNode statistics) {
            OptionalDouble misses = sum(statistics, List.of("/tlb/itlb/misses", "/tlb/dtlb/misses"));
            OptionalDouble accesses = sum(statistics, List.of("/tlb/itlb/accesses", "/tlb/dtlb/accesses"));
            return accesses.orElse(0) == 0 ? OptionalDouble.empty() : percent(misses, accesses.getAsDouble());
        }

        private OptionalDouble percent(OptionalDouble part, double whole) {
            return part.isEmpty() ? part : OptionalDouble.of(100 * part.getAsDouble() / whole);
        }
    },
    WALKS("walks", "Page-table walks", false, "/tlb/walks"),
    FAULTS(
            "faults",
            "Page faults",
            false,
            "/faults/demand_zero",
            "/faults/file",
            "/faults/cow",
            "/faults/cow_reuse",
            "/faults/stack",
            "/faults/protection",
            "/faults/spurious"),
    INTERRUPTS("IPIs", "Interrupts that one hart sent to another", false, "/shootdowns/ipis"),
    WAIT_CYCLES("wait cycles", "Cycles that harts waited for others to flush", false, "/shootdowns/wait_cycles/total");

    private final String label;
    private final String title;
    private final boolean isFraction;
    private final List<String> paths;

    ShownCounter(String label, String title, boolean isFraction, String... paths) {
        this.label = label;
        this.title = title;
        this.isFraction = isFraction;
        this.paths = List.of(paths);
    }

    /** A column's heading. */
    String label() {
        return label;
    }

    /** A plot's heading, which says the unit. */
    String title() {
        return title;
    }

    /** The value; empty where there was no run, or its statistics have no such counter. */
    OptionalDouble of(TestRecord test) {
        return test.statistics() == null ? OptionalDouble.empty() : of(test.statistics());
    }

    OptionalDouble of(JsonNode statistics) {
        return sum(statistics, paths);
    }

    /** The single counters that add up to this one, under the names that people see; only one where it is no sum. */
    Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String path : paths) {
            parts.put(path.substring(path.lastIndexOf('/') + 1).replace('_', ' '), path);
        }
        return parts;
    }

    /** The value as people read it; empty where there is none. */
    String text(OptionalDouble value) {
        return value.isEmpty() ? "" : String.format(Locale.ROOT, isFraction ? "%,.2f" : "%,.0f", value.getAsDouble());
    }

    /** The counters' sum; empty where none of them is there. */
    static OptionalDouble sum(JsonNode statistics, List<String> paths) {
        double sum = 0;
        boolean isThere = false;
        for (String path : paths) {
            JsonNode value = statistics.at(path);
            if (value.isIntegralNumber()) {
                isThere = true;
                sum += value.doubleValue();
            }
        }
        return isThere ? OptionalDouble.of(sum) : OptionalDouble.empty();
    }
}
