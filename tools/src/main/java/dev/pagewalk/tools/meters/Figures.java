package dev.pagewalk.tools.meters;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * Which metric is which field of {@link dev.pagewalk.tools.metrics.Statistics}: the one table from which the meters of a
 * machine and of a suite are made.
 */
final class Figures {
    private static final String HART = "hart";

    private static final Map<Series, JsonPointer> OF_A_HART = ofAHart();
    private static final Map<Series, JsonPointer> OF_A_RUN = ofARun();

    private Figures() {}

    private static Map<Series, JsonPointer> ofAHart() {
        Map<Series, JsonPointer> table = new LinkedHashMap<>();
        put(table, "pagewalk.cycles", "Simulated cycles on the hart's clock", "/cycles");
        put(table, "pagewalk.idle.cycles", "Cycles in which the hart had no thread", "/idle_cycles");
        put(table, "pagewalk.instructions", "Instructions retired", "/instructions");
        for (String tlb : List.of("itlb", "dtlb", "l2tlb")) {
            put(table, "pagewalk.tlb.accesses", "Lookups in a TLB", "/" + tlb + "/accesses", "tlb", tlb);
            put(table, "pagewalk.tlb.misses", "Lookups that found nothing", "/" + tlb + "/misses", "tlb", tlb);
        }
        put(table, "pagewalk.page.walks", "Walks of the page tables", "/walks");
        put(table, "pagewalk.page.walk.reads", "Page-table entries that walks have read", "/walk_reads");
        return table;
    }

    private static Map<Series, JsonPointer> ofARun() {
        Map<Series, JsonPointer> table = new LinkedHashMap<>();
        put(table, "pagewalk.shootdowns", "TLB shootdowns begun", "/shootdowns/count");
        put(table, "pagewalk.shootdown.ipis", "Interrupts sent to other harts for them", "/shootdowns/ipis");
        put(table, "pagewalk.shootdown.acks", "Acknowledgements of such interrupts", "/shootdowns/acks");
        String flushes = "Flushes that harts made for them, and those that were not needed";
        put(table, "pagewalk.shootdown.flushes", flushes, "/shootdowns/range_flushes", "extent", "range");
        put(table, "pagewalk.shootdown.flushes", flushes, "/shootdowns/full_flushes", "extent", "full");
        put(table, "pagewalk.shootdown.flushes", flushes, "/shootdowns/skipped", "extent", "skipped");
        put(
                table,
                "pagewalk.shootdown.wait.cycles",
                "Cycles in which initiators waited for acknowledgements",
                "/shootdowns/wait_cycles/total");
        put(table, "pagewalk.asid.roll.overs", "Times that the ASIDs ran out", "/shootdowns/asid_roll_overs");
        put(
                table,
                "pagewalk.stale.hits.in.window",
                "Uses of stale translations that the policy allows; only with the sanitizer",
                "/shootdowns/stale_hits_in_window");
        put(table, "pagewalk.lock.waits", "Waits for an address space's lock", "/lock/waits");
        put(table, "pagewalk.lock.wait.cycles", "Cycles of such waits", "/lock/wait_cycles");
        put(table, "pagewalk.processes.started", "Processes made", "/process_count");
        put(
                table,
                "pagewalk.sanitizer.violations",
                "What the TLB coherence sanitizer has caught",
                "/sanitizer/violations");
        return table;
    }

    private static void put(
            Map<Series, JsonPointer> table, String name, String description, String pointer, String... tags) {
        table.put(Series.counter(name, description, tags), JsonPointer.compile(pointer));
    }

    /** Tells all counters of a run, those of harts with a label for the hart. */
    static void forEachByHart(JsonNode statistics, BiConsumer<Series, Long> consumer) {
        for (JsonNode hart : statistics.path("harts")) {
            String id = hart.path("id").asText();
            tell(OF_A_HART, hart, (series, value) -> consumer.accept(series.with(HART, id), value));
        }
        forEachOfTheRun(statistics, consumer);
    }

    /** Tells all counters of a run; those of its harts one after the other under the same name. */
    static void forEach(JsonNode statistics, BiConsumer<Series, Long> consumer) {
        for (JsonNode hart : statistics.path("harts")) {
            tell(OF_A_HART, hart, consumer);
        }
        forEachOfTheRun(statistics, consumer);
    }

    private static void forEachOfTheRun(JsonNode statistics, BiConsumer<Series, Long> consumer) {
        for (Map.Entry<String, JsonNode> fault : statistics.path("faults").properties()) {
            consumer.accept(
                    Series.counter("pagewalk.faults", "Page faults by what they came to", "kind", fault.getKey()),
                    fault.getValue().longValue());
        }
        for (Map.Entry<String, JsonNode> call : statistics.path("syscalls").properties()) {
            consumer.accept(
                    Series.counter("pagewalk.syscalls", "System calls", "name", call.getKey()),
                    call.getValue().longValue());
        }
        tell(OF_A_RUN, statistics, consumer);
    }

    /** What a run has not got, such as a sanitizer's figures, is left out. */
    private static void tell(Map<Series, JsonPointer> table, JsonNode statistics, BiConsumer<Series, Long> consumer) {
        table.forEach((series, pointer) -> {
            JsonNode value = statistics.at(pointer);
            if (value.isIntegralNumber()) {
                consumer.accept(series, value.longValue());
            }
        });
    }
}
