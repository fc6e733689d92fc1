package dev.pagewalk.kernel.sanitizer;

import static dev.pagewalk.mmu.access.AccessType.LOAD;
import static dev.pagewalk.mmu.access.AccessType.STORE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.shootdown.InvalidationObserver;
import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.shootdown.TestShootdowns;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the sanitizer makes of single PTE changes, flushes and uses, by two harts. */
class TlbSanitizerTest {
    private static final long PAGE = 4096;
    private static final long MIB_2 = 2 << 20;
    private static final long AT = 0x4000_0000L;
    private static final long RW = Pte.R | Pte.W;
    private static final long TOUCHED = Pte.A | Pte.D;

    private final TestMemory memory = new TestMemory(16 << 20, PagingMode.SV48);
    private final AddressSpace space = memory.space();
    private final TlbSanitizer sanitizer = memory.sanitizer;
    private final InvalidationObserver operations = sanitizer;
    private long frame;
    private long issued;

    /** Both harts run in the space; a page of it is in hart 1's TLBs; then hart 0 enters the kernel. */
    @BeforeEach
    void bothHartsRun() throws KernelException {
        frame = memory.frames.allocate(FrameUse.USER);
        space.pageTable().map(AT, 0, KernelPte.userPage(frame, RW, TOUCHED));
        memory.run(0, space);
        memory.run(1, space);
        assertThat(memory.touch(1, AT, STORE)).isEqualTo(frame);
        memory.workOn(0);
    }

    private PageEntry entry(long address) {
        return space.pageTable().find(address);
    }

    private void write(long address, long pte) {
        space.pageTable().write(entry(address), pte);
    }

    private void narrow(long address) {
        write(address, KernelPte.withRights(entry(address).pte(), Pte.R));
    }

    /** Hart 0 issues a shootdown of what it has changed, and nothing comes of it. */
    private Shootdown issue() {
        Shootdown shootdown = TestShootdowns.of(space.translations(), ++issued);
        operations.issued(shootdown);
        return shootdown;
    }

    private List<String> reports() {
        return sanitizer.reports();
    }

    private void nothingIsWrong() {
        memory.run(0, space);
        memory.touch(0, AT, LOAD);
        memory.touch(1, AT, LOAD);
        assertThat(reports()).isEmpty();
        assertThat(sanitizer.violations()).isZero();
        assertThat(sanitizer.staleHitsInWindow()).isZero();
    }

    @Test
    void anotherHartMayUseATranslationUntilTheOperationIsComplete() {
        narrow(AT);
        memory.touch(1, AT, STORE);
        assertThat(sanitizer.staleHitsInWindow())
                .as("before the invalidation was issued")
                .isEqualTo(1);
        Shootdown operation = issue();
        memory.touch(1, AT, LOAD);
        assertThat(sanitizer.staleHitsInWindow()).as("while it was under way").isEqualTo(2);
        memory.harts.get(0).charge(500);
        operations.completed(operation, memory.meter.nowCycle());
        assertThat(sanitizer.violations()).isZero();
        memory.touch(1, AT, STORE);
        assertThat(reports())
                .singleElement()
                .asString()
                .startsWith("stale translation used: hart 1, va 0x40000000, asid 1, pc 0x0, cycle 0, store; ")
                .contains(String.format(
                        "the PTE was changed from leaf 0x%x rw-u-ad to leaf 0x%1$x r--u-ad by hart 0 at cycle ", frame))
                .contains("never flushed from L1D");
        assertThat(reports().get(0)).containsPattern("completed at cycle 5[0-9][0-9];");
        assertThat(sanitizer.staleHitsInWindow()).isEqualTo(2);
    }

