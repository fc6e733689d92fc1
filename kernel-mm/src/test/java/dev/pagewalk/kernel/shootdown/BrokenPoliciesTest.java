package dev.pagewalk.kernel.shootdown;

import static dev.pagewalk.kernel.shootdown.ShootdownRig.AT;
import static dev.pagewalk.kernel.shootdown.ShootdownRig.PAGE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.shootdown.policy.BroadcastPolicy;
import dev.pagewalk.kernel.shootdown.policy.EarlyAckPolicy;
import dev.pagewalk.kernel.shootdown.policy.LatrPolicy;
import dev.pagewalk.kernel.shootdown.policy.LazyPolicy;
import dev.pagewalk.kernel.shootdown.policy.TargetedPolicy;
import dev.pagewalk.kernel.testing.BrokenInvalidation;
import dev.pagewalk.mmu.access.AccessType;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Kernels that shoot down wrongly across harts: the sanitizer names each, tells its story, and is silent on the right one. */
class BrokenPoliciesTest {
    private final AtomicReference<FrameAllocator> frames = new AtomicReference<>();

    private ShootdownRig rig(ShootdownPolicy policy) {
        return rig(policy, UnaryOperator.identity());
    }

    /** Harts 0 to 2 run the space. */
    private ShootdownRig rig(ShootdownPolicy policy, UnaryOperator<Invalidation> invalidations) {
        ShootdownRig rig = new ShootdownRig(policy, 4, 16, invalidations);
        frames.set(rig.memory.frames);
        for (int hartId = 0; hartId < 3; hartId++) {
            rig.run(hartId, 4);
            rig.hart(hartId).pc = 0x1_0000 + hartId;
        }
        rig.forget();
        return rig;
    }

    private static void complete(ShootdownRig rig) {
        if (rig.waits(0)) {
            rig.serveAll();
            rig.finish(0);
        }
    }

    private static String firstReport(ShootdownRig rig) {
        assertThat(rig.reports()).isNotEmpty();
        return rig.reports().get(0);
    }

    @Test
    void aHartLeftOutOfTheMask() {
        for (boolean broken : new boolean[] {false, true}) {
            ShootdownPolicy right = new TargetedPolicy();
            ShootdownRig rig = rig(broken ? BrokenPolicies.leavingOneOut(right) : right);
            rig.protect(0, 0, 1);
            complete(rig);
            rig.memory.touch(1, AT, AccessType.STORE);
            rig.memory.touch(2, AT, AccessType.STORE);
            if (broken) {
                assertThat(firstReport(rig))
                        .matches(
                                "stale translation used: hart 2, va 0x40000000, asid 1, pc 0x10002, cycle \\d+, store; "
                                        + "the PTE was changed from leaf 0x\\w+ rw-u-ad to leaf 0x\\w+ r--u-ad by hart 0 at cycle \\d+ "
                                        + "\\(pc 0x10000\\), completed at cycle \\d+; shootdown 1 was issued by hart 0 at cycle \\d+; "
                                        + "told: hart 1 \\(interrupted, answered at cycle \\d+\\); hart 2 was not told; never flushed "
                                        + "from L1D; since then hart 2 has flushed nothing");
            } else {
                assertThat(rig.reports()).isEmpty();
            }
        }
    }

    @Test
    void framesFreedBeforeTheAnswer() {
        ShootdownRig rig = rig(BrokenPolicies.freeingBeforeTheAnswer(new TargetedPolicy(), frames::get));
        rig.unmap(1);
        assertThat(firstReport(rig))
                .startsWith("frame freed while it can be reached: ")
                .contains("(user) by hart 0 at cycle ")
                .contains("; hart 1 has it in L1D for va 0x40000000, asid 1; the PTE was changed from leaf ")
                .contains(" to invalid by hart 0 ")
                .endsWith(
                        "told: hart 1 (interrupted, has not answered), hart 2 (interrupted, has not answered); since then "
                                + "hart 1 has flushed nothing");
    }

    @Test
    void anEarlyAnswerWhereTablesAreFreed() {
        for (boolean broken : new boolean[] {false, true}) {
            ShootdownRig rig = rig(broken ? BrokenPolicies.answeringEarlyForTables() : new EarlyAckPolicy());
            rig.unmapAll();
            rig.waits(0);
            rig.begin(1);
            rig.begin(2);
            if (broken) {
                rig.finish(0);
                assertThat(firstReport(rig))
                        .contains("(page table) by hart 0 ")
                        .contains("hart 1 has it in its walk cache for tables from va 0x40000000 on, asid 1")
                        .contains("told: hart 1 (interrupted, answered at cycle ");
            } else {
                rig.end(1);
                rig.end(2);
                rig.finish(0);
                assertThat(rig.reports()).isEmpty();
            }
        }
    }

