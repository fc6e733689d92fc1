package dev.pagewalk.kernel.shootdown;

import static dev.pagewalk.kernel.shootdown.ShootdownRig.AT;
import static dev.pagewalk.kernel.shootdown.ShootdownRig.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.shootdown.policy.LatrPolicy;
import dev.pagewalk.kernel.space.MapRequest;
import dev.pagewalk.mmu.access.AccessType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Notes, sweeps, and what is parked meanwhile. Harts 0 to 2 run the space. */
class LatrPolicyTest {
    private final ShootdownRig rig = new ShootdownRig(new LatrPolicy());
    private final Shootdowns shootdowns = rig.shootdowns;
    private final SpaceTranslations space = rig.space.translations();

    @BeforeEach
    void threeHartsRun() {
        for (int hartId = 0; hartId < 3; hartId++) {
            rig.run(hartId, 70);
            rig.store(hartId, rig.space, AT);
        }
        rig.forget();
    }

    private void sweep(int hartId) {
        HartPhase before = rig.hart(hartId).phase();
        rig.memory.workOn(hartId);
        shootdowns.sweep(rig.hart(hartId));
        rig.hart(hartId).enter(before);
    }

    @Test
    void nobodyWaitsAndTheLastToSweepFrees() {
        int free = rig.freeFrames();
        rig.unmap(2);
        assertThat(rig.waits(0)).isFalse();
        assertThat(rig.flushes).containsExactly("0 page 0", "0 page 1");
        assertThat(shootdowns.hasParked()).isTrue();
        assertThat(rig.freeFrames()).isEqualTo(free);
        assertThat(space.parked().overlaps(AT + PAGE, AT + 2 * PAGE)).isTrue();
        assertThat(space.parked().overlaps(AT + 2 * PAGE, AT + 3 * PAGE)).isFalse();
        assertThat(rig.memory.touch(1, AT, AccessType.STORE))
                .as("others may go on")
                .isPositive();
        sweep(1);
        assertThat(rig.hasCached(1, 0)).isFalse();
        assertThat(rig.freeFrames()).isEqualTo(free);
        sweep(1);
        sweep(2);
        assertThat(rig.freeFrames()).isEqualTo(free + 2);
        assertThat(shootdowns.hasParked()).isFalse();
        assertThat(space.parked().isEmpty()).isTrue();
        assertThat(rig.memory.interrupted).isEmpty();
        assertThat(rig.memory.woken).isEmpty();
        assertThat(rig.reports()).isEmpty();
        assertThat(rig.memory.sanitizer.staleHitsInWindow()).isEqualTo(1);
        assertThat(shootdowns.statistics().waitCycles()).isZero();
        assertThat(shootdowns.statistics().acks).isEqualTo(2);
    }

    @Test
    void whoSweepsPaysForTheFlushAndTheLastOneForTheFrames() {
        rig.unmap(2);
        rig.hart(1).takeCharge();
        rig.hart(2).takeCharge();
        sweep(1);
        sweep(2);
        long first = rig.hart(1).takeCharge();
        assertThat(first).isEqualTo(2 * 400);
        assertThat(rig.hart(2).takeCharge()).isGreaterThan(first);
    }

