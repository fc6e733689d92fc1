package dev.pagewalk.tools.bench;

import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.kernel.space.ForkStrategy;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The time of one fork, from the trap of clone until the parent runs on. What it takes to be able to fork again is not timed,
 * but what that allocates is counted.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class ForkBenchmark {
    private static final long PAGE_BYTES = 4096;
    private static final long LEAST_RAM_BYTES = 64 << 20;

    /** How many pages the parent has touched. */
    @Param({"1000", "10000", "100000"})
    public int residentPages;

    /** COPY_ON_WRITE or EAGER. */
    @Param({"COPY_ON_WRITE", "EAGER"})
    public ForkStrategy strategy;

    /** Of how many pages of address space one is resident: what is forked stays the same, the space grows. */
    @Param({"1", "100"})
    public int pagesPerResident;

    TrapPortGuest guest;
    private long start;
    long child;

    @Setup
    public void touchPages() throws ProgramException {
        // The parent's pages, the child's copies of them, and the tables of both.
        long ramBytes = LEAST_RAM_BYTES + 3 * residentPages * PAGE_BYTES;
        guest = new TrapPortGuest(ramBytes, KernelConfig.quiet().withFork(strategy));
        start = guest.map((long) residentPages * pagesPerResident * PAGE_BYTES, TrapPortGuest.READ_WRITE);
        storeToEachPage();
    }

    private void storeToEachPage() {
        for (int page = 0; page < residentPages; page++) {
            guest.storeFault(start + (long) page * pagesPerResident * PAGE_BYTES);
        }
    }

    @Benchmark
    public long fork() {
        child = guest.fork();
        return child;
    }

    /** Makes the parent's pages writable again, as those of a parent are that forks for the first time. */
    @TearDown(Level.Invocation)
    public void endChild() {
        guest.endChild(child);
        if (strategy == ForkStrategy.COPY_ON_WRITE) {
            storeToEachPage();
        }
    }
}
