package dev.pagewalk.tools.bench;

import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.kernel.space.HugePages;
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

/**
 * Page faults per host second, from the trap to the return to the guest, over 16 MiB at a time. Making the memory ready for the
 * next round is not timed, but what it allocates is counted.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 1)
@Measurement(iterations = 3, time = 1)
@Fork(1)
public class FaultBenchmark {
    static final int HUGE_PAGES = 8;
    static final int PAGES = HUGE_PAGES * 512;

    private static final long PAGE_BYTES = 4096;
    private static final long HUGE_PAGE_BYTES = 512 * PAGE_BYTES;
    private static final long RAM_BYTES = 64 << 20;

    /** Memory that is mapped and has no pages. */
    @State(Scope.Thread)
    public static class Untouched {
        TrapPortGuest guest;
        long start;

        HugePages hugePages() {
            return HugePages.NEVER;
        }

        @Setup
        public void boot() throws ProgramException {
            guest = new TrapPortGuest(RAM_BYTES, KernelConfig.quiet().withHugePages(hugePages()));
        }

        @Setup(Level.Invocation)
        public void map() {
            start = guest.map(PAGES * PAGE_BYTES, TrapPortGuest.READ_WRITE);
            makeReady();
        }

        void makeReady() {
            // As it is.
        }

        @TearDown(Level.Invocation)
        public void unmap() {
            guest.unmap(start, PAGES * PAGE_BYTES);
        }

        void storeToEachPage(long pageBytes) {
            for (long offset = 0; offset < PAGES * PAGE_BYTES; offset += pageBytes) {
                guest.storeFault(start + offset);
            }
        }
    }

    /** As above, for pages of 2 MiB. */
    public static class UntouchedHuge extends Untouched {
        @Override
        HugePages hugePages() {
            return HugePages.ALWAYS;
        }
    }

    /** Memory that the guest has touched and then shares with a child. */
    public static class Shared extends Untouched {
        long child;

        @Override
        void makeReady() {
            storeToEachPage(PAGE_BYTES);
            child = guest.fork();
        }

        @TearDown(Level.Invocation)
        public void endChild() {
            guest.endChild(child);
        }
    }

    /** As above, in pages of 2 MiB. */
    public static class SharedHuge extends Shared {
        @Override
        HugePages hugePages() {
            return HugePages.ALWAYS;
        }
    }

    /** Memory that was shared with a child which has ended: the guest may not write it yet, but is its only owner. */
    public static class LeftByChild extends Shared {
        @Override
        void makeReady() {
            super.makeReady();
            guest.endChild(child);
        }

        @Override
        public void endChild() {
            // Done.
        }
    }

    /** As above, in pages of 2 MiB. */
    public static class LeftByChildHuge extends LeftByChild {
        @Override
        HugePages hugePages() {
            return HugePages.ALWAYS;
        }
    }

    @Benchmark
    @OperationsPerInvocation(PAGES)
    public void demandZero(Untouched memory) {
        memory.storeToEachPage(PAGE_BYTES);
    }

    @Benchmark
    @OperationsPerInvocation(HUGE_PAGES)
    public void demandZeroHuge(UntouchedHuge memory) {
        memory.storeToEachPage(HUGE_PAGE_BYTES);
    }

    @Benchmark
    @OperationsPerInvocation(PAGES)
    public void copyOnWrite(Shared memory) {
        memory.storeToEachPage(PAGE_BYTES);
    }

    /** Copies of 4 KiB; the first one in each huge page splits it. */
    @Benchmark
    @OperationsPerInvocation(PAGES)
    public void copyOnWriteHuge(SharedHuge memory) {
        memory.storeToEachPage(PAGE_BYTES);
    }

    @Benchmark
    @OperationsPerInvocation(PAGES)
    public void reuse(LeftByChild memory) {
        memory.storeToEachPage(PAGE_BYTES);
    }

    @Benchmark
    @OperationsPerInvocation(HUGE_PAGES)
    public void reuseHuge(LeftByChildHuge memory) {
        memory.storeToEachPage(HUGE_PAGE_BYTES);
    }
}
