package dev.pagewalk.kernel.shootdown;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteStreams;
import dev.pagewalk.kernel.shootdown.policy.TargetedPolicy;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.mmu.access.AccessType;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A snapshot in the middle of a shootdown, restored into other objects, goes on as the original does. */
class ShootdownSnapshotTest {
    private static ShootdownRig rig(ShootdownPolicy policy) {
        return new ShootdownRig(policy, 4, 4);
    }

    /** Hart 0 waits, hart 1 is in its service, hart 2 has yet to look, hart 3 idles. */
    private static void begin(ShootdownRig rig) {
        for (int hartId = 0; hartId < 4; hartId++) {
            rig.run(hartId, 20);
        }
        rig.idle(3);
        rig.forget();
        rig.unmap(0, 0, 3);
        rig.protect(0, 3, 1);
        rig.waits(0);
        if (rig.memory.interrupted.contains(1)) {
            rig.begin(1);
        }
        rig.unmap(2, 10, 1);
        rig.waits(2);
    }

    private static List<Object> finish(ShootdownRig rig, List<Integer> interrupted) {
        rig.forget();
        rig.memory.meter.workOn(rig.hart(1));
        if (interrupted.contains(1)) {
            rig.end(1);
        }
        for (int hartId = 0; hartId < 4; hartId++) {
            rig.serve(hartId);
        }
        rig.serveAll();
        for (int hartId = 0; hartId < 4; hartId++) {
            rig.memory.workOn(hartId);
            rig.shootdowns.sweep(rig.hart(hartId));
        }
        rig.finish(0);
        rig.finish(2);
        return List.of(
                rig.flushes, rig.memory.woken, rig.freeFrames(), hash(rig.save().others()));
    }

    private static int hash(byte[] bytes) {
        return Arrays.hashCode(bytes);
    }

    @ParameterizedTest
    @MethodSource("dev.pagewalk.kernel.shootdown.ShootdownRig#policies")
    void everyPolicysShootdownGoesOn(ShootdownPolicy policy) {
        ShootdownRig original = rig(policy);
        begin(original);
        ShootdownRig.State state = original.save();
        List<Integer> interrupted = List.copyOf(original.memory.interrupted);

        ShootdownRig restored = rig(policy);
        restored.restore(state);
        assertThat(restored.save().others()).isEqualTo(state.others());
        assertThat(restored.shootdowns.pendingStep(restored.hart(0)))
                .isEqualTo(original.shootdowns.pendingStep(original.hart(0)));
        List<Object> expected = finish(original, interrupted);
        assertThat(finish(restored, interrupted)).isEqualTo(expected);
        assertThat(restored.shootdowns.hasParked()).isFalse();
        assertThat(restored.shootdowns.pendingStep(restored.hart(0))).isNull();
    }

    @Test
    void aPageInTransitAndItsWaitersAreKept() {
        ShootdownRig original = rig(new TargetedPolicy());
        original.run(0, 1);
        original.run(1, 1);
        original.memory.workOn(0);
        original.memory.fork(original.space, ForkStrategy.COPY_ON_WRITE);
        original.waits(0);
        original.serveAll();
        original.finish(0);
        original.memory.faults.handle(original.space, ShootdownRig.AT, AccessType.STORE);
        original.waits(0);
        original.shootdowns.waitForPage(original.hart(1), original.space.translations(), ShootdownRig.AT);
        ShootdownRig.State state = original.save();

        ShootdownRig restored = rig(new TargetedPolicy());
        restored.restore(state);
        assertThat(restored.space.isInTransit(ShootdownRig.AT)).isTrue();
        assertThat(restored.space.entryOf(ShootdownRig.AT).pte())
                .isEqualTo(original.space.entryOf(ShootdownRig.AT).pte());
        restored.begin(1);
        restored.end(1);
        restored.finish(0);
        assertThat(restored.memory.woken).containsExactly(0, 1);
        assertThat(restored.space.pageTable().peek(ShootdownRig.AT))
                .isEqualTo(original.space.entryOf(ShootdownRig.AT).pte());
    }

    @Test
    void statisticsAreKeptToTheLastCycle() {
        ShootdownStatistics statistics = new ShootdownStatistics();
        statistics.count = 5;
        statistics.skipped = 2;
        for (int i = 0; i < 1000; i++) {
            statistics.waited(i * 17L);
        }
        var out = ByteStreams.newDataOutput();
        statistics.save(out);
        ShootdownStatistics restored = new ShootdownStatistics();
        restored.restore(ByteStreams.newDataInput(out.toByteArray()));
        for (ShootdownStatistics each : List.of(statistics, restored)) {
            each.waited(1_000_000);
            assertThat(each.count).isEqualTo(5);
            assertThat(each.skipped).isEqualTo(2);
            assertThat(each.waitCycles()).isEqualTo(17L * 999 * 500 + 1_000_000);
            assertThat(each.waitCyclesAt(50)).isBetween(8490L, 8510L);
            assertThat(each.waitCyclesAt(99)).isBetween(16_800L, 16_850L);
            assertThat(each.longestWaitCycles()).isBetween(1_000_000L, 1_001_000L);
        }
        var again = ByteStreams.newDataOutput();
        var once = ByteStreams.newDataOutput();
        restored.save(again);
        statistics.save(once);
        assertThat(again.toByteArray()).isEqualTo(once.toByteArray());
    }
}
