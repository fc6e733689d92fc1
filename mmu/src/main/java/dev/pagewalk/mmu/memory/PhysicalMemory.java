package dev.pagewalk.mmu.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The machine's RAM: little-endian bytes from {@link #RAM_BASE} on.
 *
 * <p>It lives in host arrays of {@link #CHUNK_BYTES}, each allocated when something is first written to it, because Java
 * zeroes (so commits) an array at once. An untouched chunk reads as zero. Once allocated, a chunk stays the same array
 * for the life of the memory: engines keep references to it.
 *
 * <p>Every method throws {@link OutsideRamException} for an address outside RAM. A read or write of 2, 4 or 8 bytes must
 * lie within one frame.
 */
public final class PhysicalMemory {
    /** Where RAM begins, as on QEMU's {@code virt} board. */
    public static final long RAM_BASE = 0x8000_0000L;

    public static final int FRAME_BYTES = 4096;
    public static final int CHUNK_BYTES = 1 << 20;

    public static final long SMALLEST_SIZE_BYTES = 64L << 10;
    public static final long LARGEST_SIZE_BYTES = 64L << 30;

    private static final int CHUNK_SHIFT = 20;
    private static final int CHUNK_MASK = CHUNK_BYTES - 1;
    private static final byte[] ZERO_FRAME = new byte[FRAME_BYTES];

    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long sizeBytes;
    private final byte[][] chunks;
    private long allocatedBytes;

    /**
     * @param sizeBytes 64 KiB to 64 GiB, a multiple of 4096
     * @throws IllegalArgumentException for any other size
     */
    public PhysicalMemory(long sizeBytes) {
        if (sizeBytes < SMALLEST_SIZE_BYTES || sizeBytes > LARGEST_SIZE_BYTES) {
            throw new IllegalArgumentException("RAM must be 64K to 64G, not " + sizeBytes + " bytes");
        }
        if (sizeBytes % FRAME_BYTES != 0) {
            throw new IllegalArgumentException("RAM must be a multiple of 4096 bytes, not " + sizeBytes + " bytes");
        }
        this.sizeBytes = sizeBytes;
        this.chunks = new byte[(int) (sizeBytes + CHUNK_MASK >>> CHUNK_SHIFT)][];
    }

    public long baseAddress() {
        return RAM_BASE;
    }

    public long sizeBytes() {
        return sizeBytes;
    }

    /** The first address after RAM. */
    public long endAddress() {
        return RAM_BASE + sizeBytes;
    }

    /** Whether the whole range is RAM. Any two values may be asked about; a negative length is never inside. */
    public boolean contains(long physicalAddress, long lengthBytes) {
        long offset = physicalAddress - RAM_BASE;
        return offset >= 0 && offset <= sizeBytes && lengthBytes >= 0 && lengthBytes <= sizeBytes - offset;
    }

    /** Host memory taken so far, in bytes of RAM. */
    public long allocatedBytes() {
        return allocatedBytes;
    }

    /** One byte, zero-extended. */
    public int readByte(long physicalAddress) {
        byte[] chunk = chunkToRead(physicalAddress, 1);
        return chunk == null ? 0 : chunk[chunkOffset(physicalAddress)] & 0xFF;
    }

    /** Two bytes, zero-extended. */
    public int readShort(long physicalAddress) {
        byte[] chunk = chunkToRead(physicalAddress, 2);
        return chunk == null ? 0 : (short) SHORT.get(chunk, chunkOffset(physicalAddress)) & 0xFFFF;
    }

    public int readInt(long physicalAddress) {
        byte[] chunk = chunkToRead(physicalAddress, 4);
        return chunk == null ? 0 : (int) INT.get(chunk, chunkOffset(physicalAddress));
    }

    public long readLong(long physicalAddress) {
        byte[] chunk = chunkToRead(physicalAddress, 8);
        return chunk == null ? 0 : (long) LONG.get(chunk, chunkOffset(physicalAddress));
    }

    /** Writes the low 8 bits of {@code value}. */
    public void writeByte(long physicalAddress, int value) {
        chunkToWrite(physicalAddress, 1)[chunkOffset(physicalAddress)] = (byte) value;
    }

    /** Writes the low 16 bits of {@code value}. */
    public void writeShort(long physicalAddress, int value) {
        SHORT.set(chunkToWrite(physicalAddress, 2), chunkOffset(physicalAddress), (short) value);
    }

    public void writeInt(long physicalAddress, int value) {
        INT.set(chunkToWrite(physicalAddress, 4), chunkOffset(physicalAddress), value);
    }

    public void writeLong(long physicalAddress, long value) {
        LONG.set(chunkToWrite(physicalAddress, 8), chunkOffset(physicalAddress), value);
    }

    /** Copies a range of any length out of RAM. */
    public void read(long physicalAddress, byte[] target, int offset, int lengthBytes) {
        checkInside(physicalAddress, lengthBytes);
        int done = 0;
        while (done < lengthBytes) {
            long from = physicalAddress + done;
            int part = partWithinChunk(from, lengthBytes - done);
            byte[] chunk = chunks[chunkIndex(from)];
            if (chunk == null) {
                Arrays.fill(target, offset + done, offset + done + part, (byte) 0);
            } else {
                System.arraycopy(chunk, chunkOffset(from), target, offset + done, part);
            }
            done += part;
        }
    }

    /** Copies a range of any length into RAM. */
    public void write(long physicalAddress, byte[] source, int offset, int lengthBytes) {
        checkInside(physicalAddress, lengthBytes);
        int done = 0;
        while (done < lengthBytes) {
            long to = physicalAddress + done;
            int part = partWithinChunk(to, lengthBytes - done);
            System.arraycopy(source, offset + done, allocated(chunkIndex(to)), chunkOffset(to), part);
            done += part;
        }
    }

    /** Fills a range with zeroes; an untouched chunk stays untouched. */
    public void zero(long physicalAddress, long lengthBytes) {
        checkInside(physicalAddress, lengthBytes);
        long done = 0;
        while (done < lengthBytes) {
            long at = physicalAddress + done;
            int part = partWithinChunk(at, lengthBytes - done);
            byte[] chunk = chunks[chunkIndex(at)];
            if (chunk != null) {
                Arrays.fill(chunk, chunkOffset(at), chunkOffset(at) + part, (byte) 0);
            }
            done += part;
        }
    }

    /** Copies one range of RAM over another; the two must not overlap. Copying untouched RAM allocates nothing. */
    public void copy(long fromAddress, long toAddress, long lengthBytes) {
        checkInside(fromAddress, lengthBytes);
        checkInside(toAddress, lengthBytes);
        long done = 0;
        while (done < lengthBytes) {
            long from = fromAddress + done;
            long to = toAddress + done;
            int part = partWithinChunk(to, partWithinChunk(from, lengthBytes - done));
            byte[] source = chunks[chunkIndex(from)];
            if (source == null) {
                zero(to, part);
            } else {
                System.arraycopy(source, chunkOffset(from), allocated(chunkIndex(to)), chunkOffset(to), part);
            }
            done += part;
        }
    }

    /** The host array that holds this address, allocated if need be. The last one is shorter if RAM ends inside it. */
    public byte[] chunk(long physicalAddress) {
        return chunkToWrite(physicalAddress, 1);
    }

    /** Where in its chunk an address lies, in bytes. */
    public static int chunkOffset(long physicalAddress) {
        // RAM_BASE is a multiple of the chunk size.
        return (int) physicalAddress & CHUNK_MASK;
    }

    /** Whether the frame that holds this address contains zeroes only. */
    public boolean isZeroFrame(long physicalAddress) {
        byte[] chunk = chunkToRead(physicalAddress, 1);
        return chunk == null || isZero(chunk, chunkOffset(physicalAddress) & -FRAME_BYTES);
    }

    /**
     * How many zero bytes there are from an address on, up to the end of its frame.
     *
     * @return 0 to 4096
     */
    public int zeroBytesInFrame(long physicalAddress) {
        byte[] chunk = chunkToRead(physicalAddress, 1);
        int offset = chunkOffset(physicalAddress);
        int rest = FRAME_BYTES - (offset & FRAME_BYTES - 1);
        int zeroes = chunk == null ? -1 : Arrays.mismatch(chunk, offset, offset + rest, ZERO_FRAME, 0, rest);
        return zeroes < 0 ? rest : zeroes;
    }

    /** What {@link #forEachNonZeroFrame} calls. */
    public interface FrameVisitor {
        /**
         * @param frameAddress physical address
         * @param chunk the host array that holds the frame; not to be changed
         * @param offset where the frame's 4096 bytes begin in it
         */
        void visit(long frameAddress, byte[] chunk, int offset);
    }

    /** Visits each frame that contains anything but zeroes, in ascending order of address. */
    public void forEachNonZeroFrame(FrameVisitor visitor) {
        for (int index = 0; index < chunks.length; index++) {
            byte[] chunk = chunks[index];
            if (chunk == null) {
                continue;
            }
            for (int offset = 0; offset < chunk.length; offset += FRAME_BYTES) {
                if (!isZero(chunk, offset)) {
                    visitor.visit(RAM_BASE + ((long) index << CHUNK_SHIFT) + offset, chunk, offset);
                }
            }
        }
    }

    /** Copies everything that is not zero. */
    public MemorySnapshot snapshot() {
        return snapshot(null);
    }

    /**
     * As {@link #snapshot()}, sharing the copies of frames that are as they were in another one.
     *
     * @param similar null for none
     */
    public MemorySnapshot snapshot(MemorySnapshot similar) {
        List<Long> addresses = new ArrayList<>();
        List<byte[]> frames = new ArrayList<>();
        MemorySnapshot.Finder earlier = new MemorySnapshot.Finder(similar);
        forEachNonZeroFrame((frameAddress, chunk, offset) -> {
            byte[] same = earlier.frame(frameAddress);
            boolean isSame = same != null && Arrays.equals(same, 0, FRAME_BYTES, chunk, offset, offset + FRAME_BYTES);
            addresses.add(frameAddress);
            frames.add(isSame ? same : Arrays.copyOfRange(chunk, offset, offset + FRAME_BYTES));
        });
        return new MemorySnapshot(
                sizeBytes, addresses.stream().mapToLong(Long::longValue).toArray(), frames.toArray(new byte[0][]));
    }

    /**
     * Makes the contents what they were at {@code snapshot}.
     *
     * @throws IllegalArgumentException when the snapshot was taken of a memory of another size
     */
    public void restore(MemorySnapshot snapshot) {
        if (snapshot.sizeBytes() != sizeBytes) {
            throw new IllegalArgumentException(
                    "the snapshot is of " + snapshot.sizeBytes() + " bytes of RAM, not of " + sizeBytes + " bytes");
        }
        zero(RAM_BASE, sizeBytes);
        for (int index = 0; index < snapshot.frameCount(); index++) {
            write(snapshot.frameAddress(index), snapshot.frame(index), 0, FRAME_BYTES);
        }
    }

    private byte[] chunkToRead(long physicalAddress, int lengthBytes) {
        long offset = physicalAddress - RAM_BASE;
        if (offset < 0 || offset > sizeBytes - lengthBytes) {
            throw new OutsideRamException(physicalAddress, lengthBytes, this);
        }
        return chunks[(int) (offset >>> CHUNK_SHIFT)];
    }

    private byte[] chunkToWrite(long physicalAddress, int lengthBytes) {
        byte[] chunk = chunkToRead(physicalAddress, lengthBytes);
        return chunk != null ? chunk : allocated(chunkIndex(physicalAddress));
    }

    private byte[] allocated(int index) {
        byte[] chunk = chunks[index];
        if (chunk == null) {
            chunk = new byte[(int) Math.min(CHUNK_BYTES, sizeBytes - ((long) index << CHUNK_SHIFT))];
            chunks[index] = chunk;
            allocatedBytes += chunk.length;
        }
        return chunk;
    }

    private void checkInside(long physicalAddress, long lengthBytes) {
        if (!contains(physicalAddress, lengthBytes)) {
            throw new OutsideRamException(physicalAddress, lengthBytes, this);
        }
    }

    private static int chunkIndex(long physicalAddress) {
        return (int) (physicalAddress - RAM_BASE >>> CHUNK_SHIFT);
    }

    private static int partWithinChunk(long physicalAddress, long lengthBytes) {
        return (int) Math.min(lengthBytes, CHUNK_BYTES - chunkOffset(physicalAddress));
    }

    private static boolean isZero(byte[] chunk, int offset) {
        return Arrays.equals(chunk, offset, offset + FRAME_BYTES, ZERO_FRAME, 0, FRAME_BYTES);
    }
}
