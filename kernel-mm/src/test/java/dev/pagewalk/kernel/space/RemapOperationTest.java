package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.frame.FailurePlan;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What mremap does to frames, tables, regions and files. */
@Tag("S12")
@Tag("S16")
class RemapOperationTest {
    private static final long PAGE = 4096;
    private static final long HUGE = 2 << 20;
    private static final long AT = 0x1000_0000L;
    private static final long TO = 0x7000_0000_0000L;
    private static final int RW = Protection.READ | Protection.WRITE;
    private static final long MOVE_TO = RemapRequest.MAY_MOVE | RemapRequest.FIXED;

    private final TestMemory memory = new TestMemory(16 << 20, PagingMode.SV48, HugePages.ALWAYS);
    private final FileSystem files = new FileSystem(memory.frames, memory.bus, memory.meter);
    private final int freeAtBoot = memory.frames.freeFrames();
    private AddressSpace space;

    @BeforeEach
    void create() {
        space = memory.space();
    }

    @AfterEach
    void everyFrameComesBack() {
        space.destroy();
        assertThat(memory.frames.freeFrames()).isEqualTo(freeAtBoot);
        assertThat(space.userPages()).isZero();
        assertThat(space.pageTable().tablePages()).isZero();
    }

    private void map(long start, long lengthBytes) throws KernelException {
        space.map(new MapRequest(start, lengthBytes, RW, false, Placement.FIXED));
    }

    private long move(long start, long oldBytes, long newBytes, long to) throws KernelException {
        return space.remap(new RemapRequest(start, oldBytes, newBytes, MOVE_TO, to));
    }

    private void write(long address, int value) throws KernelException {
        memory.userMemory.copyAllToUser(space, address, new byte[] {(byte) value});
    }

    private int read(long address) throws KernelException {
        byte[] one = new byte[1];
        memory.userMemory.copyFromUser(space, address, one, 1);
        return one[0];
    }

    /** All present leaves: address, level, PTE. */
    private List<PageEntry> leaves() {
        List<PageEntry> found = new ArrayList<>();
        space.pageTable().visitPages(0, space.layout().userEnd(), (address, level, pte) -> {
            found.add(new PageEntry(address, level, 0, pte));
            return pte;
        });
        return found;
    }

    @Test
    void aMoveKeepsEveryFrameAndBitOfThePtes() throws KernelException {
        map(AT, 3 * PAGE);
        write(AT, 1);
        read(AT + 2 * PAGE);
        space.protect(AT, PAGE, Protection.NONE);
        long none = space.pageTable().peek(AT);
        long loaded = space.pageTable().peek(AT + 2 * PAGE);
        int pages = space.userPages();
        move(AT + 2 * PAGE, PAGE, PAGE, TO + 2 * PAGE);
        move(AT, PAGE, PAGE, TO);
        assertThat(space.pageTable().peek(TO)).isEqualTo(none);
        assertThat(KernelPte.isPresent(none)).isTrue();
        assertThat(space.pageTable().peek(TO + 2 * PAGE)).isEqualTo(loaded);
        assertThat(KernelPte.isPresent(space.pageTable().peek(AT))).isFalse();
        assertThat(space.userPages()).isEqualTo(pages);
        assertThat(memory.frames.owners(Pte.physicalAddress(loaded))).isEqualTo(1);
        assertThat(space.regions().all())
                .containsExactly(
                        new Region(AT + PAGE, AT + 2 * PAGE, RegionKind.ANONYMOUS, RW),
                        new Region(TO, TO + PAGE, RegionKind.ANONYMOUS, Protection.NONE),
                        new Region(TO + 2 * PAGE, TO + 3 * PAGE, RegionKind.ANONYMOUS, RW));
    }

    @Test
    void theTablesOfTheOldPlaceGo() throws KernelException {
        map(AT, PAGE);
        write(AT, 1);
        int tables = space.pageTable().tablePages();
        move(AT, PAGE, PAGE, TO);
        assertThat(space.pageTable().tablePages()).isEqualTo(tables);
    }

    @Test
    @Tag("S14")
    void aHugePageStaysOneWhereItFits() throws KernelException {
        map(AT, HUGE);
        write(AT + HUGE - 1, 7);
        PageEntry before = space.pageTable().look(AT);
        assertThat(before.isHuge()).isTrue();
        int tables = space.pageTable().tablePages();
        move(AT, HUGE, HUGE, TO);
        PageEntry after = space.pageTable().look(TO + 5 * PAGE);
        assertThat(after.isHuge()).isTrue();
        assertThat(after.pte()).isEqualTo(before.pte());
        assertThat(read(TO + HUGE - 1)).isEqualTo(7);
        assertThat(space.pageTable().tablePages()).isEqualTo(tables);
        // Onto another huge page, which goes.
        map(AT, HUGE);
        write(AT, 9);
        move(TO, HUGE, HUGE, AT);
        assertThat(space.pageTable().look(AT).pte()).isEqualTo(before.pte());
        assertThat(read(AT)).isZero();
        assertThat(space.userPages()).isEqualTo(512);
    }

