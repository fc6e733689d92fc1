package dev.pagewalk.tools.meters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * A running suite as meters: how many tests have passed, have failed and run just now, and the counters of those that have
 * finished, summed up over tests and harts under the names that {@link MachineMeters} has for one machine.
 *
 * <p>The runner calls {@link #started} and {@link #finished} once for each test, on whatever threads it likes:
 *
 * <pre>{@code
 * SuiteMeters meters = new SuiteMeters();
 * try (MetricsServer server = new MetricsServer(address, meters)) {
 *     meters.started();
 *     ...
 *     meters.finished(true, statistics);
 * }
 * }</pre>
 */
public final class SuiteMeters implements ScrapedMeters {
    private static final Series RUNNING = Series.gauge("pagewalk.tests.running", "Tests that run just now");
    private static final Series PASSED = finishedWith("passed");
    private static final Series FAILED = finishedWith("failed");

    private final List<MeterRegistry> registries = new ArrayList<>();
    private final Map<Series, LongAdder> sums = new ConcurrentHashMap<>();

    public SuiteMeters() {
        // They are there, as zeroes, before there is a test.
        List.of(RUNNING, PASSED, FAILED).forEach(series -> sums.put(series, new LongAdder()));
    }

    private static Series finishedWith(String status) {
        return Series.counter("pagewalk.tests.finished", "Tests that have finished", "status", status);
    }

    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        registries.add(registry);
        sums.forEach((series, sum) -> series.register(registry, sum, LongAdder::sum));
    }

    /** Nothing to do: tests end one by one, and there is no moment at which all sums belong together. */
    @Override
    public void beforeScrape() {}

    /** A test begins. */
    public void started() {
        add(RUNNING, 1);
    }

    /**
     * A test that had {@link #started} is over.
     *
     * @param statistics as {@link dev.pagewalk.tools.metrics.Statistics#collect} gives them; null where there are none,
     *     because its guest was not run
     */
    public void finished(boolean passed, ObjectNode statistics) {
        if (statistics != null) {
            Figures.forEach(statistics, this::add);
        }
        add(passed ? PASSED : FAILED, 1);
        add(RUNNING, -1);
    }

    private void add(Series series, long value) {
        LongAdder sum = sums.get(series);
        if (sum == null) {
            sum = addSeries(series);
        }
        sum.add(value);
    }

    private synchronized LongAdder addSeries(Series series) {
        return sums.computeIfAbsent(series, added -> {
            LongAdder sum = new LongAdder();
            registries.forEach(registry -> added.register(registry, sum, LongAdder::sum));
            return sum;
        });
    }
}
