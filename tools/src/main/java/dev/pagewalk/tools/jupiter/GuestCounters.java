package dev.pagewalk.tools.jupiter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run has cost up to now: the statistics of {@code --stats-file}, with types. They are exact, the same in every run
 * on every host.
 *
 * @param cycles of the hart with most
 * @param instructions of all harts
 * @param tlb of all harts
 * @param systemCalls how often each was made, by name; see {@link #systemCall}
 */
public record GuestCounters(
        long cycles,
        long instructions,
        List<Hart> harts,
        Tlb tlb,
        Faults faults,
        SortedMap<String, Long> systemCalls,
        Shootdowns shootdowns,
        Frames frames) {
    public GuestCounters {
        harts = List.copyOf(harts);
        systemCalls = Collections.unmodifiableSortedMap(new TreeMap<>(systemCalls));
    }

    /** A hart's part. */
    public record Hart(int id, long cycles, long idleCycles, long instructions, Tlb tlb) {}

    /** Accesses to one TLB. */
    public record Accesses(long accesses, long misses) {}

    /**
     * How virtual addresses became physical.
     *
     * @param walkReads page-table entries that the walker has read
     */
    public record Tlb(Accesses instruction, Accesses data, Accesses secondLevel, long walks, long walkReads) {}

    /**
     * How many page faults ended in what.
     *
     * @param copyOnWriteReuse the faulting process was the page's last owner and got the page itself
     * @param spurious the page was there already
     * @param killed the process was ended, or told by a signal
     */
    public record Faults(
            long demandZero,
            long file,
            long copyOnWrite,
            long copyOnWriteReuse,
            long stack,
            long protection,
            long spurious,
            long killed) {}

    /**
     * How translations were taken away from harts.
     *
     * @param interrupts that one hart sent to another for it
     * @param skipped answers without a flush, since a later one had covered them
     */
    public record Shootdowns(
            String policy,
            long count,
            long interrupts,
            long acknowledgements,
            long rangeFlushes,
            long fullFlushes,
            long skipped,
            Waits waitCycles) {}

    /** How long initiators waited, in cycles: altogether, half of them at most, 99 of 100 at most, the longest. */
    public record Waits(long total, long median, long percentile99, long longest) {}

    /** Page frames of RAM, of 4 KiB each; the peaks are of frames in use at one time. */
    public record Frames(long total, long freeAtBoot, long free, long peakUser, long peakPageTable) {}

    /** How often a system call was made; 0 where it never was. */
    public long systemCall(String name) {
        return systemCalls.getOrDefault(name, 0L);
    }

    static GuestCounters of(ObjectNode statistics) {
        List<Hart> harts = new ArrayList<>();
        for (JsonNode hart : statistics.get("harts")) {
            harts.add(new Hart(
                    (int) number(hart, "id"),
                    number(hart, "cycles"),
                    number(hart, "idle_cycles"),
                    number(hart, "instructions"),
                    tlb(hart)));
        }
        SortedMap<String, Long> calls = new TreeMap<>();
        for (Map.Entry<String, JsonNode> call : statistics.get("syscalls").properties()) {
            calls.put(call.getKey(), call.getValue().longValue());
        }
        return new GuestCounters(
                number(statistics, "cycles"),
                number(statistics, "instructions"),
                harts,
                tlb(statistics.get("tlb")),
                faults(statistics.get("faults")),
                calls,
                shootdowns(statistics.get("shootdowns")),
                frames(statistics.get("frames")));
    }

    private static Tlb tlb(JsonNode node) {
        return new Tlb(
                accesses(node.get("itlb")),
                accesses(node.get("dtlb")),
                accesses(node.get("l2tlb")),
                number(node, "walks"),
                number(node, "walk_reads"));
    }

    private static Accesses accesses(JsonNode node) {
        return new Accesses(number(node, "accesses"), number(node, "misses"));
    }

    private static Faults faults(JsonNode node) {
        return new Faults(
                number(node, "demand_zero"),
                number(node, "file"),
                number(node, "cow"),
                number(node, "cow_reuse"),
                number(node, "stack"),
                number(node, "protection"),
                number(node, "spurious"),
                number(node, "killed"));
    }

    private static Shootdowns shootdowns(JsonNode node) {
        JsonNode waits = node.get("wait_cycles");
        return new Shootdowns(
                node.get("policy").textValue(),
                number(node, "count"),
                number(node, "ipis"),
                number(node, "acks"),
                number(node, "range_flushes"),
                number(node, "full_flushes"),
                number(node, "skipped"),
                new Waits(number(waits, "total"), number(waits, "p50"), number(waits, "p99"), number(waits, "max")));
    }

    private static Frames frames(JsonNode node) {
        return new Frames(
                number(node, "total"),
                number(node, "free_at_boot"),
                number(node, "free_at_exit"),
                number(node, "peak_user"),
                number(node, "peak_page_table"));
    }

    private static long number(JsonNode node, String name) {
        return node.get(name).longValue();
    }
}
