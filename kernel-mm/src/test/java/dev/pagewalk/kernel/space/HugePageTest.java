package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where touching memory brings 2 MiB, and what becomes of them. */
@Tag("S14")
class HugePageTest {
    private static final long PAGE = 4096;
    private static final long HUGE = 2 << 20;
    private static final long AT = 0x4000_0000L;
    private static final int RW = Protection.READ | Protection.WRITE;
    private static final int ANON_FIXED = Guest.ANON | Guest.FIXED;

    private TestMemory memory;
    private AddressSpace space;
    private int freeAtBoot;

    private void start(HugePages which) {
        memory = new TestMemory(16 << 20, PagingMode.SV48, which);
        freeAtBoot = memory.frames.freeFrames();
        space = memory.space();
        space.startHeap(0x5_0000);
    }

    @AfterEach
    void everyFrameComesBack() {
        if (memory != null) {
            space.destroy();
            memory.refill();
            assertThat(memory.frames.freeFrames()).isEqualTo(freeAtBoot);
            assertThat(space.userPages()).isZero();
        }
    }

    private void map(long start, long bytes) throws KernelException {
        space.map(new MapRequest(start, bytes, RW, false, Placement.FIXED));
    }

    private void touch(long address) {
        assertThat(memory.faults.handle(space, address, AccessType.STORE)).isNull();
    }

    private boolean isHuge(long address) {
        return space.pageTable().find(address).isHuge();
    }

    private void write(long address, int value) throws KernelException {
        memory.userMemory.copyAllToUser(space, address, new byte[] {(byte) value});
    }

    private int peek(long address) {
        return memory.userMemory.peek(space, address, 1)[0];
    }

    @Test
    void oneFaultBringsTwoMebibytesOfZeros() throws KernelException {
        start(HugePages.ALWAYS);
        map(AT, HUGE);
        write(AT + 0x12_3456, 7);
        assertThat(isHuge(AT)).isTrue();
        assertThat(space.userPages()).isEqualTo(512).isEqualTo(memory.frames.inUse(FrameUse.USER));
        assertThat(memory.counters.demandZero).isEqualTo(1);
        assertThat(space.pageTable().tablePages())
                .as("root, two tables, a deposit")
                .isEqualTo(4);
        assertThat(peek(AT + 0x12_3456)).isEqualTo(7);
        assertThat(peek(AT + HUGE - 1)).isZero();
        long pte = space.pageTable().peek(AT);
        assertThat(Pte.physicalAddress(pte) % HUGE).isZero();
        for (long offset = 0; offset < HUGE; offset += PAGE) {
            assertThat(memory.frames.owners(Pte.physicalAddress(pte) + offset)).isEqualTo(1);
        }
    }

    @Test
    void onlyWhatLiesInTheRegionAsAWholeIsHuge() throws KernelException {
        start(HugePages.ALWAYS);
        map(AT + PAGE, 2 * HUGE);
        touch(AT + PAGE);
        touch(AT + HUGE);
        touch(AT + 2 * HUGE);
        assertThat(isHuge(AT + PAGE)).isFalse();
        assertThat(isHuge(AT + HUGE)).isTrue();
        assertThat(isHuge(AT + 2 * HUGE)).isFalse();
        assertThat(space.userPages()).isEqualTo(512 + 2);
    }

    @Test
    void theHeapGetsHugePagesAndOtherKindsDoNot() throws KernelException {
        start(HugePages.ALWAYS);
        space.moveBreak(0x5_0000 + 2 * HUGE);
        touch(HUGE);
        assertThat(isHuge(HUGE)).isTrue();
        space.regions().insert(new Region(AT, AT + HUGE, RegionKind.DATA, RW));
        touch(AT);
        assertThat(isHuge(AT)).isFalse();
        space.moveBreak(HUGE + 5 * PAGE);
        assertThat(isHuge(HUGE)).as("shrunk").isFalse();
        assertThat(space.userPages()).isEqualTo(5 + 1);
        space.moveBreak(0x5_0000);
        assertThat(space.userPages()).isEqualTo(1);
    }

