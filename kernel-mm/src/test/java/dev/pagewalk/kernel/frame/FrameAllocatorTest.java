package dev.pagewalk.kernel.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.memory.StoreGuards;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("S44")
class FrameAllocatorTest {
    private static final long BASE = PhysicalMemory.RAM_BASE;
    private static final long FRAME = 4096;

    private PhysicalMemory memory;

    private FrameAllocator allocator(long frames) {
        memory = new PhysicalMemory(frames * FRAME);
        return new FrameAllocator(
                new PhysicalBus(memory, new StoreGuards(memory)),
                new CostMeter(TimingProfiles.find("ideal").kernel()),
                NumaNodes.of(1, memory.sizeBytes(), 1));
    }

    @Test
    void framesComeLowestFirst() throws KernelException {
        FrameAllocator frames = allocator(64);
        for (int i = 0; i < 64; i++) {
            assertThat(frames.allocate(FrameUse.USER)).isEqualTo(BASE + i * FRAME);
        }
    }

    @Test
    void theLowestFreedFrameIsGivenOutNext() throws KernelException {
        FrameAllocator frames = allocator(64);
        for (int i = 0; i < 16; i++) {
            frames.allocate(FrameUse.USER);
        }
        frames.release(BASE + 9 * FRAME);
        frames.release(BASE + 3 * FRAME);
        assertThat(frames.allocate(FrameUse.USER)).isEqualTo(BASE + 3 * FRAME);
        assertThat(frames.allocate(FrameUse.USER)).isEqualTo(BASE + 9 * FRAME);
    }

    @Test
    void contiguousRunsAreAlignedToTheirLength() throws KernelException {
        FrameAllocator frames = allocator(2048);
        frames.allocate(FrameUse.USER);
        for (int order : new int[] {9, 0, 3, 9, 1}) {
            long address = frames.allocateContiguous(order, FrameUse.USER);
            assertThat((address - BASE) % (FRAME << order))
                    .as("order %d", order)
                    .isZero();
        }
        assertThat(frames.inUse(FrameUse.USER)).isEqualTo(1 + 512 + 1 + 8 + 512 + 2);
    }

    @Test
    void aRunMayBeFreedFrameByFrameInAnyOrder() throws KernelException {
        FrameAllocator frames = allocator(1024);
        long run = frames.allocateContiguous(9, FrameUse.USER);
        for (int i = 511; i >= 0; i--) {
            frames.release(run + i * FRAME);
        }
        assertThat(frames.allocateContiguous(10, FrameUse.USER)).isEqualTo(BASE);
    }

    @ParameterizedTest
    @ValueSource(longs = {16, 17, 31, 100, 513, 1000, 4095, 65537})
    void everyFrameOfAnyRamSizeIsGivenOutOnce(long total) throws KernelException {
        FrameAllocator frames = allocator(total);
        BitSet given = new BitSet();
        for (int i = 0; i < total; i++) {
            given.set((int) ((frames.allocate(FrameUse.USER) - BASE) / FRAME));
        }
        assertThat(given.cardinality()).isEqualTo((int) total);
        assertThat(given.length()).isEqualTo((int) total);
        assertThat(frames.freeFrames()).isZero();
        assertThat(Errors.of(() -> frames.allocate(FrameUse.USER))).isEqualTo(KernelError.OUT_OF_MEMORY);
    }

    @ParameterizedTest
    @ValueSource(longs = {16, 100, 1000})
    void freeingEverythingRestoresTheBootState(long total) throws KernelException {
        FrameAllocator frames = allocator(total);
        byte[] atBoot = freeState(frames);
        List<Long> taken = new ArrayList<>();
        for (int i = 0; i < total; i++) {
            taken.add(frames.allocate(FrameUse.USER));
        }
        Random random = new Random(5);
        java.util.Collections.shuffle(taken, random);
        for (long frame : taken) {
            frames.release(frame);
        }
        assertThat(freeState(frames)).isEqualTo(atBoot);
    }

