package dev.pagewalk.kernel.sanitizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.space.MapRequest;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.RemapRequest;
import dev.pagewalk.kernel.testing.BrokenInvalidation;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TellsNobody;
import dev.pagewalk.kernel.testing.TestMachine;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * One operation at a time, once with the kernel's own invalidation, where nothing is reported, and once with the mistake
 * that belongs to the operation, which is named.
 */
class BrokenOperationsTest {
    private static final long PAGE = 4096;
    private static final long HUGE = 2 << 20;
    private static final long AT = 0x4000_0000L;
    private static final long ELSEWHERE = 0x5000_0000L;

    private TestMemory memory;
    private AddressSpace space;
    private AddressSpace loaded;

    private void start(HugePages which, UnaryOperator<Invalidation> invalidations) throws KernelException {
        memory = new TestMemory(32 << 20, PagingMode.SV48, which, invalidations);
        space = memory.space();
        memory.workOn(0);
        space.map(new MapRequest(AT, 2 * HUGE, 3, false, MapRequest.Placement.FIXED));
        load(space);
    }

    private Hart hart() {
        return memory.harts.get(0);
    }

    private void load(AddressSpace next) {
        loaded = next;
        memory.run(0, next);
    }

    private interface Work {
        void run() throws KernelException;
    }

    /** Something the kernel does between two instructions of the guest. */
    private void inKernel(Work work) throws KernelException {
        memory.workOn(0);
        work.run();
        load(loaded);
    }

    /** The guest accesses memory, as often as the kernel helps; returns where, or -1 where it does not get there. */
    private long access(long address, AccessType type) {
        for (int attempt = 0; attempt < 3; attempt++) {
            long physical = memory.touch(0, address, type);
            if (physical >= 0) {
                return physical;
            }
            memory.workOn(0);
            FaultClass wrong = memory.faults.handle(loaded, address, type);
            load(loaded);
            if (wrong != null) {
                return -1;
            }
        }
        return -1;
    }

    private List<String> reports() {
        return memory.sanitizer.reports();
    }

    private static long frame(AddressSpace of, long address) {
        return Pte.physicalAddress(of.pageTable().peek(address));
    }

    /** A child reads a page that it shares with its parent, and then stores to it. */
    private void copyOnWrite(UnaryOperator<Invalidation> invalidations) throws KernelException {
        start(HugePages.NEVER, invalidations);
        access(AT, AccessType.STORE);
        memory.workOn(0);
        AddressSpace child = memory.fork(space, ForkStrategy.COPY_ON_WRITE);
        load(child);
        assertThat(access(AT, AccessType.LOAD)).isEqualTo(frame(space, AT));
        access(AT, AccessType.STORE);
        access(AT, AccessType.LOAD);
        assertThat(frame(child, AT)).as("the copy").isNotEqualTo(frame(space, AT));
    }

    @Test
    @Tag("S43")
    void aPageThatIsCopiedIsGoneFromEveryLevel() throws KernelException {
        copyOnWrite(UnaryOperator.identity());
        assertThat(reports()).isEmpty();
        assertThat(access(AT, AccessType.LOAD)).isEqualTo(frame(loaded, AT));
    }

    @Test
    @Tag("S43")
    void aCopiedPageThatStaysInTheFirstLevel() throws KernelException {
        copyOnWrite(BrokenInvalidation::exceptFirstLevel);
        assertThat(reports().get(0))
                .startsWith("stale translation used: hart 0, va 0x40000000, asid 2, ")
                .contains(" r--u-a")
                .contains(" to invalid by hart 0 ")
                .contains("never flushed from L1D");
        assertThat(access(AT, AccessType.LOAD)).as("the parent's page still").isEqualTo(frame(space, AT));
    }

    @Test
    @Tag("S43")
    void aCopiedPageThatStaysInTheSecondLevel() throws KernelException {
        copyOnWrite(BrokenInvalidation::exceptSecondLevel);
        assertThat(reports().get(0))
                .startsWith("stale translation used: hart 0, va 0x40000000, asid 2, ")
                .contains("never flushed from L2");
    }

