package dev.pagewalk.kernel.testing;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A framebuffer as far as the kernel goes, of a size of its own: 1000 by 3 pixels, whose rows are a page apart, two pages
 * of registers before them.
 */
public final class TestFramebuffer implements MemoryMappedDevice {
    public static final long BASE = 0x5000_0000L;
    public static final int PIXELS = 0x2000;
    public static final int WIDTH = 1000;
    public static final int HEIGHT = 3;
    public static final int STRIDE_BYTES = 4096;

    private final ByteBuffer memory =
            ByteBuffer.allocate(PIXELS + STRIDE_BYTES * HEIGHT).order(ByteOrder.LITTLE_ENDIAN);

    public TestFramebuffer() {
        int[] registers = {0x4246_5750, WIDTH, HEIGHT, STRIDE_BYTES, PIXELS};
        for (int n = 0; n < registers.length; n++) {
            memory.putInt(4 * n, registers[n]);
        }
    }

    /** All pixels; not a copy. */
    public ByteBuffer pixels() {
        return memory.slice(PIXELS, STRIDE_BYTES * HEIGHT).order(ByteOrder.LITTLE_ENDIAN);
    }

    @Override
    public String name() {
        return "test-framebuffer";
    }

    @Override
    public long baseAddress() {
        return BASE;
    }

    @Override
    public long lengthBytes() {
        return memory.capacity();
    }

    @Override
    public long read(long offset, int sizeBytes, long nowCycle) {
        requireAligned(offset, sizeBytes);
        return switch (sizeBytes) {
            case 1 -> memory.get((int) offset) & 0xFF;
            case 2 -> memory.getShort((int) offset) & 0xFFFF;
            case 4 -> memory.getInt((int) offset) & 0xFFFF_FFFFL;
            default -> memory.getLong((int) offset);
        };
    }

    @Override
    public void write(long offset, int sizeBytes, long value, long nowCycle) {
        requireAligned(offset, sizeBytes);
        if (offset < PIXELS) {
            return;
        }
        switch (sizeBytes) {
            case 1 -> memory.put((int) offset, (byte) value);
            case 2 -> memory.putShort((int) offset, (short) value);
            case 4 -> memory.putInt((int) offset, (int) value);
            default -> memory.putLong((int) offset, value);
        }
    }

    private static void requireAligned(long offset, int sizeBytes) {
        if (offset % sizeBytes != 0) {
            throw new AssertionError("a bus has no access of " + sizeBytes + " bytes at " + offset);
        }
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.write(memory.array());
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        in.readFully(memory.array());
    }
}
