package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("S11")
class RegionMapTest {
    private static final long PAGE = 4096;

    private final RegionMap regions = new RegionMap(new RegionBudget());

    private static Region region(long firstPage, long endPage, int protection) {
        return new Region(firstPage * PAGE, endPage * PAGE, RegionKind.ANONYMOUS, protection);
    }

    @Test
    void likeNeighboursAreOneRegion() {
        regions.insert(region(2, 3, 1));
        regions.insert(region(4, 5, 1));
        regions.insert(region(3, 4, 1));
        assertThat(regions.all()).containsExactly(region(2, 5, 1));
        assertThat(regions.peakSize()).isEqualTo(2);
    }

    @Test
    void neighboursOfAnotherKindOrProtectionStayApart() {
        regions.insert(region(2, 3, 1));
        regions.insert(region(3, 4, 3));
        Region heap = new Region(4 * PAGE, 5 * PAGE, RegionKind.HEAP, 3);
        regions.insert(heap);
        assertThat(regions.all()).containsExactly(region(2, 3, 1), region(3, 4, 3), heap);
    }

    @Test
    void anOverlappingInsertIsAMistakeOfTheKernel() {
        regions.insert(region(2, 6, 1));
        assertThatIllegalStateException().isThrownBy(() -> regions.insert(region(3, 4, 1)));
        assertThatIllegalStateException().isThrownBy(() -> regions.insert(region(0, 10, 1)));
        assertThatIllegalStateException().isThrownBy(() -> regions.insert(region(5, 7, 1)));
        regions.insert(region(4, 4, 1));
        assertThat(regions.size()).isEqualTo(1);
    }

    @Test
    @Tag("S10")
    void removingTrimsAndSplits() {
        regions.insert(region(10, 20, 1));
        regions.remove(12 * PAGE, 14 * PAGE);
        assertThat(regions.all()).containsExactly(region(10, 12, 1), region(14, 20, 1));
        regions.remove(10 * PAGE, 11 * PAGE);
        regions.remove(19 * PAGE, 25 * PAGE);
        assertThat(regions.all()).containsExactly(region(11, 12, 1), region(14, 19, 1));
        regions.remove(0, 100 * PAGE);
        assertThat(regions.all()).isEmpty();
    }