    @Test
    @Tag("S43")
    void aCopiedPageWhoseNeighbourIsFlushed() throws KernelException {
        copyOnWrite(BrokenInvalidation::ofAnotherPage);
        assertThat(reports().get(0))
                .startsWith("stale translation used: hart 0, va 0x40000000, asid 2, ")
                .contains("since then hart 0 has flushed 0x40001000 to 0x40001fff of asid 2 at cycle ");
    }

    /** A parent that could write a page goes on writing it after a fork. */
    private long storeAfterFork(UnaryOperator<Invalidation> invalidations) throws KernelException {
        start(HugePages.NEVER, invalidations);
        access(AT, AccessType.STORE);
        memory.workOn(0);
        AddressSpace child = memory.fork(space, ForkStrategy.COPY_ON_WRITE);
        load(space);
        long stored = access(AT, AccessType.STORE);
        assertThat(memory.touch(0, AT, AccessType.LOAD)).isEqualTo(stored);
        return stored == frame(child, AT) ? -1 : stored;
    }

    @Test
    @Tag("S19")
    void aForkTakesTheParentsWritablePagesBack() throws KernelException {
        assertThat(storeAfterFork(UnaryOperator.identity())).isEqualTo(frame(space, AT));
        assertThat(reports()).isEmpty();
    }

    @Test
    @Tag("S19")
    void aForkThatDoesNotFlushTheParent() throws KernelException {
        assertThat(storeAfterFork(BrokenInvalidation::exceptSpaces))
                .as("the child's page is stored to")
                .isEqualTo(-1);
        assertThat(reports())
                .singleElement()
                .asString()
                .startsWith("stale translation used: hart 0, va 0x40000000, asid 1, ")
                .contains(", store; the PTE was changed from leaf ")
                .contains(" rw-u-ad to leaf ")
                .contains(" r--u-ad by hart 0 ")
                .contains("since then hart 0 has flushed nothing");
    }

    /** A huge page is split, some of its pieces are used, and then go. */
    private void unmapPiecesOfAHugePage(UnaryOperator<Invalidation> invalidations) throws KernelException {
        start(HugePages.ALWAYS, invalidations);
        access(AT + 5 * PAGE, AccessType.STORE);
        assertThat(space.pageTable().find(AT).isHuge()).isTrue();
        inKernel(() -> space.protect(AT + 5 * PAGE, PAGE, Protection.READ));
        assertThat(space.pageTable().find(AT).isHuge()).isFalse();
        access(AT + 5 * PAGE, AccessType.LOAD);
        access(AT + 6 * PAGE, AccessType.STORE);
        access(AT + 7 * PAGE, AccessType.STORE);
        assertThat(reports())
                .as("any address in a huge page stands for all of it")
                .isEmpty();
        inKernel(() -> space.unmap(AT + 6 * PAGE, 2 * PAGE));
    }

    @Test
    @Tag("S14")
    void piecesOfAHugePageGoOneByOne() throws KernelException {
        unmapPiecesOfAHugePage(UnaryOperator.identity());
        assertThat(access(AT + 6 * PAGE, AccessType.LOAD)).isEqualTo(-1);
        assertThat(reports()).isEmpty();
    }

    @Test
    @Tag("S14")
    void piecesOfAHugePageThatAreFlushedAsIfTheyWereStillOne() throws KernelException {
        unmapPiecesOfAHugePage(BrokenInvalidation::asIfHuge);
        assertThat(reports())
                .hasSize(2)
                .allMatch(report -> report.startsWith("frame freed while it can be reached: "))
                .anyMatch(report -> report.contains("hart 0 has it in L1D for va 0x40006000, asid 1"))
                .anyMatch(report -> report.contains("hart 0 has it in L1D for va 0x40007000, asid 1"));
        assertThat(access(AT + 6 * PAGE, AccessType.LOAD)).isNotEqualTo(-1);
        assertThat(reports().get(2))
                .startsWith("stale translation used: hart 0, va 0x40006000, asid 1, ")
                .contains("since then hart 0 has flushed 0x40000000 to 0x40000fff of asid 1 at cycle ");
    }

