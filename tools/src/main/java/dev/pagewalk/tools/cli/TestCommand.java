package dev.pagewalk.tools.cli;

import dev.pagewalk.tools.machine.MachineOptions;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.runner.MachineChoice;
import dev.pagewalk.tools.runner.SuiteRunner;
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
            "  expect:",
            "    exit: 0",
            "    console: \"hello\\n\"          # or console-matches: REGEX",
            "    counters: {faults.demand_zero: \"<= 12\"}",
            "  golden: {cycles: 123456}       # exact, on the machine named above; written by --update-golden",
            "",
            "A folder's defaults.yaml holds for all of its images. The path 'catalog' names the guests that",
            "come with Pagewalk. Machine options on the command line win over those in the files.",
            "A test whose files cannot be used fails, and the others run. Exit status: 0 when at least one",
            "test ran and all passed, 1 when not, 125 for wrong usage or a path that does not exist.",
            "",
            "Examples:",
            "  pagewalk test catalog",
            "  pagewalk test my-guests --reports target/reports"
        })
final class TestCommand implements Callable<Integer> {
    /** A guest that does not end is stopped; a test that needs longer says so. */
    private static final long DEFAULT_MAX_CYCLES = 2_000_000_000L;

    /** Where a test's defaults differ from those of boot. */
    private static final Map<String, String> DEFAULTS = Map.of("sanitize", "true");

    @Parameters(arity = "1..*", paramLabel = "PATH", description = "folders or images; 'catalog' for the built-in ones")
    List<String> paths;

    @Mixin
    MachineOptions overrides;

    @Option(names = "--reports", paramLabel = "DIR", description = "write JUnit XML into this folder")
    Path reports;

    @Option(names = "--update-golden", description = "write the golden counters into the expectation files")
    boolean updateGolden;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws UserErrorException {
        // What is wrong on the command line is not the fault of any file.
        overrides.config();
        Map<String, String> given = givenMachineOptions();
        SuiteRunner runner =
                new SuiteRunner((image, options) -> choose(image, options, given), updateGolden, System.out);
        return runner.run(paths, reports) ? 0 : 1;
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

    private static MachineChoice.Chosen choose(String image, Map<String, String> options, Map<String, String> given)
            throws UserErrorException {
        Map<String, String> all = new LinkedHashMap<>(DEFAULTS);
        all.putAll(options);
        // Neither the sanitizer nor a limit changes what a guest costs.
        boolean isOwn = given.entrySet().stream()
                .allMatch(option -> option.getKey().equals("sanitize")
                        || option.getKey().equals("max-cycles")
                        || option.getValue().equals(all.get(option.getKey())));
        all.putAll(given);
        try {
            MachineOptions machine = MachineOptions.of(all);
            return new MachineChoice.Chosen(
                    machine.config(),
                    machine.kernelConfig(),
                    machine.maxCycles().orElse(DEFAULT_MAX_CYCLES),
                    isOwn);
        } catch (UserErrorException e) {
            throw new UserErrorException(e.status(), image + ": machine: " + e.getMessage());
        }
    }
}
