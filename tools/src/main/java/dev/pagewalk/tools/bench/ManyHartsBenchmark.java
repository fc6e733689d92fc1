package dev.pagewalk.tools.bench;

import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
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
 * Guest instructions per host second, all harts together, when none of them ever stops: what slices cost. The quantum is the
 * profile's. One operation is 10^6 instructions, so the score in operations per second is millions of instructions per second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
@Fork(3)
public class ManyHartsBenchmark {
    static final long INSTRUCTIONS_PER_OPERATION = 1_000_000;

    @Param({"1", "16"})
    public int harts;

    /** ALONE or KERNEL. */
    @Param({"ALONE", "KERNEL"})
    public Supervisor supervisor;

    @Param("u74")
    public String profile;

    /** INTERPRETER or TRANSLATOR. */
    @Param({"INTERPRETER", "TRANSLATOR"})
    public EngineKind engine;

    private BusyHarts busy;

    /** What the harts run under. */
    public enum Supervisor {
        /** Nothing: none of them ever traps. */
        ALONE,
        /** The kernel, as threads of one process. */
        KERNEL
    }

    @Setup
    public void start() {
        TimingProfile timing = TimingProfiles.find(profile);
        busy = supervisor == Supervisor.ALONE
                ? BusyHarts.alone(harts, timing, engine)
                : BusyHarts.underKernel(harts, timing, engine);
    }

    @Benchmark
    public long millionInstructions() {
        busy.execute(INSTRUCTIONS_PER_OPERATION);
        return busy.retired();
    }
}
