package dev.pagewalk.kernel.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.pagewalk.kernel.error.KernelException;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What the allocator takes of the host. */
@Tag("S44")
@Tag("S45")
class FrameHostMemoryTest {
    private static final int FRAMES_OF_64_GIBIBYTES = 1 << 24;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void untouchedRamTakesLittle() throws KernelException {
        new FrameFixture(16, 1, 1);
        long before = threads.getCurrentThreadAllocatedBytes();
        FrameFixture fixture = new FrameFixture(FRAMES_OF_64_GIBIBYTES, 64, 1).on(0);
        for (int i = 0; i < 1000; i++) {
            fixture.frames.allocate(FrameUse.USER);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4 << 20);
    }

    @Test
    void singleFramesTakeNoObjects() throws KernelException {
        FrameFixture fixture = new FrameFixture(4096, 2, 2).on(1);
        long[] held = new long[3000];
        int rounds = 20;
        takeAndGiveBack(fixture, held);
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int round = 0; round < rounds; round++) {
            takeAndGiveBack(fixture, held);
        }
        long perFrame = (threads.getCurrentThreadAllocatedBytes() - before) / ((long) rounds * held.length);
        assertThat(perFrame).as("bytes a frame").isZero();
    }

    private static void takeAndGiveBack(FrameFixture fixture, long[] held) throws KernelException {
        for (int i = 0; i < held.length; i++) {
            held[i] = fixture.frames.allocateToOverwrite(FrameUse.USER);
            fixture.frames.share(held[i]);
        }
        for (long frame : held) {
            fixture.frames.release(frame);
            fixture.frames.release(frame);
        }
    }
}