    @Test
    void aSwitchSweepsToo() {
        rig.unmap(1);
        rig.memory.run(1, rig.newSpace());
        rig.memory.run(2, rig.space);
        assertThat(shootdowns.hasParked()).isFalse();
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void aFullRingFallsBackToInterrupts() {
        for (int page = 0; page < NoteRings.MOST_NOTES; page++) {
            rig.unmap(0, page, 1);
        }
        assertThat(rig.memory.interrupted).isEmpty();
        rig.unmap(0, NoteRings.MOST_NOTES, 1);
        assertThat(rig.memory.interrupted).containsExactly(1, 2);
        assertThat(rig.waits(0)).isTrue();
        rig.serveAll();
        rig.finish(0);
        rig.unmap(1, 69, 1);
        assertThat(rig.memory.interrupted).as("another hart has its own ring").isEmpty();
        sweep(0);
        sweep(1);
        sweep(2);
        assertThat(shootdowns.hasParked()).isFalse();
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void tablesAreParkedAndAHartThatIdlesInTheSpaceIsInterruptedForThem() {
        rig.idle(2);
        int tables = rig.space.pageTable().tablePages();
        rig.unmapAll();
        assertThat(rig.memory.interrupted).containsExactly(2);
        assertThat(rig.waits(0)).isFalse();
        sweep(1);
        assertThat(rig.space.pageTable().tablePages()).isEqualTo(tables);
        rig.serve(2);
        assertThat(rig.space.pageTable().tablePages())
                .as("nothing is freed in an interrupt")
                .isEqualTo(tables);
        sweep(1);
        assertThat(rig.space.pageTable().tablePages()).isLessThan(tables);
        assertThat(shootdowns.hasParked()).isFalse();
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void anIdleHartIsNotWaitedForWherePagesGoAndFlushesAtItsNextSwitch() {
        rig.idle(2);
        rig.unmap(1);
        sweep(1);
        assertThat(shootdowns.hasParked()).isFalse();
        assertThat(rig.reports()).isEmpty();
        rig.memory.run(2, rig.space);
        assertThat(rig.flushes).contains("2 asid 1");
    }

    @Test
    void whoWantsTheRangeMakesTheOthersFlushFirst() {
        rig.unmap(2);
        sweep(1);
        rig.unmap(0, 10, 1);
        rig.memory.workOn(0);
        assertThat(shootdowns.settle(space, AT + 3 * PAGE, AT + 4 * PAGE)).isTrue();
        assertThat(shootdowns.settle(space, AT + PAGE, AT + 4 * PAGE)).isFalse();
        assertThat(rig.memory.interrupted).containsExactly(2);
        assertThat(rig.waits(0)).isTrue();
        rig.serve(2);
        assertThat(rig.memory.woken).containsExactly(0);
        rig.finish(0);
        assertThat(shootdowns.settle(space, AT + PAGE, AT + 4 * PAGE)).isTrue();
        assertThat(shootdowns.hasParked()).as("page 10 still").isTrue();
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void aSecondHartThatWantsTheRangeWaitsForTheFirstOne() {
        rig.unmap(2);
        rig.memory.workOn(1);
        assertThat(shootdowns.settle(space, AT, AT + PAGE)).isFalse();
        assertThat(rig.flushes).as("its own note is read at once").contains("1 page 0");
        assertThat(rig.waits(1)).isTrue();
        rig.memory.workOn(0);
        assertThat(shootdowns.settle(space, AT, AT + PAGE)).isFalse();
        assertThat(rig.waits(0)).isTrue();
        rig.serve(2);
        assertThat(rig.memory.woken).containsExactly(1);
        rig.finish(1);
        assertThat(rig.memory.woken).containsExactly(1, 0);
        rig.memory.workOn(0);
        assertThat(shootdowns.settle(space, AT, AT + PAGE)).isTrue();
    }

    @Test
    void whoWaitsForItsOwnAndForAnothersShootdownsFinishesItsOwnFirst() {
        rig.unmap(0, 0, 1);
        rig.memory.workOn(1);
        assertThat(shootdowns.settle(space, AT, AT + PAGE)).isFalse();
        assertThat(rig.waits(1)).isTrue();
        rig.unmap(0, 1, 1);
        assertThat(shootdowns.settle(space, AT, AT + 2 * PAGE)).isFalse();
        assertThat(rig.waits(0)).isTrue();
        rig.serve(1);
        rig.serve(2);
        assertThat(rig.memory.woken).as("both have all their answers").containsExactlyInAnyOrder(0, 1);
        rig.finish(0);
        assertThat(rig.waits(0)).as("hart 1 has to finish, too").isTrue();
        rig.finish(1);
        assertThat(rig.memory.woken).hasSize(3).endsWith(0);
        rig.memory.workOn(0);
        assertThat(shootdowns.settle(space, AT, AT + 2 * PAGE)).isTrue();
    }

    @Test
    void settlingAllLeavesNothingParked() {
        rig.unmap(0, 0, 1);
        rig.unmap(1, 1, 1);
        rig.memory.workOn(2);
        assertThat(shootdowns.settleAll()).isFalse();
        assertThat(rig.memory.interrupted).containsExactly(1, 0);
        rig.waits(2);
        rig.serveAll();
        rig.finish(2);
        assertThat(shootdowns.settleAll()).isTrue();
        assertThat(shootdowns.hasParked()).isFalse();
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void theEndOfTheSpaceSettlesWhatIsParked() {
        int free = rig.freeFrames();
        rig.unmap(2);
        rig.memory.run(1, rig.newSpace());
        rig.unmap(0, 5, 1);
        rig.idle(2);
        rig.memory.workOn(0);
        rig.space.retire();
        assertThat(rig.waits(0)).isTrue();
        rig.serveAll();
        rig.finish(0);
        assertThat(shootdowns.hasParked()).isFalse();
        rig.space.destroy();
        assertThat(rig.freeFrames()).isGreaterThan(free + 70);
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void whatIsMappedAnewAtOnceIsNotParked() throws KernelException {
        rig.memory.workOn(0);
        rig.space.map(new MapRequest(AT, PAGE, 3, false, MapRequest.Placement.FIXED));
        assertThat(shootdowns.hasParked()).isFalse();
        assertThat(rig.memory.interrupted).containsExactly(1, 2);
    }
}