    @Test
    void operationsOfSeveralHartsAreToldApart() throws KernelException {
        long other = memory.frames.allocate(FrameUse.USER);
        space.pageTable().map(AT + PAGE, 0, KernelPte.userPage(other, RW, TOUCHED));
        memory.touch(1, AT + PAGE, STORE);
        narrow(AT);
        Shootdown first = issue();
        narrow(AT + PAGE);
        Shootdown second = issue();
        operations.completed(second, memory.meter.nowCycle());
        memory.touch(1, AT, LOAD);
        assertThat(sanitizer.violations()).isZero();
        memory.touch(1, AT + PAGE, LOAD);
        assertThat(sanitizer.violations()).isEqualTo(1);
        operations.completed(first, memory.meter.nowCycle());
        memory.touch(1, AT, LOAD);
        assertThat(sanitizer.violations()).isEqualTo(2);
    }

    @Test
    void whatIsNarrowedWithoutAnInvalidationIsCompleteWhenTheHartLeavesTheKernel() {
        narrow(AT);
        memory.touch(1, AT, STORE);
        assertThat(sanitizer.violations()).isZero();
        memory.run(0, space);
        memory.touch(1, AT, STORE);
        assertThat(reports()).singleElement().asString().contains("completed when hart 0 left the kernel");
    }

    @Test
    void aLaterInvalidationDoesNotBelongToWhatWasNarrowedOnAnEarlierVisitToTheKernel() {
        narrow(AT);
        memory.run(0, space);
        memory.touch(0, AT + 9 * PAGE, LOAD);
        memory.workOn(0);
        issue();
        memory.touch(1, AT, STORE);
        assertThat(reports()).singleElement().asString().contains("completed when hart 0 left the kernel");
    }

    @Test
    void aFlushInTimeIsGood() {
        narrow(AT);
        Shootdown operation = issue();
        memory.harts.get(1).mmu().flush(TlbFlush.address(AT, 1));
        operations.completed(operation, memory.meter.nowCycle());
        nothingIsWrong();
    }

    @Test
    void wideningAndNewPagesAndStatusBitsMakeNothingStale() throws KernelException {
        narrow(AT);
        memory.harts.get(1).mmu().flush(TlbFlush.address(AT, 1));
        memory.run(0, space);
        memory.touch(1, AT, LOAD);
        memory.workOn(0);
        write(AT, KernelPte.withRights(entry(AT).pte(), RW | Pte.X));
        write(AT, entry(AT).pte() & ~Pte.A);
        write(AT, entry(AT).pte() | TOUCHED);
        space.pageTable().map(AT + PAGE, 0, KernelPte.userPage(frame, RW, TOUCHED));
        nothingIsWrong();
    }

    @Test
    void anotherFrameIsStaleThoughTheRightsAreTheSame() throws KernelException {
        write(AT, KernelPte.userPage(memory.frames.allocate(FrameUse.USER), RW, TOUCHED));
        memory.run(0, space);
        memory.touch(1, AT, LOAD);
        assertThat(sanitizer.violations()).isEqualTo(1);
    }

    @Test
    void aClearedDirtyBitIsStaleWhereStoresWouldNotSetItAgain() {
        write(AT, entry(AT).pte() & ~Pte.D);
        memory.run(0, space);
        memory.touch(1, AT, STORE);
        assertThat(reports())
                .singleElement()
                .asString()
                .contains("rw-u-ad to leaf ")
                .contains("rw-u-a- by hart 0");
    }

    @Test
    void noAccessAtAllIsStale() {
        write(AT, KernelPte.withRights(entry(AT).pte(), 0));
        memory.run(0, space);
        memory.touch(1, AT, LOAD);
        assertThat(reports()).singleElement().asString().contains("to invalid 0x");
    }

    @Test
    void theSameAddressOfAnotherSpaceIsNotMeant() {
        AddressSpace other = memory.space();
        memory.run(1, other);
        narrow(AT);
        memory.run(0, other);
        memory.touch(1, AT, LOAD);
        assertThat(sanitizer.violations()).isZero();
    }

