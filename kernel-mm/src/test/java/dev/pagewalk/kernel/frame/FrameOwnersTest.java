package dev.pagewalk.kernel.frame;

import static dev.pagewalk.kernel.frame.FrameFixture.BASE;
import static dev.pagewalk.kernel.frame.FrameFixture.FRAME;
import static dev.pagewalk.kernel.frame.FrameFixture.address;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.testing.Errors;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("S42")
@Tag("S44")
class FrameOwnersTest {
    private final FrameFixture fixture = new FrameFixture(64, 1, 1).on(0);
    private final FrameAllocator frames = fixture.frames;

    @Test
    void aFrameIsFreeWhenItsLastOwnerReleasesIt() throws KernelException {
        long frame = frames.allocate(FrameUse.USER);
        frames.share(frame);
        frames.share(frame);
        assertThat(frames.owners(frame)).isEqualTo(3);
        assertThat(frames.inUse(FrameUse.USER)).isEqualTo(1);
        assertThat(frames.release(frame)).isFalse();
        assertThat(frames.release(frame)).isFalse();
        assertThat(frames.owners(frame)).isEqualTo(1);
        assertThat(frames.freeFrames()).isEqualTo(63);
        assertThat(frames.release(frame)).isTrue();
        assertThat(frames.owners(frame)).isZero();
        assertThat(frames.freeFrames()).isEqualTo(64);
    }

    @Test
    void moreOwnersThanProcessesCanBeCounted() throws KernelException {
        long frame = frames.allocate(FrameUse.FILE);
        for (int i = 0; i < 100_000; i++) {
            frames.share(frame);
        }
        assertThat(frames.owners(frame)).isEqualTo(100_001);
    }

