package dev.pagewalk.kernel.device;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * What programs ask {@code /dev/fb0} for, as the bytes that {@code ioctl} gives them.
 *
 * <p>Source: Linux, include/uapi/linux/fb.h, with the sizes of riscv64; values that mean nothing here are those of
 * drivers/video/fbdev/simplefb.c.
 *
 * @param width in pixels of 32 bits, XRGB8888
 * @param height in pixels
 * @param strideBytes from a row to the next
 * @param physicalAddress of the first pixel
 * @param lengthBytes of all pixels
 */
public record ScreenInfo(int width, int height, int strideBytes, long physicalAddress, int lengthBytes) {
    /** ioctl: fills a {@code struct fb_var_screeninfo}, {@link #variable()}. */
    public static final int FBIOGET_VSCREENINFO = 0x4600;

    /** ioctl: fills a {@code struct fb_fix_screeninfo}, {@link #fixed()}. */
    public static final int FBIOGET_FSCREENINFO = 0x4602;

    private static final int VARIABLE_BYTES = 160;
    private static final int FIXED_BYTES = 80;

    private static final String ID = "pagewalk";
    private static final int ID_BYTES = 16;
    private static final int BITS_PER_PIXEL = 32;
    private static final int FB_TYPE_PACKED_PIXELS = 0;
    private static final int FB_VISUAL_TRUECOLOR = 2;
    private static final int UNKNOWN_MILLIMETRES = -1;

    /** The {@code struct fb_var_screeninfo}: what the screen shows. */
    public byte[] variable() {
        ByteBuffer struct = ByteBuffer.allocate(VARIABLE_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        struct.putInt(width).putInt(height); // xres, yres
        struct.putInt(width).putInt(height); // xres_virtual, yres_virtual
        struct.putInt(0).putInt(0); // xoffset, yoffset
        struct.putInt(BITS_PER_PIXEL).putInt(0); // bits_per_pixel, grayscale
        putBitfield(struct, 16, 8); // red
        putBitfield(struct, 8, 8); // green
        putBitfield(struct, 0, 8); // blue
        putBitfield(struct, 0, 0); // transp
        struct.putInt(0).putInt(0); // nonstd, activate: FB_ACTIVATE_NOW
        struct.putInt(UNKNOWN_MILLIMETRES).putInt(UNKNOWN_MILLIMETRES); // height, width
        // The rest, timings and rotation, is 0: FB_VMODE_NONINTERLACED, FB_ROTATE_UR.
        return struct.array();
    }

    /** A {@code struct fb_bitfield}: where a colour stands in a pixel. */
    private static void putBitfield(ByteBuffer struct, int offset, int length) {
        struct.putInt(offset).putInt(length).putInt(0); // msb_right
    }

    /** The {@code struct fb_fix_screeninfo}: where the pixels are. */
    public byte[] fixed() {
        ByteBuffer struct = ByteBuffer.allocate(FIXED_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        struct.put(ID.getBytes(StandardCharsets.US_ASCII)).position(ID_BYTES);
        struct.putLong(physicalAddress).putInt(lengthBytes); // smem_start, smem_len
        struct.putInt(FB_TYPE_PACKED_PIXELS).putInt(0); // type, type_aux
        struct.putInt(FB_VISUAL_TRUECOLOR);
        struct.putShort((short) 0).putShort((short) 0).putShort((short) 0); // xpanstep, ypanstep, ywrapstep
        struct.putShort((short) 0); // padding
        struct.putInt(strideBytes); // line_length
        // The rest is 0: no registers to map, FB_ACCEL_NONE, no capabilities.
        return struct.array();
    }
}
