package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.frame.FailurePlan;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a child has of its parent's memory, and what each then has alone. */
@Tag("S19")
@Tag("S38")
class ForkTest {
    private static final long PAGE = 4096;
    private static final long HUGE = 2 << 20;
    private static final long AT = 0x4000_0000L;
    private static final long SHARED_AT = 0x5000_0000L;
    private static final long DEVICE_AT = 0x6000_0000L;
    private static final long DEVICE = 0x1000_0000L;
    private static final int RW = Protection.READ | Protection.WRITE;

    private final TestMemory memory = new TestMemory(16 << 20, PagingMode.SV48, HugePages.ALWAYS);
    private final int freeAtBoot = memory.frames.freeFrames();
    private final List<AddressSpace> spaces = new ArrayList<>();
    private AddressSpace parent;
    private Inode sharedMemory;

    @BeforeEach
    void makeParent() throws KernelException {
        parent = memory.space();
        spaces.add(parent);
        parent.startHeap(0x5_0000);
        sharedMemory = memory.files.createUnnamed(16 * PAGE);
    }

    @AfterEach
    void everyFrameComesBack() {
        memory.frames.setFailurePlan(FailurePlan.NEVER);
        spaces.forEach(AddressSpace::destroy);
        sharedMemory.release();
        memory.refill();
        assertThat(memory.frames.freeFrames()).isEqualTo(freeAtBoot);
    }

    private AddressSpace fork(ForkStrategy strategy) {
        AddressSpace child = memory.fork(parent, strategy);
        if (child != null) {
            spaces.add(child);
        }
        return child;
    }

    private void map(long start, long pages, int protection) throws KernelException {
        parent.map(new MapRequest(start, pages * PAGE, protection, false, Placement.FIXED));
    }

    /** A page of each kind, some of them touched. */
    private void fill() throws KernelException {
        map(AT, 20, RW);
        for (int i = 0; i < 10; i++) {
            write(parent, AT + 2 * i * PAGE, i + 1);
        }
        parent.protect(AT + 2 * PAGE, PAGE, Protection.READ);
        parent.protect(AT + 4 * PAGE, PAGE, Protection.NONE);
        parent.moveBreak(0x5_0000 + 3 * PAGE + 5);
        write(parent, 0x5_0000 + PAGE, 77);
        FileBacking shared = new FileBacking(sharedMemory, 0, true, true);
        parent.regions()
                .insert(new Region(SHARED_AT, SHARED_AT + 4 * PAGE, RegionKind.SHARED, RW, shared, Advice.NONE));
        write(parent, SHARED_AT, 55);
        mapDevicePage();
    }

    private void mapDevicePage() throws KernelException {
        parent.regions()
                .insert(new Region(
                        DEVICE_AT, DEVICE_AT + PAGE, RegionKind.DEVICE, RW, new DeviceBacking(DEVICE), Advice.NONE));
        long io = (long) Pte.PBMT_IO << Pte.PBMT_SHIFT;
        parent.pageTable().map(DEVICE_AT, 0, Pte.leaf(DEVICE, io | Pte.U | Pte.R | Pte.W | Pte.A | Pte.D));
    }

    private void write(AddressSpace space, long address, int value) throws KernelException {
        memory.userMemory.copyAllToUser(space, address, new byte[] {(byte) value});
    }

    private int read(AddressSpace space, long address) throws KernelException {
        byte[] one = new byte[1];
        memory.userMemory.copyFromUser(space, address, one, 1);
        return one[0];
    }

    private static long frame(AddressSpace space, long address) {
        return Pte.physicalAddress(space.pageTable().peek(address));
    }

    /** Every present page of a space with its level, PTE and owners. */
    private TreeMap<Long, String> pages(AddressSpace space) {
        TreeMap<Long, String> found = new TreeMap<>();
        space.pageTable().visitPages(0, space.layout().userEnd(), (address, level, pte) -> {
            long frame = Pte.physicalAddress(pte);
            int owners = memory.ram.contains(frame, PAGE) ? memory.frames.owners(frame) : 0;
            found.put(address, level + " " + Pte.describe(pte) + " " + pte + " " + owners);
            return pte;
        });
        return found;
    }

