package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.kernel.space.SpaceLock.Mode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SpaceLockTest {
    private final SpaceLock lock = new SpaceLock();

    @Test
    void manyShareIt() {
        assertThat(lock.acquire(0, Mode.SHARED)).isTrue();
        assertThat(lock.acquire(63, Mode.SHARED)).isTrue();
        assertThat(lock.isHeldBy(0)).isTrue();
        assertThat(lock.isHeldBy(63)).isTrue();
        assertThat(lock.isHeldBy(1)).isFalse();
    }

    @Test
    void oneHasItAlone() {
        assertThat(lock.acquire(0, Mode.EXCLUSIVE)).isTrue();
        assertThat(lock.acquire(1, Mode.SHARED)).isFalse();
        assertThat(lock.acquire(2, Mode.EXCLUSIVE)).isFalse();
        assertThat(lock.release(0, 150)).isEqualTo(0b10);
        assertThat(lock.heldFromCycle(1)).isEqualTo(150);
        assertThat(lock.release(1, 170)).isEqualTo(0b100);
        assertThat(lock.heldFromCycle(2)).isEqualTo(170);
    }

    @Test
    void whoCameFirstIsServedFirst() {
        lock.acquire(0, Mode.SHARED);
        lock.acquire(1, Mode.EXCLUSIVE);
        assertThat(lock.acquire(2, Mode.SHARED))
                .as("sharing may not starve whoever wants it alone")
                .isFalse();
        lock.acquire(3, Mode.SHARED);
        assertThat(lock.release(0, 140)).isEqualTo(0b10);
        assertThat(lock.release(1, 150)).as("both that share").isEqualTo(0b1100);
    }

    @Test
    void whoHasItKeepsIt() {
        lock.acquire(0, Mode.SHARED);
        lock.acquire(1, Mode.EXCLUSIVE);
        assertThat(lock.acquire(0, Mode.SHARED)).isTrue();
        assertThat(lock.release(0, 120)).isEqualTo(0b10);
    }

    @Test
    void aReleaseCountsFromTheEndOfItsStep() {
        lock.acquire(0, Mode.EXCLUSIVE);
        lock.release(0, 500);
        assertThat(lock.acquire(1, Mode.SHARED)).isTrue();
        assertThat(lock.heldFromCycle(1)).isEqualTo(500);
        lock.release(1, 900);
        assertThat(lock.acquire(2, Mode.SHARED)).isTrue();
        assertThat(lock.heldFromCycle(2))
                .as("sharing does not wait for sharing")
                .isEqualTo(500);
        lock.release(2, 700);
        assertThat(lock.acquire(3, Mode.EXCLUSIVE)).isTrue();
        assertThat(lock.heldFromCycle(3)).isEqualTo(900);
    }

    @Test
    void aSavedLockGoesOnAsItWas() {
        lock.acquire(0, Mode.EXCLUSIVE);
        lock.acquire(1, Mode.SHARED);
        lock.acquire(2, Mode.EXCLUSIVE);
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        lock.save(out);
        SpaceLock restored = new SpaceLock();
        restored.acquire(5, Mode.SHARED);
        restored.restore(ByteStreams.newDataInput(out.toByteArray()));
        assertThat(restored.isHeldBy(5)).isFalse();
        assertThat(restored.release(0, 150)).isEqualTo(lock.release(0, 150)).isEqualTo(0b10);
        assertThat(restored.release(1, 160)).isEqualTo(lock.release(1, 160)).isEqualTo(0b100);
    }

    @Test
    void atRandomNobodyIsForgottenAndNobodyOvertakes() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            SpaceLock tried = new SpaceLock();
            ArrayDeque<Integer> waiting = new ArrayDeque<>();
            List<Integer> holding = new ArrayList<>();
            List<Integer> others = new ArrayList<>(List.of(0, 1, 2, 3, 4, 5, 6, 7));
            for (int i = 0; i < 200; i++) {
                if (!others.isEmpty() && (holding.isEmpty() || random.nextBoolean())) {
                    int hart = others.remove(random.nextInt(others.size()));
                    boolean granted = tried.acquire(hart, random.nextBoolean() ? Mode.SHARED : Mode.EXCLUSIVE);
                    (granted ? holding : waiting).add(hart);
                } else {
                    int hart = holding.remove(random.nextInt(holding.size()));
                    others.add(hart);
                    long granted = tried.release(hart, i);
                    while (granted != 0) {
                        Integer next = waiting.poll();
                        assertThat(next).as("seed %d, step %d", seed, i).isNotNull();
                        assertThat(granted & 1L << next)
                                .as("seed %d, step %d", seed, i)
                                .isNotZero();
                        granted &= ~(1L << next);
                        holding.add(next);
                    }
                }
                assertThat(holding.isEmpty() && !waiting.isEmpty())
                        .as("seed %d, step %d: all wait", seed, i)
                        .isFalse();
            }
        }
    }
}
