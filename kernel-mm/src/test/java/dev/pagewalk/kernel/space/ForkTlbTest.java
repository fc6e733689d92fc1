package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A hart that could write a page before a fork has to ask again after it. */
@Tag("S43")
class ForkTlbTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x4000_0000L;
    private static final int PAGES = 100;
    private static final long STOP_AFTER_CYCLES = 1_500_000;

    @ParameterizedTest
    @EnumSource(HugePages.class)
    void storesAfterAForkDoNotReachTheChild(HugePages which) throws KernelException {
        // Stores the round's number to every page, round after round, until word 1 of the first page is set.
        TestMachine test = TestMachine.options()
                .hugePages(which)
                .boot(new Guest()
                        .mmap(AT, 2 << 20, Guest.RW, Guest.ANON | Guest.FIXED)
                        .line("li s0, " + AT)
                        .line("li s1, 4096")
                        .line("li s2, 0")
                        .line("2: addi s2, s2, 1")
                        .line("mv t0, s0")
                        .line("li t1, " + PAGES)
                        .line("1: sd s2, 0(t0)")
                        .line("add t0, t0, s1")
                        .line("addi t1, t1, -1")
                        .line("bnez t1, 1b")
                        .line("ld t2, 8(s0)")
                        .line("beqz t2, 2b")
                        .source());
        test.pauseAt(STOP_AFTER_CYCLES);
        AddressSpace parent = test.process().space();
        assertThat(parent.userPages()).isGreaterThan(PAGES);
        AddressSpace child = parent.beginFork();
        for (ForkProgress progress = ForkProgress.begin(ForkStrategy.COPY_ON_WRITE); !progress.isOver(); ) {
            progress = parent.forkStep(child, progress);
        }
        long[] atFork = contents(test, child);
        test.pauseAt(test.hart().cycle + STOP_AFTER_CYCLES);
        assertThat(contents(test, child)).isEqualTo(atFork);
        assertThat(contents(test, parent)[0]).isGreaterThan(atFork[0]);
        assertThat(test.kernel().faultCounters().copyOnWrite).isGreaterThanOrEqualTo(PAGES);
        child.destroy();
        test.machine().bus().memory().writeLong(parent.pageTable().look(AT).physicalAddress(AT + 8), 1);
        test.finish();
        assertThat(test.exitStatus()).isZero();
    }

    @Test
    void aCopyIsInstalledOnlyAfterTheOldPageHasGoneFromTheTlbs() throws KernelException {
        AtomicReference<Runnable> atFlush = new AtomicReference<>(() -> {});
        TestMemory memory = new TestMemory(1 << 20, PagingMode.SV48, HugePages.NEVER, right -> telling(right, atFlush));
        AddressSpace parent = memory.space();
        parent.map(new MapRequest(AT, PAGE, Protection.WRITE, false, MapRequest.Placement.FIXED));
        assertThat(memory.faults.handle(parent, AT, AccessType.STORE)).isNull();
        AddressSpace child = memory.fork(parent, ForkStrategy.COPY_ON_WRITE);
        memory.run(0, child);
        memory.workOn(0);
        long shared = Pte.physicalAddress(child.pageTable().peek(AT));
        List<String> found = new ArrayList<>();
        atFlush.set(() -> found.add("PTE " + child.pageTable().peek(AT) + ", owners " + memory.frames.owners(shared)));
        assertThat(memory.faults.handle(child, AT, AccessType.STORE)).isNull();
        assertThat(found).as("cleared, and not given up yet").containsExactly("PTE 0, owners 2");
        assertThat(Pte.physicalAddress(child.pageTable().peek(AT))).isNotEqualTo(shared);
        assertThat(memory.frames.owners(shared)).isEqualTo(1);
    }

    /** An invalidation that does something of the test's before each flush. */
    private static Invalidation telling(Invalidation right, AtomicReference<Runnable> atFlush) {
        return (hart, flush, now) -> {
            atFlush.get().run();
            right.flush(hart, flush, now);
        };
    }

    private static long[] contents(TestMachine test, AddressSpace space) {
        long[] words = new long[PAGES];
        for (int i = 0; i < PAGES; i++) {
            long address = AT + i * PAGE;
            words[i] = test.machine()
                    .bus()
                    .memory()
                    .readLong(space.pageTable().look(address).physicalAddress(address));
        }
        return words;
    }
}
