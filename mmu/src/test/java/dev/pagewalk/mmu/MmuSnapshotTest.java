package dev.pagewalk.mmu;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.memory.StoreGuards;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.testing.RandomMachine;
import dev.pagewalk.mmu.testing.TestEngine;
import dev.pagewalk.mmu.testing.TestParameters;
import dev.pagewalk.mmu.tlb.Tlb;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MmuSnapshotTest {
    private static final int STEPS = 6_000;

    /** One of several machines to which the same happens, but for what no guest may see. */
    private static final class Run {
        final RandomMachine machine;
        final StoreGuards guards;
        final MmuParameters parameters;
        final long seed;
        final Random disturbance;
        Mmu mmu;
        TestEngine engine;

        Run(MmuParameters parameters, long seed) {
            this.parameters = parameters;
            this.seed = seed;
            this.machine = new RandomMachine(PagingMode.SV48, seed);
            this.guards = new StoreGuards(machine.memory);
            this.disturbance = new Random(seed + 1);
            this.mmu = newMmu();
            this.engine = new TestEngine(mmu);
            mmu.setAddressSpace(machine.root(0), 0);
        }

        private Mmu newMmu() {
            return new Mmu(machine.memory, guards, PagingMode.SV48, parameters, seed);
        }

        byte[] saved() {
            ByteArrayDataOutput out = ByteStreams.newDataOutput();
            mmu.save(out);
            return out.toByteArray();
        }

        /** Moves the state into an MMU that has seen nothing, or other things. */
        void restoreIntoAnother() {
            byte[] state = saved();
            Mmu other = newMmu();
            if (disturbance.nextBoolean()) {
                other.setAddressSpace(machine.root(1), 1);
                for (int access = 0; access < 10; access++) {
                    other.dataAccesses++;
                    other.translate(disturbance.nextInt(32) * 4096L, AccessType.FETCH);
                }
            }
            other.restore(ByteStreams.newDataInput(state));
            mmu = other;
            engine = new TestEngine(mmu);
            assertThat(saved()).isEqualTo(state);
        }

        String step() {
            int what = machine.random.nextInt(1000);
            if (what < 20) {
                mmu.flush(machine.anyFlush());
                return "flush";
            }
            if (what < 40) {
                int space = machine.anySpace();
                mmu.setAddressSpace(machine.root(space), RandomMachine.asid(space));
                return "switch";
            }
            if (what < 80) {
                machine.editAnyPte();
                return "edit";
            }
            long va = machine.nextAddress();
            AccessType type = machine.anyType();
            long physicalAddress = engine.access(va, type, 8);
            String outcome = physicalAddress == -1 ? mmu.fault().toString() : Long.toHexString(physicalAddress);
            return type + " " + Long.toHexString(va) + " " + outcome + " " + mmu.takeExtraCycles() + " "
                    + mmu.counters();
        }
    }

    /** Marks a few entries of every kind and forgets the roots of others, as one who checks a kernel does. */
    private static void markSome(Mmu mmu, Random random) {
        for (Tlb tlb : new Tlb[] {mmu.instructionTlb(), mmu.dataTlb(), mmu.l2()}) {
            int entry = tlb == null
                    ? -1
                    : tlb.nextValid(random.nextInt(tlb.geometry().entries()));
            if (entry >= 0) {
                tlb.markStale(entry, 1 + random.nextInt(9));
            }
        }
        int entry = mmu.walkCache().nextValid(0);
        if (entry >= 0) {
            mmu.walkCache().markStale(entry, 5);
            mmu.walkCache().forgetRoot(entry);
        }
    }

    static Stream<MmuParameters> shapes() {
        return TestParameters.all();
    }

    @ParameterizedTest
    @MethodSource("shapes")
    void neitherARestoreNorTheLossOfL0NorStaleMarksChangeWhatFollows(MmuParameters parameters) {
        long seed = 4711;
        List<Run> runs = new ArrayList<>();
        for (int run = 0; run < 4; run++) {
            runs.add(new Run(parameters, seed));
        }
        long[] uses = {0};
        runs.get(3).mmu.setStaleUseListener(use -> uses[0]++);
        for (int step = 0; step < STEPS; step++) {
            String expected = runs.get(0).step();
            for (Run run : runs.subList(1, 4)) {
                assertThat(run.step()).as("seed %d step %d", seed, step).isEqualTo(expected);
            }
            if (runs.get(1).disturbance.nextInt(50) == 0) {
                runs.get(1).restoreIntoAnother();
            }
            if (runs.get(2).disturbance.nextInt(3) == 0) {
                runs.get(2).mmu.clearL0();
            }
            if (runs.get(3).disturbance.nextInt(5) == 0) {
                markSome(runs.get(3).mmu, runs.get(3).disturbance);
                runs.get(3).engine.checkL0(runs.get(3).machine.memory, runs.get(3).guards);
            }
        }
        assertThat(uses[0]).as("marked entries were used").isGreaterThan(STEPS / 20);
        assertThat(runs.get(3).machine.memoryHash())
                .isEqualTo(runs.get(0).machine.memoryHash());
        for (Run run : runs.subList(1, 3)) {
            assertThat(run.saved()).isEqualTo(runs.get(0).saved());
            assertThat(run.machine.memoryHash()).isEqualTo(runs.get(0).machine.memoryHash());
        }
        assertThat(runs.get(0).engine.l0Hits).isGreaterThan(runs.get(2).engine.l0Hits);
    }
}
