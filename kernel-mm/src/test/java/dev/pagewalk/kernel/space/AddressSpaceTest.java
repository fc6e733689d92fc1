package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class AddressSpaceTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x10_0000;
    private static final int RW = Protection.READ | Protection.WRITE;

    private final TestMemory memory = new TestMemory(8 << 20, PagingMode.SV48);
    private final int freeAtBoot = memory.frames.freeFrames();
    private AddressSpace space;

    @BeforeEach
    void create() {
        space = memory.space();
        space.startHeap(0x5_0000);
    }

    @AfterEach
    void everyFrameComesBack() {
        space.destroy();
        memory.refill();
        assertThat(memory.frames.freeFrames()).isEqualTo(freeAtBoot);
        assertThat(space.userPages()).isZero();
    }

    private long fixed(long start, long pages, int protection) throws KernelException {
        return space.map(new MapRequest(start, pages * PAGE, protection, false, Placement.FIXED));
    }

    private long anywhere(long hint, long pages) throws KernelException {
        return space.map(new MapRequest(hint, pages * PAGE, RW, false, Placement.ANYWHERE));
    }

    private void write(long address, int value) throws KernelException {
        memory.userMemory.copyAllToUser(space, address, new byte[] {(byte) value});
    }

    private int read(long address) throws KernelException {
        byte[] one = new byte[1];
        memory.userMemory.copyFromUser(space, address, one, 1);
        return one[0];
    }

    private List<byte[]> tables() {
        List<byte[]> found = new ArrayList<>();
        collect(space.pageTable().rootAddress(), memory.editor.mode().levels() - 1, found);
        return found;
    }

    private void collect(long table, int level, List<byte[]> into) {
        byte[] content = new byte[4096];
        memory.ram.read(table, content, 0, 4096);
        into.add(content);
        for (int i = 0; i < (level == 3 ? 256 : 512) && level > 0; i++) {
            long pte = memory.ram.readLong(table + 8L * i);
            if (Pte.isValid(pte)) {
                collect(Pte.physicalAddress(pte), level - 1, into);
            }
        }
    }

    @Test
    @Tag("S7")
    void anEagerRegionHasAllItsPagesZeroedAtOnce() throws KernelException {
        space.mapRegion(AT + 5, 2 * PAGE, RegionKind.DATA, RW);
        assertThat(space.regions().all()).containsExactly(new Region(AT, AT + 3 * PAGE, RegionKind.DATA, RW));
        assertThat(space.userPages()).isEqualTo(3);
        for (int i = 0; i < 3; i++) {
            long pte = space.pageTable().peek(AT + i * PAGE);
            assertThat(Pte.isValid(pte) && Pte.isUser(pte) && !Pte.isGlobal(pte))
                    .isTrue();
            assertThat(memory.ram.isZeroFrame(Pte.physicalAddress(pte))).isTrue();
        }
    }

    @Test
    @Tag("S7")
    void anEagerRegionRefusesEveryOverlapAndAllowsAdjacency() throws KernelException {
        space.mapRegion(AT, 4 * PAGE, RegionKind.DATA, RW);
        long[][] overlaps = {{AT, 4}, {AT - PAGE, 2}, {AT + 3 * PAGE, 2}, {AT + PAGE, 1}, {AT - PAGE, 8}};
        for (long[] range : overlaps) {
            assertThat(Errors.of(() -> space.mapRegion(range[0], range[1] * PAGE, RegionKind.DATA, RW)))
                    .isEqualTo(KernelError.ALREADY_EXISTS);
        }
        space.mapRegion(AT - PAGE, PAGE, RegionKind.DATA, RW);
        space.mapRegion(AT + 4 * PAGE, PAGE, RegionKind.RODATA, Protection.READ);
        assertThat(space.regions().size()).isEqualTo(2);
        assertThat(space.userPages()).isEqualTo(6);
    }

    @Test
    @Tag("S7")
    void anEagerRegionOutsideUserSpaceIsAnInvalidArgument() {
        long end = space.layout().userEnd();
        long[][] ranges = {{AT, 0}, {AT, -1}, {0, PAGE}, {end, PAGE}, {end - PAGE, 2 * PAGE}, {-PAGE, 4 * PAGE}};
        for (long[] range : ranges) {
            assertThat(Errors.of(() -> space.mapRegion(range[0], range[1], RegionKind.DATA, RW)))
                    .isEqualTo(KernelError.INVALID_ARGUMENT);
        }
        assertThat(Errors.of(() -> space.mapRegion(AT, Long.MAX_VALUE, RegionKind.DATA, RW)))
                .isEqualTo(KernelError.INVALID_ARGUMENT);
    }

    @Test
    @Tag("S7")
    @Tag("S31")
    void anEagerRegionThatRunsOutOfMemoryLeavesNoTrace() throws KernelException {
        // 20 pages over a boundary of 2 MiB: 2 leaf tables and 2 above them.
        long start = 0x20_0000 - 10 * PAGE;
        int needed = 24;
        for (int free = 0; free < needed; free++) {
            memory.drainTo(free);
            List<byte[]> before = tables();
            assertThat(Errors.of(() -> space.mapRegion(start, 20 * PAGE, RegionKind.DATA, RW)))
                    .as("%d frames free", free)
                    .isEqualTo(KernelError.OUT_OF_MEMORY);
            assertThat(tables()).containsExactlyElementsOf(before);
            assertThat(memory.frames.freeFrames()).isEqualTo(free);
            assertThat(space.regions().size()).isZero();
            assertThat(space.userPages()).isZero();
            assertThat(space.pageTable().tablePages()).isEqualTo(1);
            memory.refill();
        }
        memory.drainTo(needed);
        space.mapRegion(start, 20 * PAGE, RegionKind.DATA, RW);
        assertThat(memory.frames.freeFrames()).isZero();
    }

    @Test
    @Tag("S7")
    @Tag("S31")
    void anEagerRegionThatFailsAtAnyAllocationLeavesNoTrace() throws KernelException {
        fixed(AT + 8 * PAGE, 1, RW);
        write(AT + 8 * PAGE, 1);
        List<byte[]> before = tables();
        int free = memory.frames.freeFrames();
        long start = (2 << 20) - 5 * PAGE;
        KernelError error = KernelError.OUT_OF_MEMORY;
        int nth = 0;
        for (; error != null; nth++) {
            AtomicInteger left = new AtomicInteger(nth);
            memory.frames.setFailurePlan(() -> left.getAndDecrement() == 0);
            error = Errors.of(() -> space.mapRegion(start, 10 * PAGE, RegionKind.DATA, RW));
            if (error != null) {
                assertThat(error).isEqualTo(KernelError.OUT_OF_MEMORY);
                assertThat(tables()).as("allocation %d", nth).containsExactlyElementsOf(before);
                assertThat(memory.frames.freeFrames()).isEqualTo(free);
                assertThat(space.userPages()).isEqualTo(1);
                assertThat(space.regions().size()).isEqualTo(1);
            }
        }
        assertThat(nth).as("ten pages, a table, and once without failure").isEqualTo(10 + 1 + 1);
        assertThat(space.userPages()).isEqualTo(11);
    }

    @Test
    @Tag("S31")
    @Tag("S40")
    void aFaultThatRunsOutOfMemoryLeavesNoTrace() throws KernelException {
        fixed(AT, 1, RW);
        for (int free = 0; free < 4; free++) {
            memory.drainTo(free);
            List<byte[]> before = tables();
            Region region = space.regions().find(AT);
            assertThat(Errors.of(() -> space.makeAccessible(region, AT, AccessType.LOAD)))
                    .isEqualTo(KernelError.OUT_OF_MEMORY);
            assertThat(tables()).containsExactlyElementsOf(before);
            assertThat(memory.frames.freeFrames()).isEqualTo(free);
            assertThat(space.userPages()).isZero();
            memory.refill();
        }
        memory.drainTo(4);
        assertThat(read(AT)).isZero();
        assertThat(memory.frames.freeFrames()).isZero();
    }

    @Test
    @Tag("S15")
    void lazyPagesTakeFramesOnlyWhenTouchedEachSpaceItsOwn() throws KernelException {
        AddressSpace other = memory.space();
        int free = memory.frames.freeFrames();
        anywhere(0, 1_000_000);
        other.map(new MapRequest(0, PAGE, RW, false, Placement.ANYWHERE));
        assertThat(memory.frames.freeFrames()).isEqualTo(free);
        long at = space.layout().mmapStart();
        write(at, 7);
        assertThat(read(at)).isEqualTo(7);
        byte[] one = new byte[1];
        memory.userMemory.copyFromUser(other, at, one, 1);
        assertThat(one[0]).isZero();
        assertThat(memory.frames.inUse(FrameUse.USER)).isEqualTo(2);
        other.destroy();
    }

    @Test
    @Tag("S16")
    void mappingsTakeTheFirstGapThatFits() throws KernelException {
        long base = space.layout().mmapStart();
        assertThat(anywhere(0, 4)).isEqualTo(base);
        assertThat(anywhere(0, 4)).isEqualTo(base + 4 * PAGE);
        space.unmap(base + PAGE, 2 * PAGE);
        assertThat(anywhere(0, 3)).isEqualTo(base + 8 * PAGE);
        assertThat(anywhere(0, 1)).isEqualTo(base + PAGE);
        assertThat(anywhere(0, 1)).isEqualTo(base + 2 * PAGE);
        assertThat(anywhere(0, 1)).isEqualTo(base + 11 * PAGE);
        assertThat(space.regions().all()).containsExactly(new Region(base, base + 12 * PAGE, RegionKind.ANONYMOUS, RW));
    }

    @Test
    @Tag("S16")
    void whereTheMmapAreaIsFullTheRestOfUserSpaceServes() throws KernelException {
        UserLayout layout = space.layout();
        fixed(layout.mmapStart(), (layout.stackReserveStart() - layout.mmapStart()) / PAGE, RW);
        assertThat(anywhere(0, 2)).isEqualTo(layout.userStart());
        assertThat(Errors.of(() -> anywhere(0, layout.mmapStart() / PAGE))).isEqualTo(KernelError.OUT_OF_MEMORY);
    }

    @Test
    @Tag("S10")
    void theNumberOfRegionsHasALimit() throws KernelException {
        long base = space.layout().mmapStart();
        for (int i = 0; i < RegionMap.MAX_REGIONS - 1; i++) {
            fixed(base + i * PAGE, 1, i % 2 == 0 ? Protection.READ : RW);
        }
        long last = base + (RegionMap.MAX_REGIONS - 1) * PAGE;
        fixed(last, 3, Protection.EXEC);
        assertThat(space.regions().size()).isEqualTo(RegionMap.MAX_REGIONS);
        assertThat(Errors.of(() -> anywhere(0, 1))).isEqualTo(KernelError.RESOURCE_EXHAUSTED);
        assertThat(Errors.of(() -> fixed(base, 1, RW))).isEqualTo(KernelError.RESOURCE_EXHAUSTED);
        assertThat(space.regions().find(base)).as("the old mapping stands").isNotNull();
        assertThat(Errors.of(() -> space.unmap(last + PAGE, PAGE))).isEqualTo(KernelError.RESOURCE_EXHAUSTED);
        assertThat(Errors.of(() -> space.protect(last + PAGE, PAGE, 0))).isEqualTo(KernelError.RESOURCE_EXHAUSTED);
        assertThat(Errors.of(() -> space.mapRegion(AT, PAGE, RegionKind.DATA, RW)))
                .isEqualTo(KernelError.RESOURCE_EXHAUSTED);
        assertThat(space.moveBreak(0x5_0000 + PAGE)).isEqualTo(0x5_0000);
        assertThat(space.regions().size()).isEqualTo(RegionMap.MAX_REGIONS);
        // Trims need no further region.
        space.unmap(last + 2 * PAGE, PAGE);
        space.unmap(last, PAGE);
        space.unmap(last + PAGE, PAGE);
        assertThat(anywhere(0, 1)).isEqualTo(last);
    }

    @Test
    @Tag("S16")
    void aFixedMappingInAHoleNeedsRoomForBothHalves() throws KernelException {
        long base = space.layout().mmapStart();
        for (int i = 0; i < RegionMap.MAX_REGIONS - 2; i++) {
            fixed(base + i * PAGE, 1, i % 2 == 0 ? Protection.READ : RW);
        }
        long last = base + (RegionMap.MAX_REGIONS - 2) * PAGE;
        fixed(last, 3, Protection.READ);
        assertThat(space.regions().size()).isEqualTo(RegionMap.MAX_REGIONS - 1);
        assertThat(Errors.of(() -> fixed(last + PAGE, 1, RW))).isEqualTo(KernelError.RESOURCE_EXHAUSTED);
        assertThat(space.regions().find(last + PAGE).protection()).isEqualTo(Protection.READ);
    }

    @Test
    @Tag("S17")
    void fiftyThousandBreaksKeepOneRegion() throws KernelException {
        long start = space.programBreak().start();
        fixed(AT + (64L << 20), 1, RW);
        long before = space.regions().nodesVisited();
        for (int i = 1; i <= 50_000; i++) {
            assertThat(space.moveBreak(start + i * 100L)).isEqualTo(start + i * 100L);
        }
        assertThat(space.regions().nodesVisited() - before)
                .as("steps in the tree of regions, the thousandth call as cheap as the first")
                .isLessThan(50_000 * 4);
        space.unmap(AT + (64L << 20), PAGE);
        assertThat(space.regions().all()).containsExactly(new Region(start, start + 1221 * PAGE, RegionKind.HEAP, RW));
        assertThat(memory.frames.inUse(FrameUse.USER)).isZero();
    }

    @Test
    @Tag("S17")
    void theBreakStopsAPageBelowTheNextRegion() throws KernelException {
        long start = space.programBreak().start();
        fixed(start + 10 * PAGE, 1, RW);
        assertThat(space.moveBreak(start + 11 * PAGE)).isEqualTo(start);
        assertThat(space.moveBreak(start + 9 * PAGE + 1)).isEqualTo(start);
        assertThat(space.moveBreak(start + 9 * PAGE)).isEqualTo(start + 9 * PAGE);
        space.unmap(start + 10 * PAGE, PAGE);
        assertThat(space.moveBreak(start + 12 * PAGE)).isEqualTo(start + 12 * PAGE);
    }

    @Test
    @Tag("S18")
    void theHeapGrowsToItsLimitInclusive() {
        long start = space.programBreak().start();
        long limit = space.layout().heapLimitBytes();
        assertThat(space.moveBreak(start + limit)).isEqualTo(start + limit);
        assertThat(space.moveBreak(start + limit + 1)).isEqualTo(start + limit);
        assertThat(space.moveBreak(Long.MAX_VALUE)).isEqualTo(start + limit);
        assertThat(space.moveBreak(-1)).isEqualTo(start + limit);
        assertThat(space.moveBreak(start - 1)).isEqualTo(start + limit);
        assertThat(space.moveBreak(start)).isEqualTo(start);
        assertThat(space.regions().size()).isZero();
    }

    @Test
    @Tag("S18")
    void presetLayoutsPutTheHeapWhereTheySay() {
        for (UserLayout layout : new UserLayout[] {UserLayout.SET_A, UserLayout.SET_B}) {
            AddressSpace preset = memory.space(layout);
            preset.startHeap(0x9_0000);
            assertThat(preset.moveBreak(0)).isEqualTo(layout.heapStart());
            assertThat(preset.moveBreak(layout.heapStart() + 1)).isEqualTo(layout.heapStart() + 1);
            preset.destroy();
        }
        assertThat(space.moveBreak(0)).isEqualTo(0x5_0000);
    }

    @Test
    @Tag("S23")
    void destroyingTwiceFreesNothingTwice() throws KernelException {
        fixed(AT, 5, RW);
        write(AT, 1);
        space.destroy();
        assertThat(memory.frames.freeFrames()).isEqualTo(freeAtBoot);
        assertThat(space.pageTable().peek(AT)).isZero();
        assertThat(memory.userMemory.peek(space, AT, 10)).isEmpty();
    }

    @Test
    @Tag("S20")
    void protectingAPartSplitsARegionAndProtectingItBackMakesItOne() throws KernelException {
        fixed(AT, 6, RW);
        space.protect(AT + 2 * PAGE, 2 * PAGE, Protection.READ);
        assertThat(space.regions().all())
                .containsExactly(
                        new Region(AT, AT + 2 * PAGE, RegionKind.ANONYMOUS, RW),
                        new Region(AT + 2 * PAGE, AT + 4 * PAGE, RegionKind.ANONYMOUS, Protection.READ),
                        new Region(AT + 4 * PAGE, AT + 6 * PAGE, RegionKind.ANONYMOUS, RW));
        space.protect(AT + 2 * PAGE, 2 * PAGE, RW);
        assertThat(space.regions().all()).containsExactly(new Region(AT, AT + 6 * PAGE, RegionKind.ANONYMOUS, RW));
    }

    @Test
    @Tag("S40")
    void aFaultOnAPageThatIsThereIsSpuriousAndTheErrorsAreDistinct() throws KernelException {
        fixed(AT, 2, RW);
        assertThat(memory.faults.handle(space, AT, AccessType.STORE)).isNull();
        long pte = space.pageTable().peek(AT);
        assertThat(memory.faults.handle(space, AT, AccessType.STORE)).isNull();
        assertThat(memory.counters.spurious).isEqualTo(1);
        assertThat(space.pageTable().peek(AT)).isEqualTo(pte);
        assertThat(memory.faults.handle(space, AT + 2 * PAGE, AccessType.LOAD)).isEqualTo(FaultClass.INVALID_ADDRESS);
        memory.drainTo(0);
        assertThat(memory.faults.handle(space, AT + PAGE, AccessType.LOAD)).isEqualTo(FaultClass.OUT_OF_MEMORY);
    }

    @Test
    @Tag("S41")
    void unmappingTakesThePromiseOfPagesThatNeverCame() throws KernelException {
        int free = memory.frames.freeFrames();
        fixed(AT, 6, RW);
        write(AT, 1);
        space.unmap(AT + PAGE, 2 * PAGE);
        assertThat(memory.faults.handle(space, AT + PAGE, AccessType.LOAD)).isEqualTo(FaultClass.INVALID_ADDRESS);
        assertThat(Errors.of(() -> read(AT + 2 * PAGE))).isEqualTo(KernelError.INVALID_ADDRESS);
        assertThat(memory.faults.handle(space, AT + 3 * PAGE, AccessType.LOAD))
                .as("the rest is promised still")
                .isNull();
        space.unmap(AT, 6 * PAGE);
        assertThat(memory.faults.handle(space, AT, AccessType.LOAD)).isEqualTo(FaultClass.INVALID_ADDRESS);
        assertThat(memory.frames.freeFrames()).isEqualTo(free);
        fixed(AT, 6, Protection.READ);
        assertThat(memory.faults.handle(space, AT, AccessType.STORE))
                .as("a new promise, not the old one")
                .isEqualTo(FaultClass.PERMISSION);
        assertThat(read(AT)).isZero();
    }

    @Test
    @Tag("S47")
    void theWholeInterfaceOfAProcesssMemoryIsHere() throws KernelException {
        long allocated = anywhere(0, 3);
        write(allocated, 1);
        space.protect(allocated, PAGE, Protection.READ);
        assertThat(Errors.of(() -> write(allocated, 2))).isEqualTo(KernelError.INVALID_ADDRESS);
        space.mapPhysical(AT, PAGE, 0x1000_0000L, RW);
        assertThat(Pte.physicalAddress(space.pageTable().peek(AT))).isEqualTo(0x1000_0000L);
        space.unmap(AT, PAGE);
        assertThat(space.pageTable().peek(AT)).isZero();
        long heap = space.moveBreak(0);
        assertThat(space.moveBreak(heap + 2 * PAGE)).isEqualTo(heap + 2 * PAGE);
        write(heap + PAGE, 3);
        long stackTop = space.layout().stackTop();
        space.regions().insert(new Region(stackTop - PAGE, stackTop, RegionKind.STACK, RW));
        assertThat(space.growStack(stackTop - 5 * PAGE).start()).isEqualTo(stackTop - 5 * PAGE);
        write(stackTop - 5 * PAGE, 4);
        space.unmap(allocated, 3 * PAGE);
        assertThat(space.regions().find(allocated)).isNull();
        assertThat(space.userPages()).as("one of the heap, one of the stack").isEqualTo(2);
    }

    @Test
    @Tag("S49")
    void regionsAreListedInAddressOrder() throws KernelException {
        fixed(AT + 8 * PAGE, 1, RW);
        fixed(AT, 1, RW);
        fixed(AT + 4 * PAGE, 1, Protection.READ);
        assertThat(space.regions().all()).extracting(Region::start).isSorted();
    }

    @Test
    @Tag("S22")
    void residentAndTablePagesAreCounted() throws KernelException {
        fixed(AT, 600, RW);
        for (int i = 0; i < 600; i++) {
            write(AT + i * PAGE, i);
        }
        assertThat(space.userPages()).isEqualTo(600).isEqualTo(memory.frames.inUse(FrameUse.USER));
        assertThat(space.pageTable().tablePages()).isEqualTo(1 + 1 + 1 + 2);
        space.unmap(AT, 300 * PAGE);
        assertThat(space.userPages()).isEqualTo(300);
        assertThat(space.peakUserPages()).isEqualTo(600);
    }
}
