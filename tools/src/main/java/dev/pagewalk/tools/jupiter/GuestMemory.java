package dev.pagewalk.tools.jupiter;

import dev.pagewalk.tools.debug.target.DebugTarget;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * The memory of a live process, by its virtual addresses; numbers are little-endian.
 *
 * <p>A read sees what a load would and changes nothing: a page that was never touched stays so. A write goes wherever
 * something is mapped, whatever its protection; no other process sees it in private memory. Both take no simulated time.
 * Every method throws {@link IllegalArgumentException} where a byte is not mapped, or the process has ended.
 */
public final class GuestMemory {
    private static final int LONGEST_STRING_BYTES = 1 << 20;
    private static final int STRING_PIECE_BYTES = 64;

    private final DebugTarget target;
    private final int pid;

    GuestMemory(DebugTarget target, int pid) {
        this.target = target;
        this.pid = pid;
    }

    /** A byte, 0 to 255. */
    public int readByte(long address) {
        return read(address, Byte.BYTES).get() & 0xFF;
    }

    /** Two bytes, 0 to 65,535. */
    public int readShort(long address) {
        return read(address, Short.BYTES).getShort() & 0xFFFF;
    }

    public int readInt(long address) {
        return read(address, Integer.BYTES).getInt();
    }

    public long readLong(long address) {
        return read(address, Long.BYTES).getLong();
    }

    public byte[] readBytes(long address, int lengthBytes) {
        if (lengthBytes < 0) {
            throw new IllegalArgumentException("lengthBytes is negative: " + lengthBytes);
        }
        return read(address, lengthBytes).array();
    }

    /**
     * UTF-8 up to a byte of zero.
     *
     * @throws IllegalArgumentException also where there is none within 1 MiB
     */
    public String readString(long address) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        while (text.size() < LONGEST_STRING_BYTES) {
            long at = address + text.size();
            byte[] piece = live().readMemory(pid, at, STRING_PIECE_BYTES);
            for (byte value : piece) {
                if (value == 0) {
                    return text.toString(StandardCharsets.UTF_8);
                }
                text.write(value);
            }
            if (piece.length < STRING_PIECE_BYTES) {
                throw unmapped(at + piece.length);
            }
        }
        throw new IllegalArgumentException("no text ends within 1 MiB of " + hex(address));
    }

    public void writeByte(long address, int value) {
        writeBytes(address, new byte[] {(byte) value});
    }

    public void writeShort(long address, int value) {
        writeBytes(address, littleEndian(Short.BYTES).putShort((short) value).array());
    }

    public void writeInt(long address, int value) {
        writeBytes(address, littleEndian(Integer.BYTES).putInt(value).array());
    }

    public void writeLong(long address, long value) {
        writeBytes(address, littleEndian(Long.BYTES).putLong(value).array());
    }

    /** UTF-8 and a byte of zero behind it. */
    public void writeString(long address, String text) {
        writeBytes(address, (text + '\0').getBytes(StandardCharsets.UTF_8));
    }

    public void writeBytes(long address, byte[] bytes) {
        if (!live().writeMemory(pid, address, bytes)) {
            read(address, bytes.length);
            throw new IllegalArgumentException(
                    "process " + pid + " has nothing that can be written at " + hex(address));
        }
    }

    private ByteBuffer read(long address, int lengthBytes) {
        byte[] bytes = live().readMemory(pid, address, lengthBytes);
        if (bytes.length < lengthBytes) {
            throw unmapped(address + bytes.length);
        }
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private DebugTarget live() {
        if (!target.processes().contains(pid)) {
            throw new IllegalArgumentException("process " + pid + " has ended; it has no memory");
        }
        return target;
    }

    private IllegalArgumentException unmapped(long address) {
        return new IllegalArgumentException("process " + pid + " has nothing mapped at " + hex(address));
    }

    private static ByteBuffer littleEndian(int lengthBytes) {
        return ByteBuffer.allocate(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    private static String hex(long address) {
        return "0x" + Long.toHexString(address);
    }
}