    @Test
    void adviceComesFirstUnderBothOptions() throws KernelException {
        for (HugePages which : HugePages.values()) {
            start(which);
            map(AT, 3 * HUGE);
            space.advise(AT, HUGE, MemoryAdvice.HUGEPAGE);
            space.advise(AT + HUGE, HUGE, MemoryAdvice.NOHUGEPAGE);
            touch(AT);
            touch(AT + HUGE);
            touch(AT + 2 * HUGE);
            assertThat(isHuge(AT)).isTrue();
            assertThat(isHuge(AT + HUGE)).isFalse();
            assertThat(isHuge(AT + 2 * HUGE)).isEqualTo(which == HugePages.ALWAYS);
            everyFrameComesBack();
        }
    }

    @Test
    void withoutEnoughFramesInARowPagesAreSmall() throws KernelException {
        start(HugePages.ALWAYS);
        map(AT, 2 * HUGE);
        Deque<Long> blocks = new ArrayDeque<>();
        try {
            while (true) {
                blocks.push(memory.frames.allocateContiguous(9, FrameUse.USER));
            }
        } catch (KernelException none) {
            // The last block comes back but for one frame.
            long last = blocks.pop();
            for (long frame = last + PAGE; frame < last + HUGE; frame += PAGE) {
                memory.frames.release(frame);
            }
            touch(AT);
            memory.frames.release(last);
        }
        assertThat(isHuge(AT)).isFalse();
        assertThat(space.userPages()).isEqualTo(1);
        touch(AT + PAGE);
        assertThat(isHuge(AT + PAGE)).as("a table is there now").isFalse();
        for (long block : blocks) {
            for (long frame = block; frame < block + HUGE; frame += PAGE) {
                memory.frames.release(frame);
            }
        }
    }

    @Test
    @Tag("S31")
    void aHugePageThatFailsAtAnyAllocationBecomesASmallOneOrNone() throws KernelException {
        start(HugePages.ALWAYS);
        for (int nth = 0; nth < 5; nth++) {
            map(AT, HUGE);
            AtomicInteger left = new AtomicInteger(nth);
            memory.frames.setFailurePlan(() -> left.getAndDecrement() == 0);
            touch(AT);
            assertThat(isHuge(AT)).isEqualTo(nth == 4);
            assertThat(space.userPages()).isEqualTo(nth == 4 ? 512 : 1);
            assertThat(memory.frames.inUse(FrameUse.USER)).isEqualTo(space.userPages());
            space.unmap(AT, HUGE);
            assertThat(space.pageTable().tablePages()).isEqualTo(1);
        }
    }

    @Test
    @Tag("S10")
    void unmappingAPartSplitsAndKeepsTheRest() throws KernelException {
        start(HugePages.ALWAYS);
        map(AT, HUGE);
        write(AT + 99 * PAGE, 1);
        write(AT + 103 * PAGE, 2);
        memory.drainTo(0);
        space.unmap(AT + 100 * PAGE, 3 * PAGE);
        assertThat(isHuge(AT)).isFalse();
        assertThat(space.userPages()).isEqualTo(509);
        assertThat(memory.frames.freeFrames()).isEqualTo(3);
        assertThat(peek(AT + 99 * PAGE)).isEqualTo(1);
        assertThat(peek(AT + 103 * PAGE)).isEqualTo(2);
        assertThat(space.pageTable().peek(AT + 101 * PAGE)).isZero();
    }

    @Test
    @Tag("S20")
    void protectingAPartSplitsAndTheWholeDoesNot() throws KernelException {
        start(HugePages.ALWAYS);
        map(AT, HUGE);
        touch(AT);
        for (int protection : new int[] {Protection.READ, Protection.NONE, RW}) {
            space.protect(AT, HUGE, protection);
            assertThat(isHuge(AT)).isTrue();
        }
        write(AT + 5 * PAGE, 5);
        space.protect(AT + 5 * PAGE, PAGE, Protection.READ);
        assertThat(isHuge(AT)).isFalse();
        assertThat(Pte.rights(space.pageTable().peek(AT + 4 * PAGE))).startsWith("rw-");
        assertThat(Pte.rights(space.pageTable().peek(AT + 5 * PAGE))).startsWith("r--");
        assertThat(peek(AT + 5 * PAGE)).isEqualTo(5);
        assertThat(space.userPages()).isEqualTo(512);
    }

