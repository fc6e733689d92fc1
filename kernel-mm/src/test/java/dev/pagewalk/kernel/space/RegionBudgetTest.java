package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RegionBudgetTest {
    private static Region page(int index) {
        // Every second page, so that neighbours never merge.
        long start = 0x1_0000 + index * 8192L;
        return new Region(start, start + 4096, RegionKind.ANONYMOUS, Protection.READ);
    }

    @Test
    void allMapsOfAKernelShareOneLimit() {
        RegionBudget budget = new RegionBudget();
        RegionMap map = null;
        int inserted = 0;
        for (; inserted < RegionBudget.MOST_REGIONS; inserted++) {
            if (inserted % RegionMap.MAX_REGIONS == 0) {
                map = new RegionMap(budget);
            }
            assertThat(map.hasRoomFor(1)).isTrue();
            map.insert(page(inserted % RegionMap.MAX_REGIONS));
        }
        RegionMap other = new RegionMap(budget);
        assertThat(other.hasRoomFor(1)).isFalse();
        map.remove(page(0).start(), page(0).end());
        assertThat(other.hasRoomFor(1)).isTrue();
        assertThat(other.hasRoomFor(2)).isFalse();
    }

    @Test
    void splittingTakesAndMergingGivesBack() {
        RegionBudget budget = new RegionBudget();
        RegionMap map = new RegionMap(budget);
        for (int i = 0; i < RegionBudget.MOST_REGIONS - 2; i++) {
            budget.take();
        }
        map.insert(new Region(0x1_0000, 0x1_3000, RegionKind.ANONYMOUS, Protection.READ));
        assertThat(map.hasRoomFor(1)).isTrue();
        map.remove(0x1_1000, 0x1_2000);
        assertThat(map.hasRoomFor(1)).isFalse();
        map.insert(new Region(0x1_1000, 0x1_2000, RegionKind.ANONYMOUS, Protection.READ));
        assertThat(map.hasRoomFor(1)).isTrue();
    }
}