    @Test
    void aPartialFlushThatIgnoresGenerations() {
        for (boolean broken : new boolean[] {false, true}) {
            ShootdownRig rig = rig(broken ? BrokenPolicies.forgettingMissedGenerations() : new TargetedPolicy());
            rig.protect(0, 0, 1);
            rig.protect(0, 1, 1);
            complete(rig);
            rig.memory.touch(1, AT + PAGE, AccessType.STORE);
            assertThat(rig.reports()).isEmpty();
            rig.memory.touch(1, AT, AccessType.STORE);
            if (broken) {
                assertThat(firstReport(rig))
                        .startsWith("stale translation used: hart 1, va 0x40000000, asid 1, ")
                        .contains("told: hart 1 (interrupted, answered at cycle ")
                        .contains("since then hart 1 has flushed 0x40001000 to 0x40001fff of asid 1 at cycle ");
            } else {
                assertThat(rig.reports()).isEmpty();
            }
        }
    }

    @Test
    void aGenerationSkipped() {
        ShootdownRig rig = rig(BrokenPolicies.skippingTooMuch());
        rig.unmap(1);
        complete(rig);
        assertThat(firstReport(rig)).contains("hart 0 has it in L1D for va 0x40000000, asid 1");
    }

    @Test
    void theWrongAsidFlushed() {
        ShootdownRig rig = rig(new TargetedPolicy(), BrokenInvalidation::ofAnotherAsid);
        rig.protect(0, 0, 1);
        complete(rig);
        rig.memory.touch(1, AT, AccessType.STORE);
        assertThat(firstReport(rig))
                .startsWith("stale translation used: hart 1, va 0x40000000, asid 1, ")
                .contains("since then hart 1 has flushed 0x40000000 to 0x40000fff of asid 2 at cycle ");
    }

    @Test
    void aFlushOfAddressesOnlyBeforeATableIsFreed() {
        ShootdownRig rig = rig(new TargetedPolicy(), BrokenInvalidation::byAddressOnly);
        rig.unmapAll();
        complete(rig);
        assertThat(rig.reports())
                .anyMatch(report -> report.contains("(page table)") && report.contains(" has it in its walk cache"));
    }

    @Test
    void latrWithoutParking() {
        for (boolean broken : new boolean[] {false, true}) {
            ShootdownRig rig = rig(broken ? BrokenPolicies.latrWithoutParking(frames::get) : new LatrPolicy());
            rig.unmap(1);
            rig.memory.touch(1, AT, AccessType.STORE);
            if (broken) {
                assertThat(firstReport(rig))
                        .startsWith("frame freed while it can be reached: ")
                        .endsWith(
                                "told: hart 1 (left a note), hart 2 (left a note); since then hart 1 has flushed nothing");
            } else {
                assertThat(rig.reports()).isEmpty();
            }
        }
    }

    @Test
    void aNoteWhereTheMappingStays() {
        ShootdownRig rig = rig(BrokenPolicies.latrForAll());
        rig.protect(0, 0, 1);
        complete(rig);
        rig.memory.touch(1, AT, AccessType.STORE);
        assertThat(firstReport(rig))
                .startsWith("stale translation used: hart 1, ")
                .contains("told: hart 1 (left to flush at its next switch)");
    }

    @Test
    void aHartThatWasLeftAloneAndDoesNotFlushAtItsSwitch() {
        for (boolean broken : new boolean[] {false, true}) {
            ShootdownRig rig =
                    rig(new LazyPolicy(), broken ? BrokenInvalidation::exceptSpaces : UnaryOperator.identity());
            rig.idle(2);
            rig.protect(0, 0, 1);
            complete(rig);
            rig.memory.run(2, rig.space);
            rig.memory.touch(2, AT, AccessType.STORE);
            if (broken) {
                assertThat(firstReport(rig))
                        .startsWith("stale translation used: hart 2, va 0x40000000, asid 1, ")
                        .contains("hart 2 (left to flush at its next switch)");
            } else {
                assertThat(rig.reports()).isEmpty();
            }
        }
    }

    @Test
    void anIdleHartLeftAloneWhereTablesAreFreed() {
        for (boolean broken : new boolean[] {false, true}) {
            ShootdownRig rig = rig(broken ? BrokenPolicies.lazyWithTables() : new LazyPolicy());
            rig.idle(2);
            rig.unmapAll();
            complete(rig);
            if (broken) {
                assertThat(rig.reports())
                        .allMatch(report -> report.contains("(page table)")
                                && report.contains("hart 2 has it in its walk cache")
                                && report.contains("hart 2 (left to flush at its next switch)"))
                        .isNotEmpty();
            } else {
                assertThat(rig.reports()).isEmpty();
            }
        }
    }

    @Test
    void manyHartsAreCountedAndNotAllNamed() {
        ShootdownRig rig = new ShootdownRig(new BroadcastPolicy(), 16, 16, BrokenInvalidation::none);
        for (int hartId = 0; hartId < 16; hartId++) {
            rig.run(hartId, 1);
        }
        rig.forget();
        rig.protect(0, 0, 1);
        complete(rig);
        rig.memory.touch(9, AT, AccessType.STORE);
        assertThat(List.of(firstReport(rig).split(", hart "))).hasSizeBetween(7, 9);
        assertThat(firstReport(rig)).contains(" and 7 more; never flushed from L1D");
    }
}