    @Test
    @Tag("S14")
    void aHugePageComesApartWhereItDoesNotFit() throws KernelException {
        map(AT, HUGE);
        write(AT + 3 * PAGE, 7);
        write(AT + HUGE - 1, 8);
        long first = Pte.physicalAddress(space.pageTable().peek(AT));
        // Into the middle of other huge pages, which have to be split.
        map(TO, 2 * HUGE);
        write(TO, 1);
        write(TO + HUGE, 2);
        write(TO + 2 * HUGE - 1, 3);
        move(AT, HUGE, HUGE, TO + PAGE);
        assertThat(read(TO)).isEqualTo(1);
        assertThat(read(TO + 4 * PAGE)).isEqualTo(7);
        assertThat(read(TO + PAGE + HUGE - 1)).isEqualTo(8);
        assertThat(read(TO + HUGE)).isZero();
        assertThat(read(TO + 2 * HUGE - 1)).isEqualTo(3);
        assertThat(Pte.physicalAddress(space.pageTable().peek(TO + PAGE))).isEqualTo(first);
        assertThat(leaves()).hasSize(1024).allMatch(leaf -> leaf.level() == 0);
    }

    @Test
    @Tag("S14")
    void aPartOfAHugePageMoves() throws KernelException {
        map(AT, HUGE);
        write(AT + 3 * PAGE, 7);
        move(AT + 3 * PAGE, PAGE, 2 * PAGE, TO);
        assertThat(read(TO)).isEqualTo(7);
        assertThat(read(AT + 4 * PAGE)).isZero();
        assertThat(space.regions().find(AT + 3 * PAGE)).isNull();
    }

    @Test
    @Tag("S14")
    void anEmptyTableInTheWayMakesAHugePageComeApart() throws KernelException {
        map(AT, HUGE);
        write(AT, 7);
        map(TO, HUGE + PAGE);
        space.advise(TO, HUGE, MemoryAdvice.NOHUGEPAGE);
        write(TO, 1);
        space.advise(TO, HUGE, MemoryAdvice.DONTNEED);
        move(AT, HUGE, HUGE, TO);
        assertThat(read(TO)).isEqualTo(7);
        assertThat(space.pageTable().look(TO).isHuge()).isFalse();
    }

    /** The second place lets huge pages stay what they are, the first one does not. */
    @ParameterizedTest
    @ValueSource(longs = {3, 1})
    @Tag("S31")
    void aMoveThatRunsOutOfMemoryLeavesNoTrace(long targetPage) throws KernelException {
        map(AT, 3 * HUGE);
        write(AT + HUGE, 5);
        write(AT + 2 * HUGE, 4);
        write(AT + PAGE, 6);
        space.protect(AT, PAGE, Protection.READ);
        map(TO, PAGE);
        write(TO, 7);
        // To where each 2 MiB takes another table, and one target is mapped already.
        long target = TO - HUGE + targetPage * PAGE;
        List<PageEntry> leaves = leaves();
        List<Region> regions = List.copyOf(space.regions().all());
        int tables = space.pageTable().tablePages();
        int free = memory.frames.freeFrames();
        int failures = 0;
        while (true) {
            int[] left = {failures};
            memory.frames.setFailurePlan(() -> left[0]-- == 0);
            KernelError error = Errors.of(() -> move(AT + PAGE, 3 * HUGE - PAGE, 3 * HUGE, target));
            memory.frames.setFailurePlan(FailurePlan.NEVER);
            if (error == null) {
                break;
            }
            failures++;
            assertThat(error).isEqualTo(KernelError.OUT_OF_MEMORY);
            assertThat(leaves()).as("failure %d", failures).isEqualTo(leaves);
            assertThat(space.regions().all()).containsExactlyElementsOf(regions);
            assertThat(space.pageTable().tablePages()).isEqualTo(tables);
            assertThat(memory.frames.freeFrames()).isEqualTo(free);
            assertThat(read(TO)).isEqualTo(7);
        }
        assertThat(failures).isGreaterThan(2);
        assertThat(read(target)).isEqualTo(6);
        assertThat(read(target + HUGE - PAGE)).isEqualTo(5);
        assertThat(read(target + 2 * HUGE - PAGE)).isEqualTo(4);
    }

