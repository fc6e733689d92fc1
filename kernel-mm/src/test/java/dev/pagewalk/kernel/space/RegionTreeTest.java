package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ordered tree below the region map: against a naive list, and by the nodes that it visits. */
@Tag("S11")
class RegionTreeTest {
    private static final long PAGE = 4096;
    private static final int MANY = 65_000;

    private final RegionTree tree = new RegionTree();

    private static Region region(long firstPage, long endPage) {
        return new Region(firstPage * PAGE, endPage * PAGE, RegionKind.ANONYMOUS, Protection.READ);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    @Tag("S5")
    @Tag("S16")
    @Tag("S49")
    void randomUseAgreesWithANaiveList(long seed) {
        int pages = 400;
        Random random = new Random(seed);
        List<Region> model = new ArrayList<>();
        for (int step = 0; step < 10_000; step++) {
            String where = "seed " + seed + ", step " + step;
            long from = random.nextInt(pages);
            Region added = region(from, from + 1 + random.nextInt(6));
            // Phases of growth and of shrinking, so that every depth and every way down is used.
            boolean grows = step / 500 % 2 == 0;
            if (model.stream().noneMatch(r -> r.overlaps(added.start(), added.end())) && (grows || model.isEmpty())) {
                tree.insert(added);
                model.add(added);
                model.sort((a, b) -> Long.compare(a.start(), b.start()));
            } else if (!model.isEmpty()) {
                int index = random.nextInt(model.size());
                Region chosen = model.get(index);
                if (random.nextInt(3) == 0 && chosen.lengthBytes() > PAGE) {
                    Region trimmed = random.nextBoolean()
                            ? chosen.between(chosen.start() + PAGE, chosen.end())
                            : chosen.between(chosen.start(), chosen.end() - PAGE);
                    tree.replace(chosen.start(), trimmed);
                    model.set(index, trimmed);
                } else if (!grows || random.nextInt(4) == 0) {
                    tree.remove(chosen.start());
                    model.remove(index);
                }
            }
            assertThat(tree).as(where).containsExactlyElementsOf(model);
            assertThat(tree.size()).as(where).isEqualTo(model.size());
            long address = random.nextInt(pages) * PAGE + random.nextInt(4096);
            assertThat(tree.floor(address))
                    .as(where)
                    .isEqualTo(model.stream()
                            .filter(r -> r.start() <= address)
                            .reduce((a, b) -> b)
                            .orElse(null));
            assertThat(tree.firstEndingAfter(address))
                    .as(where)
                    .isEqualTo(model.stream()
                            .filter(r -> r.end() > address)
                            .findFirst()
                            .orElse(null));
            long gapFrom = address & -PAGE;
            long lengthBytes = (1 + random.nextInt(20)) * PAGE;
            assertThat(tree.firstGap(gapFrom, lengthBytes)).as(where).isEqualTo(naiveGap(model, gapFrom, lengthBytes));
        }
    }

    private static long naiveGap(List<Region> model, long from, long lengthBytes) {
        long candidate = from;
        for (Region region : model) {
            if (region.end() > candidate) {
                if (region.start() - candidate >= lengthBytes) {
                    return candidate;
                }
                candidate = region.end();
            }
        }
        return candidate;
    }

    /** The most nodes that one way down an AVL tree of so many regions meets: 1.44 log2 n. */
    private static long deepest(int regions) {
        return (long) (1.44 * Math.log(regions + 2) / Math.log(2));
    }

    private long visitsOf(Runnable operation) {
        long before = tree.nodesVisited();
        operation.run();
        return tree.nodesVisited() - before;
    }

    @Test
    void sortedInsertionsLeaveTheTreeBalanced() {
        for (int i = 0; i < MANY; i++) {
            tree.insert(region(3L * i, 3L * i + 1));
        }
        for (int i = 0; i < MANY; i += 97) {
            long at = 3L * i * PAGE;
            assertThat(visitsOf(() -> tree.floor(at))).isLessThanOrEqualTo(deepest(MANY));
            assertThat(visitsOf(() -> tree.firstEndingAfter(at))).isLessThanOrEqualTo(deepest(MANY));
        }
        for (int i = MANY - 1; i >= 0; i--) {
            long at = 3L * i * PAGE;
            int left = i + 1;
            assertThat(visitsOf(() -> tree.remove(at))).isLessThanOrEqualTo(2 * deepest(left));
        }
        assertThat(tree).isEmpty();
    }

    @Test
    @Tag("S16")
    void aGapIsFoundInLogarithmicTimeWhereverItLies() {
        // Gaps of one page everywhere but for one of two pages; the search begins at every kind of place.
        for (int wide : new int[] {0, 1, MANY / 2, MANY - 2}) {
            tree.clear();
            for (int i = 0; i < MANY; i++) {
                long first = 2L * i + (i > wide ? 1 : 0);
                tree.insert(region(first, first + 1));
            }
            long wideAt = (2L * wide + 1) * PAGE;
            for (int begin = 0; begin < wide; begin += 1 + MANY / 50) {
                long from = 2L * begin * PAGE;
                long visits =
                        visitsOf(() -> assertThat(tree.firstGap(from, 2 * PAGE)).isEqualTo(wideAt));
                assertThat(visits).isLessThanOrEqualTo(4 * deepest(MANY));
            }
            long end = (2L * MANY) * PAGE;
            assertThat(tree.firstGap(wideAt + PAGE, 2 * PAGE)).isEqualTo(end);
            assertThat(visitsOf(() -> tree.firstGap(0, 3 * PAGE))).isEqualTo(1);
            assertThat(visitsOf(() -> tree.firstGap(wideAt + PAGE, 2 * PAGE))).isLessThanOrEqualTo(4 * deepest(MANY));
        }
    }

    @Test
    void whatIsNotThereIsAMistakeOfTheKernel() {
        assertThatIllegalStateException().isThrownBy(() -> tree.remove(0));
        tree.insert(region(1, 2));
        assertThatIllegalStateException().isThrownBy(() -> tree.remove(0));
        assertThatIllegalStateException().isThrownBy(() -> tree.replace(2 * PAGE, region(2, 3)));
    }

    @Test
    @Tag("S49")
    void anIterationNoticesThatTheTreeHasChanged() {
        tree.insert(region(1, 2));
        tree.insert(region(3, 4));
        Iterator<Region> iterator = tree.iterator();
        iterator.next();
        iterator.next();
        assertThatExceptionOfType(NoSuchElementException.class).isThrownBy(iterator::next);
        Iterator<Region> stale = tree.iterator();
        tree.remove(PAGE);
        assertThatExceptionOfType(ConcurrentModificationException.class).isThrownBy(stale::next);
    }
}