    private long mapHugePage() throws KernelException {
        long first = memory.frames.allocateContiguous(9, FrameUse.USER);
        space.pageTable().map(AT + MIB_2, KernelPte.HUGE_LEVEL, KernelPte.userPage(first, RW, TOUCHED));
        memory.touch(1, AT + MIB_2 + 5 * PAGE, STORE);
        return first;
    }

    @Test
    @Tag("S14")
    void aSplitThatKeepsFramesAndRightsMakesNothingStale() throws KernelException {
        mapHugePage();
        space.pageTable().split(entry(AT + MIB_2));
        memory.run(0, space);
        memory.touch(1, AT + MIB_2 + 5 * PAGE, STORE);
        memory.touch(1, AT + MIB_2, STORE);
        nothingIsWrong();
    }

    @Test
    @Tag("S14")
    void aChangeBelowASplitMakesTheLargeTranslationStale() throws KernelException {
        mapHugePage();
        space.pageTable().split(entry(AT + MIB_2));
        narrow(AT + MIB_2 + 7 * PAGE);
        memory.run(0, space);
        memory.touch(1, AT + MIB_2 + 7 * PAGE, STORE);
        assertThat(reports())
                .singleElement()
                .asString()
                .contains("rw-u-ad to leaf ")
                .contains(" r--u-ad by hart 0");
        memory.harts.get(1).mmu().flush(TlbFlush.address(AT + MIB_2 + 7 * PAGE, 1));
        memory.touch(1, AT + MIB_2 + 7 * PAGE, LOAD);
        memory.touch(1, AT + MIB_2 + 5 * PAGE, STORE);
        assertThat(sanitizer.violations()).isEqualTo(1);
    }

    @Test
    @Tag("S14")
    void aHugePageThatGoesMakesItsOwnTranslationStaleAndItsFramesReachable() throws KernelException {
        long first = mapHugePage();
        write(AT + MIB_2, 0);
        memory.frames.release(first + 3 * PAGE);
        assertThat(reports())
                .singleElement()
                .asString()
                .startsWith(String.format("frame freed while it can be reached: 0x%x (user) ", first + 3 * PAGE))
                .contains(String.format("hart 1 has it in L1D for va 0x%x, asid 1", AT + MIB_2 + 3 * PAGE));
    }

    @Test
    void smallTranslationsUnderAHugePageThatReplacesThemAreStaleUnlessTheyNameTheSameFrames() throws KernelException {
        long first = mapHugePage();
        PageEntry huge = entry(AT + MIB_2);
        space.pageTable().split(huge);
        memory.harts.get(1).mmu().flush(TlbFlush.all());
        memory.touch(1, AT + MIB_2 + 5 * PAGE, STORE);
        memory.touch(1, AT + MIB_2 + 6 * PAGE, STORE);
        write(AT + MIB_2 + 6 * PAGE, KernelPte.userPage(frame, RW, TOUCHED));
        memory.harts.get(1).mmu().flush(TlbFlush.address(AT + MIB_2 + 6 * PAGE, 1));
        memory.touch(1, AT + MIB_2 + 6 * PAGE, STORE);
        // A collapse, which leaves page 5 where it is and moves page 6.
        long level1 = huge.slot();
        long table = memory.ram.readLong(level1);
        memory.ram.writeLong(level1, huge.pte());
        sanitizer.entryChanged(space.pageTable().rootAddress(), AT + MIB_2, 1, table, huge.pte());
        memory.run(0, space);
        memory.touch(1, AT + MIB_2 + 5 * PAGE, STORE);
        assertThat(sanitizer.violations()).isZero();
        assertThat(memory.touch(1, AT + MIB_2 + 6 * PAGE, STORE))
                .isEqualTo(frame)
                .isNotEqualTo(first + 6 * PAGE);
        assertThat(reports()).singleElement().asString().contains("the PTE was changed from table ");
    }

