package dev.pagewalk.kernel.shootdown;

import static dev.pagewalk.kernel.shootdown.ShootdownRig.AT;
import static dev.pagewalk.kernel.shootdown.ShootdownRig.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.shootdown.policy.TargetedPolicy;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.MapRequest;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From the issue of a shootdown to its finish: who waits for whom, and when frames go. */
class ShootdownCompletionTest {
    private final ShootdownRig rig = new ShootdownRig(new TargetedPolicy());
    private final Shootdowns shootdowns = rig.shootdowns;

    private void run(int harts, int pages) {
        for (int hartId = 0; hartId < harts; hartId++) {
            rig.run(hartId, pages);
        }
        rig.forget();
    }

    @Test
    @Tag("S23")
    void framesAreFreedOnlyWhenTheInitiatorGoesOnAfterTheLastAnswer() {
        run(3, 2);
        int free = rig.freeFrames();
        rig.unmap(2);
        assertThat(shootdowns.pendingStep(rig.hart(0))).isEqualTo(KernelStep.WAIT);
        rig.waits(0);
        rig.serve(1);
        assertThat(rig.memory.woken).isEmpty();
        assertThat(shootdowns.pendingStep(rig.hart(0))).isEqualTo(KernelStep.WAIT);
        rig.serve(2);
        assertThat(rig.memory.woken).containsExactly(0);
        assertThat(rig.freeFrames()).as("nothing is given back in an interrupt").isEqualTo(free);
        assertThat(shootdowns.pendingStep(rig.hart(0))).isEqualTo(KernelStep.CONTINUE);
        rig.hart(0).takeCharge();
        rig.finish(0);
        assertThat(rig.freeFrames()).isEqualTo(free + 2);
        assertThat(rig.hart(0).takeCharge()).as("the initiator pays").isPositive();
        assertThat(shootdowns.pendingStep(rig.hart(0))).isNull();
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void aHartFlushesAtTheEndOfItsServiceAndPaysAtItsBeginning() {
        run(2, 2);
        rig.unmap(2);
        rig.waits(0);
        rig.hart(1).takeCharge();
        rig.begin(1);
        assertThat(rig.hasCached(1, 0)).isTrue();
        assertThat(rig.memory.woken).isEmpty();
        assertThat(rig.hart(1).takeCharge())
                .as("skylake's interrupt and two pages")
                .isEqualTo(900 + 2 * 400);
        rig.end(1);
        assertThat(rig.hasCached(1, 0)).isFalse();
        assertThat(rig.hart(1).takeCharge()).isZero();
        assertThat(rig.memory.woken).containsExactly(0);
    }

    @Test
    void twoHartsThatShootAtEachOtherServeWhileTheyWait() {
        run(2, 4);
        rig.unmap(0, 0, 1);
        rig.waits(0);
        rig.unmap(1, 1, 1);
        rig.waits(1);
        rig.serve(1);
        rig.serve(0);
        assertThat(rig.memory.woken).containsExactly(0, 1);
        rig.finish(0);
        rig.finish(1);
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void requestsToAHartThatHasNotLookedYetShareAnInterrupt() {
        run(3, 4);
        rig.unmap(0, 0, 1);
        rig.unmap(0, 1, 1);
        rig.waits(0);
        rig.unmap(2, 2, 1);
        rig.waits(2);
        assertThat(rig.memory.interrupted).containsExactly(1, 2, 0);
        assertThat(shootdowns.statistics().count).isEqualTo(3);
        assertThat(shootdowns.statistics().ipis).isEqualTo(3);
        rig.serve(1);
        assertThat(rig.flushes).filteredOn(flush -> flush.startsWith("1 ")).containsExactly("1 asid 1");
        assertThat(shootdowns.statistics().skipped).isEqualTo(2);
        rig.serve(2);
        rig.serve(0);
        assertThat(rig.memory.woken).containsExactlyInAnyOrder(0, 2);
        assertThat(shootdowns.statistics().acks).isEqualTo(6);
    }

    @Test
    void whatIsAskedOfAHartWhileItFlushesTakesAnotherInterrupt() {
        run(3, 4);
        rig.unmap(0, 0, 1);
        rig.waits(0);
        rig.begin(1);
        rig.unmap(2, 2, 1);
        rig.waits(2);
        assertThat(rig.memory.interrupted).containsExactly(1, 2, 0, 1);
        rig.begin(1);
        rig.end(1);
        rig.end(1);
        assertThat(rig.hasCached(1, 0)).isFalse();
        assertThat(rig.hasCached(1, 2)).isFalse();
        rig.serve(2);
        rig.serve(0);
        rig.finish(0);
        rig.finish(2);
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void aHartDoesNotGoOnBeforeItsShootdownsAreAnswered() {
        run(2, 1);
        rig.unmap(1);
        assertThatThrownBy(() -> rig.finish(0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @Tag("S34")
    void tablesAreFreedWithTheFramesAndNotBefore() {
        run(2, 1);
        int tables = rig.space.pageTable().tablePages();
        rig.unmapAll();
        rig.waits(0);
        assertThat(rig.space.pageTable().tablePages()).isEqualTo(tables);
        rig.serve(1);
        rig.finish(0);
        assertThat(rig.space.pageTable().tablePages()).isLessThan(tables);
        assertThat(rig.reports()).isEmpty();
    }

    private long shareFirstPage() {
        run(3, 1);
        rig.memory.workOn(0);
        AddressSpace child = rig.memory.fork(rig.space, ForkStrategy.COPY_ON_WRITE);
        if (rig.waits(0)) {
            rig.serveAll();
            rig.finish(0);
        }
        rig.forget();
        return Pte.physicalAddress(child.pageTable().peek(AT));
    }

    private void storeTo(int hartId, long address) {
        rig.memory.workOn(hartId);
        assertThat(rig.memory.faults.handle(rig.space, address, AccessType.STORE))
                .isNull();
    }

    @Test
    @Tag("S43")
    void aPageThatIsReplacedIsInTransitUntilNobodyCanUseTheOldOne() {
        long shared = shareFirstPage();
        storeTo(0, AT);
        assertThat(rig.waits(0)).isTrue();
        assertThat(rig.space.pageTable().peek(AT)).isZero();
        assertThat(rig.space.isInTransit(AT + 5)).isTrue();
        assertThat(rig.space.isInTransit(AT + PAGE)).isFalse();
        assertThat(rig.memory.frames.owners(shared)).isEqualTo(2);
        rig.serveAll();
        assertThat(rig.space.isInTransit(AT)).isTrue();
        rig.finish(0);
        assertThat(rig.space.isInTransit(AT)).isFalse();
        assertThat(Pte.physicalAddress(rig.space.pageTable().peek(AT))).isNotEqualTo(shared);
        assertThat(rig.memory.frames.owners(shared)).isEqualTo(1);
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    @Tag("S48")
    void theKernelsOwnCopiesUseThePageInTransitAtOnce() throws KernelException {
        shareFirstPage();
        storeTo(0, AT);
        rig.waits(0);
        rig.memory.workOn(2);
        rig.memory.userMemory.copyToUser(rig.space, AT + 8, new byte[] {7}, 1);
        byte[] read = new byte[1];
        rig.memory.userMemory.copyFromUser(rig.space, AT + 8, read, 1);
        assertThat(read).containsExactly(7);
        assertThat(rig.memory.userMemory.peek(rig.space, AT + 8, 1)).containsExactly(7);
        assertThat(rig.waits(2)).as("its task could still see the old page").isTrue();
        rig.serveAll();
        rig.finish(0);
        assertThat(rig.memory.woken).containsExactly(0, 2);
        assertThat(shootdowns.pendingStep(rig.hart(2))).isNull();
        assertThat(rig.memory.userMemory.peek(rig.space, AT + 8, 1)).containsExactly(7);
    }

    @Test
    void hartsThatWaitForEachOthersPagesFinishTheirOwnFirst() throws KernelException {
        shareFirstPage();
        storeTo(0, AT);
        storeTo(2, AT + ShootdownRig.ALL_PAGES * PAGE);
        rig.memory.workOn(0);
        rig.memory.userMemory.copyToUser(rig.space, AT + ShootdownRig.ALL_PAGES * PAGE, new byte[] {7}, 1);
        rig.memory.workOn(2);
        rig.memory.userMemory.copyToUser(rig.space, AT, new byte[] {7}, 1);
        rig.waits(0);
        rig.waits(2);
        rig.serveAll();
        assertThat(rig.memory.woken).containsExactlyInAnyOrder(0, 2);
        rig.finish(0);
        assertThat(rig.waits(0)).as("for the other one's page").isTrue();
        assertThat(rig.memory.woken).hasSize(2);
        rig.finish(2);
        assertThat(rig.waits(2)).isFalse();
        assertThat(rig.memory.woken).hasSize(3).endsWith(0);
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    @Tag("S43")
    void whoFaultsOnAPageInTransitIsWokenWhenItIsThere() {
        shareFirstPage();
        storeTo(0, AT);
        rig.waits(0);
        assertThat(shootdowns.waitForPage(rig.hart(2), rig.space.translations(), AT + 5))
                .isTrue();
        assertThat(shootdowns.waitForPage(rig.hart(2), rig.space.translations(), AT + PAGE))
                .isFalse();
        assertThat(rig.waits(2)).isTrue();
        rig.serveAll();
        assertThat(rig.memory.woken).containsExactly(0);
        rig.finish(0);
        assertThat(rig.memory.woken).containsExactly(0, 2);
        assertThat(shootdowns.waitForPage(rig.hart(2), rig.space.translations(), AT))
                .isFalse();
    }

    @Test
    void aPageInTransitThatIsDiscardedGetsNoPte() {
        long shared = shareFirstPage();
        int free = rig.freeFrames();
        storeTo(0, AT);
        rig.waits(0);
        rig.unmap(2, 0, 1);
        rig.waits(2);
        assertThat(rig.space.isInTransit(AT)).isFalse();
        for (int round = 0; round < 2; round++) {
            rig.serveAll();
        }
        rig.finish(0);
        rig.finish(2);
        assertThat(rig.space.pageTable().peek(AT)).isZero();
        assertThat(rig.freeFrames()).isEqualTo(free);
        assertThat(rig.memory.frames.owners(shared)).isEqualTo(1);
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void whileTheMachineBootsNobodyIsTold() throws KernelException {
        TestMemory memory = new TestMemory(1 << 20, PagingMode.SV48);
        int free = memory.frames.freeFrames();
        AddressSpace young = memory.space();
        young.map(new MapRequest(AT, PAGE, 3, false, MapRequest.Placement.FIXED));
        assertThat(memory.faults.handle(young, AT, AccessType.STORE)).isNull();
        young.unmap(AT, PAGE);
        young.destroy();
        assertThat(memory.frames.freeFrames()).isEqualTo(free);
        assertThat(memory.shootdowns.statistics().count).isZero();
    }

    @Test
    void moreThanABatchOfPagesIsSeveralShootdowns() throws KernelException {
        run(2, 1);
        rig.memory.workOn(0);
        long many = InvalidationBatch.MOST_PAGES + 1L;
        long start = AT + (1L << 30);
        rig.space.map(new MapRequest(start, many * PAGE, 3, false, MapRequest.Placement.FIXED));
        for (long page = 0; page < many; page++) {
            assertThat(rig.memory.faults.handle(rig.space, start + page * PAGE, AccessType.STORE))
                    .isNull();
        }
        int free = rig.freeFrames();
        rig.space.unmap(start, many * PAGE);
        assertThat(shootdowns.statistics().count).isEqualTo(2);
        assertThat(rig.memory.interrupted).containsExactly(1);
        rig.waits(0);
        rig.serve(1);
        rig.finish(0);
        assertThat(rig.freeFrames()).isGreaterThanOrEqualTo(free + (int) many);
    }

    @Test
    void waitTimesRunFromTheLastInterruptSentToTheLastAnswer() {
        run(3, 1);
        rig.hart(0).cycle = 10_000;
        rig.unmap(1);
        rig.waits(0);
        long dispatched = rig.memory.meter.nowCycle();
        shootdowns.beginService(rig.hart(1), 0);
        shootdowns.endService(rig.hart(1), dispatched + 3000);
        shootdowns.beginService(rig.hart(2), 0);
        shootdowns.endService(rig.hart(2), dispatched + 5000);
        ShootdownStatistics statistics = shootdowns.statistics();
        assertThat(statistics.waitCycles()).isBetween(4900L, 5100L);
        assertThat(statistics.longestWaitCycles()).isBetween(4900L, 5100L);
        assertThat(statistics.waitCyclesAt(50)).isBetween(4900L, 5100L);
        assertThat(List.of(statistics.count, statistics.ipis, statistics.acks)).containsExactly(1L, 2L, 2L);
    }
}
