package dev.pagewalk.tools.metrics;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The statistics for people: what {@code --stats} prints. */
public final class StatisticsText {
    private static final String LINE = "%-14s %s";

    /** A guest may have thousands; the file has them all. */
    private static final int MOST_PROCESSES = 20;

    private StatisticsText() {}

    /** The lines, from the same tree that {@code --stats-file} writes. */
    public static List<String> lines(ObjectNode statistics) {
        List<String> lines = new ArrayList<>();
        add(
                lines,
                "image",
                statistics.get("image").asText() + ", exit "
                        + statistics.get("exit").asText());
        add(lines, "cycles", number(statistics.get("cycles")));
        add(lines, "instructions", number(statistics.get("instructions")) + perInstruction(statistics));
        JsonNode tlb = statistics.get("tlb");
        for (String name : List.of("itlb", "dtlb", "l2tlb")) {
            add(lines, name, missRate(tlb.get(name)));
        }
        add(lines, "walks", number(tlb.get("walks")) + ", reading " + number(tlb.get("walk_reads")) + " PTEs");
        add(lines, "faults", nonZero(statistics.get("faults")));
        add(lines, "system calls", nonZero(statistics.get("syscalls")));
        addShootdowns(lines, statistics.get("shootdowns"));
        JsonNode lock = statistics.get("lock");
        if (lock.get("waits").longValue() > 0) {
            add(lines, "lock waits", lockWaits(lock));
        }
        JsonNode frames = statistics.get("frames");
        add(
                lines,
                "frames",
                number(frames.get("free_at_exit")) + " of " + number(frames.get("total")) + " free at exit, "
                        + number(frames.get("free_at_boot")) + " at boot; at most "
                        + number(frames.get("peak_user")) + " held user pages, "
                        + number(frames.get("peak_file")) + " pages of files, "
                        + number(frames.get("peak_page_table")) + " page tables, "
                        + number(frames.get("peak_buffer")) + " pages in pipes");
        addNodes(lines, frames.get("nodes"));
        addProcesses(lines, statistics);
        if (statistics.at("/sanitizer/enabled").booleanValue()) {
            add(
                    lines,
                    "sanitizer",
                    number(statistics.at("/sanitizer/violations")) + " violations, "
                            + number(statistics.at("/shootdowns/stale_hits_in_window"))
                            + " uses of stale translations within shootdowns");
        }
        add(lines, "memory hash", statistics.get("memory_hash").asText());
        JsonNode host = statistics.get("host");
        if (host != null) {
            add(
                    lines,
                    "host",
                    host.get("seconds").asText() + " s, " + host.get("mips").asText()
                            + " million instructions a second, "
                            + host.get("engine").asText());
            addRegions(lines, host);
        }
        return lines;
    }

    private static void add(List<String> lines, String name, String text) {
        lines.add(String.format(LINE, name, text));
    }

    /** What there was not says nothing: a run on one hart has no lines. */
    private static void addShootdowns(List<String> lines, JsonNode shootdowns) {
        if (shootdowns.get("count").longValue() > 0) {
            add(
                    lines,
                    "shootdowns",
                    number(shootdowns.get("count")) + " ("
                            + shootdowns.get("policy").asText() + "), "
                            + number(shootdowns.get("ipis")) + " interrupts, "
                            + number(shootdowns.get("acks")) + " answers; flushes of pages "
                            + number(shootdowns.get("range_flushes")) + ", of more "
                            + number(shootdowns.get("full_flushes")) + ", skipped "
                            + number(shootdowns.get("skipped")));
            JsonNode waits = shootdowns.get("wait_cycles");
            add(
                    lines,
                    "waited for",
                    number(waits.get("total")) + " cycles in all; half of them at most "
                            + number(waits.get("p50")) + ", 99 of 100 at most " + number(waits.get("p99"))
                            + ", the longest " + number(waits.get("max")));
        }
        if (shootdowns.get("asid_roll_overs").longValue() > 0) {
            add(lines, "ASIDs", "rolled over " + number(shootdowns.get("asid_roll_overs")) + " times");
        }
    }

