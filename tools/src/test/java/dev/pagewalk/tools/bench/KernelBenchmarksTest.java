package dev.pagewalk.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.fault.FaultCounters;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.ForkStrategy;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That the benchmarks measure what they say, however long that takes. */
class KernelBenchmarksTest {
    private final FaultBenchmark faults = new FaultBenchmark();

    @Test
    void demandZeroFaultsBringZeroesInPagesOfBothSizes() throws ProgramException {
        FaultBenchmark.Untouched small = ready(new FaultBenchmark.Untouched());
        FaultBenchmark.UntouchedHuge huge = ready(new FaultBenchmark.UntouchedHuge());

        assertThat(counted(small, counters -> counters.demandZero, () -> faults.demandZero(small)))
                .isEqualTo(FaultBenchmark.PAGES);
        assertThat(counted(huge, counters -> counters.demandZero, () -> faults.demandZeroHuge(huge)))
                .isEqualTo(FaultBenchmark.HUGE_PAGES);
        small.unmap();
        huge.unmap();
    }

    @Test
    void copyOnWriteFaultsCopyEachPage() throws ProgramException {
        FaultBenchmark.Shared small = ready(new FaultBenchmark.Shared());
        FaultBenchmark.SharedHuge huge = ready(new FaultBenchmark.SharedHuge());

        assertThat(counted(small, counters -> counters.copyOnWrite, () -> faults.copyOnWrite(small)))
                .isEqualTo(FaultBenchmark.PAGES);
        assertThat(counted(huge, counters -> counters.copyOnWrite, () -> faults.copyOnWriteHuge(huge)))
                .isEqualTo(FaultBenchmark.PAGES);
        small.endChild();
        huge.endChild();
    }

    @Test
    void reuseFaultsKeepEachPage() throws ProgramException {
        FaultBenchmark.LeftByChild small = ready(new FaultBenchmark.LeftByChild());
        FaultBenchmark.LeftByChildHuge huge = ready(new FaultBenchmark.LeftByChildHuge());

        assertThat(counted(small, counters -> counters.copyOnWriteReuse, () -> faults.reuse(small)))
                .isEqualTo(FaultBenchmark.PAGES);
        assertThat(counted(huge, counters -> counters.copyOnWriteReuse, () -> faults.reuseHuge(huge)))
                .isEqualTo(FaultBenchmark.HUGE_PAGES);
    }

    private static <T extends FaultBenchmark.Untouched> T ready(T memory) throws ProgramException {
        memory.boot();
        memory.map();
        return memory;
    }

    private static long counted(
            FaultBenchmark.Untouched memory, ToLongFunction<FaultCounters> counter, Runnable benchmark) {
        FaultCounters counters = memory.guest.kernel().faultCounters();
        long before = counter.applyAsLong(counters);
        benchmark.run();
        return counter.applyAsLong(counters) - before;
    }

    @ParameterizedTest
    @EnumSource
    void aForkIsOfAllResidentPagesAndCanBeRepeated(ForkStrategy strategy) throws ProgramException {
        ForkBenchmark benchmark = new ForkBenchmark();
        benchmark.residentPages = 1000;
        benchmark.strategy = strategy;
        benchmark.pagesPerResident = 100;
        benchmark.touchPages();
        Kernel kernel = benchmark.guest.kernel();
        int freeBefore = kernel.frames().freeFrames();

        for (int repetition = 0; repetition < 2; repetition++) {
            benchmark.fork();
            AddressSpace child = kernel.processes().get(1 + repetition).space();
            assertThat(child.userPages()).isGreaterThanOrEqualTo(1000);
            benchmark.endChild();
            assertThat(kernel.frames().freeFrames()).isEqualTo(freeBefore);
        }
        if (strategy == ForkStrategy.COPY_ON_WRITE) {
            assertThat(kernel.faultCounters().copyOnWriteReuse).isEqualTo(2000);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1000, 65_000})
    void aPairOfMmapAndMunmapFindsAndLeavesSoManyRegions(int regions) throws ProgramException {
        MappingBenchmark benchmark = new MappingBenchmark();
        benchmark.regions = regions;
        benchmark.mapRegions();
        AddressSpace space = benchmark.guest.kernel().processes().get(0).space();
        int before = space.regions().size();
        assertThat(before).isBetween(regions, regions + 10);

        for (Runnable pair : new Runnable[] {benchmark::afterAll, benchmark::inHole, benchmark::touched}) {
            pair.run();
            assertThat(space.regions().size()).isEqualTo(before);
            assertThat(space.regions().peakSize()).isEqualTo(before + 1);
        }
    }

    @Test
    void theBreakGrowsByAPageACallAndComesBack() throws ProgramException {
        BreakBenchmark benchmark = new BreakBenchmark();
        benchmark.boot();
        AddressSpace space = benchmark.guest.kernel().processes().get(0).space();
        long before = space.programBreak().sizeBytes();

        benchmark.calls50000();
        assertThat(space.programBreak().sizeBytes() - before).isEqualTo(50_000 * 4096);
        benchmark.shrink();
        assertThat(space.programBreak().sizeBytes()).isEqualTo(before);
    }
}