    @ParameterizedTest
    @EnumSource(ForkStrategy.class)
    void theChildHasAllThatTheParentHas(ForkStrategy strategy) throws KernelException {
        fill();
        parent.setCodeRange(0x1_0000, 0x2_0000);
        AddressSpace child = fork(strategy);
        assertThat(child.regions().all())
                .containsExactlyElementsOf(parent.regions().all());
        assertThat(child.layout()).isEqualTo(parent.layout());
        assertThat(child.programBreak().start()).isEqualTo(parent.programBreak().start());
        assertThat(child.moveBreak(0)).isEqualTo(0x5_0000 + 3 * PAGE + 5);
        assertThat(child.isInCodeRange(0x1_0000)).isTrue();
        assertThat(child.isInCodeRange(0x2_0000)).isFalse();
        assertThat(child.userPages()).isEqualTo(parent.userPages()).isEqualTo(12);
        assertThat(pages(child).keySet()).isEqualTo(pages(parent).keySet());
        for (int i = 0; i < 10; i++) {
            assertThat(memory.ram.readByte(frame(child, AT + 2 * i * PAGE))).isEqualTo(i + 1);
        }
        assertThat(read(child, 0x5_0000 + PAGE)).isEqualTo(77);
        assertThat(frame(child, SHARED_AT)).isEqualTo(frame(parent, SHARED_AT));
        assertThat(child.pageTable().peek(DEVICE_AT))
                .isEqualTo(parent.pageTable().peek(DEVICE_AT));
    }

    @ParameterizedTest
    @EnumSource(ForkStrategy.class)
    void storesToPrivatePagesStayPrivateAndThoseToSharedOnesDoNot(ForkStrategy strategy) throws KernelException {
        fill();
        AddressSpace child = fork(strategy);
        write(child, AT, 101);
        write(parent, AT + 6 * PAGE, 102);
        write(child, AT + PAGE, 103);
        write(child, SHARED_AT, 104);
        write(parent, SHARED_AT + PAGE, 105);
        assertThat(read(parent, AT)).isEqualTo(1);
        assertThat(read(child, AT)).isEqualTo(101);
        assertThat(read(child, AT + 6 * PAGE)).isEqualTo(4);
        assertThat(read(parent, AT + 6 * PAGE)).isEqualTo(102);
        assertThat(read(parent, AT + PAGE)).isZero();
        assertThat(read(parent, SHARED_AT)).isEqualTo(104);
        assertThat(read(child, SHARED_AT + PAGE)).isEqualTo(105);
    }

    @Test
    @Tag("S42")
    void copyOnWriteTakesTablesOnly() throws KernelException {
        fill();
        int userFrames = memory.frames.inUse(FrameUse.USER);
        AddressSpace child = fork(ForkStrategy.COPY_ON_WRITE);
        assertThat(memory.frames.inUse(FrameUse.USER)).isEqualTo(userFrames);
        assertThat(child.pageTable().tablePages()).isEqualTo(parent.pageTable().tablePages());
        for (int i = 0; i < 10; i++) {
            long address = AT + 2 * i * PAGE;
            assertThat(frame(child, address)).isEqualTo(frame(parent, address));
            assertThat(memory.frames.owners(frame(parent, address))).isEqualTo(2);
            assertThat(parent.pageTable().peek(address) & Pte.W).isZero();
            assertThat(child.pageTable().peek(address) & Pte.W).isZero();
        }
        assertThat(parent.pageTable().peek(SHARED_AT) & Pte.W).isNotZero();
    }

