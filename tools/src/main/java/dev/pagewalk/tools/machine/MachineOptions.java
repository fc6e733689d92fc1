package dev.pagewalk.tools.machine;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.frame.NumaNodes;
import dev.pagewalk.kernel.shootdown.policy.ShootdownPolicies;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that configure a machine: those of {@code boot}, of {@code test}, and of expectation files. */
public final class MachineOptions {
    @Option(
            names = "--harts",
            paramLabel = "N",
            defaultValue = "4",
            description = "emulated cores, 1 to 64 (default: ${DEFAULT-VALUE})")
    int harts;

    @Option(
            names = "--ram",
            paramLabel = "SIZE",
            defaultValue = "256M",
            converter = SizeConverter.class,
            description = "64K to 64G, with K, M or G (default: ${DEFAULT-VALUE})")
    long ramBytes;

    @Option(
            names = "--paging",
            paramLabel = "MODE",
            defaultValue = "sv48",
            converter = PagingModeConverter.class,
            description = "sv39, sv48 or sv57 (default: ${DEFAULT-VALUE})")
    PagingMode paging;

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            defaultValue = TimingProfiles.DEFAULT_NAME,
            description = "timing profile; 'pagewalk profiles' lists them (default: ${DEFAULT-VALUE})")
    String profile;

    @Option(
            names = "--engine",
            paramLabel = "ENGINE",
            defaultValue = "auto",
            converter = EngineConverter.class,
            description =
                    "how guest code is executed, on which nothing but the host's time depends; interpreter: instruction by"
                            + " instruction; translator: loops and functions become JVM bytecode before they have run"
                            + " often; auto: it interprets, and translates meanwhile what turns out to be hot"
                            + " (default: ${DEFAULT-VALUE})")
    EngineKind engine;

    @Option(
            names = "--shootdown",
            paramLabel = "POLICY",
            defaultValue = ShootdownPolicies.DEFAULT,
            converter = ShootdownPolicyConverter.class,
            description = "how the kernel takes translations away from other cores: broadcast, targeted, batched, lazy,"
                    + " latr, early-ack or hardware-broadcast (default: ${DEFAULT-VALUE})")
    String shootdownPolicy;

    @Option(
            names = "--asid-bits",
            paramLabel = "N",
            defaultValue = "16",
            description =
                    "how many bits of an address space's number cores tell apart, 1 to 16; with few of them numbers"
                            + " are given out again soon (default: ${DEFAULT-VALUE})")
    int asidBits;

    @Option(
            names = "--numa",
            paramLabel = "N",
            defaultValue = "1",
            description = "NUMA nodes, 1 to 64, of 64K of RAM or more each (default: ${DEFAULT-VALUE})")
    int numaNodes;

    @Option(
            names = "--fork",
            paramLabel = "HOW",
            defaultValue = "cow",
            converter = ForkStrategyConverter.class,
            description = "how a child gets its parent's memory; cow: both own the same pages until one of them writes"
                    + " (copy-on-write); eager: the child gets copies at once, so that fork takes long and no"
                    + " store faults later (default: ${DEFAULT-VALUE})")
    ForkStrategy fork;

    @Option(
            names = "--huge",
            paramLabel = "WHEN",
            defaultValue = "never",
            converter = HugePagesConverter.class,
            description =
                    "2 MiB pages for large anonymous maps: never or always; what a guest says by madvise comes first"
                            + " (default: ${DEFAULT-VALUE})")
    HugePages hugePages;

    @Option(
            names = "--sanitize",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "watch the kernel's TLB invalidations, and end with status 125 where it lets a core use what it has"
                            + " taken away (default: false; 'test': true)")
    boolean sanitize;

    @Option(
            names = "--quantum",
            paramLabel = "CYCLES",
            description = "how far a core may run ahead of the others, 1 to the shortest latency between cores"
                    + " (default: the profile's)")
    Long quantumCycles;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "vary how far cores run ahead, up to the quantum, and how long they take to reach each other;"
                    + " another seed is another interleaving (default: nothing varies)")
    Long seed;

    @Option(
            names = "--max-cycles",
            paramLabel = "N",
            description = "stop with status 124 once every clock has reached N cycles (default: no limit)")
    Long maxCycles;

    /**
     * The options as texts say them.
     *
     * @param texts by the option's name without its hyphens; what is not there has its default
     * @throws UserErrorException USAGE where there is no such option or value
     */
    public static MachineOptions of(Map<String, String> texts) throws UserErrorException {
        List<String> arguments = new ArrayList<>();
        texts.forEach((name, value) -> arguments.add("--" + name + "=" + value));
        MachineOptions options = new MachineOptions();
        try {
            new CommandLine(options).parseArgs(arguments.toArray(String[]::new));
        } catch (ParameterException e) {
            throw new UserErrorException(ExitStatus.USAGE, e.getMessage());
        }
        return options;
    }

    /** The options' names, without their hyphens, in the order of the usage text. */
    public static List<String> names() {
        return CommandSpec.forAnnotatedObject(new MachineOptions()).options().stream()
                .map(option -> option.longestName().substring(2))
                .toList();
    }

    /**
     * The machine that the options describe.
     *
     * @throws UserErrorException USAGE where a value is out of range
     */
    public MachineConfig config() throws UserErrorException {
        if (maxCycles != null && maxCycles < 1) {
            throw new UserErrorException(ExitStatus.USAGE, "--max-cycles must be 1 or more, not " + maxCycles);
        }
        try {
            TimingProfile timing = TimingProfiles.find(profile);
            // Made by the kernel too, but what is wrong with it is to be said before anything runs.
            NumaNodes.of(numaNodes, ramBytes, harts);
            KernelConfig.quiet().withAsidBits(asidBits);
            long quantum = quantumCycles == null ? timing.crossHart().quantumCycles() : quantumCycles;
            OptionalLong variation = seed == null ? OptionalLong.empty() : OptionalLong.of(seed);
            return new MachineConfig(harts, ramBytes, paging, timing, quantum, variation);
        } catch (IllegalArgumentException e) {
            throw new UserErrorException(ExitStatus.USAGE, e.getMessage());
        }
    }

    /** The kernel that the options describe, with nobody to talk to. */
    public KernelConfig kernelConfig() {
        return KernelConfig.quiet()
                .withNumaNodes(numaNodes)
                .withHugePages(hugePages)
                .withFork(fork)
                .withShootdownPolicy(shootdownPolicy)
                .withAsidBits(asidBits)
                .withSanitizer(sanitize);
    }

    /** How guest code is executed: no part of the machine, for nothing in it depends on that. */
    public EngineOptions engineOptions() {
        return EngineOptions.of(engine);
    }

    /**
     * All on which it depends how a guest goes, and so not the engine, by the options' names, with the defaults that they have come to.
     *
     * @throws UserErrorException as {@link #config}
     */
    public ObjectNode resolved() throws UserErrorException {
        MachineConfig config = config();
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("harts", config.harts())
                .put("ram", config.ramBytes())
                .put("paging", config.pagingMode().name().toLowerCase(Locale.ROOT))
                .put("profile", config.profile().name())
                .put("quantum", config.quantumCycles())
                .put(
                        "seed",
                        config.seed().isPresent() ? Long.toString(config.seed().getAsLong()) : "none")
                .put("shootdown", shootdownPolicy)
                .put("asid-bits", asidBits)
                .put("numa", numaNodes)
                .put("fork", ForkStrategyConverter.optionOf(fork))
                .put("huge", hugePages.name().toLowerCase(Locale.ROOT));
        return node;
    }

    /** Where to stop at the latest, in cycles; none where the options do not say. */
    public OptionalLong maxCycles() {
        return maxCycles == null ? OptionalLong.empty() : OptionalLong.of(maxCycles);
    }

    /** Where to stop at the latest, in cycles. */
    public long cycleLimit() {
        return maxCycles == null ? Long.MAX_VALUE : maxCycles;
    }
}
