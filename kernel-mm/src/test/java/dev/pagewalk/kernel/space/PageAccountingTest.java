package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.PageCensus;
import dev.pagewalk.kernel.testing.TestMachine;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many pages and tables each process has is never a guess: the counts are those of its tables, entry by entry. */
@Tag("S32")
class PageAccountingTest {
    private static final long PAGE = 4096;
    private static final long HUGE = 2 << 20;
    private static final long AT = 0x4000_0000L;
    private static final long HEAP = 0x10_0000L;
    private static final int RW = Protection.READ | Protection.WRITE;

    private TestMemory memory;
    private final List<AddressSpace> spaces = new ArrayList<>();

    private AddressSpace start(PagingMode mode) {
        memory = new TestMemory(32 << 20, mode, HugePages.ALWAYS);
        AddressSpace space = memory.space(UserLayout.DEFAULT);
        space.startHeap(HEAP);
        spaces.add(space);
        return space;
    }

    private AddressSpace fork(AddressSpace parent, ForkStrategy strategy) {
        AddressSpace child = memory.fork(parent, strategy);
        spaces.add(child);
        return child;
    }

    private void map(AddressSpace space, long start, long pages, boolean shared) throws KernelException {
        space.map(new MapRequest(start, pages * PAGE, RW, shared, Placement.FIXED));
    }

    private void store(AddressSpace space, long address) {
        assertThat(memory.faults.handle(space, address, AccessType.STORE)).isNull();
    }

    /** Each space's counts are those of its tables, and together they are all that the allocator has given out. */
    private void assertExact(String when) {
        int tables = memory.kernelTable.tablePages();
        TreeSet<Long> frames = new TreeSet<>();
        for (AddressSpace space : spaces) {
            PageCensus census = PageCensus.of(memory.ram, memory.editor.mode(), space);
            assertThat(space.userPages()).as("user pages %s", when).isEqualTo(census.userPages());
            assertThat(space.pageTable().tablePages()).as("tables %s", when).isEqualTo(census.tablePages());
            assertThat(space.peakUserPages()).isGreaterThanOrEqualTo(census.userPages());
            assertThat(space.pageTable().peakTablePages()).isGreaterThanOrEqualTo(census.tablePages());
            tables += census.tablePages();
            frames.addAll(census.userFrames());
        }
        frames.removeIf(frame -> memory.frames.use(frame) != FrameUse.USER);
        assertThat(memory.frames.inUse(FrameUse.PAGE_TABLE)).as(when).isEqualTo(tables);
        assertThat(memory.frames.inUse(FrameUse.USER)).as(when).isEqualTo(frames.size());
    }

    private void assertCounts(AddressSpace space, int userPages, int tablePages) {
        assertExact("here");
        assertThat(space.userPages()).isEqualTo(userPages);
        assertThat(space.pageTable().tablePages()).isEqualTo(tablePages);
    }

    @Test
    void everyOperationCountsWhatItBringsAndTakes() throws KernelException {
        AddressSpace parent = start(PagingMode.SV48);
        assertCounts(parent, 0, 1);
        map(parent, AT, 8, false);
        assertCounts(parent, 0, 1);
        store(parent, AT);
        store(parent, AT + PAGE);
        assertCounts(parent, 2, 4);
        AddressSpace child = fork(parent, ForkStrategy.COPY_ON_WRITE);
        assertCounts(parent, 2, 4);
        assertCounts(child, 2, 4);
        assertThat(memory.frames.inUse(FrameUse.USER)).isEqualTo(2);
        store(child, AT);
        assertCounts(child, 2, 4);
        assertThat(memory.frames.inUse(FrameUse.USER)).isEqualTo(3);
        child.advise(AT, PAGE, MemoryAdvice.DONTNEED);
        assertCounts(child, 1, 4);
        child.unmap(AT, 8 * PAGE);
        assertCounts(child, 0, 1);
        child.destroy();
        assertCounts(child, 0, 0);
        parent.remap(new RemapRequest(AT, 8 * PAGE, 8 * PAGE, 3, AT + (1L << 30)));
        assertCounts(parent, 2, 4);
        parent.destroy();
        assertCounts(parent, 0, 0);
    }

    @Test
    void aHugePageCountsAsItsFramesAndOneTableInStore() throws KernelException {
        AddressSpace space = start(PagingMode.SV48);
        map(space, AT, 512, false);
        store(space, AT);
        assertCounts(space, 512, 4);
        space.protect(AT + PAGE, PAGE, Protection.READ);
        assertThat(space.pageTable().find(AT).isHuge()).isFalse();
        assertCounts(space, 512, 4);
        space.unmap(AT + 2 * PAGE, 3 * PAGE);
        assertCounts(space, 509, 4);
        space.unmap(AT, HUGE);
        assertCounts(space, 0, 1);
        map(space, AT, 512, false);
        store(space, AT);
        space.unmap(AT, HUGE);
        assertCounts(space, 0, 1);
    }

