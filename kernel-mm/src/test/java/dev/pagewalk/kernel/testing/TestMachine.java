package dev.pagewalk.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.emulator.trace.TraceSink;
import dev.pagewalk.images.asm.Assembler;
import dev.pagewalk.images.asm.AssemblyException;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.BrokenKernels;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.kernel.shootdown.ShootdownPolicy;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.tlb.Tlb;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.UnaryOperator;

/**
 * A machine with a kernel, a UART and a finisher, for guests assembled from a test's own source. After each run it checks
 * that every frame that the process took has come back, and that the kernel let no hart use what it had taken away.
 */
public final class TestMachine {
    /** A run that takes longer hangs. */
    private static final long MOST_CYCLES = 2_000_000_000L;

    private static final long CYCLES_BETWEEN_LOOKS = 1000;

    private static final int S10 = 26;
    private static final int S11 = 27;

    private final Machine machine;
    private final Kernel kernel;
    private final TestUart uart;
    private final long mostCycles;
    private final List<String> log = new ArrayList<>();
    private final List<String> trace = new ArrayList<>();
    private final List<String> maps = new ArrayList<>();

    private TestMachine(Options options) {
        mostCycles = options.mostCycles;
        MachineConfig config = options.machineConfig();
        machine = new Machine(config);
        uart = options.input == null ? new TestUart(machine) : new TestUart(options.input);
        machine.bus().attach(new TestFinisher(machine));
        machine.bus().attach(uart);
        if (options.framebuffer != null) {
            machine.bus().attach(options.framebuffer);
        }
        machine.bus().attach(new TestTimer(machine, config.profile().cyclesPerTimerTick()));
        machine.bus().attach(new TestSoftwareInterrupts(machine, machine.interleaving()::interruptLatencyCycles));
        try {
            KernelConfig kernelConfig = KernelConfig.quiet()
                    .withLayout(options.layout)
                    .withFork(options.fork)
                    .withShootdownPolicy(options.shootdown)
                    .withAsidBits(options.asidBits)
                    .withHugePages(options.hugePages)
                    .withLog(log::add)
                    .withSystemCallTrace(options.traced ? trace::add : null)
                    .withMapsAtExit(options.mapsAtExit ? maps::add : null)
                    .withTrace(options.timeline)
                    .withSanitizer(options.sanitized);
            kernel = BrokenKernels.create(machine, kernelConfig, options.invalidations, options.policies);
        } catch (ProgramException e) {
            throw new AssertionError(e);
        }
        machine.traceTo(options.timeline);
        machine.connect(kernel);
        options.files.forEach(kernel.files()::preload);
    }

    /** How a test's machine differs from the usual one: one hart, 16 MiB, Sv48, profile u74, default layout. */
    public static final class Options {
        private int harts = 1;
        private String shootdown = "targeted";
        private int asidBits = 16;
        private OptionalLong seed = OptionalLong.empty();
        private long mostCycles = MOST_CYCLES;
        private long ramBytes = 16 << 20;
        private PagingMode mode = PagingMode.SV48;
        private String profile = "u74";
        private UserLayout layout = UserLayout.DEFAULT;
        private HugePages hugePages = HugePages.NEVER;
        private ForkStrategy fork = ForkStrategy.COPY_ON_WRITE;
        private String input = "";
        private final Map<String, byte[]> files = new LinkedHashMap<>();
        private TestFramebuffer framebuffer;
        private boolean traced;
        private TraceSink timeline = TraceSink.NONE;
        private boolean mapsAtExit;
        private boolean sanitized = true;
        private UnaryOperator<Invalidation> invalidations = UnaryOperator.identity();
        private UnaryOperator<ShootdownPolicy> policies = UnaryOperator.identity();
        private List<String> arguments = List.of("guest");
        private List<String> environment = List.of();

        public Options harts(int number) {
            harts = number;
            return this;
        }

        /** How translations are taken away: a policy's name. */
        public Options shootdown(String policy) {
            shootdown = policy;
            return this;
        }

        public Options asidBits(int bits) {
            asidBits = bits;
            return this;
        }

        /** One of many interleavings. */
        public Options seed(long number) {
            seed = OptionalLong.of(number);
            return this;
        }

        /** For a guest that is known to be short. */
        public Options mostCycles(long cycles) {
            mostCycles = cycles;
            return this;
        }

        private MachineConfig machineConfig() {
            TimingProfile timing = TimingProfiles.find(profile);
            return new MachineConfig(
                    harts, ramBytes, mode, timing, timing.crossHart().quantumCycles(), seed);
        }

        public Options ramBytes(long bytes) {
            ramBytes = bytes;
            return this;
        }

