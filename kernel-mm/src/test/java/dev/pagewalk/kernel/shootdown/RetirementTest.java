package dev.pagewalk.kernel.shootdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.kernel.shootdown.policy.BroadcastPolicy;
import dev.pagewalk.kernel.shootdown.policy.TargetedPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The end of an address space: every hart leaves it, under every policy; then all goes without further flushes. */
@Tag("S23")
class RetirementTest {
    @ParameterizedTest
    @MethodSource("dev.pagewalk.kernel.shootdown.ShootdownRig#policies")
    void everyHartThatHasTheTablesLoadedLeavesThemFirst(ShootdownPolicy policy) {
        ShootdownRig rig = new ShootdownRig(policy);
        int free = rig.freeFrames();
        for (int hartId = 0; hartId < 4; hartId++) {
            rig.run(hartId, 3);
        }
        rig.idle(1);
        rig.idle(2);
        rig.run(3, rig.newSpace(), 0);
        int others = rig.space.pageTable().tablePages();
        rig.forget();
        rig.memory.workOn(0);
        rig.space.retire();
        assertThat(rig.memory.interrupted).containsExactly(1, 2);
        assertThat(rig.waits(0)).isTrue();
        assertThat(rig.shootdowns.loader().loaded(0)).isNull();
        assertThat(rig.hart(0).mmu().rootAddress()).isEqualTo(rig.memory.kernelTable.rootAddress());
        rig.serve(1);
        assertThat(rig.memory.woken).isEmpty();
        rig.serve(2);
        assertThat(rig.memory.woken).containsExactly(0);
        assertThat(rig.hart(2).mmu().asid()).isZero();
        rig.finish(0);
        rig.forget();
        while (!rig.space.destroyStep()) {
            assertThat(rig.waits(0)).isFalse();
        }
        assertThat(rig.flushes).isEmpty();
        assertThat(rig.memory.interrupted).isEmpty();
        assertThat(others).isPositive();
        assertThat(rig.reports()).isEmpty();
        assertThat(rig.shootdowns.isQueued(3, 1))
                .as("hart 3 has much cached that is gone")
                .isTrue();
        assertThat(free).isPositive();
    }

    @Test
    void nobodyLoadsASpaceThatHasEnded() {
        ShootdownRig rig = new ShootdownRig(new TargetedPolicy());
        rig.run(0, 1);
        rig.memory.workOn(0);
        rig.space.retire();
        assertThatThrownBy(() -> rig.memory.run(1, rig.space)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void aSpaceThatWasNeverLoadedEndsAtOnce() {
        ShootdownRig rig = new ShootdownRig(new BroadcastPolicy());
        int free = rig.freeFrames();
        rig.newSpace().destroy();
        assertThat(rig.flushes).isEmpty();
        assertThat(rig.memory.interrupted).isEmpty();
        assertThat(rig.freeFrames()).isEqualTo(free);
        assertThat(rig.shootdowns.statistics().count).isZero();
    }

    @Test
    void aHartThatHasGoneElsewhereBeforeTheInterruptCameStaysThere() {
        ShootdownRig rig = new ShootdownRig(new TargetedPolicy());
        rig.run(0, 1);
        rig.run(1, 1);
        rig.idle(1);
        rig.memory.workOn(0);
        rig.space.retire();
        rig.waits(0);
        var next = rig.newSpace();
        rig.run(1, next, 1);
        rig.serve(1);
        assertThat(rig.shootdowns.loader().loaded(1)).isEqualTo(next.translations());
        rig.finish(0);
        rig.space.destroy();
        assertThat(rig.reports()).isEmpty();
    }
}
