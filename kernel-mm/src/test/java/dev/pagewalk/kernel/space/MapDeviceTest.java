package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestFramebuffer;
import dev.pagewalk.kernel.testing.TestMachine;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Device memory in an address space: mapped whole, used by the guest, and never given to the frame allocator. */
@Tag("S8")
class MapDeviceTest {
    private static final long PAGE = 4096;
    private static final long PIXELS = TestFramebuffer.BASE + TestFramebuffer.PIXELS;
    private static final int PIXEL_BYTES = TestFramebuffer.STRIDE_BYTES * TestFramebuffer.HEIGHT;
    private static final long SCREEN = 0x3000_0000L;
    private static final int RW = Protection.READ | Protection.WRITE;

    private final TestMemory memory = new TestMemory(4 << 20, PagingMode.SV48);
    private final AddressSpace space = memory.space();

    @Test
    void allPagesAreMappedAtOnceAsDeviceMemoryOfTheUsers() throws KernelException {
        int framesBefore = memory.frames.freeFrames();
        int tablesBefore = space.pageTable().tablePages();

        space.mapPhysical(SCREEN, 3 * PAGE, PIXELS, RW);

        for (int page = 0; page < 3; page++) {
            assertThat(Pte.describe(space.pageTable().peek(SCREEN + page * PAGE)))
                    .isEqualTo(String.format("leaf 0x%x rw-u-ad device", PIXELS + page * PAGE));
        }
        assertThat(space.pageTable().peek(SCREEN + 3 * PAGE)).isZero();
        assertThat(space.regions().find(SCREEN))
                .isEqualTo(new Region(
                        SCREEN, SCREEN + 3 * PAGE, RegionKind.DEVICE, RW, new DeviceBacking(PIXELS), Advice.NONE));
        assertThat(space.userPages()).isZero();
        assertThat(framesBefore - memory.frames.freeFrames())
                .isEqualTo(space.pageTable().tablePages() - tablesBefore);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void aRangeOverManyTablesIsMappedToItsEnd(PagingMode mode) throws KernelException {
        TestMemory other = new TestMemory(4 << 20, mode);
        AddressSpace wide = other.space();
        long start = 0x3FFF_F000L;
        long pages = 2 * 512 + 2;

        wide.mapPhysical(start, pages * PAGE, PIXELS, Protection.READ);

        for (long page : new long[] {0, 1, 512, 513, 1024, 1025}) {
            assertThat(Pte.physicalAddress(wide.pageTable().peek(start + page * PAGE)))
                    .isEqualTo(PIXELS + page * PAGE);
        }
        wide.destroy();
        assertThat(other.frames.freeFrames()).isEqualTo(new TestMemory(4 << 20, mode).frames.freeFrames());
    }

    @ParameterizedTest
    @CsvSource({"-1, 2", "2, 2", "0, 3", "-1, 5", "1, 1"})
    void anyOverlapIsRefused(int firstPage, int pages) throws KernelException {
        space.mapPhysical(SCREEN, 3 * PAGE, PIXELS, RW);
        List<String> before = contents(space);

        assertThat(Errors.of(() -> space.mapPhysical(SCREEN + firstPage * PAGE, pages * PAGE, PIXELS, RW)))
                .isEqualTo(KernelError.ALREADY_EXISTS);

        assertThat(contents(space)).isEqualTo(before);
    }

    @Test
    void adjacencyIsAllowedAndTheRegionsStayApart() throws KernelException {
        space.mapPhysical(SCREEN, PAGE, PIXELS, RW);
        space.mapPhysical(SCREEN + PAGE, PAGE, PIXELS + PAGE, RW);
        space.mapPhysical(SCREEN - PAGE, PAGE, PIXELS - PAGE, RW);
        assertThat(space.regions().size()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        "0x30000001, 0x1000, 0x50002000",
        "0x30000000, 0x1001, 0x50002000",
        "0x30000000, 0, 0x50002000",
        "0x30000000, -0x1000, 0x50002000",
        "0x30000000, 0x1000, 0x50002001",
        "0x30000000, 0x1000, -0x1000",
        "0x30000000, 0x1000, 0x80000000",
        "0x30000000, 0x2000, 0x7FFFF000",
        "0, 0x1000, 0x50002000",
        "-0x1000, 0x1000, 0x50002000",
    })
    void whatIsNoUserRangeOfPagesOrIsRamIsRefused(String start, String lengthBytes, String physicalAddress) {
        assertThat(Errors.of(() -> space.mapPhysical(
                        Long.decode(start), Long.decode(lengthBytes), Long.decode(physicalAddress), RW)))
                .isEqualTo(KernelError.INVALID_ARGUMENT);
        assertThat(space.regions().size()).isZero();
    }

    @Test
    void mmapPicksAPlaceOrTakesAHint() throws KernelException {
        long picked = space.mapDevice(request(0, 3 * PAGE, MapRequest.Placement.ANYWHERE), PIXELS);
        long hinted = space.mapDevice(request(SCREEN, 5000, MapRequest.Placement.ANYWHERE), PIXELS);

        assertThat(picked).isEqualTo(space.layout().mmapStart());
        assertThat(hinted).isEqualTo(SCREEN);
        assertThat(space.regions().find(SCREEN).lengthBytes()).isEqualTo(2 * PAGE);
        assertThat(space.pageTable().peek(picked)).isEqualTo(space.pageTable().peek(hinted));
    }

    @Test
    void mmapReplacesWithFixedOnly() throws KernelException {
        space.mapRegion(SCREEN, 4 * PAGE, RegionKind.ANONYMOUS, RW);
        MapRequest noReplace = request(SCREEN + PAGE, PAGE, MapRequest.Placement.FIXED_NOREPLACE);
        assertThat(Errors.of(() -> space.mapDevice(noReplace, PIXELS))).isEqualTo(KernelError.ALREADY_EXISTS);

        space.mapDevice(request(SCREEN + PAGE, PAGE, MapRequest.Placement.FIXED), PIXELS);

        assertThat(space.regions().size()).isEqualTo(3);
        assertThat(space.userPages()).isEqualTo(3);
        assertThat(Pte.physicalAddress(space.pageTable().peek(SCREEN + PAGE))).isEqualTo(PIXELS);
    }

    @Test
    void aPrivateMappingIsRefused() {
        MapRequest request = new MapRequest(0, PAGE, RW, false, MapRequest.Placement.ANYWHERE);
        assertThat(Errors.of(() -> space.mapDevice(request, PIXELS))).isEqualTo(KernelError.INVALID_ARGUMENT);
    }

    private static MapRequest request(long address, long lengthBytes, MapRequest.Placement placement) {
        return new MapRequest(address, lengthBytes, RW, true, placement);
    }

    /** The frame allocator throws where a foreign frame is given to it. */
    @ParameterizedTest
    @CsvSource({"0, 3, 0", "0, 1, 1", "2, 1, 1", "1, 1, 2"})
    void unmappingNeverFreesDeviceFrames(int firstPage, int pages, int regionsLeft) throws KernelException {
        int frames = memory.frames.freeFrames();
        int tables = space.pageTable().tablePages();
        space.mapPhysical(SCREEN, 3 * PAGE, PIXELS, RW);

        space.unmap(SCREEN + firstPage * PAGE, pages * PAGE);

        assertThat(space.regions().size()).isEqualTo(regionsLeft);
        for (int page = 0; page < 3; page++) {
            boolean isGone = page >= firstPage && page < firstPage + pages;
            assertThat(space.pageTable().peek(SCREEN + page * PAGE) == 0).isEqualTo(isGone);
        }
        space.unmap(SCREEN, 3 * PAGE);
        assertThat(space.pageTable().tablePages()).isEqualTo(tables);
        assertThat(memory.frames.freeFrames()).isEqualTo(frames);
    }

    @Test
    void protectionsChangeAndTheMemoryStaysADevices() throws KernelException {
        space.mapPhysical(SCREEN, 3 * PAGE, PIXELS, RW);

        space.protect(SCREEN, 3 * PAGE, Protection.NONE);
        space.protect(SCREEN + PAGE, PAGE, Protection.READ);

        assertThat(Pte.describe(space.pageTable().peek(SCREEN + PAGE)))
                .isEqualTo(String.format("leaf 0x%x r--u-ad device", PIXELS + PAGE));
        assertThat(space.pageTable().look(SCREEN).isPresent()).isTrue();
        assertThat(Pte.isValid(space.pageTable().peek(SCREEN))).isFalse();
        space.unmap(SCREEN, 3 * PAGE);
    }

    @ParameterizedTest
    @EnumSource(ForkStrategy.class)
    @Tag("S19")
    void forkMapsTheSameDeviceMemoryInBoth(ForkStrategy strategy) throws KernelException {
        int frames = memory.frames.freeFrames();
        space.mapPhysical(SCREEN, 3 * PAGE, PIXELS, RW);

        AddressSpace child = memory.fork(space, strategy);

        assertThat(child.regions().find(SCREEN)).isEqualTo(space.regions().find(SCREEN));
        for (int page = 0; page < 3; page++) {
            assertThat(Pte.describe(child.pageTable().peek(SCREEN + page * PAGE)))
                    .isEqualTo(String.format("leaf 0x%x rw-u-ad device", PIXELS + page * PAGE));
            assertThat(space.pageTable().peek(SCREEN + page * PAGE))
                    .isEqualTo(child.pageTable().peek(SCREEN + page * PAGE));
        }
        assertThat(child.userPages()).isZero();
        child.destroy();
        space.unmap(SCREEN, 3 * PAGE);
        assertThat(memory.frames.freeFrames()).isEqualTo(frames);
    }

    @Test
    void mremapMovesAndShrinksItButDoesNotMakeItLonger() throws KernelException {
        int frames = memory.frames.freeFrames();
        space.mapPhysical(SCREEN, 2 * PAGE, PIXELS, RW);
        long elsewhere = SCREEN + (4 << 20);
        RemapRequest longer = new RemapRequest(SCREEN, 2 * PAGE, 3 * PAGE, RemapRequest.MAY_MOVE, 0);
        assertThat(Errors.of(() -> space.remap(longer))).isEqualTo(KernelError.INVALID_ADDRESS);

        long flags = RemapRequest.MAY_MOVE | RemapRequest.FIXED;
        space.remap(new RemapRequest(SCREEN, 2 * PAGE, PAGE, flags, elsewhere));

        assertThat(space.pageTable().peek(SCREEN)).isZero();
        assertThat(Pte.describe(space.pageTable().peek(elsewhere)))
                .isEqualTo(String.format("leaf 0x%x rw-u-ad device", PIXELS));
        assertThat(space.regions().size()).isEqualTo(1);
        assertThat(space.userPages()).isZero();
        space.unmap(elsewhere, PAGE);
        assertThat(memory.frames.freeFrames()).isEqualTo(frames);
    }

    /** Its pages could not come back. */
    @ParameterizedTest
    @EnumSource(
            value = MemoryAdvice.class,
            names = {"DONTNEED", "FREE"})
    void itsPagesCannotBeDiscarded(MemoryAdvice advice) throws KernelException {
        space.mapPhysical(SCREEN, 3 * PAGE, PIXELS, RW);
        assertThat(Errors.of(() -> space.advise(SCREEN, 3 * PAGE, advice))).isEqualTo(KernelError.INVALID_ARGUMENT);
        assertThat(space.pageTable().peek(SCREEN)).isNotZero();
    }

    @Test
    void lockingItHasNoEffect() throws KernelException {
        space.mapPhysical(SCREEN, 3 * PAGE, PIXELS, RW);
        Region before = space.regions().find(SCREEN);
        space.lock(SCREEN, 3 * PAGE, Advice.LOCKED);
        space.populateStep(SCREEN, SCREEN + 3 * PAGE);
        assertThat(space.regions().find(SCREEN)).isEqualTo(before);
    }

    /** Fails the n-th allocation for every n: the tree, the regions and the frames are as before each time. */
    @ParameterizedTest
    @ValueSource(longs = {SCREEN, 0x3FFF_F000L})
    @Tag("S31")
    void runningOutOfTablesLeavesNoTrace(long start) throws KernelException {
        space.mapRegion(start - PAGE, PAGE, RegionKind.ANONYMOUS, RW);
        int frames = memory.frames.freeFrames();
        List<String> before = contents(space);
        int failures = 0;
        while (true) {
            int allocations = failures;
            int[] count = {0};
            memory.frames.setFailurePlan(() -> count[0]++ == allocations);
            KernelError error = Errors.of(() -> space.mapPhysical(start, 1500 * PAGE, PIXELS, RW));
            memory.frames.setFailurePlan(() -> false);
            if (error == null) {
                break;
            }
            failures++;
            assertThat(error).isEqualTo(KernelError.OUT_OF_MEMORY);
            assertThat(contents(space)).isEqualTo(before);
            assertThat(memory.frames.freeFrames()).isEqualTo(frames);
        }
        assertThat(failures).isGreaterThanOrEqualTo(2);
        assertThat(space.pageTable().peek(start + 1499 * PAGE)).isNotZero();
    }

    /** Regions, and every valid entry of the user half. */
    private List<String> contents(AddressSpace of) {
        List<String> contents = new ArrayList<>();
        of.regions().all().forEach(region -> contents.add(region.toString()));
        addTable(contents, of.pageTable().rootAddress(), memory.editor.mode().levels() - 1, 256);
        return contents;
    }

    private void addTable(List<String> contents, long table, int level, int entries) {
        for (int index = 0; index < entries; index++) {
            long pte = memory.ram.readLong(table + 8L * index);
            if (pte != 0) {
                contents.add(level + "[" + index + "] " + Pte.describe(pte));
            }
            if (Pte.isValid(pte) && !Pte.isLeaf(pte)) {
                addTable(contents, Pte.physicalAddress(pte), level - 1, PagingMode.TABLE_ENTRIES);
            }
        }
    }

    private final TestFramebuffer framebuffer = new TestFramebuffer();

    /** A guest whose space has the pixels at {@link #SCREEN}. */
    private TestMachine withScreen(Guest guest, int protection) throws KernelException {
        TestMachine machine = TestMachine.options().boot(guest.source());
        machine.machine().bus().attach(framebuffer);
        machine.process().space().mapPhysical(SCREEN, PIXEL_BYTES, PIXELS, protection);
        return machine;
    }

    @ParameterizedTest
    @ValueSource(strings = {"ideal", "u74", "skylake"})
    void aGuestDrawsAndReadsWhatItDrew(String profile) throws KernelException {
        Guest guest = new Guest()
                .line("li s0, 0x30000000")
                .line("li s1, 0x0102030405060708")
                .line("sd s1, 0(s0)")
                .line("sw s1, 2044(s0)")
                .line("sh s1, 1000(s0)")
                .line("sb s1, 1003(s0)")
                .line("lwu a0, 1000(s0)")
                .expect(0x0800_0708)
                .line("ld a0, 0(s0)")
                .line("sub a0, a0, s1")
                .expect(0)
                .munmap("s0", PIXEL_BYTES)
                .expect(0);
        TestMachine machine = TestMachine.options().profile(profile).boot(guest.source());
        machine.machine().bus().attach(framebuffer);
        machine.process().space().mapPhysical(SCREEN, PIXEL_BYTES, PIXELS, RW);

        machine.finish();

        assertThat(machine.exitStatus()).isZero();
        assertThat(framebuffer.pixels().getLong(0)).isEqualTo(0x0102_0304_0506_0708L);
        assertThat(framebuffer.pixels().getInt(2044)).isEqualTo(0x0506_0708);
        assertThat(framebuffer.pixels().getInt(1000)).isEqualTo(0x0800_0708);
    }

    /** The end of the process unmaps what the guest did not. */
    @ParameterizedTest
    @CsvSource({
        "'sw zero, 2(s0)', 135, bus error at 0x0000000030000002",
        "'ld a0, -4(s1)', 135, bus error at 0x0000000030000ffc",
        "'amoadd.w a0, a1, (s0)', 135, bus error at 0x0000000030000000",
        "'lr.d a0, (s0)', 135, bus error at 0x0000000030000000",
        "'jr s0', 139, exec fault at 0x0000000030000000",
        "'sw zero, 0(s2)', 139, invalid uva at 0x0000000030003000",
    })
    void whatTheDeviceDoesNotTakeIsASignal(String instruction, int status, String marker) throws KernelException {
        Guest guest = new Guest()
                .line("li s0, 0x30000000")
                .line("li s1, 0x30001000")
                .line("li s2, 0x30003000")
                .line(instruction);
        TestMachine machine = withScreen(guest, RW).finish();
        assertThat(machine.exitStatus()).isEqualTo(status);
        assertThat(machine.console()).isEqualTo("[KERN] " + marker + "\n");
    }

    @Test
    void aStoreThroughAReadOnlyMappingIsASignal() throws KernelException {
        Guest guest = new Guest().line("li s0, 0x30000000").line("lw a0, 0(s0)").line("sw a0, 0(s0)");
        TestMachine machine = withScreen(guest, Protection.READ).finish();
        assertThat(machine.exitStatus()).isEqualTo(139);
        assertThat(machine.console()).isEqualTo("[KERN] perm fault at 0x0000000030000000\n");
    }

    /** Its bytes are no buffer for system calls, and looking at them for a trace has no effect on the device. */
    @Test
    void systemCallsFindNoBufferInDeviceMemory() throws KernelException {
        Guest guest = new Guest()
                .call(Guest.WRITE, 1, 0x3000_0000, 8)
                .expect(Guest.EFAULT)
                .call(Guest.READ, 0, 0x3000_0000, 8)
                .expect(Guest.EFAULT)
                .line("li s0, 0x30000000")
                .line("addi s0, s0, -4")
                .call(Guest.WRITE, 1, "s0", 8)
                .expect(4);
        TestMachine machine = TestMachine.options().traced().input("typed\n").boot(guest.source());
        machine.machine().bus().attach(framebuffer);
        AddressSpace guestSpace = machine.process().space();
        guestSpace.mapPhysical(SCREEN, PIXEL_BYTES, PIXELS, RW);
        guestSpace.mapRegion(SCREEN - PAGE, PAGE, RegionKind.ANONYMOUS, RW);

        machine.finish();

        assertThat(machine.exitStatus()).isZero();
        assertThat(machine.trace().get(0)).startsWith("1 write(1, 0x30000000, 8) = ");
    }

    @Test
    void aSavedSpaceHasItsDeviceMemoryAgain() throws KernelException {
        space.mapPhysical(SCREEN, 3 * PAGE, PIXELS, RW);
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        space.save(out);
        AddressSpace restored = AddressSpace.forRestore(memory.services, UserLayout.DEFAULT);
        restored.restore(ByteStreams.newDataInput(out.toByteArray()));
        assertThat(restored.regions().find(SCREEN)).isEqualTo(space.regions().find(SCREEN));
    }
}
