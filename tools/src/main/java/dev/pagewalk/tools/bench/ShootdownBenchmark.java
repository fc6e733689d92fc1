package dev.pagewalk.tools.bench;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.shootdown.ShootdownStatistics;
import dev.pagewalk.tools.MachineAssembly;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Host time for 10,000 shootdowns of one page: one thread writes it and gives it up by madvise, over and over, while all other
 * harts run threads of the same address space, which never stop. These divide, which takes them many cycles and the host few
 * instructions: what is measured is the shootdowns.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 5)
@Fork(2)
public class ShootdownBenchmark {
    static final long SHOOTDOWNS_PER_OPERATION = 10_000;

    private static final String WORK = """
                    bnez    s1, 5f
                    li      t0, 4096
                    add     s2, s0, t0
            4:      sd      s1, 0(s2)
                    mv      a0, s2
                    li      a1, 4096
                    li      a2, 4               # MADV_DONTNEED
                    li      a7, 233             # madvise
                    ecall
                    j       4b
            5:      ld      t0, 0(s0)
                    div     t1, t0, t1
                    div     t1, t0, t1
                    div     t1, t0, t1
                    div     t1, t0, t1
                    j       5b
            """;

    /** Simulated cycles: short enough to stop soon after the last shootdown that is wanted. */
    private static final long CYCLES_AT_ONCE = 20_000;

    @Param("16")
    public int harts;

    @Param("u74")
    public String profile;

    @Param({"targeted", "broadcast", "early-ack", "hardware-broadcast"})
    public String policy;

    private Machine machine;
    private ShootdownStatistics statistics;
    private long wanted;

    /** Boots, and goes on until all threads have begun. */
    @Setup
    public void start() {
        KernelConfig kernel = KernelConfig.quiet().withShootdownPolicy(policy);
        MachineAssembly assembly =
                ThreadedGuest.boot(harts, TimingProfiles.find(profile), EngineKind.INTERPRETER, kernel, WORK);
        machine = assembly.machine();
        statistics = assembly.kernel().shootdowns().statistics();
        while (statistics.count == 0) {
            runOn();
        }
        wanted = statistics.count;
    }

    private void runOn() {
        machine.run(machine.longestCycle() + CYCLES_AT_ONCE, Long.MAX_VALUE);
    }

    @Benchmark
    public long tenThousandShootdowns() {
        wanted += SHOOTDOWNS_PER_OPERATION;
        while (statistics.count < wanted) {
            runOn();
        }
        return statistics.ipis;
    }

    ShootdownStatistics statistics() {
        return statistics;
    }
}
