package dev.pagewalk.kernel.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The offsets are those that a C compiler gives the fields of linux/fb.h for a 64-bit machine. */
class ScreenInfoTest {
    private final ScreenInfo info = new ScreenInfo(640, 480, 2560, 0x1_5000_1000L, 1_228_800);

    @Test
    void variableScreenInfoIsTheStructOfLinux() {
        assertThat(nonZeroWords(info.variable(), 160))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry(0, 640), // xres
                        Map.entry(4, 480), // yres
                        Map.entry(8, 640), // xres_virtual
                        Map.entry(12, 480), // yres_virtual
                        Map.entry(24, 32), // bits_per_pixel
                        Map.entry(32, 16), // red.offset
                        Map.entry(36, 8), // red.length
                        Map.entry(44, 8), // green.offset
                        Map.entry(48, 8), // green.length
                        Map.entry(60, 8), // blue.length
                        Map.entry(88, -1), // height
                        Map.entry(92, -1))); // width
    }

    @Test
    void fixedScreenInfoIsTheStructOfLinux() {
        assertThat(nonZeroWords(info.fixed(), 80))
                .containsExactlyInAnyOrderEntriesOf(Map.ofEntries(
                        Map.entry(0, 0x65676170), // id: "page"
                        Map.entry(4, 0x6B6C6177), // "walk"
                        Map.entry(16, 0x5000_1000), // smem_start
                        Map.entry(20, 1),
                        Map.entry(24, 1_228_800), // smem_len
                        Map.entry(36, 2), // visual
                        Map.entry(48, 2560))); // line_length
    }

    @Test
    void theRequestsAreThoseOfLinux() {
        assertThat(ScreenInfo.FBIOGET_VSCREENINFO).isEqualTo(0x4600);
        assertThat(ScreenInfo.FBIOGET_FSCREENINFO).isEqualTo(0x4602);
    }

    private static Map<Integer, Integer> nonZeroWords(byte[] struct, int lengthBytes) {
        assertThat(struct).hasSize(lengthBytes);
        ByteBuffer buffer = ByteBuffer.wrap(struct).order(ByteOrder.LITTLE_ENDIAN);
        Map<Integer, Integer> words = new TreeMap<>();
        for (int offset = 0; offset < lengthBytes; offset += 4) {
            if (buffer.getInt(offset) != 0) {
                words.put(offset, buffer.getInt(offset));
            }
        }
        return words;
    }
}