        public Options mode(PagingMode pagingMode) {
            mode = pagingMode;
            return this;
        }

        public Options profile(String name) {
            profile = name;
            return this;
        }

        public Options layout(UserLayout userLayout) {
            layout = userLayout;
            return this;
        }

        public Options hugePages(HugePages which) {
            hugePages = which;
            return this;
        }

        public Options fork(ForkStrategy strategy) {
            fork = strategy;
            return this;
        }

        public Options input(String text) {
            input = text;
            return this;
        }

        /** Input that arrives when the test says so: {@link TestMachine#receive}. */
        public Options arrivingInput() {
            input = null;
            return this;
        }

        /** A file that the guest finds. */
        public Options file(String path, byte[] bytes) {
            files.put(path, bytes);
            return this;
        }

        public Options file(String path, String text) {
            return file(path, text.getBytes(StandardCharsets.ISO_8859_1));
        }

        /** A screen: {@code /dev/fb0}. */
        public Options framebuffer(TestFramebuffer display) {
            framebuffer = display;
            return this;
        }

        public Options traced() {
            traced = true;
            return this;
        }

        /** Without the sanitizer, for comparison. */
        public Options unsanitized() {
            sanitized = false;
            return this;
        }

        /** A kernel whose invalidations go wrong. */
        public Options invalidations(UnaryOperator<Invalidation> broken) {
            invalidations = broken;
            return this;
        }

        /** Who is told when the machine and the kernel do what. */
        public Options trace(TraceSink sink) {
            timeline = sink;
            return this;
        }

        /** A kernel whose shootdowns go wrong. */
        public Options policies(UnaryOperator<ShootdownPolicy> broken) {
            policies = broken;
            return this;
        }

        public Options mapsAtExit() {
            mapsAtExit = true;
            return this;
        }

        public Options arguments(List<String> texts) {
            arguments = texts;
            return this;
        }

        public Options environment(List<String> texts) {
            environment = texts;
            return this;
        }

        /** The machine, with nothing booted. */
        public TestMachine build() {
            return new TestMachine(this);
        }

        /** The machine with a guest booted. */
        public TestMachine boot(ElfImage image) {
            TestMachine test = build();
            try {
                test.kernel.boot(image, ProgramArguments.of(arguments, environment));
            } catch (ProgramException e) {
                throw new AssertionError(e);
            }
            return test;
        }

        /** The machine with a guest booted; null where it cannot be started. */
        public TestMachine bootUnlessRefused(ElfImage image) {
            TestMachine test = build();
            try {
                test.kernel.boot(image, ProgramArguments.of(arguments, environment));
                return test;
            } catch (ProgramException refused) {
                return null;
            }
        }

        /** Boots a guest assembled from source. */
        public TestMachine boot(String source) {
            return boot(assemble(source));
        }

        /** Runs a guest to its end. */
        public TestMachine run(String source) {
            return boot(source).finish();
        }

        /** Runs a guest to its end; all its checks must hold. */
        public TestMachine run(Guest guest) {
            TestMachine test = run(guest.source());
            assertThat(test.failure(guest)).isNull();
            assertThat(test.exitStatus())
                    .as("status; console: %s", test.console())
                    .isZero();
            return test;
        }

        /** What is wrong with starting an image; the frames must be back. */
        public String refusal(ElfImage image) {
            TestMachine test = build();
            try {
                test.kernel.boot(image, ProgramArguments.of(arguments, environment));
            } catch (ProgramException refused) {
                test.assertNothingLeaked();
                return refused.getMessage();
            }
            throw new AssertionError("the image was started");
        }
    }

    public static Options options() {
        return new Options();
    }

    public static ElfImage assemble(String source) {
        try {
            return Assembler.assemble("guest.s", source);
        } catch (AssemblyException e) {
            throw new AssertionError(e.getMessage() + "\n" + source, e);
        }
    }

    /** Runs on to the end. */
    public TestMachine finish() {
        end();
        assertNothingLeaked();
        assertThat(reports()).isEmpty();
        return this;
    }

    /** Runs a broken kernel on to the end, and returns what the sanitizer says of it. */
    public List<String> finishBroken() {
        end();
        return reports();
    }

    /** Runs a broken kernel on until the sanitizer has something to say of it, and returns that; null where it has not. */
    public String finishCaught() {
        for (long cycle = CYCLES_BETWEEN_LOOKS; reports().isEmpty(); cycle += CYCLES_BETWEEN_LOOKS) {
            if (machine.run(cycle, Long.MAX_VALUE) != RunStop.CYCLE_LIMIT || cycle > mostCycles) {
                break;
            }
        }
        return reports().isEmpty() ? null : reports().get(0);
    }

