package dev.pagewalk.mmu.tlb;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class VictimSelectorTest {
    private static VictimSelector stamped(ReplacementPolicy policy, int sets, int ways, long... stamps) {
        VictimSelector selector = new VictimSelector(policy, sets, ways, 1);
        System.arraycopy(stamps, 0, selector.stamps(), 0, stamps.length);
        return selector;
    }

    private static List<Integer> victims(VictimSelector selector, int set, int count) {
        List<Integer> victims = new ArrayList<>();
        for (int index = 0; index < count; index++) {
            victims.add(selector.replace(set));
        }
        return victims;
    }

    @Test
    void fifoGoesRoundEachSetByItself() {
        VictimSelector selector = stamped(ReplacementPolicy.FIFO, 2, 3, 9, 8, 7, 6, 5, 4);
        assertThat(victims(selector, 1, 4)).containsExactly(3, 4, 5, 3);
        assertThat(victims(selector, 0, 2)).containsExactly(0, 1);
    }

    @Test
    void lruTakesTheOldestStampOfItsSet() {
        VictimSelector selector = stamped(ReplacementPolicy.LRU, 2, 3, 1, 2, 3, 6, 4, 5);
        assertThat(selector.replace(0)).isEqualTo(0);
        assertThat(selector.replace(1)).isEqualTo(4);
    }

    @Test
    void treePlruTurnsAwayFromTheLatestAccessAtEachNode() {
        // True LRU would take way 0; the tree's root points away from way 1, the latest.
        assertThat(stamped(ReplacementPolicy.TREE_PLRU, 1, 4, 1, 9, 5, 4).replace(0))
                .isEqualTo(3);
        assertThat(stamped(ReplacementPolicy.TREE_PLRU, 1, 4, 1, 2, 5, 9).replace(0))
                .isEqualTo(0);
    }

    @Test
    void treePlruPutsTheOddWayIntoTheLowerHalf() {
        assertThat(stamped(ReplacementPolicy.TREE_PLRU, 1, 3, 5, 9, 6).replace(0))
                .isEqualTo(2);
        assertThat(stamped(ReplacementPolicy.TREE_PLRU, 1, 3, 5, 3, 6).replace(0))
                .isEqualTo(1);
    }

    @Test
    void randomIsSeededAndReachesEveryWayOfTheSetAndNoOther() {
        VictimSelector first = new VictimSelector(ReplacementPolicy.RANDOM, 4, 5, 42);
        VictimSelector same = new VictimSelector(ReplacementPolicy.RANDOM, 4, 5, 42);
        VictimSelector other = new VictimSelector(ReplacementPolicy.RANDOM, 4, 5, 43);
        List<Integer> victims = victims(first, 2, 200);
        assertThat(victims(same, 2, 200)).isEqualTo(victims);
        assertThat(victims(other, 2, 200)).isNotEqualTo(victims);
        assertThat(new TreeSet<>(victims)).containsExactly(10, 11, 12, 13, 14);
    }

    /** Worked out apart from this code: cycles of guests on random TLBs depend on it, so it must stay. */
    @Test
    void randomVictimsAreThoseOfTheGeneratorThatIsNamed() {
        assertThat(victims(new VictimSelector(ReplacementPolicy.RANDOM, 1, 5, 42), 0, 20))
                .containsExactly(4, 1, 2, 2, 1, 2, 2, 3, 4, 1, 2, 4, 4, 1, 2, 3, 3, 4, 2, 4);
        assertThat(victims(new VictimSelector(ReplacementPolicy.RANDOM, 1, 8, 0), 0, 20))
                .containsExactly(3, 1, 0, 7, 5, 5, 1, 6, 7, 3, 0, 2, 0, 7, 2, 5, 0, 7, 1, 4);
        assertThat(victims(new VictimSelector(ReplacementPolicy.RANDOM, 1, 16, -1), 0, 20))
                .containsExactly(3, 10, 7, 5, 14, 13, 3, 4, 9, 3, 12, 1, 12, 3, 6, 5, 10, 0, 12, 5);
    }

    @Test
    void ofEqualStampsTheLowestWayGoes() {
        assertThat(stamped(ReplacementPolicy.LRU, 1, 4, 7, 3, 3, 9).replace(0)).isEqualTo(1);
        assertThat(stamped(ReplacementPolicy.TREE_PLRU, 1, 4, 5, 5, 5, 5).replace(0))
                .isEqualTo(0);
    }
}
