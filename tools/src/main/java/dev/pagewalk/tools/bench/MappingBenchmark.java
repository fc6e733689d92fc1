package dev.pagewalk.tools.bench;

import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramException;
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
 * The time of one mmap and the munmap after it, both from trap to return, in an address space with many regions: of a page
 * each, with holes of a page between them. What is mapped may be written and they may not, so it is always a region more.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class MappingBenchmark {
    private static final long PAGE_BYTES = 4096;
    private static final long RAM_BYTES = 64 << 20;

    /** Odd, and so coprime to the number of holes where that is even: it leads through all of them. */
    private static final int HOLES_A_STRIDE = 40_503;

    @Param({"10", "1000", "65000"})
    public int regions;

    TrapPortGuest guest;
    private long start;
    private int hole;

    @Setup
    public void mapRegions() throws ProgramException {
        guest = new TrapPortGuest(RAM_BYTES, KernelConfig.quiet());
        start = guest.map(2 * regions * PAGE_BYTES, TrapPortGuest.READ_ONLY);
        for (int index = 0; index < regions; index++) {
            guest.unmap(start + (2 * index + 1) * PAGE_BYTES, PAGE_BYTES);
        }
    }

    /** The holes are too small, so the place is after all of them. */
    @Benchmark
    public void afterAll() {
        long address = guest.map(2 * PAGE_BYTES, TrapPortGuest.READ_WRITE);
        guest.unmap(address, 2 * PAGE_BYTES);
    }

    /** In each hole once before any gets its second. */
    @Benchmark
    public void inHole() {
        hole = (hole + HOLES_A_STRIDE) % regions;
        long address = start + (2 * hole + 1) * PAGE_BYTES;
        guest.mapAt(address, PAGE_BYTES, TrapPortGuest.READ_WRITE);
        guest.unmap(address, PAGE_BYTES);
    }

    /** As {@link #afterAll}, with a store in between: a page, its tables, and the flush when they go. */
    @Benchmark
    public void touched() {
        long address = guest.map(2 * PAGE_BYTES, TrapPortGuest.READ_WRITE);
        guest.storeFault(address);
        guest.unmap(address, 2 * PAGE_BYTES);
    }
}
