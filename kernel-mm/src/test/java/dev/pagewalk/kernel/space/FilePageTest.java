package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.frame.FailurePlan;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What loads and stores find where a file is mapped. */
@Tag("S39")
@Tag("S26")
class FilePageTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x10_0000;
    private static final int FILE_BYTES = 2 * 4096 + 100;
    private static final int RW = Protection.READ | Protection.WRITE;

    private final TestMemory memory = new TestMemory(1 << 20, PagingMode.SV48);
    private final int freeAtBoot = memory.frames.freeFrames();
    private AddressSpace space;
    private Inode file;

    @BeforeEach
    void makeFile() {
        byte[] bytes = new byte[FILE_BYTES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (1 + i / 4096);
        }
        memory.files.preload("/file", bytes);
        file = memory.file("/file");
        space = memory.space();
    }

    @AfterEach
    void onlyThePageCacheKeepsFrames() {
        space.destroy();
        memory.refill();
        assertThat(memory.frames.freeFrames()).isEqualTo(freeAtBoot - (int) file.residentPages());
        assertThat(file.references()).isZero();
    }

    /** Maps five pages, from the file's second one on. */
    private Region map(boolean shared, int protection) {
        FileBacking backing = new FileBacking(file, PAGE, shared, true);
        space.regions().insert(new Region(AT, AT + 5 * PAGE, RegionKind.FILE, protection, backing, Advice.NONE));
        return space.regions().find(AT);
    }

    private FaultClass access(long address, AccessType access) {
        return memory.faults.handle(space, address, access);
    }

    private byte[] read(long address, int length) throws KernelException {
        byte[] bytes = new byte[length];
        return Arrays.copyOf(bytes, memory.userMemory.copyFromUser(space, address, bytes, length));
    }

    private void write(long address, int value) throws KernelException {
        memory.userMemory.copyAllToUser(space, address, new byte[] {(byte) value});
    }

    @Test
    void aLoadFromAPrivateMappingMapsTheCachesFrameReadOnly() throws KernelException {
        map(false, RW);
        assertThat(access(AT + 5, AccessType.LOAD)).isNull();
        long pte = space.pageTable().peek(AT);
        assertThat(Pte.physicalAddress(pte)).isEqualTo(file.pageIfResident(1));
        assertThat(Pte.rights(pte)).isEqualTo("r--u-a-");
        assertThat(memory.frames.owners(Pte.physicalAddress(pte))).isEqualTo(2);
        assertThat(memory.frames.use(Pte.physicalAddress(pte))).isEqualTo(FrameUse.FILE);
        assertThat(read(AT, 2)).containsExactly(2, 2);
        assertThat(memory.counters.file).isEqualTo(1);
        assertThat(space.userPages()).isEqualTo(1);
    }

    @Test
    void whatTheFileDoesNotFillOfItsLastPageReadsZero() throws KernelException {
        map(false, Protection.READ);
        byte[] page = read(AT + PAGE, 4096);
        for (int i = 0; i < 4096; i++) {
            assertThat(page[i]).isEqualTo((byte) (i < 100 ? 3 : 0));
        }
    }

    @Test
    @Tag("S31")
    void aPageThatCouldNotBeMappedForStoresCanBeGivenBackUnderPressure() {
        map(true, RW);
        AtomicInteger allocations = new AtomicInteger();
        memory.frames.setFailurePlan(() -> allocations.incrementAndGet() > 1);
        assertThat(access(AT, AccessType.STORE)).isEqualTo(FaultClass.OUT_OF_MEMORY);
        memory.frames.setFailurePlan(FailurePlan.NEVER);
        assertThat(file.residentPages()).isEqualTo(1);
        assertThat(memory.files.reclaim()).isTrue();
        assertThat(file.residentPages()).isZero();
    }

    @Test
    @Tag("S43")
    void aStoreToAPrivateMappingGetsACopyAndTheFileStaysAsItWas() throws KernelException {
        map(false, RW);
        read(AT, 1);
        write(AT, 77);
        write(AT + PAGE, 78);
        assertThat(memory.counters.copyOnWrite)
                .as("once after a load, once at once")
                .isEqualTo(2);
        assertThat(memory.counters.copyOnWriteReuse).isZero();
        assertThat(read(AT, 2)).containsExactly(77, 2);
        assertThat(read(AT + PAGE, 2)).containsExactly(78, 3);
        assertThat(memory.ram.readByte(file.page(1))).isEqualTo(2);
        assertThat(memory.ram.readByte(file.page(2))).isEqualTo(3);
        assertThat(memory.frames.owners(file.page(1))).isEqualTo(1);
        assertThat(memory.frames.inUse(FrameUse.USER)).isEqualTo(2);
        assertThat(space.userPages()).isEqualTo(2);
    }

    @Test
    @Tag("S42")
    void aFilesFrameIsNeverReusedEvenByItsLastOwner() throws KernelException {
        Region region = map(false, RW);
        long frame = memory.frames.allocate(FrameUse.FILE);
        space.install(AT, 0, KernelPte.userPage(frame, Pte.R, Pte.A));
        assertThat(space.makeAccessible(region, AT, AccessType.STORE)).isEqualTo(PageChange.COPY);
        assertThat(memory.frames.owners(frame)).isZero();
    }

    @Test
    void aStoreToASharedMappingReachesTheFile() throws KernelException {
        map(true, RW);
        write(AT, 77);
        assertThat(memory.ram.readByte(file.pageIfResident(1))).isEqualTo(77);
        assertThat(Pte.rights(space.pageTable().peek(AT))).isEqualTo("rw-u-ad");
        assertThat(memory.counters.file).isEqualTo(1);
        assertThat(memory.counters.copyOnWrite).isZero();
    }

    @Test
    @Tag("S20")
    void mprotectLeavesStoresToBeNoticed() throws KernelException {
        map(false, Protection.READ);
        read(AT, 1);
        space.protect(AT, PAGE, RW);
        assertThat(space.pageTable().peek(AT) & Pte.W).isZero();
        write(AT, 9);
        assertThat(memory.ram.readByte(file.page(1))).isEqualTo(2);
        space.unmap(AT, 5 * PAGE);
        map(true, Protection.READ);
        read(AT, 1);
        space.protect(AT, PAGE, RW);
        assertThat(space.pageTable().peek(AT) & Pte.W)
                .as("the cache has to know")
                .isZero();
        write(AT, 9);
        assertThat(memory.ram.readByte(file.page(1))).isEqualTo(9);
        assertThat(space.pageTable().peek(AT) & Pte.W).isNotZero();
    }

    @Test
    @Tag("S40")
    void beyondTheEndOfTheFileIsABusErrorAndForTheKernelABadAddress() throws KernelException {
        for (boolean shared : new boolean[] {false, true}) {
            map(shared, RW);
            assertThat(access(AT + PAGE + 4000, AccessType.STORE)).isNull();
            for (AccessType access : new AccessType[] {AccessType.LOAD, AccessType.STORE}) {
                assertThat(access(AT + 2 * PAGE, access)).isEqualTo(FaultClass.BUS);
            }
            assertThat(Errors.of(() -> read(AT + 2 * PAGE, 1))).isEqualTo(KernelError.INVALID_ADDRESS);
            assertThat(read(AT + PAGE, 2 * 4096)).hasSize(4096);
            space.unmap(AT, 5 * PAGE);
        }
        assertThat(FaultClass.BUS.describe(AT)).isEqualTo("bus error at 0x0000000000100000");
    }

    @Test
    void memoryThatOthersMayNotSeeIsOwnedBeforeTheKernelFillsIt() throws KernelException {
        map(false, Protection.READ);
        read(AT, 1);
        memory.userMemory.initialize(space, AT + 4094, ByteBuffer.wrap(new byte[] {50, 51, 52, 53}));
        assertThat(read(AT + 4094, 4)).containsExactly(50, 51, 52, 53);
        assertThat(memory.ram.readByte(file.page(1) + 4094)).isEqualTo(2);
        assertThat(memory.ram.readByte(file.page(2))).isEqualTo(3);
        assertThat(Pte.rights(space.pageTable().peek(AT))).isEqualTo("r--u-ad");
        assertThat(space.pageTable().peek(AT + PAGE) & Pte.W).isZero();
    }

    @Test
    void populatingBringsWhatTheFileHas() throws KernelException {
        map(true, Protection.READ);
        long reached = AT;
        while (reached < AT + 5 * PAGE) {
            reached = space.populateStep(reached, AT + 5 * PAGE);
        }
        assertThat(space.userPages()).isEqualTo(2);
    }

    @Test
    @Tag("S31")
    void aFaultThatFailsAtAnyAllocationLeavesNoTrace() throws KernelException {
        file.page(1);
        int free = memory.frames.freeFrames();
        for (AccessType access : new AccessType[] {AccessType.LOAD, AccessType.STORE}) {
            Region region = map(false, RW);
            for (int nth = 0; ; nth++) {
                AtomicInteger left = new AtomicInteger(nth);
                memory.frames.setFailurePlan(() -> left.getAndDecrement() == 0);
                KernelError error = Errors.of(() -> space.makeAccessible(region, AT, access));
                memory.frames.setFailurePlan(FailurePlan.NEVER);
                if (error == null) {
                    assertThat(nth).isEqualTo(access == AccessType.LOAD ? 3 : 4);
                    break;
                }
                assertThat(error).isEqualTo(KernelError.OUT_OF_MEMORY);
                assertThat(memory.frames.freeFrames()).isEqualTo(free);
                assertThat(memory.frames.owners(file.pageIfResident(1))).isEqualTo(1);
                assertThat(space.userPages()).isZero();
            }
            space.unmap(AT, 5 * PAGE);
        }
    }

    @Test
    void sharedMemoryWithoutAFileCountsAsZeros() throws KernelException {
        Inode unnamed = memory.files.createUnnamed(PAGE);
        FileBacking backing = new FileBacking(unnamed, 0, true, true);
        space.regions().insert(new Region(AT, AT + PAGE, RegionKind.SHARED, RW, backing, Advice.NONE));
        unnamed.release();
        write(AT, 1);
        assertThat(memory.counters.demandZero).isEqualTo(1);
        assertThat(memory.counters.file).isZero();
        assertThat(read(AT, 2)).containsExactly(1, 0);
    }

    @Test
    void truncationTakesAwayWhatLiesWhollyBeyondTheEnd() throws KernelException {
        file.truncate(5 * PAGE);
        map(false, RW);
        for (int page = 0; page < 4; page++) {
            read(AT + page * PAGE, 1);
        }
        write(AT + 3 * PAGE, 77);
        file.truncate(Long.MAX_VALUE);
        memory.files.observeMappings((inode, newSizeBytes) -> space.truncated(inode, newSizeBytes));
        file.truncate(Long.MAX_VALUE - 1);
        assertThat(space.userPages()).isEqualTo(4);
        file.truncate(2 * PAGE + 1);
        assertThat(space.userPages()).isEqualTo(2);
        assertThat(space.pageTable().peek(AT + PAGE)).isNotZero();
        assertThat(space.pageTable().peek(AT + 2 * PAGE)).isZero();
        file.truncate(1);
        assertThat(space.userPages()).isZero();
        assertThat(access(AT, AccessType.LOAD)).isEqualTo(FaultClass.BUS);
    }
}
