package dev.pagewalk.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelHalf;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.MapRequest;
import dev.pagewalk.kernel.space.MapRequest.FileRange;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The 33 things that the two seed systems test of themselves, shown here over real page tables in simulated RAM of 256
 * frames. Where they differ from what is wanted here, {@code seed-systems.md} decides.
 */
@Tag("S50")
class SeedCasesTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x10_0000;
    private static final long IN_NO_REGION = 0xDEAD_BEEF_000L;
    private static final int POOL_FRAMES = 256;
    private static final int RW = Protection.READ | Protection.WRITE;
    private static final UserLayout LAYOUT = UserLayout.SET_A;

    private final TestMemory memory = new TestMemory(POOL_FRAMES * PAGE, PagingMode.SV48);
    private final int freeAtBoot = memory.frames.freeFrames();
    private final AddressSpace space = memory.space(LAYOUT);

    @AfterEach
    void everyFrameComesBack() {
        space.destroy();
        memory.refill();
        assertThat(memory.frames.freeFrames()).isEqualTo(freeAtBoot - memory.frames.inUse(FrameUse.FILE));
        assertThat(memory.sanitizer.reports()).isEmpty();
    }

    private FaultClass access(AddressSpace accessed, long address, AccessType type) {
        return memory.faults.handle(accessed, address, type);
    }

    private byte read(AddressSpace from, long address) throws KernelException {
        byte[] one = new byte[1];
        memory.userMemory.copyAllFromUser(from, address, one);
        return one[0];
    }

    private void write(AddressSpace to, long address, int value) throws KernelException {
        memory.userMemory.copyAllToUser(to, address, new byte[] {(byte) value});
    }

    private static MapRequest fixed(long address, long pages) {
        return new MapRequest(address, pages * PAGE, RW, false, Placement.FIXED);
    }

    /** Nineteen, of the address space. */
    @Nested
    class AddressSpaces {
        private long map(long lengthBytes, int protection) throws KernelException {
            return space.map(new MapRequest(0, lengthBytes, protection, false, Placement.ANYWHERE));
        }

        /** The rights of a page of a region of this kind, in its PTE. */
        private String rights(RegionKind kind) throws KernelException {
            space.mapRegion(AT, PAGE, kind, kind.defaultProtection());
            return Pte.rights(space.pageTable().peek(AT)).substring(0, 4);
        }

        @Test
        void kindsOfRegionsAreToldApart() throws KernelException {
            space.mapRegion(AT, PAGE, RegionKind.DATA, RW);
            space.mapRegion(AT + PAGE, PAGE, RegionKind.HEAP, RW);
            space.mapRegion(AT + 2 * PAGE, PAGE, RegionKind.HEAP, RW);
            assertThat(space.regions().all())
                    .containsExactly(
                            new Region(AT, AT + PAGE, RegionKind.DATA, RW),
                            new Region(AT + PAGE, AT + 3 * PAGE, RegionKind.HEAP, RW));
        }

        @Test
        @Tag("S4")
        void codeIsTheUsersToReadAndExecute() throws KernelException {
            assertThat(rights(RegionKind.CODE)).isEqualTo("r-xu");
        }

        @Test
        @Tag("S4")
        void dataIsTheUsersToReadAndWriteOnly() throws KernelException {
            assertThat(rights(RegionKind.DATA)).isEqualTo("rw-u");
        }

        @Test
        @Tag("S4")
        void aStackIsNotExecutable() throws KernelException {
            assertThat(rights(RegionKind.STACK)).isEqualTo("rw-u");
        }

        @Test
        @Tag("S4")
        void theHeapIsNotExecutable() throws KernelException {
            assertThat(rights(RegionKind.HEAP)).isEqualTo("rw-u");
        }

        @Test
        @Tag("S4")
        void deviceMemoryIsUncachedAndOnlyForTheUserWhomItIsMappedFor() throws KernelException {
            long device = 0x1000_0000L;
            assertThat(space.pageTable().peek(KernelHalf.linearAddress(PagingMode.SV48, device)))
                    .isZero();
            assertThat(space.pageTable().peek(device)).isZero();
            space.mapPhysical(AT, PAGE, device, RegionKind.DEVICE.defaultProtection());
            long pte = space.pageTable().peek(AT);
            assertThat(Pte.rights(pte)).startsWith("rw-u");
            assertThat(Pte.memoryType(pte)).isEqualTo(Pte.PBMT_IO);
            assertThat(Pte.physicalAddress(pte)).isEqualTo(device);
        }

        @Test
        void aRegionContainsItsBytesUpToItsEndExclusive() throws KernelException {
            space.mapRegion(AT, 3 * PAGE, RegionKind.DATA, RW);
            Region region = space.regions().find(AT);
            for (long inside : new long[] {AT, AT + PAGE, AT + 3 * PAGE - 1}) {
                assertThat(region.contains(inside)).isTrue();
                assertThat(space.regions().find(inside)).isEqualTo(region);
            }
            for (long outside : new long[] {AT - 1, AT + 3 * PAGE, AT + 4 * PAGE}) {
                assertThat(region.contains(outside)).isFalse();
                assertThat(space.regions().find(outside)).isNull();
            }
        }

        @Test
        void aRegionsEndFollowsFromItsSize() throws KernelException {
            space.mapRegion(AT, 3 * PAGE, RegionKind.DATA, RW);
            assertThat(space.regions().find(AT).end()).isEqualTo(AT + 3 * PAGE);
        }

        @Test
        void anEmptyRegionContainsNothing() {
            Region empty = new Region(AT, AT, RegionKind.FILE, RW);
            assertThat(empty.end()).isEqualTo(AT);
            assertThat(empty.contains(AT)).isFalse();
        }

        @Test
        void aNewSpaceHasTheLayoutsFigures() {
            assertThat(space.moveBreak(0)).isEqualTo(0x2000_0000_0000L);
            assertThat(space.layout().stackTop()).isEqualTo(0x7FFF_FFFF_0000L);
            assertThat(space.pageTable().rootAddress()).as("has its tables").isNotZero();
        }

        @Test
        @Tag("S1")
        void theRootIsWhatAHartLoads() {
            memory.run(0, space);
            Hart hart = memory.harts.get(0);
            assertThat(hart.mmu().rootAddress()).isEqualTo(space.pageTable().rootAddress());
            assertThat(hart.mmu().satp())
                    .as("Sv48, ASID 1, page number")
                    .isEqualTo(9L << 60 | 1L << 44 | space.pageTable().rootAddress() >>> 12);
            memory.leave(0);
            space.destroy();
            assertThat(space.pageTable().rootAddress()).isZero();
        }

        @Test
        void theBreakExtendsTheHeap() {
            assertThat(space.moveBreak(0)).isEqualTo(LAYOUT.heapStart());
            assertThat(space.moveBreak(LAYOUT.heapStart() + 0x1_0000)).isEqualTo(LAYOUT.heapStart() + 0x1_0000);
            assertThat(space.moveBreak(0)).isEqualTo(LAYOUT.heapStart() + 0x1_0000);
        }

        /** Reversed on purpose: they refuse to shrink. */
        @Test
        void theBreakShrinksTheHeapAndItsPagesGo() throws KernelException {
            space.moveBreak(LAYOUT.heapStart() + 0x1_0000);
            write(space, LAYOUT.heapStart() + 0x8000, 1);
            assertThat(space.moveBreak(LAYOUT.heapStart())).isEqualTo(LAYOUT.heapStart());
            assertThat(space.userPages()).isZero();
            space.moveBreak(LAYOUT.heapStart() + 0x1_0000);
            assertThat(read(space, LAYOUT.heapStart() + 0x8000)).isZero();
        }

        @Test
        void theBreakStaysWhereItIsAskedBelowTheHeap() {
            assertThat(space.moveBreak(LAYOUT.heapStart() - 0x1000_0000_0000L)).isEqualTo(LAYOUT.heapStart());
        }

        @Test
        void anotherStackTopIsAnotherLayout() {
            UserLayout lower = new UserLayout(
                    LAYOUT.userStart(),
                    LAYOUT.userEnd(),
                    LAYOUT.heapStart(),
                    LAYOUT.heapLimitBytes(),
                    LAYOUT.mmapStart(),
                    0x7000_0000_0000L,
                    LAYOUT.stackLimitBytes(),
                    LAYOUT.stackGuardBytes());
            AddressSpace other = memory.space(lower);
            assertThat(other.layout().stackTop()).isEqualTo(0x7000_0000_0000L);
            assertThat(access(other, 0x7000_0000_0000L, AccessType.STORE)).isEqualTo(FaultClass.INVALID_ADDRESS);
            other.destroy();
        }

        @Test
        void theStackIsEightMebibytesBelowItsTop() {
            assertThat(space.layout().stackLimitBytes()).isEqualTo(8 << 20);
            assertThat(space.layout().stackLimit()).isEqualTo(0x7FFF_FFFF_0000L - (8 << 20));
        }

        @Test
        void mmapGoesOnBehindWhatItGaveBefore() throws KernelException {
            assertThat(map(PAGE, RW)).isEqualTo(0x4000_0000_0000L);
            assertThat(map(2 * PAGE, RW)).isEqualTo(0x4000_0000_1000L);
        }

        @Test
        void mmapGivesWholePages() throws KernelException {
            int code = Protection.READ | Protection.EXEC;
            long first = map(100, code);
            assertThat(map(100, code) - first).isEqualTo(PAGE);
        }

        @Test
        @Tag("S22")
        void aNewSpaceHasNothing() {
            assertThat(space.regions().size()).isZero();
            assertThat(space.regions().all()).isEmpty();
            assertThat(space.userPages()).isZero();
            assertThat(space.programBreak().sizeBytes()).isZero();
        }
    }

    /** Eleven, of a process's pages and the kernel's way to them. */
    @Nested
    class UserPages {
        private static final long FRAME = 0x8000_F000L;

        private final long heap = LAYOUT.heapStart();

        /** Whether the user half's root entries are all zero: nothing leads to a frame that was given back, or to page 0. */
        private boolean isEmpty(PageTable table) {
            boolean empty = true;
            for (int index = 0; index < 256; index++) {
                empty &= memory.ram.readLong(table.rootAddress() + 8L * index) == 0;
            }
            return empty;
        }

        @Test
        void aNewSpaceCountsNoPagesAndItsRoot() {
            assertThat(space.userPages()).isZero();
            assertThat(space.pageTable().tablePages()).isEqualTo(1);
        }

        @Test
        void mappingAPageMakesItsTables() throws KernelException {
            long pte = KernelPte.userPage(FRAME, Pte.R | Pte.W, 0);
            space.pageTable().map(AT, 0, pte);
            assertThat(space.pageTable().tablePages()).isEqualTo(4);
            assertThat(space.pageTable().peek(AT)).isEqualTo(pte);
            space.pageTable().write(space.pageTable().find(AT), 0);
        }

        @Test
        void aWalkFindsThePteOrItsEmptySlotOrNothing() throws KernelException {
            long pte = KernelPte.userPage(FRAME, Pte.R, 0);
            space.pageTable().map(AT, 0, pte);
            assertThat(space.pageTable().find(AT).pte()).isEqualTo(pte);
            assertThat(space.pageTable().find(AT + PAGE).pte()).isZero();
            assertThat(space.pageTable().find(AT + PAGE).lacksTable()).isFalse();
            assertThat(space.pageTable().find(0x10_0000_0000L).lacksTable()).isTrue();
            space.pageTable().write(space.pageTable().find(AT), 0);
        }

        /** They take pages that begin in the range; here, as POSIX has it, a range begins with a page and is rounded up. */
        @Test
        void unmappingARangeTakesItsPagesAndLeavesTheNeighbours() throws KernelException {
            space.mapRegion(AT, 3 * PAGE, RegionKind.DATA, RW);
            assertThat(Errors.of(() -> space.unmap(AT + 0x500, PAGE))).isEqualTo(KernelError.INVALID_ARGUMENT);
            assertThat(space.userPages()).isEqualTo(3);
            space.unmap(AT + PAGE, 0x500);
            assertThat(space.userPages()).isEqualTo(2);
            assertThat(space.pageTable().peek(AT)).isNotZero();
            assertThat(space.pageTable().peek(AT + PAGE)).isZero();
            assertThat(space.pageTable().find(AT + PAGE).lacksTable()).isFalse();
            assertThat(space.pageTable().peek(AT + 2 * PAGE)).isNotZero();
        }

        @Test
        void aFaultInTheHeapBringsThePageThatWasTouched() {
            space.moveBreak(heap + 2 * PAGE);
            assertThat(access(space, heap + PAGE, AccessType.STORE)).isNull();
            assertThat(space.userPages()).isEqualTo(1);
            assertThat(space.pageTable().peek(heap)).isZero();
            assertThat(space.pageTable().peek(heap + PAGE)).isNotZero();
        }

        @Test
        void theKernelBringsEveryPageOfARangeThatItIsGiven() throws KernelException {
            space.moveBreak(heap + 3 * PAGE);
            assertThat(memory.userMemory.prefault(space, heap + 0x500, 0x2000, AccessType.LOAD))
                    .isEqualTo(0x2000);
            assertThat(space.userPages()).isEqualTo(3);
        }

        @Test
        void aWildPointerIsAnErrorAndBringsNothing() {
            space.moveBreak(heap + PAGE);
            assertThat(Errors.of(() -> read(space, IN_NO_REGION))).isEqualTo(KernelError.INVALID_ADDRESS);
            assertThat(Errors.of(() -> write(space, IN_NO_REGION, 1))).isEqualTo(KernelError.INVALID_ADDRESS);
            assertThat(space.userPages()).isZero();
            assertThat(memory.counters.killed).isZero();
        }

        @Test
        void mappingThatFindsNoFrameForATableGivesTheOthersBack() throws KernelException {
            for (int free = 0; free < 3; free++) {
                memory.drainTo(free);
                assertThat(Errors.of(() -> space.pageTable().map(AT, 0, KernelPte.userPage(FRAME, Pte.R | Pte.W, 0))))
                        .isEqualTo(KernelError.OUT_OF_MEMORY);
                assertThat(space.pageTable().tablePages()).isEqualTo(1);
                assertThat(memory.frames.freeFrames()).isEqualTo(free);
                assertThat(isEmpty(space.pageTable())).isTrue();
                memory.refill();
            }
        }

        @Test
        void aSpaceThatFindsNoFrameForItsRootIsNotMade() {
            memory.drainTo(0);
            assertThat(Errors.of(() -> AddressSpace.create(memory.services, LAYOUT)))
                    .isEqualTo(KernelError.OUT_OF_MEMORY);
            assertThat(memory.frames.freeFrames()).isZero();
        }

        @Test
        void aPageThatFindsNoFrameIsNotMapped() throws KernelException {
            memory.drainTo(0);
            assertThat(Errors.of(() -> space.mapRegion(AT, PAGE, RegionKind.DATA, RW)))
                    .isEqualTo(KernelError.OUT_OF_MEMORY);
            space.map(fixed(AT, 1));
            assertThat(access(space, AT, AccessType.STORE)).isEqualTo(FaultClass.OUT_OF_MEMORY);
            assertThat(isEmpty(space.pageTable())).isTrue();
        }

        @Test
        void theKernelsOwnAccessThatFindsNoFrameIsAnErrorThatKillsNobody() {
            space.moveBreak(heap + 2 * PAGE);
            memory.drainTo(0);
            assertThat(Errors.of(() -> read(space, heap + 0x500))).isEqualTo(KernelError.INVALID_ADDRESS);
            assertThat(space.userPages()).isZero();
            assertThat(memory.counters.killed).isZero();
        }
    }

    /** Three, of demand paging. */
    @Nested
    class DemandPaging {
        @Test
        void zerosAndFilesAreDifferentBackings() throws KernelException {
            memory.files.preload("/file", new byte[] {42});
            FileRange file = new FileRange(memory.file("/file"), 0, true);
            space.map(fixed(AT, 1));
            space.map(new MapRequest(AT + PAGE, PAGE, RW, false, Placement.FIXED, file));
            assertThat(space.regions().size()).isEqualTo(2);
            assertThat(read(space, AT)).isZero();
            assertThat(read(space, AT + PAGE)).isEqualTo((byte) 42);
        }

        /** Theirs is a table by virtual page, so two spaces collide in it; here each frame has its number of owners. */
        @Test
        void aSharedPageHasTwoOwnersAndTheLastKeepsIt() throws KernelException {
            space.map(fixed(AT, 2));
            write(space, AT, 1);
            AddressSpace stranger = memory.space(LAYOUT);
            stranger.map(fixed(AT, 1));
            write(stranger, AT, 9);
            long frame = Pte.physicalAddress(space.pageTable().peek(AT));
            AddressSpace child = memory.fork(space, ForkStrategy.COPY_ON_WRITE);
            assertThat(memory.frames.owners(frame)).isEqualTo(2);
            assertThat(child.pageTable().peek(AT + PAGE)).as("never touched").isZero();
            assertThat(memory.frames.owners(
                            Pte.physicalAddress(stranger.pageTable().peek(AT))))
                    .isEqualTo(1);
            write(child, AT, 2);
            assertThat(memory.frames.owners(frame)).as("one has left").isEqualTo(1);
            write(space, AT, 3);
            assertThat(Pte.physicalAddress(space.pageTable().peek(AT))).isEqualTo(frame);
            assertThat(new int[] {read(space, AT), read(child, AT), read(stranger, AT)})
                    .containsExactly(3, 2, 9);
            child.destroy();
            stranger.destroy();
        }

        @Test
        void aLazyMappingContainsItsPagesUpToItsEndExclusive() throws KernelException {
            space.map(fixed(0x1_0000, 4));
            assertThat(space.userPages()).isZero();
            assertThat(access(space, 0x1_0000, AccessType.STORE)).isNull();
            assertThat(access(space, 0x1_0000 + 3 * PAGE, AccessType.STORE)).isNull();
            assertThat(access(space, 0x1_0000 + 4 * PAGE, AccessType.STORE)).isEqualTo(FaultClass.INVALID_ADDRESS);
            assertThat(access(space, 0, AccessType.STORE)).isEqualTo(FaultClass.INVALID_ADDRESS);
            assertThat(space.userPages()).isEqualTo(2);
        }
    }
}
