package dev.pagewalk.tools.cli;

import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.tools.bench.engine.EngineFile;
import dev.pagewalk.tools.bench.engine.EngineKernel;
import dev.pagewalk.tools.bench.engine.EngineResults;
import dev.pagewalk.tools.bench.engine.EngineStudy;
import dev.pagewalk.tools.bench.engine.EngineTables;
import dev.pagewalk.tools.bench.engine.HostSpeedMeter;
import dev.pagewalk.tools.bench.engine.Peer;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.UserErrorException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "engines",
        sortOptions = false,
        usageHelpWidth = 100,
        mixinStandardHelpOptions = true,
        description = "Measures how fast guests are executed: by our engines, and by QEMU, as ratios in one run.",
        footer = {
            "",
            "Kernels that compute run everywhere: sieve, matmul, crc, qsort, fib, chase, vm, strings. Storms",
            "keep the guest's kernel busy, and run on Pagewalk only: fault-storm, fork-storm.",
            "",
            "First all peers must print the same checksum. Then each sample is a process of its own, and the",
            "peers take turns: an engine is measured in the second half of the sample, when it is warm; QEMU by",
            "the difference between many rounds and few, so that its start does not count. What counts is the",
            "processor's time of the thread or process that executes the guest, so that others on the same host",
            "disturb little. QEMU's system mode runs with Sv48 and pages of 4 KiB, from a shim that",
            "riscv64-linux-gnu-gcc or riscv64-unknown-elf-gcc builds. A peer that is not installed is left out.",
            "",
            "Prints tables: speeds and ratios; a step of the chase beside what the host's memory takes for it;",
            "storms; how soon an engine is half as fast as in the end; what was translated; memory; busy harts.",
            "",
            "Examples:",
            "  pagewalk bench engines",
            "  pagewalk bench engines --kernels crc,fib --peers auto,qemu-system --seconds 2 --repeats 1",
            "  pagewalk bench engines --harts 16 --json /tmp/engines.json"
        })
final class BenchEnginesCommand implements Callable<Integer> {
    private static final int MOST_HARTS = 64;
    private static final double LEAST_SECONDS = 0.1;
    private static final double MOST_SECONDS = 600;
    private static final int MOST_REPEATS = 99;
    private static final String PURPOSE = "figures";

    @Option(
            names = "--kernels",
            paramLabel = "NAME,...",
            split = ",",
            description = "which guests (default: sieve, matmul, crc, qsort, fib, chase, vm, strings, fault-storm,"
                    + " fork-storm)")
    List<String> kernels = EngineKernel.titles();

    @Option(
            names = "--peers",
            paramLabel = "NAME,...",
            split = ",",
            description =
                    "what executes them: translator, auto, interpreter, qemu-system, qemu-user; the first engine is"
                            + " compared with all others (default: translator, interpreter, qemu-system, qemu-user)")
    List<String> peers = List.of(
            Peer.TRANSLATOR.title(), Peer.INTERPRETER.title(), Peer.QEMU_SYSTEM.title(), Peer.QEMU_USER.title());

    @Option(
            names = "--seconds",
            paramLabel = "N",
            defaultValue = "4",
            description = "how long a sample takes, about, 0.1 to 600 (default: ${DEFAULT-VALUE})")
    double seconds;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            defaultValue = "3",
            description = "samples of each; the median counts (default: ${DEFAULT-VALUE})")
    int repeats;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = TimingProfiles.DEFAULT_NAME,
            description = "timing profile of our machine (default: ${DEFAULT-VALUE})")
    String profile;

    @Option(
            names = "--harts",
            paramLabel = "N",
            description = "also compare so many busy emulated cores with one, 2 to 64")
    Integer harts;

    @Option(names = "--json", paramLabel = "FILE", description = "write all samples to a file, too")
    Path json;

    @Override
    public Integer call() throws UserErrorException {
        EngineStudy study = study();
        if (json != null) {
            HostFiles.requireWritable(json, PURPOSE);
        }
        Map<Peer, String> versions = new EnumMap<>(Peer.class);
        for (Peer peer : study.peers()) {
            if (!peer.isEngine()) {
                versions.put(peer, HostSpeedMeter.version(peer));
            }
        }
        EngineResults results;
        try (HostSpeedMeter meter = new HostSpeedMeter(ownCommand(), profile, seconds)) {
            results = study.run(meter, BenchEnginesCommand::tell);
        }
        System.out.print(EngineTables.text(results));
        if (json != null) {
            String text = EngineFile.text(results, versions);
            HostFiles.write(json, text.getBytes(StandardCharsets.UTF_8), PURPOSE);
        }
        return 0;
    }

    private EngineStudy study() throws UserErrorException {
        try {
            TimingProfiles.find(profile);
        } catch (IllegalArgumentException e) {
            throw new UserErrorException(ExitStatus.USAGE, e.getMessage());
        }
        if (!(seconds >= LEAST_SECONDS && seconds <= MOST_SECONDS)) {
            throw new UserErrorException(ExitStatus.USAGE, "--seconds takes 0.1 to 600, not " + seconds);
        }
        if (repeats < 1 || repeats > MOST_REPEATS) {
            throw new UserErrorException(ExitStatus.USAGE, "--repeats takes 1 to " + MOST_REPEATS + ", not " + repeats);
        }
        if (harts != null && (harts < 2 || harts > MOST_HARTS)) {
            throw new UserErrorException(ExitStatus.USAGE, "--harts takes 2 to " + MOST_HARTS + ", not " + harts);
        }
        List<EngineKernel> chosen = chosen("kernel", kernels, EngineKernel::find, EngineKernel.titles());
        List<Peer> wanted = chosen(
                "peer",
                peers,
                Peer::find,
                Peer.choices().stream().map(Peer::title).toList());
        return new EngineStudy(chosen, installed(wanted), profile, seconds, repeats, harts == null ? 0 : harts);
    }

    private static <T> List<T> chosen(
            String what, List<String> names, Function<String, Optional<T>> find, List<String> known)
            throws UserErrorException {
        Set<T> chosen = new LinkedHashSet<>();
        for (String name : names) {
            chosen.add(find.apply(name)
                    .orElseThrow(() -> new UserErrorException(
                            ExitStatus.USAGE,
                            "no " + what + " '" + name + "'; there are " + String.join(", ", known))));
        }
        return List.copyOf(chosen);
    }

    private static List<Peer> installed(List<Peer> wanted) throws UserErrorException {
        List<Peer> installed = new ArrayList<>();
        for (Peer peer : wanted) {
            String missing = HostSpeedMeter.missingProgram(peer);
            if (missing == null) {
                installed.add(peer);
            } else {
                Messages.print(peer.title() + " is left out: " + missing + " is not installed");
            }
        }
        if (installed.isEmpty()) {
            throw new UserErrorException(ExitStatus.USAGE, "there is nothing to measure");
        }
        return installed;
    }

    /** This program as it was started itself, for one sample. */
    private static List<String> ownCommand() {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                // A debugger of this JVM waits for no other.
                .filter(argument -> !argument.startsWith("-agentlib:"))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of("bench", "engine-trial"));
        return command;
    }

    private static void tell(String what, int done, int all) {
        Messages.print(done + " of " + all + ": " + what);
    }
}
