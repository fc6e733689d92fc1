package dev.pagewalk.emulator.timing;

import static dev.pagewalk.emulator.timing.EventKind.EXTERNAL_INTERRUPT;
import static dev.pagewalk.emulator.timing.EventKind.KERNEL_WORK_END;
import static dev.pagewalk.emulator.timing.EventKind.SOFTWARE_INTERRUPT;
import static dev.pagewalk.emulator.timing.EventKind.TIMER_INTERRUPT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventQueueTest {
    private final EventQueue queue = new EventQueue();

    @Test
    void anEmptyQueueHasNoNextCycleAndNoEvent() {
        assertThat(queue.isEmpty()).isTrue();
        assertThat(queue.nextCycle()).isEqualTo(Long.MAX_VALUE);
        assertThat(queue.poll()).isNull();
        assertThat(queue.list()).isEmpty();
    }

    @Test
    void eventsComeByCycle() {
        Event late = queue.schedule(30, EXTERNAL_INTERRUPT, 1);
        Event early = queue.schedule(10, EXTERNAL_INTERRUPT, 2);
        Event middle = queue.schedule(20, EXTERNAL_INTERRUPT, 3);

        assertThat(queue.nextCycle()).isEqualTo(10);
        assertThat(drain()).containsExactly(early, middle, late);
        assertThat(queue.nextCycle()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void eventsOfOneCycleComeInTheOrderOfScheduling() {
        Event first = queue.schedule(5, TIMER_INTERRUPT, 3);
        Event second = queue.schedule(5, SOFTWARE_INTERRUPT, 1);
        Event third = queue.schedule(5, TIMER_INTERRUPT, 0);

        assertThat(drain()).containsExactly(first, second, third);
    }

    @Test
    void schedulingAnEarlierEventMovesTheNextCycle() {
        queue.schedule(100, EXTERNAL_INTERRUPT, 0);
        queue.schedule(40, EXTERNAL_INTERRUPT, 0);
        assertThat(queue.nextCycle()).isEqualTo(40);
    }

    @Test
    void aCancelledEventDoesNotHappenAndItsTwinDoes() {
        Event cancelled = queue.schedule(5, EXTERNAL_INTERRUPT, 0);
        Event twin = queue.schedule(5, EXTERNAL_INTERRUPT, 0);

        queue.cancel(cancelled);
        queue.cancel(cancelled);

        assertThat(drain()).containsExactly(twin);
    }

    @Test
    void cancellingTheFirstEventMovesTheNextCycle() {
        Event first = queue.schedule(5, EXTERNAL_INTERRUPT, 0);
        queue.schedule(9, EXTERNAL_INTERRUPT, 0);
        queue.cancel(first);
        assertThat(queue.nextCycle()).isEqualTo(9);
    }

    @Test
    void cancelAllRemovesOneKindOfOneTarget() {
        queue.schedule(5, TIMER_INTERRUPT, 1);
        Event otherTarget = queue.schedule(6, TIMER_INTERRUPT, 2);
        Event otherKind = queue.schedule(7, EXTERNAL_INTERRUPT, 1);
        queue.schedule(8, TIMER_INTERRUPT, 1);

        assertThat(queue.cancelAll(TIMER_INTERRUPT, 1)).isEqualTo(2);
        assertThat(queue.cancelAll(TIMER_INTERRUPT, 1)).isZero();

        assertThat(queue.nextCycle()).isEqualTo(6);
        assertThat(queue.list()).containsExactly(otherTarget, otherKind);
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, Long.MIN_VALUE, Long.MAX_VALUE})
    void aCycleOutsideTheClockIsRefused(long cycle) {
        assertThatThrownBy(() -> queue.schedule(cycle, EXTERNAL_INTERRUPT, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void aRestoredQueueGoesOnAsTheSavedOneWould() {
        queue.schedule(7, KERNEL_WORK_END, 1);
        queue.schedule(7, TIMER_INTERRUPT, 63);
        queue.cancel(queue.schedule(3, EXTERNAL_INTERRUPT, 2));
        byte[] saved = save(queue);
        EventQueue restored = new EventQueue();
        restored.schedule(1, EXTERNAL_INTERRUPT, 9);

        restored.restore(ByteStreams.newDataInput(saved));

        assertThat(save(restored)).isEqualTo(saved);
        assertThat(restored.nextCycle()).isEqualTo(7);
        // The next sequence number is state: ties must break alike in both.
        assertThat(restored.schedule(7, EXTERNAL_INTERRUPT, 0)).isEqualTo(queue.schedule(7, EXTERNAL_INTERRUPT, 0));
        assertThat(restored.list()).isEqualTo(queue.list());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithASortedListUnderRandomUse(long seed) {
        Random random = new Random(seed);
        List<Event> model = new ArrayList<>();
        for (int step = 0; step < 2000; step++) {
            switch (random.nextInt(4)) {
                case 0, 1 -> model.add(queue.schedule(random.nextInt(50), EXTERNAL_INTERRUPT, random.nextInt(4)));
                case 2 -> {
                    if (!model.isEmpty()) {
                        queue.cancel(model.remove(random.nextInt(model.size())));
                    }
                }
                default -> {
                    Event first = model.stream()
                            .min(Comparator.comparingLong(Event::cycle).thenComparingLong(Event::sequence))
                            .orElse(null);
                    assertThat(queue.poll()).as("seed %d, step %d", seed, step).isEqualTo(first);
                    model.remove(first);
                }
            }
            assertThat(queue.nextCycle())
                    .as("seed %d, step %d", seed, step)
                    .isEqualTo(model.stream().mapToLong(Event::cycle).min().orElse(Long.MAX_VALUE));
        }
    }

    private List<Event> drain() {
        List<Event> events = new ArrayList<>();
        while (!queue.isEmpty()) {
            events.add(queue.poll());
        }
        return events;
    }

    private static byte[] save(EventQueue queue) {
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        queue.save(out);
        return out.toByteArray();
    }
}
