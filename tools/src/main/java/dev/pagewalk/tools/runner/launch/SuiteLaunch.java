package dev.pagewalk.tools.runner.launch;

import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.runner.BuiltInSuites;
import dev.pagewalk.tools.runner.TestImage;
import dev.pagewalk.tools.runner.engine.PagewalkTestEngine;
import dev.pagewalk.tools.runner.report.TestRecord;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.platform.commons.JUnitException;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.Launcher;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestPlan;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Has the JUnit launcher find and run tests, with no engine but our own. */
public final class SuiteLaunch {
    private static final String TEST_PATTERN_HINT =
            "a test is an image, name.s or name.elf, with its name.yaml beside it";

    /** Kept, because loggers that nobody keeps forget their levels. Its errors come to the user in one line. */
    private static final Logger JUNIT_LOGGER = Logger.getLogger("org.junit");

    private final SuiteOptions options;
    private final SuiteProgress progress;
    private final Launcher launcher;
    private final TestPlan plan;

    /**
     * Finds the tests.
     *
     * @param out where results are printed
     * @param observers are told how the run goes
     * @throws UserErrorException USAGE where a path or a selection is no good
     */
    public SuiteLaunch(SuiteOptions options, PrintStream out, List<SuiteObserver> observers) throws UserErrorException {
        JUNIT_LOGGER.setLevel(Level.OFF);
        this.options = options;
        this.progress = new SuiteProgress(
                new ResultTree(out), observers, options.parameters().failsFast());
        this.launcher = LauncherFactory.create(LauncherConfig.builder()
                .enableTestEngineAutoRegistration(false)
                .enableLauncherSessionListenerAutoRegistration(false)
                .enableLauncherDiscoveryListenerAutoRegistration(false)
                .enablePostDiscoveryFilterAutoRegistration(false)
                .enableTestExecutionListenerAutoRegistration(false)
                .addTestEngines(new PagewalkTestEngine(progress))
                .build());
        try {
            this.plan = launcher.discover(request());
        } catch (JUnitException e) {
            throw new UserErrorException(ExitStatus.USAGE, rootMessage(e));
        }
    }

    /** Runs them; returns how each ended, in the order of the plan, whichever ended first. */
    public List<TestRecord> run() {
        launcher.execute(plan);
        return progress.results();
    }

    /** As {@link #run} would return it if it were stopped now: with what has not ended as failed; any thread. */
    public List<TestRecord> resultsSoFar() {
        return progress.results();
    }

    /** What to tell a user for whom no test has run. */
    public String noTests() {
        return options.selection().isAll()
                ? "no tests found: " + TEST_PATTERN_HINT
                : "no tests found: --include, --exclude, --tag and --shard leave none";
    }

    private LauncherDiscoveryRequest request() throws UserErrorException {
        List<DiscoverySelector> selectors = new ArrayList<>();
        for (String path : options.paths()) {
            selectors.add(selector(path));
        }
        LauncherDiscoveryRequestBuilder builder = LauncherDiscoveryRequestBuilder.request()
                .enableImplicitConfigurationParameters(false)
                .selectors(selectors)
                .configurationParameters(options.parameters().asConfiguration())
                .configurationParameter(
                        PagewalkTestEngine.PARALLEL_PREFIX + "enabled", Boolean.toString(options.jobs() > 1))
                .configurationParameter(PagewalkTestEngine.PARALLEL_PREFIX + "config.strategy", "fixed")
                .configurationParameter(
                        PagewalkTestEngine.PARALLEL_PREFIX + "config.fixed.parallelism",
                        Integer.toString(options.jobs()));
        if (!options.selection().tags().isEmpty()) {
            builder.filters(TagFilter.includeTags(options.selection().tags()));
        }
        // After the tags: a shard is a part of what all else has left.
        return builder.filters(new SelectionFilter(options.selection())).build();
    }

    private static DiscoverySelector selector(String path) throws UserErrorException {
        try {
            Path file = Path.of(path);
            if (Files.isDirectory(file)) {
                return DiscoverySelectors.selectDirectory(path);
            }
            if (Files.exists(file)) {
                requireTest(path, file);
                return DiscoverySelectors.selectFile(path);
            }
            if (BuiltInSuites.at(path).isPresent()) {
                return DiscoverySelectors.selectUri("pagewalk:" + path);
            }
        } catch (InvalidPathException e) {
            throw new UserErrorException(ExitStatus.USAGE, "'" + path + "' is no path");
        }
        throw new UserErrorException(ExitStatus.USAGE, path + ": no such folder or image");
    }

    private static void requireTest(String path, Path file) throws UserErrorException {
        if (!TestImage.isPartOfTest(file.getFileName().toString())) {
            throw new UserErrorException(ExitStatus.USAGE, path + " is no test; " + TEST_PATTERN_HINT);
        }
    }

    private static String rootMessage(Throwable e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.getMessage();
    }
}
