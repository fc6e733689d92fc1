package dev.pagewalk.kernel.shootdown;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.shootdown.policy.LazyPolicy;
import dev.pagewalk.kernel.shootdown.policy.TargetedPolicy;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What harts make of generations: stale requests, requests in a row, and switches to a space that has changed (S30). */
@Tag("S30")
class ShootdownGenerationsTest {
    private final ShootdownRig rig = new ShootdownRig(new TargetedPolicy());

    private void run(int harts) {
        for (int hartId = 0; hartId < harts; hartId++) {
            rig.run(hartId, 6);
        }
        rig.forget();
    }

    @Test
    void oneRequestAtATimeIsFlushedPageByPage() {
        run(2);
        for (int page = 0; page < 3; page++) {
            rig.unmap(0, page, 1);
            rig.waits(0);
            rig.serve(1);
            rig.finish(0);
        }
        assertThat(rig.flushes).containsExactly("0 page 0", "1 page 0", "0 page 1", "1 page 1", "0 page 2", "1 page 2");
        assertThat(rig.shootdowns.statistics().rangeFlushes).isEqualTo(6);
        assertThat(rig.shootdowns.statistics().skipped).isZero();
    }

    @Test
    void aHartThatIsTwoBehindFlushesTheSpaceOnce() {
        run(2);
        rig.unmap(0, 0, 1);
        rig.unmap(0, 1, 1);
        rig.waits(0);
        rig.serve(1);
        assertThat(rig.flushes).containsExactly("0 page 0", "0 page 1", "1 asid 1");
        assertThat(rig.shootdowns.statistics().fullFlushes).isEqualTo(1);
        assertThat(rig.shootdowns.statistics().skipped).isEqualTo(1);
    }

    @Test
    void aHartThatIsNotUpToDateFlushesMoreThanItTakesAwayItself() {
        run(3);
        rig.unmap(0, 0, 1);
        rig.waits(0);
        rig.unmap(1, 1, 1);
        rig.waits(1);
        assertThat(rig.flushes).as("hart 1 has yet to hear of page 0").containsExactly("0 page 0", "1 asid 1");
        rig.serve(1);
        assertThat(rig.flushes).as("and has now").hasSize(2);
        rig.serve(2);
        rig.serve(0);
        rig.finish(0);
        rig.finish(1);
        assertThat(rig.flushes.subList(2, 4)).containsExactly("2 asid 1", "0 page 1");
        assertThat(rig.reports()).isEmpty();
    }

    @Test
    void aRequestThatASwitchHasSettledIsSkipped() {
        run(2);
        rig.memory.run(1, rig.newSpace());
        rig.unmap(0, 0, 1);
        rig.waits(0);
        rig.forget();
        rig.memory.run(1, rig.space);
        assertThat(rig.flushes).containsExactly("1 asid 1");
        rig.serve(1);
        assertThat(rig.flushes).hasSize(1);
        assertThat(rig.shootdowns.statistics().skipped).isEqualTo(1);
        assertThat(rig.memory.woken).containsExactly(0);
    }

    @Test
    void aHartThatWasLeftAloneFlushesWhenItSwitchesToTheSpace() {
        ShootdownRig lazy = new ShootdownRig(new LazyPolicy());
        lazy.run(0, 6);
        lazy.run(1, 6);
        lazy.run(1, lazy.newSpace(), 1);
        lazy.forget();
        int free = lazy.freeFrames();
        lazy.unmap(2);
        assertThat(lazy.waits(0)).as("nobody is waited for").isFalse();
        assertThat(lazy.freeFrames()).isEqualTo(free + 2);
        assertThat(lazy.hasCached(1, 1)).isTrue();
        assertThat(lazy.reports()).isEmpty();
        lazy.memory.run(1, lazy.space);
        assertThat(lazy.hasCached(1, 1)).isFalse();
        assertThat(lazy.flushes).endsWith("1 asid 1");
        lazy.forget();
        lazy.memory.run(1, lazy.space);
        assertThat(lazy.flushes).as("once is enough").isEmpty();
    }

    @Test
    void anIdleHartThatKeepsTheSpaceLoadedFlushesWhenItIsGivenATaskOfIt() {
        ShootdownRig lazy = new ShootdownRig(new LazyPolicy());
        lazy.run(0, 6);
        lazy.run(1, 6);
        lazy.idle(1);
        lazy.forget();
        lazy.unmap(2);
        assertThat(lazy.waits(0)).isFalse();
        assertThat(lazy.reports()).as("its guest cannot get there").isEmpty();
        lazy.memory.run(1, lazy.space);
        assertThat(lazy.flushes).endsWith("1 asid 1");
        assertThat(lazy.hasCached(1, 0)).isFalse();
    }

    @Test
    void aHartThatHasNothingCachedIsUpToDateWhenItLoadsTheSpace() {
        run(1);
        rig.unmap(0, 0, 1);
        rig.forget();
        rig.memory.run(1, rig.space);
        rig.store(1, rig.space, ShootdownRig.AT + ShootdownRig.PAGE);
        assertThat(rig.flushes).isEmpty();
        rig.unmap(0, 1, 1);
        rig.waits(0);
        rig.serve(1);
        assertThat(rig.flushes).containsExactly("0 page 1", "1 page 1");
    }
}