    @Test
    void aFrameIsReachableAlsoWhileItsPteIsStillThere() {
        memory.frames.release(frame);
        assertThat(reports())
                .singleElement()
                .asString()
                .startsWith(
                        String.format("frame freed while it can be reached: 0x%x (user) by hart 0 at cycle ", frame))
                .endsWith("; hart 1 has it in L1D for va 0x40000000, asid 1");
    }

    @Test
    void aFrameWithAnotherOwnerIsNotFreed() {
        memory.frames.share(frame);
        memory.frames.release(frame);
        nothingIsWrong();
    }

    @Test
    void aQueuedFlushCutsAGuestOff() {
        memory.queuedFlushes.add(1 << 16 | 1);
        sanitizer.frameFreed(frame, FrameUse.USER);
        assertThat(sanitizer.violations()).as("in the space that is loaded").isZero();
        memory.run(1, memory.space());
        sanitizer.frameFreed(frame, FrameUse.USER);
        assertThat(sanitizer.violations()).as("in another").isZero();
        memory.queuedFlushes.clear();
        sanitizer.frameFreed(frame, FrameUse.USER);
        assertThat(sanitizer.violations()).isEqualTo(1);
    }

    @Test
    void aQueuedFlushCutsAWalkerOffUnlessTheSpaceIsLoaded() {
        long table = Pte.physicalAddress(memory.ram.readLong(space.pageTable().rootAddress()));
        memory.queuedFlushes.add(1 << 16 | 1);
        sanitizer.frameFreed(table, FrameUse.PAGE_TABLE);
        assertThat(reports()).singleElement().asString().contains("hart 1 has it in its walk cache");
        memory.run(1, memory.space());
        sanitizer.frameFreed(table, FrameUse.PAGE_TABLE);
        assertThat(sanitizer.violations()).isEqualTo(1);
        memory.queuedFlushes.clear();
        sanitizer.frameFreed(table, FrameUse.PAGE_TABLE);
        assertThat(sanitizer.violations()).isEqualTo(2);
    }

    @Test
    @Tag("S23")
    void aRootThatIsFreedWhileAHartHasItLoadedIsReported() {
        long root = space.pageTable().rootAddress();
        write(AT, 0);
        memory.harts.get(1).mmu().flush(TlbFlush.all());
        space.pageTable().free();
        assertThat(reports())
                .filteredOn(report -> report.contains(String.format(": 0x%x (page table) ", root)))
                .singleElement()
                .asString()
                .endsWith("it is the root that hart 0 has loaded");
    }

    @Test
    @Tag("S23")
    void aTableThatAWalkCacheLeadsToMustNotBeFreed() {
        write(AT, 0);
        memory.harts.get(1).mmu().flush(TlbFlush.address(AT, 1));
        space.pageTable().unhookTables(AT, AT + PAGE, (start, end) -> false, space.pageTable()::releaseUnhooked);
        assertThat(reports())
                .hasSize(3)
                .allMatch(report -> report.contains("(page table)")
                        && report.contains("hart 1 has it in its walk cache")
                        && report.contains("the PTE was changed from table "));
    }

    @Test
    void anAsidThatIsReusedWithoutAFlushIsReportedAtItsFirstUse() {
        AddressSpace next = memory.space();
        memory.runUnder(1, 1, next);
        assertThat(memory.touch(1, AT, LOAD)).isEqualTo(frame);
        assertThat(reports())
                .singleElement()
                .asString()
                .matches(String.format(
                        "ASID reused without a flush: hart 1, va 0x40000000, asid 1, pc 0x0, cycle 0, load; L1D still holds a "
                                + "translation of root 0x%x \\(leaf 0x%x rw-u-ad\\), but root 0x%x is loaded",
                        space.pageTable().rootAddress(), frame, next.pageTable().rootAddress()));
    }

