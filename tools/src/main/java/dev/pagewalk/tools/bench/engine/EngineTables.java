package dev.pagewalk.tools.bench.engine;

import dev.pagewalk.tools.text.TextTable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.stream.Collectors;

/** A study's results for people. */
public final class EngineTables {
    private static final String NONE = "-";
    private static final double NANOSECONDS_PER_MICROSECOND = 1e3;
    private static final int MOST_EXITS = 3;

    private final EngineResults results;
    private final StringBuilder text = new StringBuilder();

    private EngineTables(EngineResults results) {
        this.results = results;
    }

    /** All tables, each under a line that says what it shows. */
    public static String text(EngineResults results) {
        EngineTables tables = new EngineTables(results);
        if (!results.computing().isEmpty()) {
            tables.speeds();
        }
        if (results.kernels().containsKey(EngineKernel.CHASE)) {
            tables.steps();
        }
        if (!results.storms().isEmpty()) {
            tables.storms();
        }
        if (results.ours().isPresent()) {
            tables.warmUp();
            tables.regions();
            tables.memory();
        }
        if (!results.harts().isEmpty()) {
            tables.harts();
        }
        return tables.text.toString();
    }

    private void speeds() {
        EngineStudy study = results.study();
        title("Millions of guest instructions a second, profile " + study.profile()
                + (otherTitles().isEmpty()
                        ? ""
                        : ", and how many times as fast "
                                + results.ours().orElseThrow().title() + " is"));
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("kernel", study.peers().stream().map(Peer::title).toList(), otherTitles()));
        for (EngineKernel kernel : results.computing()) {
            KernelResult result = results.kernels().get(kernel);
            rows.add(row(
                    kernel.title(),
                    study.peers().stream().map(peer -> speed(result, peer)).toList(),
                    ratios(kernel)));
        }
        rows.add(row(
                "geometric mean",
                study.peers().stream()
                        .map(peer -> cell(results.meanMips(peer), "%,.0f"))
                        .toList(),
                otherRatios(results::meanRatio)));
        print(rows);
    }

    private List<String> otherTitles() {
        return results.ours().isEmpty()
                ? List.of()
                : results.others().stream().map(other -> "/ " + other.title()).toList();
    }

    private List<String> ratios(EngineKernel kernel) {
        return otherRatios(other -> results.ratio(kernel, other));
    }

    private List<String> otherRatios(Function<Peer, OptionalDouble> ratio) {
        return results.ours().isEmpty()
                ? List.of()
                : results.others().stream()
                        .map(other -> cell(ratio.apply(other), "%.2f"))
                        .toList();
    }

    private void steps() {
        title(
                "A step of the chase, in nanoseconds; host: the same in Java on an array, which is what the host's memory takes");
        KernelResult result = results.kernels().get(EngineKernel.CHASE);
        List<Peer> peers = List.copyOf(result.samples().keySet());
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("kernel", peers.stream().map(Peer::title).toList(), List.of()));
        rows.add(row(
                EngineKernel.CHASE.title(),
                peers.stream()
                        .map(peer -> number(
                                "%.1f",
                                HostChase.INSTRUCTIONS_PER_STEP
                                        * NANOSECONDS_PER_MICROSECOND
                                        / result.median(peer).mips()))
                        .toList(),
                List.of()));
        print(rows);
    }

    private void storms() {
        List<Peer> engines =
                results.study().peers().stream().filter(Peer::isEngine).toList();
        title("Thousands a second of what the guest's kernel has to do");
        List<List<String>> rows = new ArrayList<>();
        rows.add(row(
                "kernel",
                engines.stream().map(Peer::title).toList(),
                engines.stream().skip(1).map(other -> "/ " + other.title()).toList()));
        for (EngineKernel kernel : results.storms()) {
            KernelResult result = results.kernels().get(kernel);
            double instructionsPerUnit = result.count().instructionsPerRound() / kernel.unitsPerRound();
            rows.add(row(
                    kernel.title() + ", " + kernel.unit() + "s",
                    engines.stream()
                            .map(peer -> number(
                                    "%,.1f",
                                    NANOSECONDS_PER_MICROSECOND
                                            * result.median(peer).mips()
                                            / instructionsPerUnit))
                            .toList(),
                    engines.stream()
                            .skip(1)
                            .map(other -> cell(results.ratio(kernel, other), "%.2f"))
                            .toList()));
        }
        print(rows);
    }

    private void warmUp() {
        List<Peer> engines =
                results.study().peers().stream().filter(Peer::isEngine).toList();
        title("Seconds from the guest's start until half of its speed is reached; looked at every quarter of a second");
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("kernel", engines.stream().map(Peer::title).toList(), List.of()));
        results.kernels()
                .forEach((kernel, result) -> rows.add(row(
                        kernel.title(),
                        engines.stream()
                                .map(peer -> number("%.2f", result.median(peer).secondsToHalfSpeed()))
                                .toList(),
                        List.of())));
        print(rows);
    }

    private void regions() {
        Peer ours = results.ours().orElseThrow();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "kernel", "made", "live", "instructions", "bytecode", "entered", "share", "refused", "left by"));
        results.kernels().forEach((kernel, result) -> {
            RegionFigures regions = result.median(ours).regions();
            if (regions != null) {
                rows.add(List.of(
                        kernel.title(),
                        number("%,d", regions.translations()),
                        number("%,d", regions.live()),
                        number("%,d", regions.guestInstructions()),
                        number("%,d", regions.bytecodeBytes()),
                        number("%,d", regions.entered()),
                        number("%.3f %%", 100 * regions.translatedShare()),
                        number("%,d", regions.refusals()),
                        exits(regions.exits())));
            }
        });
        if (rows.size() > 1) {
            title("What " + ours.title()
                    + " has translated: regions made and live; of the live ones their instructions, bytes of"
                    + " bytecode and entries; the share of all that was executed");
            print(rows);
        }
    }

    private static String exits(Map<String, Long> exits) {
        return exits.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(MOST_EXITS)
                .map(exit -> exit.getKey() + number(" %,d", exit.getValue()))
                .collect(Collectors.joining(", "));
    }

    private void memory() {
        List<Peer> engines =
                results.study().peers().stream().filter(Peer::isEngine).toList();
        title("Memory, in MiB: of the process, in the heap with the guest's RAM, for classes");
        List<List<String>> rows = new ArrayList<>();
        rows.add(row("kernel", engines.stream().map(Peer::title).toList(), List.of()));
        results.kernels()
                .forEach((kernel, result) -> rows.add(row(
                        kernel.title(),
                        engines.stream()
                                .map(peer -> memory(result.median(peer).memory()))
                                .toList(),
                        List.of())));
        print(rows);
    }

    private static String memory(MemoryFigures memory) {
        return (memory.residentBytes() == null ? NONE : mebibytes(memory.residentBytes())) + ", "
                + mebibytes(memory.heapBytes()) + ", " + mebibytes(memory.metaspaceBytes());
    }

    private static String mebibytes(long bytes) {
        return number("%d", bytes >> 20);
    }

    private void harts() {
        int harts = results.study().harts();
        title("Busy harts, all together, with the quantum of profile "
                + results.study().profile() + ": millions of instructions a second");
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("engine", "1 hart", harts + " harts", "ratio", "translated", "left by"));
        results.harts().forEach((engine, result) -> {
            RegionFigures regions = result.many().regions();
            rows.add(List.of(
                    engine.title(),
                    number("%,.0f", result.one().mips()),
                    number("%,.0f", result.many().mips()),
                    number("%.2f", result.ratio()),
                    regions == null ? NONE : number("%.1f %%", 100 * regions.translatedShare()),
                    regions == null ? NONE : exits(regions.exits())));
        });
        print(rows);
    }

    private void title(String title) {
        if (!text.isEmpty()) {
            text.append('\n');
        }
        text.append(title).append('\n');
    }

    /** The first column are names. */
    private void print(List<List<String>> rows) {
        TextTable.ofRows(rows, true).lines("").forEach(line -> text.append(line).append('\n'));
    }

    private static List<String> row(String first, List<String> others, List<String> more) {
        List<String> row = new ArrayList<>();
        row.add(first);
        row.addAll(others);
        row.addAll(more);
        return row;
    }

    private static String speed(KernelResult result, Peer peer) {
        return result.has(peer) ? number("%,.0f", result.median(peer).mips()) : NONE;
    }

    private static String cell(OptionalDouble value, String format) {
        return value.isPresent() ? number(format, value.getAsDouble()) : NONE;
    }

    private static String number(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }
}