    @Test
    void cuttingAHoleAddsARegionAndTrimmingDoesNot() {
        regions.insert(region(10, 20, 1));
        assertThat(regions.addedByRemoving(12 * PAGE, 14 * PAGE)).isEqualTo(1);
        assertThat(regions.addedByRemoving(10 * PAGE, 14 * PAGE)).isZero();
        assertThat(regions.addedByRemoving(12 * PAGE, 20 * PAGE)).isZero();
        assertThat(regions.addedByRemoving(0, 30 * PAGE)).isZero();
        assertThat(regions.addedByChanging(12 * PAGE, 14 * PAGE)).isEqualTo(2);
        assertThat(regions.addedByChanging(10 * PAGE, 14 * PAGE)).isEqualTo(1);
        assertThat(regions.addedByChanging(12 * PAGE, 20 * PAGE)).isEqualTo(1);
        assertThat(regions.addedByChanging(5 * PAGE, 25 * PAGE)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void randomUseAgreesWithAModelPageByPage(long seed) {
        int pages = 60;
        Random random = new Random(seed);
        // Per page 0 for a gap, else protection * 2 + kind + 1.
        int[] model = new int[pages];
        for (int step = 0; step < 10_000; step++) {
            String where = "seed " + seed + ", step " + step;
            int from = random.nextInt(pages);
            int to = from + 1 + random.nextInt(Math.min(12, pages - from));
            boolean free = true;
            for (int i = from; i < to; i++) {
                free &= model[i] == 0;
            }
            assertThat(regions.overlaps(from * PAGE, to * PAGE)).as(where).isEqualTo(!free);
            if (free) {
                int protection = random.nextInt(3);
                RegionKind kind = random.nextInt(4) == 0 ? RegionKind.HEAP : RegionKind.ANONYMOUS;
                regions.insert(new Region(from * PAGE, to * PAGE, kind, protection));
                for (int i = from; i < to; i++) {
                    model[i] = protection * 2 + (kind == RegionKind.HEAP ? 1 : 0) + 1;
                }
            } else if (random.nextInt(3) > 0) {
                regions.remove(from * PAGE, to * PAGE);
                for (int i = from; i < to; i++) {
                    model[i] = 0;
                }
            }
            List<Region> expected = regionsOf(model);
            assertThat(regions.all()).as(where).containsExactlyElementsOf(expected);
            int page = random.nextInt(pages);
            Region found = regions.find(page * PAGE + random.nextInt(4096));
            assertThat(found == null ? 0 : code(found)).as(where).isEqualTo(model[page]);
            assertThat(regions.overlapping(from * PAGE, to * PAGE))
                    .as(where)
                    .containsExactlyElementsOf(expected.stream()
                            .filter(r -> r.start() < to * PAGE && r.end() > from * PAGE)
                            .toList());
            int gapFrom = random.nextInt(4) > 0 ? 2 : page;
            int limit = pages - random.nextInt(20);
            int length = 1 + random.nextInt(8);
            assertThat(regions.findGap(gapFrom * PAGE, limit * PAGE, length * PAGE))
                    .as(where)
                    .isEqualTo(gapOf(model, gapFrom, limit, length));
        }
    }

    private static int code(Region region) {
        return region.protection() * 2 + (region.kind() == RegionKind.HEAP ? 1 : 0) + 1;
    }

    private static List<Region> regionsOf(int[] model) {
        List<Region> found = new ArrayList<>();
        for (int i = 0; i < model.length; i++) {
            int start = i;
            if (model[i] == 0) {
                continue;
            }
            while (i + 1 < model.length && model[i + 1] == model[start]) {
                i++;
            }
            RegionKind kind = (model[start] - 1) % 2 == 1 ? RegionKind.HEAP : RegionKind.ANONYMOUS;
            found.add(new Region(start * PAGE, (i + 1) * PAGE, kind, (model[start] - 1) / 2));
        }
        return found;
    }

    private static long gapOf(int[] model, int from, int limit, int length) {
        for (int start = from; start + length <= limit; start++) {
            int free = 0;
            while (free < length && (start + free >= model.length || model[start + free] == 0)) {
                free++;
            }
            if (free == length) {
                return start * PAGE;
            }
        }
        return -1;
    }

    @Test
    @Tag("S16")
    void sixtyFiveThousandRegionsCostLogarithmicWork() {
        // Each mapping takes the first gap; neighbours differ. An AVL tree of so many is at most 23 nodes deep.
        // most places.
        long mostNodes = 8 * 23;
        for (int i = 0; i < RegionMap.MAX_REGIONS; i++) {
            long before = regions.nodesVisited();
            long at = regions.findGap(0, Long.MAX_VALUE & -PAGE, PAGE);
            assertThat(at).isEqualTo(i * PAGE);
            regions.insert(region(i, i + 1, i % 2));
            assertThat(regions.nodesVisited() - before).isLessThan(mostNodes);
        }
        assertThat(regions.hasRoomFor(1)).isFalse();
        assertThat(regions.hasRoomFor(0)).isTrue();
        for (int i = 0; i < RegionMap.MAX_REGIONS; i++) {
            assertThat(regions.find(i * PAGE + 5).protection()).isEqualTo(i % 2);
        }
        for (long page = 1; page < RegionMap.MAX_REGIONS; page += 2) {
            long before = regions.nodesVisited();
            regions.remove(page * PAGE, (page + 1) * PAGE);
            assertThat(regions.findGap(0, Long.MAX_VALUE & -PAGE, PAGE)).isEqualTo(PAGE);
            assertThat(regions.findGap(page * PAGE, Long.MAX_VALUE & -PAGE, PAGE))
                    .isEqualTo(page * PAGE);
            assertThat(regions.nodesVisited() - before).isLessThan(mostNodes);
        }
        assertThat(regions.size()).isEqualTo(RegionMap.MAX_REGIONS / 2);
    }

    @Test
    @Tag("S49")
    void aWalkThroughARangeSurvivesChangesBehindIt() {
        for (int i = 0; i < 10; i++) {
            regions.insert(region(i, i + 1, i % 2));
        }
        long reached = 2 * PAGE;
        int met = 0;
        for (Region at = regions.firstIn(reached, 8 * PAGE); at != null; at = regions.firstIn(reached, 8 * PAGE)) {
            assertThat(at.end()).isEqualTo(reached + PAGE);
            regions.remove(reached, at.end());
            regions.insert(region(reached / PAGE, at.end() / PAGE, 7));
            reached = at.end();
            met++;
        }
        assertThat(met).isEqualTo(6);
        assertThat(regions.all())
                .containsExactly(region(0, 1, 0), region(1, 2, 1), region(2, 8, 7), region(8, 9, 0), region(9, 10, 1));
    }

    @Test
    void aRestoredMapEqualsTheSavedOne() {
        regions.insert(region(1, 3, 1));
        regions.insert(region(5, 9, 3));
        regions.remove(6 * PAGE, 7 * PAGE);
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        regions.save(out);
        RegionMap restored = new RegionMap(new RegionBudget());
        restored.insert(region(100, 200, 5));
        assertThat(restored.findGap(100 * PAGE, 300 * PAGE, PAGE)).isEqualTo(200 * PAGE);
        restored.restore(ByteStreams.newDataInput(out.toByteArray()), number -> null);
        assertThat(restored.all()).containsExactlyElementsOf(regions.all());
        assertThat(restored.peakSize()).isEqualTo(regions.peakSize());
        assertThat(restored.findGap(100 * PAGE, 300 * PAGE, PAGE)).isEqualTo(100 * PAGE);
    }
}
