package dev.pagewalk.kernel.shootdown;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.kernel.shootdown.policy.LazyPolicy;
import dev.pagewalk.kernel.shootdown.policy.TargetedPolicy;
import dev.pagewalk.kernel.space.AddressSpace;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** ASIDs by generation, with so few bits that they run out. */
class AsidRollOverTest {
    private static final int THREE_BITS = 3;

    private final ShootdownRig rig = new ShootdownRig(new TargetedPolicy(), 2, THREE_BITS);

    private static int asid(AddressSpace space) {
        return space.translations().asid();
    }

    @Test
    @Tag("S1")
    void aSpaceGetsAnAsidWhenItIsFirstLoaded() {
        AddressSpace other = rig.newSpace();
        assertThat(asid(rig.space)).isZero();
        rig.run(0, other, 0);
        rig.run(0, 0);
        assertThat(asid(other)).isEqualTo(1);
        assertThat(asid(rig.space)).isEqualTo(2);
        rig.run(1, other, 0);
        assertThat(asid(other)).as("on any hart the same").isEqualTo(1);
    }

    @Test
    void whatIsLoadedKeepsItsAsidAndEveryHartFlushesBeforeItsNextLoad() {
        rig.run(1, 1);
        List<AddressSpace> others = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            others.add(rig.newSpace());
            rig.run(0, others.get(i), 1);
        }
        assertThat(asid(others.get(5))).isEqualTo(7);
        assertThat(rig.shootdowns.asidRollOvers()).isZero();
        rig.forget();

        AddressSpace one = rig.newSpace();
        rig.run(0, one, 1);
        assertThat(rig.shootdowns.asidRollOvers()).isEqualTo(1);
        assertThat(asid(one)).isEqualTo(2);
        assertThat(asid(rig.space)).as("hart 1 runs it").isEqualTo(1);
        assertThat(rig.flushes).containsExactly("0 everything");

        rig.memory.run(1, rig.space);
        assertThat(rig.flushes).as("no switch, no flush").hasSize(1);
        rig.run(1, one, 1);
        assertThat(rig.flushes).containsExactly("0 everything", "1 everything");
        rig.run(1, 1);
        rig.run(1, one, 1);
        assertThat(rig.flushes).as("once").hasSize(2);
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void aSpaceThatHasLostItsAsidGetsAnother() {
        rig.run(0, 1);
        AddressSpace last = null;
        for (int i = 0; i < 7; i++) {
            last = rig.newSpace();
            rig.run(0, last, 1);
        }
        assertThat(rig.shootdowns.asidRollOvers()).isEqualTo(1);
        rig.run(0, 1);
        assertThat(asid(rig.space)).isEqualTo(2).isNotEqualTo(asid(last));
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void aSpaceWithoutAnAsidIsCachedNowhere() {
        rig.run(1, 3);
        rig.memory.leave(1);
        for (int i = 0; i < 7; i++) {
            rig.run(0, rig.newSpace(), 1);
        }
        assertThat(rig.shootdowns.asidRollOvers()).isEqualTo(1);
        assertThat(rig.space.translations().cachedOn()).isZero();
        rig.forget();
        int free = rig.freeFrames();
        rig.unmap(3);
        assertThat(rig.waits(0)).isFalse();
        assertThat(rig.freeFrames()).isEqualTo(free + 3);
        assertThat(rig.flushes).isEmpty();
        assertThat(rig.reports()).as("hart 1 will flush").isEmpty();
        rig.memory.run(1, rig.space);
        assertThat(rig.flushes).containsExactly("1 everything");
        assertThat(rig.hasCached(1, 1)).isFalse();
    }

    @Test
    void aRequestThatARollOverHasOvertakenIsSkipped() {
        ShootdownRig three = new ShootdownRig(new TargetedPolicy(), 3, THREE_BITS);
        three.run(0, three.newSpace(), 0);
        three.run(1, 1);
        three.memory.leave(1);
        three.unmap(1);
        three.waits(0);
        for (int i = 0; i < 6; i++) {
            three.memory.run(2, three.newSpace());
        }
        assertThat(three.shootdowns.asidRollOvers()).isEqualTo(1);
        three.forget();
        three.serve(1);
        assertThat(three.flushes).isEmpty();
        assertThat(three.shootdowns.statistics().skipped).isEqualTo(1);
        assertThat(three.memory.woken).containsExactly(0);
    }

    @Test
    void withFewerAsidsThanHartsAndOneMoreAllShareOne() {
        ShootdownRig few = new ShootdownRig(new TargetedPolicy(), 7, THREE_BITS);
        AddressSpace other = few.newSpace();
        few.run(0, 2);
        few.run(1, other, 2);
        assertThat(asid(few.space)).isEqualTo(1);
        assertThat(asid(other)).isEqualTo(1);
        assertThat(few.flushes).isEmpty();
        few.run(0, other, 2);
        assertThat(few.flushes).containsExactly("0 asid 1");
        few.memory.leave(0);
        few.run(0, other, 2);
        assertThat(few.flushes).as("nobody was there in between").hasSize(1);
        few.run(0, 2);
        assertThat(few.flushes).containsExactly("0 asid 1", "0 asid 1");
        assertThat(few.space.translations().cachedOn()).isEqualTo(0b01);
        assertThat(other.translations().cachedOn()).isEqualTo(0b10);
        assertThat(few.reports()).isEmpty();
    }

    @Test
    void sixHartsAndThreeBitsAreEnoughForAsidsOfTheirOwn() {
        ShootdownRig enough = new ShootdownRig(new TargetedPolicy(), 6, THREE_BITS);
        for (int round = 0; round < 4; round++) {
            for (int hartId = 0; hartId < 6; hartId++) {
                enough.run(hartId, enough.newSpace(), 1);
            }
        }
        assertThat(enough.shootdowns.asidRollOvers()).isPositive();
        assertThat(enough.flushes).allMatch(flush -> flush.endsWith("everything"));
        assertThat(enough.reports()).isEmpty();
    }

    @Test
    void bitsAreOneToSixteen() {
        for (int bits : new int[] {0, 17}) {
            assertThatThrownBy(() -> new ShootdownRig(new TargetedPolicy(), 1, bits))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void atRandomNoHartEverUsesAnothersTranslations() {
        for (int bits : new int[] {1, 2, 3, 4}) {
            long seed = 40 + bits;
            Random random = new Random(seed);
            ShootdownRig any = new ShootdownRig(new LazyPolicy(), 4, bits);
            List<AddressSpace> spaces = new ArrayList<>(List.of(any.space, any.newSpace(), any.newSpace()));
            for (int step = 0; step < 2000; step++) {
                int hartId = random.nextInt(4);
                int which = random.nextInt(spaces.size());
                if (random.nextInt(20) == 0) {
                    retire(any, spaces, which, hartId);
                } else {
                    any.run(hartId, spaces.get(which), random.nextInt(4));
                }
            }
            assertThat(any.reports()).as("%d bits, seed %d", bits, seed).isEmpty();
        }
    }

    private static void retire(ShootdownRig rig, List<AddressSpace> spaces, int which, int hartId) {
        rig.memory.workOn(hartId);
        AddressSpace ending = spaces.get(which);
        rig.memory.interrupted.clear();
        ending.retire();
        if (rig.waits(hartId)) {
            rig.serveAll();
            rig.finish(hartId);
        }
        ending.destroy();
        spaces.set(which, rig.newSpace());
    }
}