    @Test
    void droppingAPartSplitsAndItReadsZeroAgain() throws KernelException {
        start(HugePages.ALWAYS);
        map(AT, HUGE);
        write(AT, 1);
        write(AT + PAGE, 2);
        space.advise(AT, PAGE, MemoryAdvice.DONTNEED);
        assertThat(space.userPages()).isEqualTo(511);
        touch(AT);
        assertThat(peek(AT)).isZero();
        assertThat(peek(AT + PAGE)).isEqualTo(2);
        assertThat(isHuge(AT)).isFalse();
    }

    @Test
    void noHugePageLiesAcrossTwoRegions() throws KernelException {
        start(HugePages.ALWAYS);
        map(AT, HUGE);
        touch(AT);
        space.advise(AT + HUGE / 2, HUGE / 2, MemoryAdvice.DONTFORK);
        assertThat(space.regions().size()).isEqualTo(2);
        assertThat(isHuge(AT)).isFalse();
        assertThat(space.userPages()).isEqualTo(512);
    }

    @Test
    @Tag("S16")
    void largeMapsBeginWhereAHugePageCan() throws KernelException {
        start(HugePages.ALWAYS);
        long mmapStart = space.layout().mmapStart();
        long small = space.map(new MapRequest(0, PAGE, RW, false, Placement.ANYWHERE));
        long large = space.map(new MapRequest(0, HUGE, RW, false, Placement.ANYWHERE));
        long belowLimit = space.map(new MapRequest(0, HUGE - PAGE, RW, false, Placement.ANYWHERE));
        long shared = space.map(new MapRequest(0, HUGE, RW, true, Placement.ANYWHERE));
        assertThat(small).isEqualTo(mmapStart);
        assertThat(large).isEqualTo(mmapStart + HUGE);
        assertThat(belowLimit).isEqualTo(small + PAGE);
        assertThat(shared).isEqualTo(mmapStart + 2 * HUGE);
        touch(large);
        assertThat(isHuge(large)).isTrue();
        everyFrameComesBack();
        start(HugePages.NEVER);
        space.map(new MapRequest(0, PAGE, RW, false, Placement.ANYWHERE));
        assertThat(space.map(new MapRequest(0, HUGE, RW, false, Placement.ANYWHERE)))
                .isEqualTo(mmapStart + PAGE);
    }

    @Test
    void populatingUsesHugePages() throws KernelException {
        start(HugePages.ALWAYS);
        map(AT, 2 * HUGE);
        for (long reached = AT; reached < AT + 2 * HUGE; ) {
            reached = space.populateStep(reached, AT + 2 * HUGE);
        }
        assertThat(isHuge(AT)).isTrue();
        assertThat(isHuge(AT + HUGE)).isTrue();
        assertThat(space.userPages()).isEqualTo(1024);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void aGuestUsesHugePagesAndPartsOfThem(PagingMode mode) {
        Guest guest = new Guest()
                .mmap(AT, HUGE, Guest.RW, ANON_FIXED)
                .expect(AT)
                .store(AT + 0x1000, 11)
                .store(AT + 0x1F_F000, 12)
                .load(AT + 0x1000)
                .expect(11)
                .munmap(AT + 0x2000, PAGE)
                .expect(0)
                .mprotect(AT + 0x1F_F000, PAGE, Guest.R)
                .expect(0)
                .load(AT + 0x1000)
                .expect(11)
                .load(AT + 0x1F_F000)
                .expect(12)
                .store(AT + 0x3000, 13)
                .load(AT + 0x3000)
                .expect(13);
        TestMachine test =
                TestMachine.options().mode(mode).hugePages(HugePages.ALWAYS).run(guest);
        assertThat(test.kernel().faultCounters().demandZero).isEqualTo(1);
        TestMachine.Options huge = TestMachine.options().mode(mode).hugePages(HugePages.ALWAYS);
        assertThat(huge.run(guest.load(AT + 0x2000).source()).console())
                .isEqualTo("[KERN] invalid uva at 0x0000000040002000\n");
    }
}