    private void end() {
        RunStop stop = machine.run(mostCycles, Long.MAX_VALUE);
        assertThat(stop).as("console: %s", console()).isEqualTo(RunStop.POWERED_OFF);
    }

    private List<String> reports() {
        return kernel.sanitizer() == null ? List.of() : kernel.sanitizer().reports();
    }

    /** Bytes arrive at the console, now. */
    public TestMachine receive(String text) {
        return receiveAt(text, machine.longestCycle());
    }

    /** Bytes arrive at the console at a cycle that is still to come. */
    public TestMachine receiveAt(String text, long cycle) {
        uart.receive(text, cycle);
        return this;
    }

    /** The console's input ends, now. */
    public TestMachine hangUp() {
        uart.hangUp(machine.longestCycle());
        return this;
    }

    /** Runs on until nothing can run any more; returns who waits for what. */
    public List<String> deadlock() {
        assertThat(machine.run(mostCycles, Long.MAX_VALUE)).isEqualTo(RunStop.DEADLOCK);
        return kernel.describeBlocked();
    }

    /** Runs on until a hart is at the cycle or beyond. Returns whether the machine has not ended. */
    public boolean pauseAt(long cycle) {
        RunStop stop = machine.run(mostCycles, cycle);
        assertThat(stop).isIn(RunStop.PAUSED, RunStop.POWERED_OFF);
        return stop == RunStop.PAUSED;
    }

    /** Runs on until a cycle, where the kernel may be between two steps of its work. Returns whether the machine has not ended. */
    public boolean stopAt(long cycle) {
        RunStop stop = machine.run(cycle, Long.MAX_VALUE);
        assertThat(stop).isIn(RunStop.CYCLE_LIMIT, RunStop.POWERED_OFF);
        return stop == RunStop.CYCLE_LIMIT;
    }

    private void assertNothingLeaked() {
        FrameAllocator frames = kernel.frames();
        assertThat(frames.freeFrames()).as("free frames at the end").isEqualTo(kernel.freeFramesAtBoot());
        for (Process process : kernel.processes()) {
            assertThat(process.hasEnded()).isTrue();
            assertThat(process.space().userPages()).isZero();
            assertThat(process.space().pageTable().tablePages()).isZero();
            assertThat(process.space().regions().size()).isZero();
            // A hart that has left a space before its end keeps what it has cached until the ASID is used again; so
            // with
            // several harts, and where the last of those who ran in a space has left it to execute a program.
            if (machine.harts().size() == 1 && !kernel.systemCallCounts().containsKey("execve")) {
                assertNothingCached(process.space().translations().asid());
            }
        }
    }

    /** No TLB and no walk cache may lead to frames that have been freed. */
    private void assertNothingCached(int asid) {
        Mmu mmu = hart().mmu();
        List<Tlb> tlbs = new ArrayList<>(List.of(mmu.instructionTlb(), mmu.dataTlb()));
        if (mmu.l2() != null) {
            tlbs.add(mmu.l2());
        }
        for (Tlb tlb : tlbs) {
            for (int entry = 0; entry < tlb.geometry().entries(); entry++) {
                assertThat(tlb.isValid(entry) && tlb.asid(entry) == asid).isFalse();
            }
        }
        for (int entry = 0; entry < mmu.walkCache().entries(); entry++) {
            assertThat(mmu.walkCache().isValid(entry) && mmu.walkCache().asid(entry) == asid)
                    .isFalse();
        }
    }

    /** Which of a guest's checks failed, or null. */
    private String failure(Guest guest) {
        if (exitStatus() != Guest.CHECK_FAILED) {
            return null;
        }
        for (Hart hart : machine.harts()) {
            int check = (int) hart.x[S11];
            if (check != 0) {
                return String.format(
                        "check %d, %s: a0 was 0x%x (%2$s), on hart %d of %d",
                        check,
                        guest.describe(check),
                        hart.x[S10],
                        hart.id(),
                        machine.harts().size());
            }
        }
        return "a check, but another task has the registers now";
    }

    public Machine machine() {
        return machine;
    }

    public Hart hart() {
        return machine.harts().get(0);
    }

    public Kernel kernel() {
        return kernel;
    }

    public Process process() {
        return kernel.processes().get(0);
    }

    public int exitStatus() {
        return machine.exitStatus();
    }

    /** All that was sent to the console. */
    public String console() {
        return uart.output();
    }

    /** What the kernel told the person who runs the machine. */
    public List<String> log() {
        return log;
    }

    /** The lines of what processes had mapped when they ended. */
    public List<String> maps() {
        return maps;
    }

    /** The lines of the system-call trace. */
    public List<String> trace() {
        return trace;
    }
}