    @Test
    void anEagerForkLeavesTheParentWritable() throws KernelException {
        fill();
        TreeMap<Long, String> before = pages(parent);
        AddressSpace child = fork(ForkStrategy.EAGER);
        before.remove(SHARED_AT);
        TreeMap<Long, String> after = pages(parent);
        after.remove(SHARED_AT);
        assertThat(after).isEqualTo(before);
        assertThat(frame(child, AT)).isNotEqualTo(frame(parent, AT));
        assertThat(child.pageTable().peek(AT) & Pte.W).isNotZero();
        write(child, AT, 9);
        assertThat(memory.counters.copyOnWrite + memory.counters.copyOnWriteReuse)
                .isZero();
    }

    @Test
    @Tag("S42")
    @Tag("S43")
    void everySharerButTheLastCopies() throws KernelException {
        map(AT, 1, RW);
        write(parent, AT, 1);
        AddressSpace first = fork(ForkStrategy.COPY_ON_WRITE);
        AddressSpace second = memory.fork(first, ForkStrategy.COPY_ON_WRITE);
        spaces.add(second);
        long frame = frame(parent, AT);
        assertThat(memory.frames.owners(frame)).isEqualTo(3);
        write(first, AT, 2);
        write(parent, AT, 3);
        assertThat(memory.counters.copyOnWrite).isEqualTo(2);
        assertThat(memory.counters.copyOnWriteReuse).isZero();
        write(second, AT, 4);
        assertThat(memory.counters.copyOnWrite).isEqualTo(2);
        assertThat(memory.counters.copyOnWriteReuse).isEqualTo(1);
        assertThat(frame(second, AT)).isEqualTo(frame);
        assertThat(new int[] {read(parent, AT), read(first, AT), read(second, AT)})
                .containsExactly(3, 2, 4);
        assertThat(memory.frames.inUse(FrameUse.USER)).isEqualTo(3);
    }

    @Test
    @Tag("S42")
    void theParentWritesWithoutCopyingWhenTheChildHasGone() throws KernelException {
        map(AT, 3, RW);
        write(parent, AT, 1);
        long frame = frame(parent, AT);
        fork(ForkStrategy.COPY_ON_WRITE).destroy();
        write(parent, AT, 2);
        assertThat(frame(parent, AT)).isEqualTo(frame);
        assertThat(memory.counters.copyOnWriteReuse).isEqualTo(1);
        assertThat(memory.counters.copyOnWrite).isZero();
    }

    @Test
    @Tag("S36")
    @Tag("S43")
    void theKernelsOwnStoresBreakSharingToo() throws KernelException {
        map(AT, 3, RW);
        write(parent, AT, 1);
        write(parent, AT + PAGE, 2);
        AddressSpace child = fork(ForkStrategy.COPY_ON_WRITE);
        assertThat(memory.userMemory.copyToUser(child, AT + 4090, new byte[10], 10))
                .isEqualTo(10);
        assertThat(memory.userMemory.prefault(child, AT, 4096, AccessType.STORE))
                .isEqualTo(4096);
        assertThat(memory.counters.copyOnWrite).isEqualTo(2);
        assertThat(read(parent, AT + PAGE)).isEqualTo(2);
        assertThat(read(child, AT + PAGE)).isZero();
        child.protect(AT, PAGE, Protection.READ);
        memory.userMemory.initialize(child, AT, ByteBuffer.wrap(new byte[] {9}));
        assertThat(read(child, AT)).isEqualTo(9);
        assertThat(read(parent, AT)).isEqualTo(1);
    }

    @Test
    @Tag("S43")
    void aCopyThatFindsNoFrameChangesNothing() throws KernelException {
        map(AT, 1, RW);
        write(parent, AT, 1);
        AddressSpace child = fork(ForkStrategy.COPY_ON_WRITE);
        memory.drainTo(0);
        TreeMap<Long, String> before = pages(child);
        assertThat(memory.faults.handle(child, AT, AccessType.STORE)).isEqualTo(FaultClass.OUT_OF_MEMORY);
        assertThat(pages(child)).isEqualTo(before);
        assertThat(memory.userMemory.peek(child, AT, 1)).containsExactly(1);
    }

