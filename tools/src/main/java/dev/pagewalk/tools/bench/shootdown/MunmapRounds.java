package dev.pagewalk.tools.bench.shootdown;

import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.devices.console.ConsoleOutput;
import dev.pagewalk.kernel.shootdown.ShootdownStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The console of latr-micro. The guest prints a line after each round: what the kernel has counted between two lines
 * belongs to one munmap, and what comes after the last one, to the end of the process.
 */
final class MunmapRounds implements ConsoleOutput {
    private static final int LIMIT_BYTES = 1 << 16;
    private static final Pattern CYCLES = Pattern.compile(": ([0-9]+) cycles\n");

    private final CapturedConsoleOutput console = new CapturedConsoleOutput(LIMIT_BYTES);
    private final List<Long> waits = new ArrayList<>();
    private final List<Long> interrupts = new ArrayList<>();
    private ShootdownStatistics statistics;
    private long waitsBefore;
    private long interruptsBefore;

    /** Once, before the guest runs: what is counted. */
    void watch(ShootdownStatistics shootdowns) {
        statistics = shootdowns;
    }

    @Override
    public void write(int value) {
        console.write(value);
        if (value == '\n') {
            waits.add(statistics.waitCycles() - waitsBefore);
            interrupts.add(statistics.ipis - interruptsBefore);
            waitsBefore = statistics.waitCycles();
            interruptsBefore = statistics.ipis;
        }
    }

    @Override
    public void flush() {}

    String text() {
        return console.text();
    }

    /** What a munmap costs, when the guest has ended well. */
    MunmapCost cost() {
        List<Long> latencies = CYCLES.matcher(text())
                .results()
                .map(result -> Long.valueOf(result.group(1)))
                .toList();
        return new MunmapCost(median(latencies), median(waits), median(interrupts));
    }

    private static long median(List<Long> rounds) {
        return rounds.stream().sorted().toList().get(rounds.size() / 2);
    }
}
