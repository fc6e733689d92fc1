package dev.pagewalk.tools.bench;

import dev.pagewalk.tools.run.UserErrorException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One instruction back in a sieve that has executed 10^8 of them, but for the last ones before its first checkpoint. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Warmup(iterations = 2)
@Measurement(iterations = 8)
@Fork(2)
public class ReverseStepBenchmark {
    private static final long AGE_INSTRUCTIONS = 99_000_000;

    /** How many have been made before. */
    @Param({"0", "1"})
    public int stepsBefore;

    private DebuggedSieve sieve;

    @Setup(Level.Iteration)
    public void boot() throws UserErrorException {
        sieve = new DebuggedSieve(true);
        sieve.run(AGE_INSTRUCTIONS);
        for (int step = 0; step < stepsBefore; step++) {
            sieve.reverseStep();
        }
    }

    @Benchmark
    public long oneInstructionBack() {
        return sieve.reverseStep();
    }
}