    @Test
    void anAsidIsReusedAlsoWhereTheNewRootIsInTheOldOnesFrame() {
        long root = space.pageTable().rootAddress();
        memory.queuedFlushes.add(1 << 16 | 1);
        AddressSpace elsewhere = memory.space();
        memory.run(0, elsewhere);
        memory.run(1, elsewhere);
        memory.workOn(0);
        space.pageTable().free();
        assertThat(reports()).as("nobody can come back").isEmpty();
        AddressSpace next = memory.space();
        while (next.pageTable().rootAddress() != root) {
            next = memory.space();
        }
        memory.runUnder(1, 0, next);
        memory.runUnder(1, 1, next);
        memory.touch(1, AT, LOAD);
        assertThat(reports().get(0))
                .startsWith("ASID reused without a flush: hart 1, va 0x40000000, asid 1, ")
                .contains("L1D still holds a translation of an address space that is gone (leaf ")
                .contains("; the PTE was changed from table ");
        memory.harts.get(1).mmu().flush(TlbFlush.all());
        memory.touch(1, AT, LOAD);
        assertThat(sanitizer.violations()).isEqualTo(1);
    }

    @Test
    void translationsOfARootThatIsGoneBelongToNoOther() throws KernelException {
        long root = space.pageTable().rootAddress();
        memory.queuedFlushes.add(1 << 16 | 1);
        memory.run(0, memory.space());
        memory.run(1, memory.space());
        sanitizer.frameFreed(root, FrameUse.PAGE_TABLE);
        memory.run(1, space);
        memory.touch(1, AT, LOAD);
        assertThat(reports())
                .singleElement()
                .asString()
                .startsWith("ASID reused without a flush: hart 1, va 0x40000000, asid 1")
                .contains("L1D still holds a translation of an address space that is gone (leaf ");
    }

    @Test
    void aRestoredSanitizerReportsTheSame() {
        narrow(AT);
        Shootdown operation = issue();
        memory.touch(1, AT, STORE);
        sanitizer.flushed(1, TlbFlush.address(AT + PAGE, 1), memory.meter.nowCycle());
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        sanitizer.save(out);
        byte[] state = out.toByteArray();

        operations.completed(operation, memory.meter.nowCycle());
        memory.touch(1, AT, STORE);
        List<String> expected = List.copyOf(reports());
        assertThat(expected).hasSize(1);

        sanitizer.restore(ByteStreams.newDataInput(state));
        assertThat(reports()).isEmpty();
        assertThat(sanitizer.staleHitsInWindow()).isEqualTo(1);
        ByteArrayDataOutput again = ByteStreams.newDataOutput();
        sanitizer.save(again);
        assertThat(again.toByteArray()).isEqualTo(state);
        operations.completed(operation, memory.meter.nowCycle());
        memory.touch(1, AT, STORE);
        assertThat(reports()).isEqualTo(expected);
        assertThat(expected.get(0))
                .contains("since then hart 1 has flushed 0x40001000 to 0x40001fff of asid 1 at cycle ");
    }

    @Test
    void manyRevocationsLaterTheStoryIsStillThatOfTheRightOne() throws KernelException {
        narrow(AT);
        memory.run(0, space);
        long other = memory.frames.allocate(FrameUse.USER);
        space.pageTable().map(AT + PAGE, 0, KernelPte.userPage(other, RW, TOUCHED));
        for (int round = 0; round < 5000; round++) {
            memory.touch(0, AT + PAGE, STORE);
            memory.workOn(0);
            narrow(AT + PAGE);
            write(AT + PAGE, KernelPte.userPage(other, RW, TOUCHED));
            memory.harts.get(0).mmu().flush(TlbFlush.address(AT + PAGE, 1));
            memory.run(0, space);
        }
        assertThat(sanitizer.violations()).isZero();
        memory.touch(1, AT, STORE);
        assertThat(reports()).singleElement().asString().contains(String.format("from leaf 0x%x rw-u-ad", frame));
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        sanitizer.save(out);
        assertThat(out.toByteArray()).as("what is kept").hasSizeLessThan(30_000);
    }
}
