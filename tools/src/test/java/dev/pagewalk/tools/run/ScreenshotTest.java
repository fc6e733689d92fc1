package dev.pagewalk.tools.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.devices.display.Framebuffer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ScreenshotTest {
    private final Framebuffer framebuffer = new Framebuffer();

    @Test
    void thePictureShowsEveryPixelAndNotItsHighestByte() throws IOException {
        Random random = new Random(7);
        int[][] colours = new int[480][640];
        for (int y = 0; y < 480; y++) {
            for (int x = 0; x < 640; x++) {
                int pixel = random.nextInt();
                framebuffer.write(Framebuffer.PIXEL_OFFSET + 2560L * y + 4L * x, 4, pixel, 0);
                colours[y][x] = pixel & 0xFF_FFFF;
            }
        }

        BufferedImage image = ImageIO.read(new ByteArrayInputStream(Screenshot.png(framebuffer)));

        assertThat(image.getWidth()).isEqualTo(640);
        assertThat(image.getHeight()).isEqualTo(480);
        for (int y = 0; y < 480; y++) {
            for (int x = 0; x < 640; x++) {
                assertThat(image.getRGB(x, y)).isEqualTo(0xFF00_0000 | colours[y][x]);
            }
        }
    }

    @Test
    void theSamePictureGivesTheSameBytes() {
        framebuffer.write(Framebuffer.PIXEL_OFFSET + 400, 4, 0xFF0000, 0);
        Framebuffer same = new Framebuffer();
        same.write(Framebuffer.PIXEL_OFFSET + 400, 4, 0xFF0000, 0);

        assertThat(Screenshot.png(same)).isEqualTo(Screenshot.png(framebuffer));
        assertThat(Screenshot.png(new Framebuffer())).isNotEqualTo(Screenshot.png(framebuffer));
    }
}