    @Test
    void aRunLongerThanAnyFreeBlockIsOutOfMemory() throws KernelException {
        FrameAllocator frames = allocator(16);
        assertThat(Errors.of(() -> frames.allocateContiguous(5, FrameUse.USER))).isEqualTo(KernelError.OUT_OF_MEMORY);
        assertThat(Errors.of(() -> frames.allocateContiguous(24, FrameUse.USER)))
                .isEqualTo(KernelError.OUT_OF_MEMORY);
        assertThat(frames.freeFrames()).isEqualTo(16);
        assertThat(frames.allocateContiguous(4, FrameUse.USER)).isEqualTo(BASE);
    }

    @Test
    void aDoubleReleaseIsCaught() throws KernelException {
        FrameAllocator frames = allocator(16);
        long frame = frames.allocate(FrameUse.USER);
        frames.release(frame);
        assertThatIllegalStateException()
                .isThrownBy(() -> frames.release(frame))
                .withMessageContaining("double release");
        assertThatIllegalStateException().isThrownBy(() -> frames.release(BASE + 7 * FRAME));
        assertThat(frames.freeFrames()).isEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -4096, BASE - 4096, BASE + 16 * 4096, BASE + 1, BASE + 2048, 0x1000_0000L, Long.MAX_VALUE})
    void aForeignReleaseIsCaught(long address) throws KernelException {
        FrameAllocator frames = allocator(16);
        frames.allocate(FrameUse.USER);
        assertThatIllegalStateException()
                .isThrownBy(() -> frames.release(address))
                .withMessageContaining("foreign release");
    }

    @Test
    void framesAreZeroedEachTimeTheyAreGivenOut() throws KernelException {
        FrameAllocator frames = allocator(16);
        long run = frames.allocateContiguous(2, FrameUse.USER);
        for (long address = run; address < run + 4 * FRAME; address += 8) {
            memory.writeLong(address, -1);
        }
        for (int i = 0; i < 4; i++) {
            frames.release(run + i * FRAME);
        }
        assertThat(frames.allocateContiguous(2, FrameUse.PAGE_TABLE)).isEqualTo(run);
        for (int i = 0; i < 4; i++) {
            assertThat(memory.isZeroFrame(run + i * FRAME)).isTrue();
        }
    }

    @Test
    void usesArePaidForApart() throws KernelException {
        FrameAllocator frames = allocator(16);
        long user = frames.allocate(FrameUse.USER);
        long table = frames.allocate(FrameUse.PAGE_TABLE);
        frames.allocate(FrameUse.PAGE_TABLE);
        frames.release(user);
        frames.release(table);
        assertThat(frames.inUse(FrameUse.USER)).isZero();
        assertThat(frames.inUse(FrameUse.PAGE_TABLE)).isEqualTo(1);
        assertThat(frames.peak(FrameUse.USER)).isEqualTo(1);
        assertThat(frames.peak(FrameUse.PAGE_TABLE)).isEqualTo(2);
        assertThat(frames.freeFrames()).isEqualTo(15);
    }

    @Test
    void sixtyFourGibibytesTakeLittleOfTheHost() throws KernelException {
        FrameAllocator frames = allocator(16L << 20);
        assertThat(frames.totalFrames()).isEqualTo(16 << 20);
        frames.allocate(FrameUse.USER);
        frames.allocateContiguous(18, FrameUse.USER);
        assertThat(memory.allocatedBytes()).isZero();
        // Free lists and the table of uses, written out whole, stay small too.
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        frames.save(out);
        assertThat(out.toByteArray().length).isLessThan(1 << 20);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void randomUseAgreesWithANaiveModel(long seed) throws KernelException {
        int total = 200 + (int) seed * 37;
        FrameAllocator frames = allocator(total);
        byte[] atBoot = freeState(frames);
        Random random = new Random(seed);
        boolean[] taken = new boolean[total];
        List<Integer> held = new ArrayList<>();
        for (int step = 0; step < 10_000; step++) {
            String where = "seed " + seed + ", step " + step;
            int order = random.nextInt(4) == 0 ? random.nextInt(5) : 0;
            if (held.isEmpty() || random.nextInt(100) < (step / 1000 % 2 == 0 ? 60 : 40)) {
                int wanted = lowestOfSmallestBlock(taken, order);
                if (wanted < 0) {
                    assertThat(Errors.of(() -> frames.allocateContiguous(order, FrameUse.USER)))
                            .as(where)
                            .isEqualTo(KernelError.OUT_OF_MEMORY);
                    continue;
                }
                assertThat(frames.allocateContiguous(order, FrameUse.USER))
                        .as(where)
                        .isEqualTo(BASE + wanted * FRAME);
                for (int i = wanted; i < wanted + (1 << order); i++) {
                    taken[i] = true;
                    held.add(i);
                }
            } else {
                int frame = held.remove(random.nextInt(held.size()));
                taken[frame] = false;
                frames.release(BASE + frame * FRAME);
            }
            assertThat(frames.inUse(FrameUse.USER)).as(where).isEqualTo(held.size());
        }
        for (int frame : held) {
            frames.release(BASE + frame * FRAME);
        }
        assertThat(freeState(frames)).isEqualTo(atBoot);
    }

    /** The buddy rule said once more: maximal free aligned blocks; of the smallest that fit, the lowest. */
    private static int lowestOfSmallestBlock(boolean[] taken, int order) {
        int best = -1;
        int bestOrder = Integer.MAX_VALUE;
        int frame = 0;
        while (frame < taken.length) {
            int blockOrder = -1;
            while (isFree(taken, frame, blockOrder + 1)) {
                blockOrder++;
            }
            if (blockOrder >= order && blockOrder < bestOrder) {
                best = frame;
                bestOrder = blockOrder;
            }
            frame += blockOrder < 0 ? 1 : 1 << blockOrder;
        }
        return best;
    }

    private static boolean isFree(boolean[] taken, int start, int order) {
        if (start % (1 << order) != 0 || start + (1 << order) > taken.length) {
            return false;
        }
        for (int i = start; i < start + (1 << order); i++) {
            if (taken[i]) {
                return false;
            }
        }
        return true;
    }

    @Test
    void aRestoredAllocatorGoesOnAsTheSavedOne() throws KernelException {
        FrameAllocator saved = allocator(300);
        Random random = new Random(11);
        List<Long> held = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            held.add(saved.allocate(i % 3 == 0 ? FrameUse.PAGE_TABLE : FrameUse.USER));
        }
        for (int i = 0; i < 120; i++) {
            saved.release(held.remove(random.nextInt(held.size())));
        }
        byte[] state = state(saved);
        FrameAllocator restored = allocator(300);
        restored.allocateContiguous(7, FrameUse.USER);
        restored.restore(ByteStreams.newDataInput(state));
        assertThat(state(restored)).isEqualTo(state);
        assertThat(restored.freeFrames()).isEqualTo(saved.freeFrames());
        for (int i = 0; i < 100; i++) {
            assertThat(restored.allocate(FrameUse.USER)).isEqualTo(saved.allocate(FrameUse.USER));
        }
        restored.release(held.get(0));
        assertThatIllegalStateException().isThrownBy(() -> restored.release(held.get(0)));
    }

    private static byte[] state(FrameAllocator frames) {
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        frames.save(out);
        return out.toByteArray();
    }

    /** All but the counters at the end, which remember: two ints a use, an int and two longs a node. */
    private static byte[] freeState(FrameAllocator frames) {
        byte[] all = state(frames);
        return java.util.Arrays.copyOf(all, all.length - FrameUse.values().length * 8 - frames.nodeCount() * 20);
    }
}
