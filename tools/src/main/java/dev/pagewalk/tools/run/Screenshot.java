package dev.pagewalk.tools.run;

import dev.pagewalk.devices.display.Framebuffer;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** A machine's screen as a file that people can look at. */
public final class Screenshot {
    private Screenshot() {}

    /** The picture as PNG, 24 bits a pixel, without a time or a name in it: the same picture gives the same bytes. */
    public static byte[] png(Framebuffer framebuffer) {
        BufferedImage image = new BufferedImage(Framebuffer.WIDTH, Framebuffer.HEIGHT, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < Framebuffer.HEIGHT; y++) {
            image.setRGB(0, y, Framebuffer.WIDTH, 1, framebuffer.row(y), 0, Framebuffer.WIDTH);
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // A stream that ImageIO makes by itself may go through a temporary file.
        try (MemoryCacheImageOutputStream stream = new MemoryCacheImageOutputStream(bytes)) {
            if (!ImageIO.write(image, "png", stream)) {
                throw new IllegalStateException("every Java platform writes PNG");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot fail", e);
        }
        return bytes.toByteArray();
    }
}