    @Test
    void deviceMemoryIsNoPageOfTheProcess() throws KernelException {
        AddressSpace space = start(PagingMode.SV48);
        space.mapPhysical(AT, 3 * PAGE, 0x1000_0000L, RW);
        assertCounts(space, 0, 4);
        space.unmap(AT, 3 * PAGE);
        assertCounts(space, 0, 1);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void familiesOfProcessesAreCountedExactlyWhateverTheyDo(PagingMode mode) throws KernelException {
        long seed = 32 + mode.levels();
        Random random = new Random(seed);
        start(mode);
        for (int step = 0; step < 1_500; step++) {
            AddressSpace space = spaces.get(random.nextInt(spaces.size()));
            step(random, space);
            if (step % 5 == 0 || spaces.size() > 1) {
                assertExact("step " + step + ", seed " + seed);
            }
        }
        spaces.forEach(AddressSpace::destroy);
        assertExact("at the end");
    }

    private void step(Random random, AddressSpace space) {
        long start = AT + random.nextInt(1400) * PAGE;
        long pages = 1 + random.nextInt(random.nextBoolean() ? 8 : 700);
        switch (random.nextInt(12)) {
            case 0 -> attempt(() -> map(space, start, pages, false));
            case 1 -> attempt(() -> map(space, start & -HUGE, 512, false));
            case 2 -> attempt(() -> map(space, start, Math.min(pages, 40), true));
            case 3 -> attempt(() -> space.unmap(start, pages * PAGE));
            case 4 -> attempt(() -> space.protect(start, pages * PAGE, random.nextInt(4)));
            case 5 -> attempt(() -> space.advise(start, pages * PAGE, MemoryAdvice.DONTNEED));
            case 6 ->
                attempt(() -> space.remap(new RemapRequest(
                        start, pages * PAGE, pages * PAGE, 3, AT + (8 << 20) + random.nextInt(600) * PAGE)));
            case 7 -> space.moveBreak(HEAP + random.nextInt(3 << 20));
            case 8 -> family(random, space);
            default -> {
                for (int i = 0; i < 12; i++) {
                    long address = random.nextInt(8) == 0 ? HEAP + random.nextInt(3 << 20) : start + i * PAGE;
                    AccessType access = random.nextInt(3) == 0 ? AccessType.LOAD : AccessType.STORE;
                    FaultClass outcome = memory.faults.handle(space, address, access);
                    assertThat(outcome).isNotEqualTo(FaultClass.BUS);
                }
            }
        }
    }

    private static void attempt(Errors.Operation operation) {
        assertThat(Errors.of(operation)).isNotEqualTo(KernelError.INVALID_STATE);
    }

    private void family(Random random, AddressSpace parent) {
        if (spaces.size() < 4) {
            AddressSpace child =
                    memory.fork(parent, random.nextBoolean() ? ForkStrategy.EAGER : ForkStrategy.COPY_ON_WRITE);
            if (child != null) {
                spaces.add(child);
            }
        } else {
            spaces.remove(parent);
            parent.destroy();
        }
    }

    /** Forks, and executes itself in child and parent, with all of its memory and less. */
    private static String executingItself() {
        return new Guest()
                .line("ld s0, 0(sp)")
                .mmap(AT, 90 * PAGE, RW, Guest.ANON | Guest.FIXED)
                .line("li t0, " + AT)
                .line("li t1, 90")
                .line("li t2, 4096")
                .line("6: sd t1, 0(t0)")
                .line("add t0, t0, t2")
                .line("addi t1, t1, -1")
                .line("bnez t1, 6b")
                .line("li t0, 2")
                .line("beq s0, t0, last")
                .fork("child")
                .mprotect(AT, 30 * PAGE, Guest.R)
                .wait4(-1, "status")
                .load("=status")
                .expect(0)
                .call(Guest.EXECVE, "=path", "=arguments", 0)
                .exit(1)
                .text("child:")
                .munmap(AT + 20 * PAGE, 50 * PAGE)
                .store(AT, 5)
                .call(Guest.EXECVE, "=path", "=arguments", 0)
                .exit(1)
                .text("last:")
                .data("        .data\n        .balign 8\narguments: .dword path, path, 0\n"
                        + "path: .asciz \"/proc/self/exe\"\n")
                .words("status")
                .source();
    }

    @ParameterizedTest
    @EnumSource(ForkStrategy.class)
    void atAnyInstantOfForkExecAndExitTheCountsAreExact(ForkStrategy strategy) {
        TestMachine test = TestMachine.options().fork(strategy).boot(executingItself());
        int spacesSeen = 0;
        int discardedSeen = 0;
        for (long cycle = 500; test.stopAt(cycle); cycle += 500) {
            for (Process process : test.kernel().processes()) {
                assertExact(test, process.space());
                if (process.discardedSpace() != null) {
                    assertExact(test, process.discardedSpace());
                    discardedSeen++;
                }
                spacesSeen++;
            }
        }
        assertThat(spacesSeen).isGreaterThan(30);
        assertThat(discardedSeen)
                .as("between execve and the end of the old space")
                .isPositive();
        test.finish();
        assertThat(test.exitStatus()).isZero();
        for (Process process : test.kernel().processes()) {
            assertThat(process.peakUserPages()).isBetween(92, 96);
            assertThat(process.peakTablePages()).isBetween(8, 12);
        }
    }

    private static void assertExact(TestMachine test, AddressSpace space) {
        PageCensus census = PageCensus.of(
                test.machine().bus().memory(), test.machine().config().pagingMode(), space);
        assertThat(space.userPages()).isEqualTo(census.userPages());
        assertThat(space.pageTable().tablePages()).isEqualTo(census.tablePages());
    }
}
