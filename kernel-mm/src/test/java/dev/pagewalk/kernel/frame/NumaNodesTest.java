package dev.pagewalk.kernel.frame;

import static dev.pagewalk.kernel.frame.FrameFixture.address;
import static dev.pagewalk.kernel.frame.FrameFixture.number;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.testing.Errors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("S44")
class NumaNodesTest {
    @ParameterizedTest
    @CsvSource({"1, 16, 1", "2, 1024, 4", "3, 1000, 4", "7, 113, 64", "64, 1024, 64", "64, 16777216, 1", "64, 1055, 3"})
    void everyFrameLiesInOneNode(int count, int totalFrames, int harts) {
        NumaNodes nodes = new NumaNodes(count, totalFrames, harts);
        assertThat(nodes.firstFrame(0)).isZero();
        assertThat(nodes.firstFrame(count)).isEqualTo(totalFrames);
        for (int node = 0; node < count; node++) {
            int first = nodes.firstFrame(node);
            int end = nodes.firstFrame(node + 1);
            assertThat(end - first).isBetween(totalFrames / count, totalFrames / count + 1);
            assertThat(nodes.ofFrame(first)).isEqualTo(node);
            assertThat(nodes.ofFrame((first + end) / 2)).isEqualTo(node);
            assertThat(nodes.ofFrame(end - 1)).isEqualTo(node);
        }
    }

    @Test
    void hartsAreSpreadInTheOrderOfTheirIds() {
        NumaNodes fewer = new NumaNodes(2, 1024, 4);
        assertThat(new int[] {fewer.ofHart(0), fewer.ofHart(1), fewer.ofHart(2), fewer.ofHart(3)})
                .containsExactly(0, 0, 1, 1);
        NumaNodes more = new NumaNodes(4, 1024, 2);
        assertThat(new int[] {more.ofHart(0), more.ofHart(1)}).containsExactly(0, 2);
    }

    @ParameterizedTest
    @CsvSource({"0, 1024", "-1, 1024", "65, 65536"})
    void thereAreOneToSixtyFourNodes(int count, int totalFrames) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NumaNodes(count, totalFrames, 4))
                .withMessageContaining("1 to 64, not " + count);
    }

    @ParameterizedTest
    @CsvSource({"2, 31, 124 KiB, 1", "64, 1023, 4092 KiB, 63"})
    void aNodeHasSixteenFramesOrMore(int count, int totalFrames, String ram, int most) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NumaNodes(count, totalFrames, 4))
                .withMessageContaining("with " + ram)
                .withMessageContaining("at most " + most + " NUMA nodes, of 64 KiB or more each, not " + count);
    }

    @Test
    void aHartIsGivenFramesOfItsOwnNode() throws KernelException {
        FrameFixture fixture = new FrameFixture(1024, 4, 4);
        for (int hart = 0; hart < 4; hart++) {
            fixture.on(hart);
            for (int i = 0; i < 100; i++) {
                assertThat(number(fixture.frames.allocate(FrameUse.USER))).isEqualTo(hart * 256 + i);
            }
            assertThat(fixture.frames.allocateContiguous(5, FrameUse.USER)).isEqualTo(address(hart * 256 + 128));
            assertThat(fixture.frames.node(hart)).isEqualTo(new NodeFigures(256, 256 - 132, 132, 0));
        }
    }

    @Test
    void anExhaustedNodeBorrowsFromTheNextInTheRing() throws KernelException {
        FrameFixture fixture = new FrameFixture(64, 4, 4).on(2);
        int[] order = new int[64];
        for (int i = 0; i < 64; i++) {
            order[i] = number(fixture.frames.allocate(FrameUse.USER)) / 16;
        }
        for (int i = 0; i < 64; i++) {
            assertThat(order[i]).isEqualTo((2 + i / 16) % 4);
        }
        assertThat(fixture.frames.node(2)).isEqualTo(new NodeFigures(16, 0, 16, 0));
        assertThat(fixture.frames.node(1)).isEqualTo(new NodeFigures(16, 0, 0, 16));
        assertThat(Errors.of(() -> fixture.frames.allocate(FrameUse.USER))).isEqualTo(KernelError.OUT_OF_MEMORY);
    }

    @Test
    void aRunComesFromTheNextNodeThatHasOne() throws KernelException {
        FrameFixture fixture = new FrameFixture(64, 4, 4).on(1);
        fixture.frames.allocate(FrameUse.USER);
        assertThat(fixture.frames.allocateContiguous(4, FrameUse.USER)).isEqualTo(address(32));
        assertThat(fixture.frames.node(2).remoteAllocations()).isEqualTo(16);
    }

    @Test
    void aRunCanBeAskedOfANode() throws KernelException {
        FrameFixture fixture = new FrameFixture(64, 4, 4).on(0);
        assertThat(fixture.frames.allocateContiguous(0, FrameUse.USER, 3)).isEqualTo(address(48));
        assertThat(fixture.frames.allocateContiguous(4, FrameUse.USER, 3)).isEqualTo(address(0));
    }

    @Test
    void runsDoNotCrossNodes() throws KernelException {
        FrameFixture fixture = new FrameFixture(64, 4, 4).on(0);
        assertThat(Errors.of(() -> fixture.frames.allocateContiguous(5, FrameUse.USER)))
                .isEqualTo(KernelError.OUT_OF_MEMORY);
        for (int i = 0; i < 4; i++) {
            assertThat(fixture.frames.allocateContiguous(4, FrameUse.USER)).isEqualTo(address(i * 16));
        }
        for (int i = 0; i < 64; i++) {
            fixture.frames.release(address(i));
        }
        assertThat(Errors.of(() -> fixture.frames.allocateContiguous(5, FrameUse.USER)))
                .isEqualTo(KernelError.OUT_OF_MEMORY);
        assertThat(fixture.frames.allocateContiguous(4, FrameUse.USER)).isEqualTo(address(0));
    }

    @Test
    void aFrameGoesBackToItsOwnNodeWhoeverReleasesIt() throws KernelException {
        FrameFixture fixture = new FrameFixture(64, 2, 2).on(0);
        long frame = fixture.frames.allocate(FrameUse.USER);
        fixture.on(1).frames.release(frame);
        assertThat(fixture.frames.node(0).freeFrames()).isEqualTo(32);
        assertThat(fixture.frames.cachedFrames(1)).isZero();
        assertThat(fixture.frames.allocate(FrameUse.USER)).isEqualTo(address(32));
    }

    @Test
    void bootBelongsToTheFirstNode() throws KernelException {
        FrameFixture fixture = new FrameFixture(64, 2, 2);
        assertThat(fixture.frames.allocate(FrameUse.PAGE_TABLE)).isEqualTo(address(0));
        assertThat(fixture.frames.node(0).localAllocations()).isEqualTo(1);
        assertThat(fixture.frames.cachedFrames(0)).isZero();
    }
}
