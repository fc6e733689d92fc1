package dev.pagewalk.kernel.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameSetTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 63, 64, 65, 4096, 4097, 300_000, 1 << 24})
    void itAgreesWithATreeSet(int limit) {
        long seed = 41 + limit;
        Random random = new Random(seed);
        FrameSet set = new FrameSet(limit);
        TreeSet<Integer> model = new TreeSet<>();
        for (int step = 0; step < 5000; step++) {
            String where = "seed " + seed + ", step " + step;
            int number = random.nextBoolean() ? random.nextInt(limit) : random.nextInt(Math.min(limit, 200));
            if (random.nextBoolean()) {
                if (model.add(number)) {
                    set.add(number);
                }
            } else {
                int removed = random.nextBoolean() || model.isEmpty() ? number : model.first();
                assertThat(set.remove(removed)).as(where).isEqualTo(model.remove(removed));
            }
            assertThat(set.size()).as(where).isEqualTo(model.size());
            assertThat(set.first()).as(where).isEqualTo(model.isEmpty() ? -1 : model.first());
        }
        List<Integer> all = new ArrayList<>();
        set.forEach(all::add);
        assertThat(all).containsExactlyElementsOf(model);
        set.clear();
        assertThat(set.first()).isEqualTo(-1);
        assertThat(set.size()).isZero();
    }

    @Test
    void numbersOutsideTheLimitAreNotIn() {
        FrameSet set = new FrameSet(100);
        assertThat(set.remove(-1)).isFalse();
        assertThat(set.remove(100)).isFalse();
        assertThat(set.remove(Integer.MAX_VALUE)).isFalse();
        assertThat(set.remove(Integer.MIN_VALUE)).isFalse();
    }
}
