package dev.pagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.memory.StoreGuards;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.testing.RandomMachine;
import dev.pagewalk.mmu.testing.ReferenceMmu;
import dev.pagewalk.mmu.testing.TestEngine;
import dev.pagewalk.mmu.testing.TestParameters;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MmuAgainstReferenceTest {
    private static final int STEPS = 8_000;

    static Stream<Arguments> machines() {
        return TestParameters.all()
                .flatMap(parameters ->
                        Stream.of(PagingMode.values()).map(mode -> Arguments.of(mode, parameters, 12_345L)));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void agreesWithTheReferenceInEveryAddressFaultCycleAndCounter(
            PagingMode mode, MmuParameters parameters, long seed) {
        RandomMachine machine = new RandomMachine(mode, seed);
        RandomMachine twin = new RandomMachine(mode, seed);
        StoreGuards guards = new StoreGuards(machine.memory);
        Mmu mmu = new Mmu(machine.memory, guards, mode, parameters, seed);
        ReferenceMmu reference = new ReferenceMmu(twin.memory, mode, parameters, seed);
        TestEngine engine = new TestEngine(mmu);
        switchTo(0, machine, twin, mmu, reference);

        for (int step = 0; step < STEPS; step++) {
            int what = machine.random.nextInt(1000);
            twin.random.nextInt(1000);
            if (what < 30) {
                TlbFlush flush = machine.anyFlush();
                mmu.flush(flush);
                reference.flush(twin.anyFlush());
            } else if (what < 50) {
                switchTo(machine.anySpace(), machine, twin, mmu, reference);
                twin.anySpace();
            } else if (what < 110) {
                machine.editAnyPte();
                twin.editAnyPte();
            } else if (what < 115) {
                machine.toggleGlobalPointer();
                twin.toggleGlobalPointer();
            } else if (what < 150) {
                guards.add(machine.anyFrame(), StoreGuards.CODE);
                twin.anyFrame();
            } else {
                long va = machine.nextAddress();
                AccessType type = machine.anyType();
                twin.nextAddress();
                twin.anyType();
                String access = String.format("seed %d step %d: %s 0x%x", seed, step, type, va);
                long expected = reference.access(va, type);
                assertThat(engine.access(va, type, 8)).as(access).isEqualTo(expected);
                if (expected == -1) {
                    assertThat(mmu.fault()).as(access).isEqualTo(reference.fault());
                }
                assertThat(mmu.takeExtraCycles()).as(access).isEqualTo(reference.takeExtraCycles());
                assertThat(mmu.counters()).as(access).isEqualTo(reference.counters());
            }
            engine.checkL0(machine.memory, guards);
        }
        assertThat(machine.memoryHash()).isEqualTo(twin.memoryHash());
        assertThat(engine.l0Hits).as("the run used L0").isGreaterThan(STEPS / 100);
        assertThat(mmu.counters().walks()).isGreaterThan(STEPS / 20);
        assertThat(mmu.counters().dataMisses()).isLessThan(mmu.counters().dataAccesses() * 99 / 100);
    }

    private static void switchTo(
            int space, RandomMachine machine, RandomMachine twin, Mmu mmu, ReferenceMmu reference) {
        mmu.setAddressSpace(machine.root(space), RandomMachine.asid(space));
        reference.setAddressSpace(twin.root(space), RandomMachine.asid(space));
    }
}