    @Test
    @Tag("S31")
    void atTheLimitOfRegionsOnlyMovesThatAddNoneAreLeft() throws KernelException {
        map(AT, 3 * PAGE);
        long base = space.layout().mmapStart();
        for (int i = 0; i < RegionMap.MAX_REGIONS - 1; i++) {
            space.regions().insert(new Region(base + i * PAGE, base + (i + 1) * PAGE, RegionKind.ANONYMOUS, i % 2));
        }
        assertThat(Errors.of(() -> move(AT + PAGE, PAGE, PAGE, TO))).isEqualTo(KernelError.RESOURCE_EXHAUSTED);
        assertThat(Errors.of(() -> space.advise(AT + PAGE, PAGE, MemoryAdvice.DONTFORK)))
                .isEqualTo(KernelError.TRY_AGAIN);
        assertThat(Errors.of(() -> space.lock(AT + PAGE, PAGE, Advice.LOCKED)))
                .isEqualTo(KernelError.RESOURCE_EXHAUSTED);
        assertThat(space.regions().size()).isEqualTo(RegionMap.MAX_REGIONS);
        space.remap(new RemapRequest(AT, 3 * PAGE, 4 * PAGE, 0, 0));
        space.remap(new RemapRequest(AT, 4 * PAGE, PAGE, 0, 0));
    }

    private Inode mapFile(long start, long pages, boolean shared, boolean mayWrite) throws KernelException {
        Inode inode = files.createUnnamed(100 * PAGE);
        FileBacking backing = new FileBacking(inode, 10 * PAGE, shared, mayWrite);
        int protection = mayWrite ? RW : Protection.READ;
        space.regions()
                .insert(new Region(start, start + pages * PAGE, RegionKind.FILE, protection, backing, Advice.NONE));
        inode.release();
        return inode;
    }

    @Test
    @Tag("S26")
    void aMovedPartOfAFileIsStillThatPart() throws KernelException {
        Inode inode = mapFile(AT, 4, true, true);
        write(AT + 2 * PAGE, 8);
        move(AT + 2 * PAGE, PAGE, 3 * PAGE, TO);
        Region moved = space.regions().find(TO);
        assertThat(moved.backing()).isEqualTo(new FileBacking(inode, 12 * PAGE, true, true));
        assertThat(inode.references()).isEqualTo(3);
        assertThat(read(TO)).isEqualTo(8);
        assertThat(memory.frames.owners(inode.pageIfResident(12))).isEqualTo(2);
    }

    @Test
    @Tag("S26")
    void aSharedMappingOfLengthZeroIsDoubled() throws KernelException {
        Inode inode = mapFile(AT, 4, true, true);
        write(AT + PAGE, 8);
        long second = space.remap(new RemapRequest(AT + PAGE, 0, 2 * PAGE, RemapRequest.MAY_MOVE, 0));
        assertThat(second).isEqualTo(space.layout().mmapStart());
        write(second, 9);
        assertThat(read(AT + PAGE)).isEqualTo(9);
        assertThat(inode.references()).isEqualTo(2);
    }

    @Test
    @Tag("S26")
    void aFileGrowsInPlaceOnlyWhereItIsCarriedOn() throws KernelException {
        mapFile(AT, 2, false, true);
        space.remap(new RemapRequest(AT, 2 * PAGE, 5 * PAGE, 0, 0));
        assertThat(space.regions().size()).isEqualTo(1);
        assertThat(space.regions().find(AT + 4 * PAGE).filePage(AT + 4 * PAGE)).isEqualTo(14);
        long tooLong = Long.MAX_VALUE & -PAGE;
        assertThat(Errors.of(() -> space.remap(new RemapRequest(AT, 5 * PAGE, tooLong, 1, 0))))
                .isEqualTo(KernelError.INVALID_ARGUMENT);
    }

