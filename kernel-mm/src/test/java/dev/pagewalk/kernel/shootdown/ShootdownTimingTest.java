package dev.pagewalk.kernel.shootdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.kernel.shootdown.policy.EarlyAckPolicy;
import dev.pagewalk.kernel.shootdown.policy.HardwareBroadcastPolicy;
import dev.pagewalk.kernel.shootdown.policy.TargetedPolicy;
import dev.pagewalk.mmu.access.AccessType;
import org.junit.jupiter.api.Test;

/** early-ack and hardware-broadcast: the order of things, and what they cost. */
class ShootdownTimingTest {
    @Test
    void anEarlyAnswerComesBeforeTheFlushAndTheFramesMayGo() {
        ShootdownRig rig = new ShootdownRig(new EarlyAckPolicy());
        rig.run(0, 2);
        rig.run(1, 2);
        rig.forget();
        int free = rig.freeFrames();
        rig.unmap(2);
        assertThat(rig.memory.interrupted).containsExactly(1);
        rig.waits(0);
        rig.begin(1);
        assertThat(rig.memory.woken).containsExactly(0);
        assertThat(rig.hasCached(1, 0)).isTrue();
        rig.finish(0);
        assertThat(rig.freeFrames()).isEqualTo(free + 2);
        assertThat(rig.reports())
                .as("hart 1 executes nothing before it flushes")
                .isEmpty();
        rig.end(1);
        assertThat(rig.hasCached(1, 0)).isFalse();
        assertThat(rig.shootdowns.statistics().acks).isEqualTo(1);
    }

    @Test
    void whereTablesGoTheAnswerFollowsTheFlush() {
        ShootdownRig rig = new ShootdownRig(new EarlyAckPolicy());
        rig.run(0, 2);
        rig.run(1, 2);
        rig.forget();
        rig.unmapAll();
        rig.waits(0);
        rig.begin(1);
        assertThat(rig.memory.woken).isEmpty();
        rig.end(1);
        assertThat(rig.memory.woken).containsExactly(0);
        rig.finish(0);
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void theInitiatorSendsBeforeItFlushes() {
        long[] sentCycle = new long[2];
        for (ShootdownPolicy policy : new ShootdownPolicy[] {new TargetedPolicy(), new EarlyAckPolicy()}) {
            ShootdownRig rig = new ShootdownRig(policy);
            rig.run(0, 60);
            rig.run(1, 60);
            rig.memory.workOn(0);
            rig.hart(0).takeCharge();
            rig.shootdowns.setObserver(new InvalidationObserver() {
                @Override
                public void told(Shootdown shootdown, int hartId, Telling how) {
                    sentCycle[policy instanceof EarlyAckPolicy ? 1 : 0] =
                            rig.hart(0).chargedCycles();
                }
            });
            rig.unmap(60);
        }
        assertThat(sentCycle[0] - sentCycle[1]).as("sixty pages of 400 cycles").isEqualTo(60 * 400);
    }

    private static long costOfUnmapping(ShootdownRig rig, int hartId, int page) {
        rig.hart(hartId).takeCharge();
        rig.unmap(hartId, page, 1);
        return rig.hart(hartId).takeCharge();
    }

    @Test
    void theHardwareTakesLongerWhenOtherHartsAreAtItToo() {
        ShootdownRig rig = new ShootdownRig(new HardwareBroadcastPolicy());
        for (int hartId = 0; hartId < 4; hartId++) {
            rig.run(hartId, 8);
            rig.hart(hartId).cycle = 1_000_000;
        }
        long alone = costOfUnmapping(rig, 0, 0);
        long second = costOfUnmapping(rig, 1, 1);
        long third = costOfUnmapping(rig, 2, 2);
        assertThat(second - alone).as("skylake's 500 an issuer").isEqualTo(500);
        assertThat(third - alone).isEqualTo(1000);
        rig.hart(3).cycle = 2_000_000;
        assertThat(costOfUnmapping(rig, 3, 3)).as("when they are done").isEqualTo(alone);
        assertThat(rig.memory.interrupted).isEmpty();
    }

    @Test
    void theHardwareHasObeyedWhenItsTimeHasPassed() {
        ShootdownRig rig = new ShootdownRig(new HardwareBroadcastPolicy());
        rig.run(0, 2);
        rig.run(1, 2);
        rig.run(2, 2);
        rig.idle(2);
        rig.forget();
        int free = rig.freeFrames();
        rig.unmap(1);
        assertThat(rig.shootdowns.pendingStep(rig.hart(0))).isEqualTo(KernelStep.CONTINUE);
        assertThat(rig.flushes).isEmpty();
        assertThat(rig.memory.touch(1, ShootdownRig.AT, AccessType.LOAD)).isPositive();
        assertThat(rig.freeFrames()).isEqualTo(free);
        rig.finish(0);
        assertThat(rig.flushes).containsExactly("0 page 0", "1 page 0", "2 page 0");
        assertThat(rig.freeFrames()).isEqualTo(free + 1);
        assertThat(rig.shootdowns.pendingStep(rig.hart(0))).isNull();
        assertThat(rig.reports()).isEmpty();
        assertThat(rig.memory.sanitizer.staleHitsInWindow()).isEqualTo(1);
        assertThat(rig.shootdowns.statistics().waitCycles()).isGreaterThanOrEqualTo(1000);
    }

    @Test
    void broadcastsThatOverlapLeaveNobodyBehind() {
        ShootdownRig rig = new ShootdownRig(new HardwareBroadcastPolicy());
        for (int hartId = 0; hartId < 3; hartId++) {
            rig.run(hartId, 8);
        }
        rig.unmap(0, 0, 1);
        rig.unmap(1, 1, 1);
        rig.finish(1);
        rig.forget();
        rig.memory.run(2, rig.newSpace());
        rig.memory.run(2, rig.space);
        assertThat(rig.flushes).as("page 0 is still under way").containsExactly("2 asid 1");
        rig.finish(0);
        rig.forget();
        rig.memory.run(1, rig.space);
        rig.memory.run(2, rig.space);
        assertThat(rig.flushes).isEmpty();
        assertThat(rig.reports()).isEmpty();
    }
}