    @Test
    @Tag("S20")
    void mprotectNeverMakesASharedPageWritable() throws KernelException {
        map(AT, 2, RW);
        write(parent, AT, 1);
        AddressSpace child = fork(ForkStrategy.COPY_ON_WRITE);
        for (int protection : new int[] {Protection.NONE, Protection.READ, RW, RW | Protection.EXEC}) {
            child.protect(AT, 2 * PAGE, protection);
            assertThat(child.pageTable().peek(AT) & Pte.W).isZero();
        }
        write(child, AT, 2);
        assertThat(read(parent, AT)).isEqualTo(1);
        child.protect(AT, 2 * PAGE, Protection.READ);
        child.protect(AT, 2 * PAGE, RW);
        assertThat(child.pageTable().peek(AT) & Pte.W).as("its own page").isNotZero();
    }

    @ParameterizedTest
    @EnumSource(ForkStrategy.class)
    void adviceDecidesWhatIsInherited(ForkStrategy strategy) throws KernelException {
        int locked = Advice.LOCKED | Advice.LOCKED_ON_FAULT | Advice.NO_HUGE;
        parent.regions().insert(new Region(AT, AT + PAGE, RegionKind.ANONYMOUS, RW, null, locked));
        parent.regions().insert(new Region(AT + PAGE, AT + 2 * PAGE, RegionKind.ANONYMOUS, RW, null, Advice.DONT_FORK));
        write(parent, AT, 1);
        write(parent, AT + PAGE, 2);
        AddressSpace child = fork(strategy);
        assertThat(child.regions().all())
                .containsExactly(new Region(AT, AT + PAGE, RegionKind.ANONYMOUS, RW, null, Advice.NO_HUGE));
        assertThat(child.userPages()).isEqualTo(1);
        assertThat(child.pageTable().peek(AT + PAGE)).isZero();
    }

