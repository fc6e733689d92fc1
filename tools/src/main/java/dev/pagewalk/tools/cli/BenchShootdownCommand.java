package dev.pagewalk.tools.cli;

import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.kernel.shootdown.policy.ShootdownPolicies;
import dev.pagewalk.tools.bench.shootdown.MunmapMachine;
import dev.pagewalk.tools.bench.shootdown.ShootdownCharts;
import dev.pagewalk.tools.bench.shootdown.ShootdownFiles;
import dev.pagewalk.tools.bench.shootdown.ShootdownResults;
import dev.pagewalk.tools.bench.shootdown.ShootdownStudy;
import dev.pagewalk.tools.bench.shootdown.ShootdownTables;
import dev.pagewalk.tools.cli.NumbersConverter.Numbers;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.UserErrorException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "shootdown",
        sortOptions = false,
        usageHelpWidth = 100,
        mixinStandardHelpOptions = true,
        description =
                "Measures what a guest's munmap costs, in simulated cycles, where other harts must be told of it.",
        footer = {
            "",
            "Runs the guest latr-micro on each machine: all harts touch the pages, then one unmaps them. Prints",
            "tables: the policies against each other by harts and pages; munmap by a thread that is alone; munmap by",
            "pages for profiles whose kernels flush ranges up to different ceilings; a broadcast to ever more harts",
            "against published figures. The same figures go into the folder as CSV, and as plots in SVG. Nothing of it",
            "depends on the host's speed.",
            "",
            "Examples:",
            "  pagewalk bench shootdown",
            "  pagewalk bench shootdown --policies targeted,latr --harts 1,2,4,8 --pages 8 --output /tmp/figures"
        })
final class BenchShootdownCommand implements Callable<Integer> {
    private static final int MOST_HARTS = 64;
    private static final int MOST_PAGES = 65_536;
    private static final long PROGRESS_NANOSECONDS = 1_000_000_000;
    private static final String PURPOSE = "figures";

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = TimingProfiles.DEFAULT_NAME,
            description = "timing profile for the comparison of policies (default: ${DEFAULT-VALUE})")
    String profile;

    @Option(
            names = "--policies",
            paramLabel = "NAME,...",
            split = ",",
            description = "how harts are told (default: broadcast, targeted, batched, lazy, latr, early-ack,"
                    + " hardware-broadcast)")
    List<String> policies = ShootdownPolicies.names();

    @Option(
            names = "--harts",
            paramLabel = "N,...",
            defaultValue = "1-16",
            converter = NumbersConverter.class,
            description = "emulated cores: numbers and ranges, 1 to 64 (default: ${DEFAULT-VALUE})")
    Numbers harts;

    @Option(
            names = "--pages",
            paramLabel = "N,...",
            defaultValue = "1,8,32,33,34,64,65",
            converter = NumbersConverter.class,
            description = "pages to unmap: numbers and ranges, 1 to 65536 (default: ${DEFAULT-VALUE})")
    Numbers pages;

    @Option(
            names = "--output",
            paramLabel = "DIR",
            defaultValue = "shootdown-figures",
            description = "the folder for CSV and SVG files, made where it does not exist (default: ${DEFAULT-VALUE})")
    Path output;

    private long lastProgress = System.nanoTime();

    @Override
    public Integer call() throws UserErrorException {
        ShootdownStudy study = study();
        HostFiles.makeFolder(output, PURPOSE);
        ShootdownResults results = study.run(new MunmapMachine(), this::tell);
        System.out.print(ShootdownTables.text(results));
        for (Map.Entry<String, String> file : ShootdownFiles.contents(results).entrySet()) {
            write(file.getKey(), file.getValue().getBytes(StandardCharsets.UTF_8));
        }
        for (Map.Entry<String, byte[]> file : charts(results).entrySet()) {
            write(file.getKey(), file.getValue());
        }
        return 0;
    }

    private ShootdownStudy study() throws UserErrorException {
        try {
            TimingProfiles.find(profile);
        } catch (IllegalArgumentException e) {
            throw new UserErrorException(ExitStatus.USAGE, e.getMessage());
        }
        if (policies.isEmpty()) {
            throw new UserErrorException(ExitStatus.USAGE, "--policies names none");
        }
        for (String policy : policies) {
            if (ShootdownPolicies.find(policy).isEmpty()) {
                throw new UserErrorException(
                        ExitStatus.USAGE,
                        "no shootdown policy '" + policy + "'; there are "
                                + String.join(", ", ShootdownPolicies.names()));
            }
        }
        requireRange("--harts", harts, MOST_HARTS);
        requireRange("--pages", pages, MOST_PAGES);
        return new ShootdownStudy(
                profile, List.copyOf(new LinkedHashSet<>(policies)), harts.ascending(), pages.ascending());
    }

    private static void requireRange(String option, Numbers numbers, int most) throws UserErrorException {
        for (int number : numbers.ascending()) {
            if (number < 1 || number > most) {
                throw new UserErrorException(ExitStatus.USAGE, option + " takes 1 to " + most + ", not " + number);
            }
        }
    }

    private void tell(int done, int all) {
        long now = System.nanoTime();
        if (done < all && now - lastProgress >= PROGRESS_NANOSECONDS) {
            lastProgress = now;
            Messages.print(done + " of " + all + " machines have run");
        }
    }

    private static Map<String, byte[]> charts(ShootdownResults results) throws UserErrorException {
        try {
            return ShootdownCharts.contents(results);
        } catch (LinkageError e) {
            // A Java without its graphics libraries, or a host without fonts.
            throw new UserErrorException(
                    ExitStatus.USAGE, "the figures are written, but this Java cannot draw plots: " + e.getMessage());
        }
    }

    private void write(String name, byte[] content) throws UserErrorException {
        HostFiles.write(output.resolve(name), content, PURPOSE);
    }
}