    @Test
    void eachFrameOfARunHasOwnersOfItsOwn() throws KernelException {
        long run = frames.allocateContiguous(3, FrameUse.USER);
        frames.share(run + 5 * FRAME);
        for (int i = 0; i < 8; i++) {
            assertThat(frames.owners(run + i * FRAME)).isEqualTo(i == 5 ? 2 : 1);
            assertThat(frames.release(run + i * FRAME)).isEqualTo(i != 5);
        }
        assertThat(frames.inUse(FrameUse.USER)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(FrameUse.class)
    void theUseOfAFrameIsKnownWhileItHasAnOwner(FrameUse use) throws KernelException {
        long frame = frames.allocate(use);
        frames.share(frame);
        frames.release(frame);
        assertThat(frames.use(frame)).isEqualTo(use);
        assertThat(frames.inUse(use)).isEqualTo(1);
        assertThat(frames.freeFrames()).isEqualTo(63);
        frames.release(frame);
        assertThat(frames.inUse(use)).isZero();
        assertThat(frames.peak(use)).isEqualTo(1);
        assertThatIllegalStateException().isThrownBy(() -> frames.use(frame));
    }

    @Test
    void aFreeFrameCannotBeShared() throws KernelException {
        long frame = frames.allocate(FrameUse.USER);
        frames.release(frame);
        assertThatIllegalStateException()
                .isThrownBy(() -> frames.share(frame))
                .withMessageContaining("0x80000000")
                .withMessageContaining("double share");
        assertThat(frames.owners(frame)).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, BASE - 4096, BASE + 64 * 4096, BASE + 8, Long.MIN_VALUE})
    void whatIsNoFrameCannotBeShared(long address) {
        assertThatIllegalStateException()
                .isThrownBy(() -> frames.share(address))
                .withMessageContaining("foreign");
        assertThatIllegalStateException().isThrownBy(() -> frames.owners(address));
    }

    @Test
    void aFrameToOverwriteIsNotZeroedAndNotPaidForAsSuch() throws KernelException {
        long frame = frames.allocate(FrameUse.USER);
        fixture.memory.writeLong(frame + 8, 77);
        frames.release(frame);
        fixture.charged();
        assertThat(frames.allocateToOverwrite(FrameUse.USER)).isEqualTo(frame);
        assertThat(fixture.charged()).isEqualTo(fixture.costs.frameAllocateCycles());
        assertThat(fixture.memory.readLong(frame + 8)).isEqualTo(77);
        assertThat(frames.owners(frame)).isEqualTo(1);
    }

    @Test
    void aZeroedFrameIsPaidForWithItsZeroes() throws KernelException {
        fixture.charged();
        frames.allocate(FrameUse.USER);
        assertThat(fixture.charged()).isEqualTo(fixture.costs.frameAllocateCycles() + fixture.costs.zeroCycles(FRAME));
    }

    @Test
    void onlyTheLastReleaseCosts() throws KernelException {
        long frame = frames.allocate(FrameUse.USER);
        frames.share(frame);
        fixture.charged();
        frames.release(frame);
        assertThat(fixture.charged()).isZero();
        frames.release(frame);
        assertThat(fixture.charged()).isEqualTo(fixture.costs.frameFreeCycles());
    }

    @Test
    void anObserverIsToldOfFreedFramesWhileTheyStillHaveTheirOwner() throws KernelException {
        List<String> told = new ArrayList<>();
        frames.setObserver(
                (address, use) -> told.add(FrameFixture.number(address) + " " + use + " " + frames.owners(address)));
        long user = frames.allocate(FrameUse.USER);
        long buffer = frames.allocate(FrameUse.BUFFER);
        frames.share(user);
        frames.release(user);
        frames.release(buffer);
        frames.release(user);
        assertThat(told).containsExactly("1 BUFFER 1", "0 USER 1");
    }

    @Test
    void aPlannedFailureTakesNothing() throws KernelException {
        byte[] before = fixture.state();
        frames.setFailurePlan(() -> true);
        assertThat(Errors.of(() -> frames.allocate(FrameUse.USER))).isEqualTo(KernelError.OUT_OF_MEMORY);
        assertThat(Errors.of(() -> frames.allocateToOverwrite(FrameUse.USER))).isEqualTo(KernelError.OUT_OF_MEMORY);
        assertThat(Errors.of(() -> frames.allocateContiguous(2, FrameUse.USER))).isEqualTo(KernelError.OUT_OF_MEMORY);
        assertThat(fixture.state()).isEqualTo(before);
        frames.setFailurePlan(FailurePlan.NEVER);
        assertThat(frames.allocate(FrameUse.USER)).isEqualTo(address(0));
    }

    @Test
    void aPlanIsAskedOncePerCall() throws KernelException {
        int[] asked = new int[1];
        frames.setFailurePlan(() -> ++asked[0] == 3);
        frames.allocate(FrameUse.USER);
        frames.allocateContiguous(4, FrameUse.USER);
        assertThat(Errors.of(() -> frames.allocateToOverwrite(FrameUse.USER))).isEqualTo(KernelError.OUT_OF_MEMORY);
        frames.allocateToOverwrite(FrameUse.USER);
        assertThat(asked[0]).isEqualTo(4);
    }

    @Test
    void theReclaimerIsAskedOnlyWhenNoFrameIsFree() throws KernelException {
        Deque<Long> spare = new ArrayDeque<>();
        int[] asked = new int[1];
        frames.setReclaimer(() -> {
            asked[0]++;
            return !spare.isEmpty() && frames.release(spare.pop());
        });
        for (int i = 0; i < 64; i++) {
            spare.push(frames.allocate(FrameUse.FILE));
        }
        assertThat(asked[0]).isZero();
        for (int i = 0; i < 64; i++) {
            frames.allocate(FrameUse.USER);
        }
        assertThat(asked[0]).isEqualTo(64);
        assertThat(frames.inUse(FrameUse.FILE)).isZero();
        assertThat(Errors.of(() -> frames.allocate(FrameUse.USER))).isEqualTo(KernelError.OUT_OF_MEMORY);
        assertThat(asked[0]).isEqualTo(65);
    }

    @Test
    void aRunIsReclaimedForUntilThereAreEnoughFrames() throws KernelException {
        Deque<Long> spare = new ArrayDeque<>();
        frames.setReclaimer(() -> !spare.isEmpty() && frames.release(spare.pop()));
        for (int i = 0; i < 64; i++) {
            spare.push(frames.allocate(FrameUse.FILE));
        }
        assertThat(frames.allocateContiguous(3, FrameUse.USER)).isEqualTo(address(56));
        assertThat(spare).hasSize(56);
    }

    @Test
    void framesThatLieApartAreNoReasonToReclaim() throws KernelException {
        long[] all = new long[64];
        for (int i = 0; i < 64; i++) {
            all[i] = frames.allocate(FrameUse.FILE);
        }
        for (int i = 0; i < 64; i += 2) {
            frames.release(all[i]);
        }
        frames.setReclaimer(() -> {
            throw new AssertionError("asked although 32 frames are free");
        });
        assertThat(Errors.of(() -> frames.allocateContiguous(1, FrameUse.USER))).isEqualTo(KernelError.OUT_OF_MEMORY);
    }

    @Test
    void ownersSurviveASnapshot() throws KernelException {
        long shared = frames.allocate(FrameUse.FILE);
        frames.share(shared);
        long run = frames.allocateContiguous(4, FrameUse.USER);
        frames.release(run + 3 * FRAME);
        byte[] state = fixture.state();
        FrameFixture other = new FrameFixture(64, 1, 1).on(0);
        other.frames.allocateContiguous(5, FrameUse.BUFFER);
        other.restore(state);
        assertThat(other.state()).isEqualTo(state);
        assertThat(other.frames.owners(shared)).isEqualTo(2);
        assertThat(other.frames.use(shared)).isEqualTo(FrameUse.FILE);
        assertThat(other.frames.owners(run + 3 * FRAME)).isZero();
        assertThat(other.frames.freeFrames()).isEqualTo(frames.freeFrames());
        assertThat(other.frames.allocate(FrameUse.USER)).isEqualTo(frames.allocate(FrameUse.USER));
    }
}