    @ParameterizedTest
    @EnumSource(ForkStrategy.class)
    @Tag("S31")
    void aForkThatFailsAtAnyAllocationLeavesTheParentAsItWas(ForkStrategy strategy) throws KernelException {
        fill();
        map(AT + HUGE, HUGE / PAGE, RW);
        write(parent, AT + HUGE, 1);
        TreeMap<Long, String> pages = pages(parent);
        List<Region> regions = List.copyOf(parent.regions().all());
        int references = sharedMemory.references();
        int free = memory.frames.freeFrames();
        int failed = 0;
        for (boolean done = false; !done; failed++) {
            AtomicInteger left = new AtomicInteger(failed);
            memory.frames.setFailurePlan(() -> left.getAndDecrement() == 0);
            AddressSpace child = fork(strategy);
            memory.frames.setFailurePlan(FailurePlan.NEVER);
            done = left.get() >= 0;
            if (child == null) {
                assertThat(pages(parent)).as("allocation %d", failed).isEqualTo(pages);
                assertThat(parent.regions().all()).containsExactlyElementsOf(regions);
                assertThat(memory.frames.freeFrames()).isEqualTo(free);
                assertThat(sharedMemory.references()).isEqualTo(references);
                assertThat(parent.userPages()).isEqualTo(12 + 512);
            } else {
                // An eager fork does without a huge page.
                assertThat(done || strategy == ForkStrategy.EAGER).isTrue();
                child.destroy();
                pages = pages(parent);
            }
        }
        assertThat(failed).isGreaterThanOrEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(ForkStrategy.class)
    void aForkGoesInBoundedStepsBetweenWhichItCanBeSaved(ForkStrategy strategy) throws KernelException {
        map(AT, 1200, RW);
        parent.protect(AT + 7 * PAGE, PAGE, Protection.READ);
        for (int i = 0; i < 1100; i++) {
            memory.faults.handle(parent, AT + i * PAGE, i == 7 ? AccessType.LOAD : AccessType.STORE);
        }
        AddressSpace child = parent.beginFork();
        ForkProgress progress = ForkProgress.begin(strategy);
        int steps = 0;
        int reached = 0;
        while (!progress.isOver()) {
            progress = parent.forkStep(child, progress);
            // A huge page may come when a step has one page left.
            assertThat(child.userPages() - reached).isLessThanOrEqualTo(511 + 512);
            reached = child.userPages();
            steps++;
            ByteArrayDataOutput saved = ByteStreams.newDataOutput();
            progress.save(saved);
            child.save(saved);
            AddressSpace restored = AddressSpace.forRestore(memory.services, parent.layout());
            var in = ByteStreams.newDataInput(saved.toByteArray());
            assertThat(ForkProgress.restore(in)).isEqualTo(progress);
            restored.restore(in);
            child = restored;
        }
        spaces.add(child);
        assertThat(steps).isGreaterThan(2);
        assertThat(child.userPages()).isEqualTo(parent.userPages());
        assertThat(pages(child).keySet()).isEqualTo(pages(parent).keySet());
    }

    @Test
    @Tag("S14")
    void aHugePageIsSharedWholeAndSplitByTheFirstStore() throws KernelException {
        map(AT, 2 * HUGE / PAGE, RW);
        write(parent, AT, 1);
        write(parent, AT + 9 * PAGE, 2);
        assertThat(parent.pageTable().find(AT).isHuge()).isTrue();
        AddressSpace child = fork(ForkStrategy.COPY_ON_WRITE);
        assertThat(child.pageTable().find(AT).isHuge()).isTrue();
        assertThat(child.pageTable().tablePages()).isEqualTo(parent.pageTable().tablePages());
        assertThat(child.userPages()).isEqualTo(512);
        for (int i = 0; i < 512; i++) {
            assertThat(memory.frames.owners(frame(parent, AT) + i * PAGE)).isEqualTo(2);
        }
        write(child, AT + 9 * PAGE, 3);
        assertThat(child.pageTable().find(AT).isHuge()).isFalse();
        assertThat(parent.pageTable().find(AT).isHuge()).isTrue();
        assertThat(memory.counters.copyOnWrite).isEqualTo(1);
        assertThat(child.userPages()).isEqualTo(512);
        assertThat(read(parent, AT + 9 * PAGE)).isEqualTo(2);
        assertThat(read(child, AT)).isEqualTo(1);
        assertThat(memory.frames.inUse(FrameUse.USER)).isEqualTo(513);
        child.destroy();
        write(parent, AT, 4);
        assertThat(parent.pageTable().find(AT).isHuge())
                .as("its last owner keeps it whole")
                .isTrue();
        assertThat(memory.counters.copyOnWriteReuse).isEqualTo(1);
    }

    @Test
    @Tag("S14")
    void anEagerForkCopiesAHugePageWholeOrInPieces() throws KernelException {
        map(AT, HUGE / PAGE, RW);
        write(parent, AT, 1);
        write(parent, AT + 9 * PAGE, 2);
        AddressSpace whole = fork(ForkStrategy.EAGER);
        assertThat(whole.pageTable().find(AT).isHuge()).isTrue();
        assertThat(read(whole, AT + 9 * PAGE)).isEqualTo(2);
        // One frame of each 2 MiB in use: nothing contiguous is left.
        List<Long> scattered = new ArrayList<>();
        long block = allocateHuge();
        for (; block != 0; block = allocateHuge()) {
            scattered.add(block);
        }
        for (long first : scattered) {
            for (int i = 1; i < 512; i++) {
                memory.frames.release(first + i * PAGE);
            }
        }
        AddressSpace pieces = memory.fork(parent, ForkStrategy.EAGER);
        spaces.add(pieces);
        assertThat(pieces.pageTable().find(AT).isHuge()).isFalse();
        assertThat(pieces.userPages()).isEqualTo(512);
        assertThat(read(pieces, AT + 9 * PAGE)).isEqualTo(2);
        scattered.forEach(memory.frames::release);
    }

    private long allocateHuge() {
        try {
            return memory.frames.allocateContiguous(9, FrameUse.USER);
        } catch (KernelException e) {
            return 0;
        }
    }
}
