package dev.pagewalk.kernel.frame;

import static dev.pagewalk.kernel.frame.FrameFixture.address;
import static dev.pagewalk.kernel.frame.FrameFixture.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.testing.Errors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("S45")
class FrameCacheTest {
    private static final int BATCH = FrameCache.BATCH_FRAMES;

    private static long allocate(FrameFixture fixture) throws KernelException {
        return fixture.frames.allocate(FrameUse.USER);
    }

    @Test
    void aCacheIsRefilledByTheBatch() throws KernelException {
        FrameFixture fixture = new FrameFixture(1024, 1, 2);
        assertThat(allocate(fixture.on(0))).isEqualTo(address(0));
        assertThat(fixture.frames.cachedFrames(0)).isEqualTo(BATCH - 1);
        assertThat(allocate(fixture.on(1))).isEqualTo(address(BATCH));
        assertThat(allocate(fixture.on(0))).isEqualTo(address(1));
        assertThat(fixture.frames.cachedFrames(0)).isEqualTo(BATCH - 2);
    }

    @Test
    void aLoneHartIsGivenTheLowestFrames() throws KernelException {
        FrameFixture fixture = new FrameFixture(1024, 1, 4).on(0);
        for (int i = 0; i < 1024; i++) {
            assertThat(allocate(fixture)).isEqualTo(address(i));
        }
        for (int frame : new int[] {9, 700, 3, 4}) {
            fixture.frames.release(address(frame));
        }
        for (int frame : new int[] {3, 4, 9, 700}) {
            assertThat(allocate(fixture)).isEqualTo(address(frame));
        }
    }

    @Test
    void cachedFramesAreFree() throws KernelException {
        FrameFixture fixture = new FrameFixture(64, 1, 1).on(0);
        long frame = allocate(fixture);
        assertThat(fixture.frames.freeFrames()).isEqualTo(63);
        assertThat(fixture.frames.node(0).freeFrames()).isEqualTo(63);
        fixture.frames.release(frame);
        assertThat(fixture.frames.freeFrames()).isEqualTo(64);
        assertThat(fixture.frames.owners(frame)).isZero();
        assertThatIllegalStateException().isThrownBy(() -> fixture.frames.release(frame));
        assertThatIllegalStateException().isThrownBy(() -> fixture.frames.release(address(5)));
    }

    @Test
    void aFullCacheGivesItsHighestFramesBack() throws KernelException {
        FrameFixture fixture = new FrameFixture(1024, 1, 2);
        for (int i = 0; i < 512; i++) {
            allocate(fixture.on(0));
        }
        int cached = fixture.frames.cachedFrames(0);
        int released = 0;
        while (fixture.frames.cachedFrames(0) == cached + released) {
            fixture.frames.release(address(released));
            released++;
        }
        assertThat(fixture.frames.cachedFrames(0)).isEqualTo(FrameCache.HIGH_WATER_FRAMES - BATCH);
        // The other hart is given what came back: the highest that the first one had freed.
        int first = number(allocate(fixture.on(1)));
        assertThat(first).isEqualTo(released - BATCH);
        assertThat(allocate(fixture.on(0))).isEqualTo(address(0));
    }

    @Test
    void theLastFramesAreTakenFromOtherHartsCaches() throws KernelException {
        FrameFixture fixture = new FrameFixture(64, 1, 4);
        for (int hart = 0; hart < 4; hart++) {
            allocate(fixture.on(hart));
        }
        assertThat(fixture.frames.cachedFrames(1)).isEqualTo(BATCH - 1);
        fixture.on(3);
        for (int i = 4; i < 64; i++) {
            allocate(fixture);
        }
        assertThat(fixture.frames.freeFrames()).isZero();
        assertThat(Errors.of(() -> allocate(fixture))).isEqualTo(KernelError.OUT_OF_MEMORY);
        for (int i = 0; i < 64; i++) {
            assertThat(fixture.frames.owners(address(i))).as("frame %d", i).isEqualTo(1);
        }
    }

    @Test
    void aNodesLastFramesAreTakenFromCachesOfOtherNodes() throws KernelException {
        FrameFixture fixture = new FrameFixture(64, 4, 4);
        for (int hart = 0; hart < 4; hart++) {
            allocate(fixture.on(hart));
        }
        fixture.on(3);
        for (int i = 4; i < 64; i++) {
            allocate(fixture);
        }
        assertThat(fixture.frames.node(0)).isEqualTo(new NodeFigures(16, 0, 1, 15));
    }

    @Test
    void aRunIsFoundAfterTheCachesAreDrained() throws KernelException {
        FrameFixture fixture = new FrameFixture(1024, 1, 4);
        for (int hart = 0; hart < 4; hart++) {
            fixture.on(hart).frames.release(allocate(fixture));
        }
        assertThat(fixture.frames.cachedFrames(2)).isEqualTo(BATCH);
        assertThat(fixture.frames.allocateContiguous(10, FrameUse.USER)).isEqualTo(address(0));
        for (int hart = 0; hart < 4; hart++) {
            assertThat(fixture.frames.cachedFrames(hart)).isZero();
        }
    }

    @Test
    void aRunThatBlocksCanGiveLeavesTheCachesAlone() throws KernelException {
        FrameFixture fixture = new FrameFixture(1024, 1, 1).on(0);
        allocate(fixture);
        fixture.frames.allocateContiguous(6, FrameUse.USER);
        assertThat(fixture.frames.cachedFrames(0)).isEqualTo(BATCH - 1);
    }

    @Test
    void framesReclaimedIntoACacheMakeARun() throws KernelException {
        FrameFixture fixture = new FrameFixture(16, 1, 1).on(0);
        for (int i = 0; i < 16; i++) {
            allocate(fixture);
        }
        int[] next = {0};
        fixture.frames.setReclaimer(() -> next[0] < 16 && fixture.frames.release(address(next[0]++)));
        assertThat(fixture.frames.allocateContiguous(2, FrameUse.USER)).isEqualTo(address(0));
        assertThat(next[0]).isEqualTo(4);
    }

    @Test
    void cachesSurviveASnapshot() throws KernelException {
        FrameFixture fixture = new FrameFixture(256, 2, 4);
        for (int i = 0; i < 40; i++) {
            allocate(fixture.on(i % 4));
        }
        fixture.on(0).frames.release(address(2));
        byte[] state = fixture.state();
        FrameFixture other = new FrameFixture(256, 2, 4);
        allocate(other.on(2));
        other.restore(state);
        assertThat(other.state()).isEqualTo(state);
        for (int i = 0; i < 150; i++) {
            assertThat(allocate(other.on(i % 3))).isEqualTo(allocate(fixture.on(i % 3)));
        }
    }
}
