package dev.pagewalk.devices.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteQueueTest {
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithAListOfBytesUnderRandomUse(long seed) {
        Random random = new Random(seed);
        int capacity = 1 + random.nextInt(3000);
        ByteQueue queue = new ByteQueue(capacity);
        ArrayDeque<Byte> model = new ArrayDeque<>();
        for (int step = 0; step < 2000; step++) {
            if (random.nextBoolean()) {
                byte[] bytes = new byte[random.nextInt(queue.room() + 1)];
                random.nextBytes(bytes);
                int offset = bytes.length == 0 ? 0 : random.nextInt(bytes.length);
                queue.add(bytes, offset, bytes.length - offset);
                for (int i = offset; i < bytes.length; i++) {
                    model.add(bytes[i]);
                }
            } else if (random.nextInt(3) == 0) {
                Byte expected = model.poll();
                assertThat(queue.take())
                        .as("seed %d, step %d", seed, step)
                        .isEqualTo(expected == null ? -1 : expected & 0xFF);
            } else {
                int most = random.nextInt(2 * capacity);
                byte wanted = (byte) random.nextInt();
                boolean contained = model.stream().limit(most).anyMatch(value -> value == wanted);
                assertThat(queue.contains(wanted, most)).isEqualTo(contained);
                for (byte value : queue.take(most)) {
                    assertThat(value).as("seed %d, step %d", seed, step).isEqualTo(model.poll());
                }
            }
            assertThat(queue.size()).as("seed %d, step %d", seed, step).isEqualTo(model.size());
            assertThat(queue.room()).isEqualTo(capacity - model.size());
        }
    }

    @Test
    void takesNoMoreThanItsLimit() {
        ByteQueue queue = new ByteQueue(3);
        queue.add(new byte[] {1, 2}, 0, 2);
        assertThatThrownBy(() -> queue.add(new byte[2], 0, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("2 bytes do not fit where there is room for 1");
        assertThat(queue.take(9)).containsExactly(1, 2);
        assertThatThrownBy(() -> queue.drop(1)).isInstanceOf(IllegalArgumentException.class);
    }
}
