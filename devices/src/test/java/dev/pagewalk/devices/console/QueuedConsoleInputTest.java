package dev.pagewalk.devices.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.devices.testing.Snapshots;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueuedConsoleInputTest {
    private final List<Long> arrivals = new ArrayList<>();
    private int askedInVain;
    private final QueuedConsoleInput input = new QueuedConsoleInput(() -> askedInVain++);

    QueuedConsoleInputTest() {
        input.observeArrivals(arrivals::add);
    }

    @Test
    void deliversWhatWasHandedOverAndNeverWaits() {
        assertThat(input.next()).isEqualTo(ConsoleInput.NONE);
        assertThat(input.mayWait()).isTrue();
        assertThat(input.hasArrived()).isFalse();

        input.receive(new byte[] {0, -1}, 7);

        assertThat(input.hasArrived()).isTrue();
        assertThat(input.mayWait()).isFalse();
        assertThat(input.next()).isZero();
        assertThat(input.next()).isEqualTo(255);
        assertThat(input.next()).isEqualTo(ConsoleInput.NONE);
        assertThat(input.ended()).isFalse();
    }

    @Test
    void tellsWhenSomethingHasArrived() {
        input.receive(new byte[] {1}, 7);
        input.receive(new byte[0], 8);
        input.receive(new byte[] {2}, 9);
        input.hangUp(10);
        input.hangUp(11);
        assertThat(arrivals).containsExactly(7L, 9L, 10L);
    }

    @Test
    void tellsTheHostWhenItIsAskedInVain() {
        input.receive(new byte[] {1}, 7);
        input.next();
        assertThat(askedInVain).isZero();
        input.next();
        input.next();
        assertThat(askedInVain).isEqualTo(2);
        input.hangUp(8);
        input.next();
        assertThat(askedInVain).isEqualTo(2);
    }

    @Test
    void theEndComesAfterTheLastByte() {
        input.receive(new byte[] {1}, 7);
        input.hangUp(8);
        assertThat(input.atEnd()).isFalse();
        input.next();
        assertThat(input.atEnd()).isTrue();
        assertThat(input.ended()).isTrue();
        assertThat(input.mayWait()).isFalse();
        assertThatThrownBy(() -> input.receive(new byte[] {1}, 9)).isInstanceOf(IllegalStateException.class);
        assertThat(input.room()).isZero();
    }

    @Test
    void itHoldsSoMuchAndNoMore() {
        assertThat(input.room()).isEqualTo(65_536);
        input.receive(new byte[65_535], 1);
        assertThat(input.room()).isEqualTo(1);

        assertThatThrownBy(() -> input.receive(new byte[2], 2)).isInstanceOf(IllegalArgumentException.class);

        assertThat(arrivals).containsExactly(1L);
        input.receive(new byte[] {9}, 3);
        assertThat(input.room()).isZero();
        input.next();
        assertThat(input.room()).isEqualTo(1);
    }

    @Test
    void aRestoreBringsBackWhatWasUnreadAndWhetherTheLineWasUp() {
        input.receive(new byte[] {1, 2, 3}, 1);
        input.next();
        byte[] saved = Snapshots.save(input);
        input.next();
        input.receive(new byte[] {4}, 2);
        input.hangUp(3);
        byte[] later = Snapshots.save(input);

        Snapshots.restore(input, saved);
        assertThat(Snapshots.save(input)).isEqualTo(saved);
        assertThat(input.next()).isEqualTo(2);
        assertThat(input.next()).isEqualTo(3);
        assertThat(input.next()).isEqualTo(ConsoleInput.NONE);
        assertThat(input.ended()).isFalse();

        QueuedConsoleInput fresh = new QueuedConsoleInput();
        Snapshots.restore(fresh, later);
        assertThat(fresh.next()).isEqualTo(3);
        assertThat(fresh.next()).isEqualTo(4);
        assertThat(fresh.atEnd()).isTrue();
    }
}
