package dev.pagewalk.devices.display;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Objects;

/**
 * The machine's screen: a page of read-only registers that describe it, then its pixels, which a guest draws by storing
 * to them and the host looks at row by row.
 *
 * <p>A pixel is a little-endian word {@code 0xXXRRGGBB} whose highest byte is kept but not shown (XRGB8888). Rows follow
 * each other from the top without gaps, pixels in them from the left. All is black at power-on.
 *
 * <p>The registers have 4 bytes each and tell a driver all that it needs besides the pixel's format, which goes with
 * {@link #MAGIC}. Every aligned access of 1, 2, 4 or 8 bytes reaches the bytes that it names.
 *
 * <p>The pixels live in host arrays, each allocated when something is first written to it.
 *
 * <p>QEMU's virt machine has no framebuffer; the memory of a display card lies in its window for PCIe devices, 0x4000_0000
 * to 0x7FFF_FFFF, and so does this one ({@code hw/riscv/virt.c}).
 */
public final class Framebuffer implements MemoryMappedDevice {
    public static final long BASE_ADDRESS = 0x5000_0000L;
    public static final int WIDTH = 640;
    public static final int HEIGHT = 480;
    public static final int STRIDE_BYTES = WIDTH * 4;

    /** Where the pixels begin. */
    public static final int PIXEL_OFFSET = 0x1000;

    /** A whole number of pages. */
    public static final int PIXEL_BYTES = STRIDE_BYTES * HEIGHT;

    public static final long LENGTH_BYTES = PIXEL_OFFSET + PIXEL_BYTES;

    /** The magic register's value: the letters PWFB. */
    public static final int MAGIC = 0x4246_5750;

    public static final int MAGIC_REGISTER = 0x00;
    /** In pixels. */
    public static final int WIDTH_REGISTER = 0x04;
    /** In pixels. */
    public static final int HEIGHT_REGISTER = 0x08;
    /** From a row to the next, in bytes. */
    public static final int STRIDE_REGISTER = 0x0C;
    /** From the base address, in bytes. */
    public static final int PIXEL_OFFSET_REGISTER = 0x10;

    private static final int REGISTER_BYTES = 4;
    private static final int CHUNK_SHIFT = 16;
    private static final int CHUNK_BYTES = 1 << CHUNK_SHIFT;
    private static final int SHOWN_BITS = 0xFF_FFFF;

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** Null where nothing was written yet. No aligned access crosses from one into the next. */
    private final byte[][] chunks = new byte[PIXEL_BYTES + CHUNK_BYTES - 1 >>> CHUNK_SHIFT][];

    @Override
    public String name() {
        return "framebuffer";
    }

    @Override
    public long baseAddress() {
        return BASE_ADDRESS;
    }

    @Override
    public long lengthBytes() {
        return LENGTH_BYTES;
    }

    @Override
    public long read(long offset, int sizeBytes, long nowCycle) {
        return offset < PIXEL_OFFSET
                ? readRegisters((int) offset, sizeBytes)
                : readPixels((int) offset - PIXEL_OFFSET, sizeBytes);
    }

    @Override
    public void write(long offset, int sizeBytes, long value, long nowCycle) {
        if (offset >= PIXEL_OFFSET) {
            writePixels((int) offset - PIXEL_OFFSET, sizeBytes, value);
        }
    }

    private static long readRegisters(int offset, int sizeBytes) {
        long value = 0;
        for (int i = 0; i < sizeBytes; i++) {
            int at = offset + i;
            long lowest = register(at & -REGISTER_BYTES) >>> 8 * (at % REGISTER_BYTES) & 0xFF;
            value |= lowest << 8 * i;
        }
        return value;
    }

    private static int register(int offset) {
        return switch (offset) {
            case MAGIC_REGISTER -> MAGIC;
            case WIDTH_REGISTER -> WIDTH;
            case HEIGHT_REGISTER -> HEIGHT;
            case STRIDE_REGISTER -> STRIDE_BYTES;
            case PIXEL_OFFSET_REGISTER -> PIXEL_OFFSET;
            default -> 0;
        };
    }

    private long readPixels(int offset, int sizeBytes) {
        byte[] chunk = chunks[offset >>> CHUNK_SHIFT];
        if (chunk == null) {
            return 0;
        }
        int at = offset & CHUNK_BYTES - 1;
        return switch (sizeBytes) {
            case 1 -> chunk[at] & 0xFF;
            case 2 -> (short) SHORT.get(chunk, at) & 0xFFFF;
            case 4 -> (int) INT.get(chunk, at) & 0xFFFF_FFFFL;
            default -> (long) LONG.get(chunk, at);
        };
    }

    private void writePixels(int offset, int sizeBytes, long value) {
        byte[] chunk = chunks[offset >>> CHUNK_SHIFT];
        if (chunk == null) {
            chunk = new byte[CHUNK_BYTES];
            chunks[offset >>> CHUNK_SHIFT] = chunk;
        }
        int at = offset & CHUNK_BYTES - 1;
        switch (sizeBytes) {
            case 1 -> chunk[at] = (byte) value;
            case 2 -> SHORT.set(chunk, at, (short) value);
            case 4 -> INT.set(chunk, at, (int) value);
            default -> LONG.set(chunk, at, value);
        }
    }

    /**
     * What a row shows; called by whoever looks at the screen from the host.
     *
     * @param y 0 at the top to {@link #HEIGHT} - 1
     * @return a copy: {@link #WIDTH} colours 0x00RRGGBB from the left
     */
    public int[] row(int y) {
        Objects.checkIndex(y, HEIGHT);
        int[] colours = new int[WIDTH];
        for (int x = 0; x < WIDTH; x++) {
            colours[x] = (int) readPixels(y * STRIDE_BYTES + 4 * x, 4) & SHOWN_BITS;
        }
        return colours;
    }

    /** A chunk of zeroes is as one that was never written: the two look the same to everybody. */
    @Override
    public void save(ByteArrayDataOutput out) {
        for (byte[] chunk : chunks) {
            boolean hasContent = chunk != null && !isZero(chunk);
            out.writeBoolean(hasContent);
            if (hasContent) {
                out.write(chunk);
            }
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (int index = 0; index < chunks.length; index++) {
            chunks[index] = null;
            if (in.readBoolean()) {
                chunks[index] = new byte[CHUNK_BYTES];
                in.readFully(chunks[index]);
            }
        }
    }

    private static boolean isZero(byte[] chunk) {
        for (int at = 0; at < CHUNK_BYTES; at += Long.BYTES) {
            if ((long) LONG.get(chunk, at) != 0) {
                return false;
            }
        }
        return true;
    }
}
