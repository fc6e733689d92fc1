package dev.pagewalk.tools.bench;

import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The time of one brk that makes the heap a page longer, in rows of 5,000 and 50,000: the same where the cost is linear. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class BreakBenchmark {
    private static final long PAGE_BYTES = 4096;
    private static final long RAM_BYTES = 64 << 20;
    private static final int SOME_CALLS = 5_000;
    private static final int MANY_CALLS = 50_000;

    TrapPortGuest guest;
    private long start;

    @Setup
    public void boot() throws ProgramException {
        guest = new TrapPortGuest(RAM_BYTES, KernelConfig.quiet());
        start = guest.moveBreak(0);
    }

    @Benchmark
    @OperationsPerInvocation(SOME_CALLS)
    public void calls5000() {
        grow(SOME_CALLS);
    }

    @Benchmark
    @OperationsPerInvocation(MANY_CALLS)
    public void calls50000() {
        grow(MANY_CALLS);
    }

    private void grow(int calls) {
        for (int call = 1; call <= calls; call++) {
            guest.moveBreak(start + call * PAGE_BYTES);
        }
    }

    @TearDown(Level.Invocation)
    public void shrink() {
        guest.moveBreak(start);
    }
}
