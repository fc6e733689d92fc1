package dev.pagewalk.tools.bench.engine;

import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.tools.run.UserErrorException;
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
 * Guest instructions per host second on one hart, with the TLB model on. One operation is 10^6 instructions, so the score in operations
 * per second is millions of instructions per second (MIPS). The storms execute few, and keep the guest's kernel busy.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 3, time = 2)
@Fork(1)
public class EngineBenchmark {
    static final long INSTRUCTIONS_PER_OPERATION = 1_000_000;

    @Param({"SIEVE", "MATMUL", "CRC", "QSORT", "FIB", "CHASE", "VM", "STRINGS", "FAULT_STORM", "FORK_STORM"})
    public EngineKernel kernel;

    /** INTERPRETER, TRANSLATOR or AUTO. */
    @Param({"INTERPRETER", "TRANSLATOR"})
    public EngineKind engine;

    @Param("u74")
    public String profile;

    private KernelMachine machine;
    private long target;

    @Setup
    public void boot() throws UserErrorException {
        machine = KernelMachine.endless(kernel, engine, profile);
        target = 0;
    }

    /** What one executes beyond, the next one does not. */
    @Benchmark
    public long millionInstructions() {
        target += INSTRUCTIONS_PER_OPERATION;
        long missing = target - machine.instructions();
        while (missing > 0) {
            // An instruction costs a cycle at least, so this many cycles are not too many.
            machine.advance(missing);
            missing = target - machine.instructions();
        }
        return machine.instructions();
    }
}
