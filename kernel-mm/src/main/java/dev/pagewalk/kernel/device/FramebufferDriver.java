package dev.pagewalk.kernel.device;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import java.util.Optional;

/**
 * Drives the framebuffer, which not every machine has: where its pixels are, how they are laid out, and what
 * {@code /dev/fb0} reads and writes.
 */
public final class FramebufferDriver {
    /** In the window where QEMU's virt machine has the memory of PCIe cards. */
    private static final long REGISTERS = 0x5000_0000L;

    private static final long MAGIC = 0x4246_5750;
    private static final int WIDTH_OFFSET = 0x04;
    private static final int HEIGHT_OFFSET = 0x08;
    private static final int STRIDE_OFFSET = 0x0C;
    private static final int PIXELS_OFFSET = 0x10;

    private final DeviceBus bus;
    private final int width;
    private final int height;
    private final int strideBytes;
    private final long physicalAddress;

    private FramebufferDriver(DeviceBus bus) {
        this.bus = bus;
        this.width = register(WIDTH_OFFSET);
        this.height = register(HEIGHT_OFFSET);
        this.strideBytes = register(STRIDE_OFFSET);
        this.physicalAddress = REGISTERS + register(PIXELS_OFFSET);
    }

    /** The machine's framebuffer; empty where there is none. */
    public static Optional<FramebufferDriver> find(DeviceBus bus) {
        return bus.hasDevice(REGISTERS, Integer.BYTES) && bus.read(REGISTERS, Integer.BYTES) == MAGIC
                ? Optional.of(new FramebufferDriver(bus))
                : Optional.empty();
    }

    private int register(int offset) {
        return (int) bus.read(REGISTERS + offset, Integer.BYTES);
    }

    /** In pixels of four bytes, {@code 0xXXRRGGBB} little-endian. */
    public int width() {
        return width;
    }

    /** In pixels. */
    public int height() {
        return height;
    }

    /** From a row to the next. */
    public int strideBytes() {
        return strideBytes;
    }

    /** Where the first pixel is, a multiple of 4096. */
    public long physicalAddress() {
        return physicalAddress;
    }

    /** All pixels, a multiple of 4096. */
    public int lengthBytes() {
        return strideBytes * height;
    }

    /** What {@code ioctl} tells about it. */
    public ScreenInfo info() {
        return new ScreenInfo(width, height, strideBytes, physicalAddress, lengthBytes());
    }

    /**
     * The physical range that a mapping of {@code /dev/fb0} shows.
     *
     * @param offset of the mapping's first byte in the device, a multiple of 4096
     * @param mappedBytes a positive multiple of 4096
     * @return its first address
     * @throws KernelException INVALID_ARGUMENT where it reaches beyond the pixels. Source: Linux, mm/memory.c,
     *     {@code vm_iomap_memory}: unlike a file's, such a mapping is refused.
     */
    public long mappedAddress(long offset, long mappedBytes) throws KernelException {
        if (offset < 0 || offset > lengthBytes() || mappedBytes > lengthBytes() - offset) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        return physicalAddress + offset;
    }

    /**
     * Reads pixels as {@code read(2)} does. Source: Linux, drivers/video/fbdev/core/fb_chrdev.c, {@code fb_read}.
     *
     * @param offset in the device, at least 0
     * @return the number of bytes: fewer at the end of the device, 0 beyond it
     */
    public int read(long offset, byte[] target, int length) {
        int count = clamp(offset, length);
        bus.readBytes(physicalAddress + offset, target, 0, count);
        return count;
    }

    /**
     * Writes pixels as {@code write(2)} does, as far as they go.
     *
     * @param offset in the device, at least 0
     * @return the number of bytes: fewer at the end of the device. Where it is 0 though some were given, the call fails:
     *     with EFBIG beyond the end and ENOSPC at it. Source: as of {@link #read}, {@code fb_write}
     */
    public int write(long offset, byte[] source, int length) {
        int count = clamp(offset, length);
        bus.writeBytes(physicalAddress + offset, source, 0, count);
        return count;
    }

    private int clamp(long offset, int length) {
        return (int) Math.max(0, Math.min(length, lengthBytes() - offset));
    }
}