    /** A huge page goes whole, and its neighbour stays. */
    private void unmapAHugePage(UnaryOperator<Invalidation> invalidations) throws KernelException {
        start(HugePages.ALWAYS, invalidations);
        access(AT + 9 * PAGE, AccessType.STORE);
        inKernel(() -> space.unmap(AT, HUGE));
    }

    @Test
    @Tag("S14")
    void aHugePageGoesWhicheverOfItsPagesIsFlushed() throws KernelException {
        for (UnaryOperator<Invalidation> right :
                List.<UnaryOperator<Invalidation>>of(UnaryOperator.identity(), BrokenInvalidation::ofAnotherPage)) {
            unmapAHugePage(right);
            assertThat(access(AT + 9 * PAGE, AccessType.LOAD)).isEqualTo(-1);
            assertThat(reports()).isEmpty();
        }
    }

    @Test
    @Tag("S14")
    void aHugePageWhoseNeighbourIsFlushed() throws KernelException {
        unmapAHugePage(BrokenInvalidation::ofAnotherHugePage);
        assertThat(reports().get(0))
                .startsWith("frame freed while it can be reached: ")
                .contains("hart 0 has it in L1D for va 0x40000000, asid 1");
        long freed = memory.sanitizer.violations();
        assertThat(freed).as("each of its frames").isEqualTo(512);
        assertThat(access(AT + 9 * PAGE, AccessType.LOAD)).isNotEqualTo(-1);
        assertThat(memory.sanitizer.violations()).as("and its use").isEqualTo(freed + 1);
    }

    /** A page moves, and the guest asks for it where it was. */
    private long readWhereAPageWas(UnaryOperator<Invalidation> invalidations) throws KernelException {
        start(HugePages.NEVER, invalidations);
        access(AT, AccessType.STORE);
        access(AT + PAGE, AccessType.STORE);
        long flags = RemapRequest.MAY_MOVE | RemapRequest.FIXED;
        inKernel(() -> space.remap(new RemapRequest(AT, PAGE, PAGE, flags, ELSEWHERE)));
        assertThat(access(ELSEWHERE, AccessType.LOAD)).isEqualTo(frame(space, ELSEWHERE));
        return access(AT, AccessType.LOAD);
    }

    @Test
    @Tag("S16")
    void aPageThatHasMovedIsNotWhereItWas() throws KernelException {
        assertThat(readWhereAPageWas(UnaryOperator.identity())).isEqualTo(-1);
        assertThat(reports()).isEmpty();
    }

    @Test
    @Tag("S16")
    void anMremapThatDoesNotFlushTheOldPlace() throws KernelException {
        assertThat(readWhereAPageWas(right -> BrokenInvalidation.exceptPages(right, page -> page == AT)))
                .isEqualTo(frame(space, ELSEWHERE));
        assertThat(reports())
                .singleElement()
                .asString()
                .startsWith("stale translation used: hart 0, va 0x40000000, asid 1, ")
                .contains(" rw-u-ad to invalid by hart 0 ");
    }

    @Test
    @Tag("S23")
    void anExitThatFreesBeforeItLeavesTheTables() throws KernelException {
        for (boolean leaves : new boolean[] {true, false}) {
            start(HugePages.NEVER, UnaryOperator.identity());
            access(AT, AccessType.STORE);
            memory.workOn(0);
            long root = space.pageTable().rootAddress();
            space.retire();
            if (!leaves) {
                hart().mmu().setAddressSpace(root, space.translations().asid());
            }
            space.destroy();
            assertThat(reports()).hasSize(leaves ? 0 : 1).allMatch(report -> isLoadedRoot(report, root));
        }
    }