    private static String lockWaits(JsonNode lock) {
        return number(lock.get("waits")) + " for address spaces, " + number(lock.get("wait_cycles"))
                + " cycles in all, the longest " + number(lock.get("longest_wait_cycles"));
    }

    /** One node is all of RAM, of which the line above says everything. */
    private static void addNodes(List<String> lines, JsonNode nodes) {
        for (int i = 0; i < nodes.size() && nodes.size() > 1; i++) {
            JsonNode node = nodes.get(i);
            add(
                    lines,
                    "node " + i,
                    number(node.get("free_at_exit")) + " of " + number(node.get("total"))
                            + " frames free at exit; given out "
                            + number(node.get("local_allocations")) + " times to its own harts, "
                            + number(node.get("remote_allocations")) + " times to others");
        }
    }

    private static void addProcesses(List<String> lines, ObjectNode statistics) {
        JsonNode processes = statistics.get("processes");
        int shown = Math.min(processes.size(), MOST_PROCESSES);
        for (int i = 0; i < shown; i++) {
            add(lines, "process " + processes.get(i).get("pid"), describe(processes.get(i)));
        }
        long more = statistics.get("process_count").longValue() - shown;
        if (more > 0) {
            add(lines, "processes", String.format(Locale.ROOT, "%,d more", more));
        }
    }

    private static String describe(JsonNode process) {
        String exit = process.get("exit").isNull() ? "still running" : "exit " + process.get("exit");
        return exit + ", at most " + number(process.get("user_pages_peak")) + " user pages, "
                + number(process.get("table_pages_peak")) + " page-table pages, "
                + number(process.get("regions_peak")) + " regions; "
                + (process.get("exit").isNull() ? "now " : "at its end ")
                + number(process.get("resident_pages")) + " pages resident, "
                + number(process.get("shared_pages")) + " of them shared"
                + (process.at("/lock/waits").longValue() == 0 ? "" : "; waits: " + lockWaits(process.get("lock")));
    }

    /** What an interpreter has not translated says nothing. */
    private static void addRegions(List<String> lines, JsonNode host) {
        if (host.get("engine").asText().equals("interpreter")) {
            return;
        }
        JsonNode regions = host.get("regions");
        String refused = regions.get("refused").longValue() == 0 ? "" : "; refused " + number(regions.get("refused"));
        if (regions.get("translated").longValue() == 0) {
            add(lines, "translated", "nothing" + refused);
            return;
        }
        add(
                lines,
                "translated",
                perCent(regions.get("share")) + " of the instructions, in " + number(regions.get("translated"))
                        + " regions" + refused + "; dropped: " + nonZero(regions.get("dropped")) + "; there are "
                        + number(regions.get("live")) + " in "
                        + number(regions.get("bytecode_bytes")) + " bytes of bytecode");
        add(lines, "regions left", nonZero(regions.get("exits")));
    }

    /** {@code 0.987} is {@code 98.7 %}. */
    private static String perCent(JsonNode share) {
        return new BigDecimal(share.asText()).movePointRight(2).toPlainString() + " %";
    }

    private static String perInstruction(ObjectNode statistics) {
        long instructions = statistics.get("instructions").longValue();
        if (instructions == 0) {
            return "";
        }
        double ratio = (double) statistics.get("cycles").longValue() / instructions;
        return String.format(Locale.ROOT, " (%.2f cycles each)", ratio);
    }

    private static String missRate(JsonNode tlb) {
        long accesses = tlb.get("accesses").longValue();
        long misses = tlb.get("misses").longValue();
        String rate = accesses == 0 ? "" : String.format(Locale.ROOT, " (%.4f %%)", 100.0 * misses / accesses);
        return number(tlb.get("accesses")) + " accesses, " + number(tlb.get("misses")) + " misses" + rate;
    }

    private static String nonZero(JsonNode counters) {
        String text = counters.properties().stream()
                .filter(counter -> counter.getValue().longValue() != 0)
                .map(counter -> counter.getKey() + " " + number(counter.getValue()))
                .collect(Collectors.joining(", "));
        return text.isEmpty() ? "none" : text;
    }

    private static String number(JsonNode value) {
        return String.format(Locale.ROOT, "%,d", value.longValue());
    }
}