    @Test
    @Tag("S8")
    void memoryOfADeviceMovesButDoesNotGrow() throws KernelException {
        Region device = new Region(AT, AT + PAGE, RegionKind.DEVICE, RW, new DeviceBacking(0x4000_0000L), 0);
        space.regions().insert(device);
        long pte =
                KernelPte.userPage(0x4000_0000L, Pte.R | Pte.W, Pte.A | Pte.D) | (long) Pte.PBMT_IO << Pte.PBMT_SHIFT;
        space.pageTable().map(AT, 0, pte);
        assertThat(Errors.of(() -> space.remap(new RemapRequest(AT, PAGE, 2 * PAGE, 1, 0))))
                .isEqualTo(KernelError.INVALID_ADDRESS);
        assertThat(Errors.of(() -> space.advise(AT, PAGE, MemoryAdvice.DONTNEED)))
                .isEqualTo(KernelError.INVALID_ARGUMENT);
        assertThat(Errors.of(() -> space.remap(new RemapRequest(AT, PAGE, PAGE, 5, 0))))
                .isEqualTo(KernelError.INVALID_ARGUMENT);
        space.lock(AT, PAGE, Advice.LOCKED);
        assertThat(space.regions().find(AT)).isEqualTo(device);
        move(AT, PAGE, PAGE, TO);
        assertThat(space.pageTable().peek(TO)).isEqualTo(pte);
        assertThat(space.userPages()).isZero();
    }

    @Test
    void lockedMemoryLeavesItsLockBehindWithoutDontUnmap() throws KernelException {
        map(AT, 2 * PAGE);
        space.lock(AT, 2 * PAGE, Advice.LOCKED);
        long to = space.remap(new RemapRequest(AT, PAGE, PAGE, RemapRequest.MAY_MOVE | RemapRequest.DONT_UNMAP, 0));
        assertThat(space.regions().find(to).has(Advice.LOCKED)).isTrue();
        assertThat(space.regions().find(AT).advice()).isZero();
        assertThat(space.regions().find(AT + PAGE).has(Advice.LOCKED)).isTrue();
    }

    @Test
    @Tag("S26")
    void adviceOnFilesWorksOnThePageCache() throws KernelException {
        Inode inode = mapFile(AT, 4, false, true);
        space.advise(AT + PAGE, 2 * PAGE, MemoryAdvice.WILLNEED);
        assertThat(inode.residentPages()).isEqualTo(2);
        assertThat(space.userPages()).isZero();
        assertThat(space.residency(AT, 4)).containsExactly(0, 1, 1, 0);
        write(AT + PAGE, 9);
        space.advise(AT, 4 * PAGE, MemoryAdvice.DONTNEED);
        // What was written privately is lost, what the file holds is still there.
        assertThat(space.userPages()).isZero();
        assertThat(space.residency(AT, 4)).containsExactly(0, 1, 1, 0);
        assertThat(read(AT + PAGE)).isZero();
        assertThat(Errors.of(() -> space.advise(AT, PAGE, MemoryAdvice.FREE))).isEqualTo(KernelError.INVALID_ARGUMENT);
    }

    @Test
    @Tag("S20")
    @Tag("S26")
    void aSharedFileThatIsNotOpenForWritingNeverBecomesWritable() throws KernelException {
        mapFile(AT, 4, true, false);
        assertThat(Errors.of(() -> space.protect(AT, PAGE, RW))).isEqualTo(KernelError.PERMISSION_DENIED);
        space.protect(AT, PAGE, Protection.NONE);
        space.protect(AT, PAGE, Protection.READ);
        map(AT - PAGE, PAGE);
        space.protect(AT - PAGE, PAGE, Protection.NONE);
        assertThat(Errors.of(() -> space.protect(AT - PAGE, 2 * PAGE, RW))).isEqualTo(KernelError.PERMISSION_DENIED);
        assertThat(space.regions().find(AT - PAGE).protection()).isEqualTo(RW);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    @Tag("S43")
    void lockingBreaksCopyOnWriteOfPrivatePages(boolean shared) throws KernelException {
        Inode inode = mapFile(AT, 2, shared, true);
        assertThat(read(AT)).isZero();
        long cached = inode.pageIfResident(10);
        space.lock(AT, 2 * PAGE, Advice.LOCKED);
        assertThat(Pte.physicalAddress(space.pageTable().peek(AT)) == cached).isEqualTo(shared);
        assertThat(space.userPages()).isEqualTo(2);
    }

    @Test
    @Tag("S26")
    void lockingPastTheEndOfAFileIsAnError() throws KernelException {
        Inode inode = files.createUnnamed(PAGE);
        FileBacking backing = new FileBacking(inode, 0, true, true);
        space.regions().insert(new Region(AT, AT + 2 * PAGE, RegionKind.FILE, RW, backing, Advice.NONE));
        inode.release();
        assertThat(Errors.of(() -> space.lock(AT, 2 * PAGE, Advice.LOCKED))).isEqualTo(KernelError.UNMAPPED_MEMORY);
        assertThat(space.userPages()).isEqualTo(1);
    }
}