    @Test
    @Tag("S23")
    void anExecThatFreesBeforeItEntersTheNewTables() throws KernelException {
        for (boolean entersFirst : new boolean[] {true, false}) {
            start(HugePages.NEVER, UnaryOperator.identity());
            access(AT, AccessType.STORE);
            memory.workOn(0);
            AddressSpace program = memory.space(space.layout());
            load(program);
            long root = space.pageTable().rootAddress();
            space.retire();
            if (!entersFirst) {
                hart().mmu().setAddressSpace(root, space.translations().asid());
            }
            space.destroy();
            load(program);
            assertThat(reports())
                    .filteredOn(report -> isLoadedRoot(report, root))
                    .hasSize(entersFirst ? 0 : 1);
            assertThat(reports().isEmpty()).isEqualTo(entersFirst);
        }
    }

    private static boolean isLoadedRoot(String report, long root) {
        return report.startsWith(String.format("frame freed while it can be reached: 0x%x (page table) ", root))
                && report.endsWith("it is the root that hart 0 has loaded");
    }

    @Test
    @Tag("S23")
    void aKernelThatIsBackInTheTablesThatItFrees() {
        Guest guest = new Guest()
                .fork("child")
                .wait4(-1, "status")
                .exit(0)
                .text("child:")
                .words("status");
        AtomicReference<TestMachine> machine = new AtomicReference<>();
        machine.set(TestMachine.options()
                .invalidations(right -> BrokenInvalidation.returningTo(right, asid -> root(machine.get(), asid)))
                .boot(guest.source()));
        assertThat(machine.get().finishBroken())
                .anyMatch(report ->
                        report.contains(" (page table) ") && report.endsWith("it is the root that hart 0 has loaded"));
    }

    private static long root(TestMachine machine, int asid) {
        return machine.kernel().processes().stream()
                .filter(process -> process.space().translations().asid() == asid)
                .mapToLong(process -> process.space().pageTable().rootAddress())
                .max()
                .orElseThrow();
    }

    @Test
    @Tag("S1")
    void anAsidThatGoesToAnotherSpace() throws KernelException {
        for (boolean flushes : new boolean[] {true, false}) {
            start(HugePages.NEVER, UnaryOperator.identity());
            access(AT, AccessType.STORE);
            memory.workOn(0);
            AddressSpace next = memory.space(space.layout());
            next.map(new MapRequest(AT, PAGE, 3, false, MapRequest.Placement.FIXED));
            if (flushes) {
                hart().mmu().flush(TlbFlush.ofAsid(space.translations().asid()));
            }
            assertThat(memory.faults.handle(next, AT, AccessType.LOAD)).isNull();
            memory.runUnder(space.translations().asid(), 0, next);
            long seen = memory.touch(0, AT, AccessType.LOAD);
            assertThat(seen == frame(space, AT)).as("the other space's page").isEqualTo(!flushes);
            assertThat(reports())
                    .hasSize(flushes ? 0 : 1)
                    .allMatch(report ->
                            report.startsWith("ASID reused without a flush: hart 0, va 0x40000000, asid 1, "));
        }
    }

    @Test
    @Tag("S1")
    void anAsidThatIsGivenOutAgainAfterARollOver() throws KernelException {
        for (boolean flushes : new boolean[] {true, false}) {
            memory = new TestMemory(
                    32 << 20,
                    PagingMode.SV48,
                    HugePages.NEVER,
                    flushes ? UnaryOperator.identity() : BrokenInvalidation::none,
                    1,
                    new TellsNobody(),
                    2,
                    "ideal");
            for (int generation = 0; generation < 5; generation++) {
                AddressSpace next = memory.space();
                next.map(new MapRequest(AT, PAGE, 3, false, MapRequest.Placement.FIXED));
                load(next);
                access(AT, AccessType.STORE);
                memory.workOn(0);
            }
            assertThat(memory.shootdowns.asidRollOvers()).isPositive();
            if (flushes) {
                assertThat(reports()).isEmpty();
            } else {
                assertThat(reports().get(0)).startsWith("ASID reused without a flush: hart 0, va 0x40000000, asid ");
            }
        }
    }
}
