package dev.pagewalk.tools.cli;

import dev.pagewalk.tools.meters.MetricsServer;
import dev.pagewalk.tools.meters.SuiteMeters;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.runner.launch.ProgressLine;
import dev.pagewalk.tools.runner.launch.SuiteLaunch;
import dev.pagewalk.tools.runner.launch.SuiteObserver;
import dev.pagewalk.tools.runner.launch.SuiteOptions;
import dev.pagewalk.tools.runner.report.ReportFolder;
import dev.pagewalk.tools.runner.report.Results;
import dev.pagewalk.tools.runner.report.ResultsSummary;
import dev.pagewalk.tools.runner.report.Shard;
import dev.pagewalk.tools.runner.report.TestRecord;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/**
 * One {@code test}: a suite, how it goes on the terminal and for Prometheus, reports at the end or when it is interrupted.
 */
final class TestSession {
    /** Says whether standard error is a terminal, as the launcher knows. */
    private static final String SCREEN_PROPERTY = "pagewalk.screen";

    private final SuiteOptions suite;
    private final Shard shard;
    private final ReportFolder reports;
    private final InetSocketAddress metricsAddress;

    /**
     * @param shard null for all tests
     * @param reports null for none
     * @param metricsAddress null where nobody is to ask
     * @throws UserErrorException USAGE where the reports cannot be written
     */
    TestSession(SuiteOptions suite, Shard shard, Path reports, InetSocketAddress metricsAddress)
            throws UserErrorException {
        this.suite = suite;
        this.shard = shard;
        this.reports = reports == null ? null : ReportFolder.open(reports);
        this.metricsAddress = metricsAddress;
    }

    /** Returns the exit status. */
    int run() throws UserErrorException {
        Results results = metricsAddress == null ? run(List.of()) : runWithMetrics();
        if (reports != null) {
            reports.write(results);
        }
        return ResultsSummary.isSuccess(results) ? 0 : 1;
    }

    private Results runWithMetrics() throws UserErrorException {
        SuiteMeters meters = new SuiteMeters();
        MetricsServer server = MetricsEndpoint.open(metricsAddress, meters);
        try {
            return run(List.of(new MeteredSuite(meters)));
        } finally {
            server.close();
        }
    }

    private Results run(List<SuiteObserver> observers) throws UserErrorException {
        if (!Boolean.getBoolean(SCREEN_PROPERTY)) {
            return run(System.out, observers);
        }
        try (ProgressLine progress = new ProgressLine(System.err, System.out)) {
            List<SuiteObserver> all = new ArrayList<>(observers);
            all.add(progress);
            return run(progress.out(), all);
        }
    }

    /** Interrupted, it keeps what it has. */
    private Results run(PrintStream out, List<SuiteObserver> observers) throws UserErrorException {
        SuiteLaunch launch = new SuiteLaunch(suite, out, observers);
        Thread interruption = new Thread(() -> interrupted(launch), "interruption");
        Runtime.getRuntime().addShutdownHook(interruption);
        Results results = new Results(shard, launch.run());
        try {
            Runtime.getRuntime().removeShutdownHook(interruption);
        } catch (IllegalStateException e) {
            // The JVM is being shut down: the hook prints and writes, and nothing here comes to its end.
            while (true) {
                LockSupport.park();
            }
        }
        print(launch, results);
        return results;
    }

    private void interrupted(SuiteLaunch launch) {
        Results results = new Results(shard, launch.resultsSoFar());
        Messages.print("interrupted; tests that had not ended count as failed");
        print(launch, results);
        try {
            if (reports != null) {
                reports.write(results);
            }
        } catch (UserErrorException e) {
            Messages.print(e.getMessage());
        }
    }

    private static void print(SuiteLaunch launch, Results results) {
        if (results.tests().isEmpty()) {
            System.out.println(launch.noTests());
        } else {
            System.out.println();
            ResultsSummary.print(results, System.out);
        }
        System.out.flush();
    }

    /** Tells the meters what the run tells. */
    private record MeteredSuite(SuiteMeters meters) implements SuiteObserver {
        @Override
        public void planned(int tests) {}

        @Override
        public void started() {
            meters.started();
        }

        @Override
        public void finished(TestRecord test) {
            if (test.status() != TestRecord.Status.SKIPPED) {
                meters.finished(test.passed(), test.statistics());
            }
        }
    }
}
