package dev.pagewalk.devices.display;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.devices.testing.Snapshots;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FramebufferTest {
    private static final long PIXELS = 0x1000;
    private static final int PIXEL_BYTES = 640 * 480 * 4;

    private final Framebuffer framebuffer = new Framebuffer();

    @Test
    void itOccupiesWholePagesBelowRam() {
        assertThat(framebuffer.baseAddress()).isEqualTo(0x5000_0000L);
        assertThat(framebuffer.lengthBytes()).isEqualTo(0x1000 + PIXEL_BYTES);
        assertThat(framebuffer.lengthBytes() % 4096).isZero();
        assertThat(framebuffer.baseAddress() + framebuffer.lengthBytes()).isLessThan(0x8000_0000L);
        assertThat(framebuffer.name()).isEqualTo("framebuffer");
    }

    @ParameterizedTest
    @CsvSource({"0x00, 0x42465750", "0x04, 640", "0x08, 480", "0x0C, 2560", "0x10, 0x1000", "0x14, 0", "0xFFC, 0"})
    void registersDescribeTheScreen(String offset, String value) {
        assertThat(framebuffer.read(Long.decode(offset), 4, 0)).isEqualTo((long) Long.decode(value));
    }

    @Test
    void registersReadInPartsAndInPairs() {
        assertThat(framebuffer.read(0, 1, 0)).isEqualTo('P');
        assertThat(framebuffer.read(1, 1, 0)).isEqualTo('W');
        assertThat(framebuffer.read(2, 2, 0)).isEqualTo('F' | 'B' << 8);
        assertThat(framebuffer.read(8, 8, 0)).isEqualTo(2560L << 32 | 480);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void registersAreReadOnly(int sizeBytes) {
        byte[] before = Snapshots.save(framebuffer);
        for (long offset = 0; offset < PIXELS; offset += sizeBytes) {
            framebuffer.write(offset, sizeBytes, -1, 0);
        }
        assertThat(framebuffer.read(4, 4, 0)).isEqualTo(640);
        assertThat(framebuffer.read(PIXELS, 8, 0)).isZero();
        assertThat(Snapshots.save(framebuffer)).isEqualTo(before);
    }

    @Test
    void allIsBlackAtPowerOn() {
        assertThat(framebuffer.read(PIXELS, 8, 0)).isZero();
        assertThat(framebuffer.read(PIXELS + PIXEL_BYTES - 1, 1, 0)).isZero();
        assertThat(framebuffer.row(479)).hasSize(640).containsOnly(0);
    }

    /** Accesses of every size anywhere agree with an array of bytes. */
    @Test
    void pixelsAreLittleEndianMemory() {
        Random random = new Random(640);
        byte[] expected = new byte[PIXEL_BYTES];
        for (int n = 0; n < 200_000; n++) {
            int sizeBytes = 1 << random.nextInt(4);
            int offset = random.nextInt(PIXEL_BYTES / sizeBytes) * sizeBytes;
            if (random.nextBoolean()) {
                long value = random.nextLong();
                framebuffer.write(PIXELS + offset, sizeBytes, value, 0);
                for (int i = 0; i < sizeBytes; i++) {
                    expected[offset + i] = (byte) (value >>> 8 * i);
                }
            }
            long value = 0;
            for (int i = 0; i < sizeBytes; i++) {
                value |= (expected[offset + i] & 0xFFL) << 8 * i;
            }
            assertThat(framebuffer.read(PIXELS + offset, sizeBytes, 0)).isEqualTo(value);
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "639, 0", "0, 1", "17, 101", "0, 479", "639, 479"})
    void aRowShowsThePixelsThatWereStored(int x, int y) {
        framebuffer.write(PIXELS + 2560L * y + 4L * x, 4, 0xAB12_3456L, 0);

        int[] row = framebuffer.row(y);

        assertThat(row[x]).isEqualTo(0x12_3456);
        row[x] = 0;
        assertThat(row).containsOnly(0);
        assertThat(framebuffer.row(y)[x]).isEqualTo(0x12_3456);
        assertThat(framebuffer.row((y + 1) % 480)).containsOnly(0);
    }

    @Test
    void theByteThatIsNotShownIsKept() {
        framebuffer.write(PIXELS, 4, 0xFF00_0001L, 0);
        assertThat(framebuffer.read(PIXELS, 4, 0)).isEqualTo(0xFF00_0001L);
        assertThat(framebuffer.row(0)[0]).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 480})
    void thereIsNoRowOutsideTheScreen(int y) {
        assertThatThrownBy(() -> framebuffer.row(y)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aRestoredScreenShowsTheSavedPicture() {
        Random random = new Random(480);
        for (int n = 0; n < 1000; n++) {
            framebuffer.write(PIXELS + 8L * random.nextInt(PIXEL_BYTES / 8), 8, random.nextLong(), 0);
        }
        byte[] saved = Snapshots.save(framebuffer);
        Framebuffer restored = new Framebuffer();
        restored.write(PIXELS + 8, 8, -1, 0);

        Snapshots.restore(restored, saved);

        for (int y = 0; y < 480; y++) {
            assertThat(restored.row(y)).isEqualTo(framebuffer.row(y));
        }
        assertThat(Snapshots.save(restored)).isEqualTo(saved);
    }

    @Test
    void restoringABlankScreenWipesIt() {
        byte[] blank = Snapshots.save(framebuffer);
        framebuffer.write(PIXELS + PIXEL_BYTES - 4, 4, 1, 0);

        Snapshots.restore(framebuffer, blank);

        assertThat(framebuffer.row(479)).containsOnly(0);
    }

    @Test
    void aScreenWipedByItsGuestIsSavedAsOneThatWasNeverDrawnOn() {
        byte[] blank = Snapshots.save(framebuffer);
        framebuffer.write(PIXELS, 4, 7, 0);
        framebuffer.write(PIXELS, 4, 0, 0);
        assertThat(Snapshots.save(framebuffer)).isEqualTo(blank);
    }

    /** A machine whose guest does not draw pays next to nothing in each snapshot. */
    @Test
    void aBlankScreenIsSavedInAFewBytes() {
        assertThat(Snapshots.save(framebuffer)).hasSizeLessThan(64);
    }
}
