package dev.pagewalk.tools.cli;

import dev.pagewalk.tools.machine.MachineOptions;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.runner.BuiltInSuites;
import dev.pagewalk.tools.runner.TestOptions;
import dev.pagewalk.tools.runner.engine.RunParameters;
import dev.pagewalk.tools.runner.launch.SuiteOptions;
import dev.pagewalk.tools.runner.launch.SuiteSelection;
import dev.pagewalk.tools.runner.launch.TestPattern;
import dev.pagewalk.tools.runner.report.Shard;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "test",
        sortOptions = false,
        usageHelpWidth = 100,
        mixinStandardHelpOptions = true,
        description = "Runs the guest images below paths against their expectations.",
        footer = {
            "",
            "Beside name.s or name.elf stands name.yaml:",
            "",
            "  args: [one, two]",
            "  stdin: \"text\"                # or stdin-file: FILE",
            "  files: {/data/a: a.txt}        # what --file does: the guest's path, the host's",
            "  machine: {harts: 2, ram: 64M}  # options of boot: profile, shootdown, seed, fork...",
            "  matrix: {fork: [cow, eager]}   # more of them: one test for each combination",
            "  tags: [smp, slow]              # for --tag",
            "  expect:",
            "    exit: 0",
            "    console: \"hello\\n\"           # or console-matches: REGEX",
            "    counters: {faults.demand_zero: \"<= 12\"}",
            "  golden: {cycles: 123456}       # exact, on the machine named above; written by --update-golden",
            "",
            "A folder's defaults.yaml holds for all of its images. The path 'catalog' names the guests that",
            "come with Pagewalk, 'conformance' those that check each instruction. Machine options on the",
            "command line win over those in the files; golden counters hold only on a test's own machine.",
            "Unless --max-cycles or its file says otherwise, a guest is stopped after 2,000,000,000 cycles.",
            "A test whose files cannot be used fails, and the others run.",
            "The same tests run under Maven, in IDEs and CI: they are the JUnit Platform's engine 'pagewalk'.",
            "",
            "Exit status: 0 when at least one test ran and all passed, 1 when not, 125 for wrong usage, a path",
            "that does not exist or reports that cannot be written, 130 interrupted.",
            "",
            "Examples:",
            "  pagewalk test catalog",
            "  pagewalk test my-guests --reports target/reports",
            "  pagewalk test my-guests --include 'fork-*' --harts 16 --seed 7",
            "  pagewalk test my-guests --shard 2/8 --reports shard-2"
        })
final class TestCommand implements Callable<Integer> {
    private static final int MOST_JOBS = 256;

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "folders or images; 'catalog' for the built-in ones")
    List<String> paths;

    @Mixin
    MachineOptions overrides;

    @Option(
            names = {"-j", "--jobs"},
            paramLabel = "N",
            description = "how many tests run at a time; results do not depend on it (default: one for each processor)")
    Integer jobs;

    @Option(
            names = "--include",
            paramLabel = "PATTERN",
            description = "run only tests whose name, name[machine] or folder/name[machine] is like PATTERN, where * is"
                    + " any text and ? one character; repeatable")
    List<String> include = List.of();

    @Option(names = "--exclude", paramLabel = "PATTERN", description = "leave out those like PATTERN; repeatable")
    List<String> exclude = List.of();

    @Option(
            names = "--tag",
            paramLabel = "EXPRESSION",
            description = "run only tests with such tags: 'slow', '!slow & (fork | smp)'; repeatable")
    List<String> tags = List.of();

    @Option(
            names = "--shard",
            paramLabel = "I/N",
            converter = ShardConverter.class,
            description = "run only part I of N, 1 to N, as one job of an array; 'pagewalk merge' puts their reports"
                    + " together")
    Shard shard;

    @Option(names = "--repeat", paramLabel = "N", description = "run each test N times, which must all be the same")
    int repetitions = 1;

    @Option(names = "--fail-fast", description = "stop at the first test that fails")
    boolean failFast;

    @Option(
            names = "--reports",
            paramLabel = "DIR",
            description = "write JUnit XML, a page with plots (index.html) and results.json into this folder")
    Path reports;

    @Option(
            names = "--metrics",
            paramLabel = "[HOST:]PORT",
            converter = ListenAddress.class,
            description = "let Prometheus read how the tests go, and the sums of their counters, while they run, at"
                    + " http://HOST:PORT/metrics; 0 is any free port, without HOST only this computer can connect")
    InetSocketAddress metrics;

    @Option(names = "--update-golden", description = "write the golden counters into the expectation files")
    boolean updateGolden;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws UserErrorException {
        // What is wrong on the command line is not the fault of any file.
        overrides.config();
        SuiteOptions suite = suite();
        return new TestSession(suite, shard, reports, metrics).run();
    }

    private SuiteOptions suite() throws UserErrorException {
        if (jobs != null && (jobs < 1 || jobs > MOST_JOBS)) {
            throw new UserErrorException(ExitStatus.USAGE, "--jobs must be 1 to " + MOST_JOBS + ", not " + jobs);
        }
        if (repetitions < 1) {
            throw new UserErrorException(ExitStatus.USAGE, "--repeat must be 1 or more, not " + repetitions);
        }
        if (updateGolden) {
            requireRewritable();
        }
        int workers = jobs == null ? Math.min(MOST_JOBS, Runtime.getRuntime().availableProcessors()) : jobs;
        TestOptions tests = new TestOptions(givenMachineOptions(), updateGolden, repetitions);
        return new SuiteOptions(
                paths,
                new SuiteSelection(patterns(include), patterns(exclude), tags, shard),
                new RunParameters(tests, failFast),
                workers);
    }

    private static List<TestPattern> patterns(List<String> texts) {
        return texts.stream().map(TestPattern::new).toList();
    }

    private void requireRewritable() throws UserErrorException {
        for (String path : paths) {
            if (BuiltInSuites.at(path).isPresent()) {
                throw new UserErrorException(
                        ExitStatus.USAGE,
                        "the " + path + " cannot be rewritten; name the folder with its sources instead");
            }
        }
    }

    /** The machine options of this command line, with their text. */
    private Map<String, String> givenMachineOptions() {
        Map<String, String> given = new LinkedHashMap<>();
        List<String> machineOptions = MachineOptions.names();
        for (OptionSpec option : spec.commandLine().getParseResult().matchedOptions()) {
            if (machineOptions.contains(option.longestName().substring(2))) {
                List<String> texts = option.originalStringValues();
                // An option that stands without a value is a switch.
                given.put(option.longestName().substring(2), texts.isEmpty() ? "true" : texts.get(0));
            }
        }
        return given;
    }
}
