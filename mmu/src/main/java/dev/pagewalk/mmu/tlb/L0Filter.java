package dev.pagewalk.mmu.tlb;

import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * What an engine consults inline before it asks the MMU: a direct-mapped table from virtual page to host array, one each
 * for loads, stores and fetches.
 *
 * <p>It is no part of the modelled machine, and a hit must be invisible to it. So <b>a line exists only while its modelled
 * L1 entry exists and a further hit would not change the model's state</b>, apart from two things which the engine then
 * does itself: it counts the access, and it writes {@code stamps[places[line] >>> 20] = ordinal of the access}, from
 * which LRU and tree-PLRU derive their victims. Store lines need D = 1 and a frame without {@linkplain
 * dev.pagewalk.mmu.memory.StoreGuards guards}. All lines hold translations of the address space that is loaded.
 *
 * <p>An access of {@code sizeBytes} (a power of two) at {@code va} hits where {@code tags[line] == (va &
 * (PagingMode.PAGE_MASK | sizeBytes - 1))}: the comparison fails for a misaligned address too. The bytes are then in {@code
 * chunks[line]} at {@code (places[line] & PhysicalMemory.CHUNK_BYTES - 1) + (va & 4095)}. {@link #place} and the reads and
 * writes below it do just that; they are small enough to be inlined.
 *
 * <p>The technique is Guo and Mullins, "Fast TLB Simulation for RISC-V Systems" (CARRV 2019).
 */
public final class L0Filter {
    /** A power of two; engines mask with the literal. */
    public static final int LINES = 256;

    /** Above the place's offset bits stands the L1 entry. */
    public static final int ENTRY_SHIFT = 20;

    /** So many L1 entries a place can tell apart. */
    public static final int MOST_ENTRIES = 1 << 11;

    /** What {@link #place} compares a tag with, for an access of one byte. */
    public static final long BYTE = PagingMode.PAGE_MASK;

    /** The same for two bytes: a misaligned address keeps a low bit and equals no tag. */
    public static final long HALF = PagingMode.PAGE_MASK | 1;

    /** The same for four bytes. */
    public static final long WORD = PagingMode.PAGE_MASK | 3;

    /** The same for eight bytes. */
    public static final long DOUBLE = PagingMode.PAGE_MASK | 7;

    private static final int OFFSET_MASK = PhysicalMemory.CHUNK_BYTES - 1;
    private static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long EMPTY = L0Bank.EMPTY;

    private final L0Bank bank;
    private final int firstLine;

    /** By line: the virtual address of the page, or -1, which equals no masked address. */
    public final long[] tags;

    /** By line: the host array in which the page lies. */
    public final byte[][] chunks;

    /** By line: the L1 entry, shifted by {@link #ENTRY_SHIFT}, and the page's byte offset in its chunk. */
    public final int[] places;

    /**
     * By line: what the low 32 bits of an address in the page must be raised by, modulo 2^32, to give its place in the chunk. What
     * {@link #places} says, for an engine that does not write stamps.
     */
    public final int[] addends;

    /** By line: the physical address of the frame. */
    public final long[] frames;

    /** A filter with a bank of its own. */
    public L0Filter() {
        this(new L0Bank(1), 0);
    }

    /** @param index of the filter in its bank, from 0 on */
    public L0Filter(L0Bank bank, int index) {
        this.bank = bank;
        this.firstLine = index * LINES;
        this.tags = bank.tags;
        this.chunks = bank.chunks;
        this.places = bank.places;
        this.addends = bank.addends;
        this.frames = bank.frames;
    }

    /** The arrays, in which this filter's lines begin at {@link #firstLine}. */
    public L0Bank bank() {
        return bank;
    }

    public int firstLine() {
        return firstLine;
    }

    /** The only line that can hold this address. */
    public int lineOf(long virtualAddress) {
        return firstLine + ((int) virtualAddress >>> PagingMode.PAGE_SHIFT & LINES - 1);
    }

    /**
     * The line's place on a hit, or -1 on a miss.
     *
     * @param tagMask {@link #BYTE}, {@link #HALF}, {@link #WORD} or {@link #DOUBLE}
     */
    public int place(long virtualAddress, long tagMask) {
        int line = lineOf(virtualAddress);
        return tags[line] == (virtualAddress & tagMask) ? places[line] : -1;
    }

    /** Reads where {@link #place} has hit; sign-extended, as the three after it. */
    public byte readByte(int place, long virtualAddress) {
        return chunks[lineOf(virtualAddress)][offset(place, virtualAddress)];
    }

    public short readShort(int place, long virtualAddress) {
        return (short) SHORT.get(chunks[lineOf(virtualAddress)], offset(place, virtualAddress));
    }

    public int readInt(int place, long virtualAddress) {
        return (int) INT.get(chunks[lineOf(virtualAddress)], offset(place, virtualAddress));
    }

    public long readLong(int place, long virtualAddress) {
        return (long) LONG.get(chunks[lineOf(virtualAddress)], offset(place, virtualAddress));
    }

    /** Writes where {@link #place} of the store filter has hit. */
    public void writeByte(int place, long virtualAddress, byte value) {
        chunks[lineOf(virtualAddress)][offset(place, virtualAddress)] = value;
    }

    public void writeShort(int place, long virtualAddress, short value) {
        SHORT.set(chunks[lineOf(virtualAddress)], offset(place, virtualAddress), value);
    }

    public void writeInt(int place, long virtualAddress, int value) {
        INT.set(chunks[lineOf(virtualAddress)], offset(place, virtualAddress), value);
    }

    public void writeLong(int place, long virtualAddress, long value) {
        LONG.set(chunks[lineOf(virtualAddress)], offset(place, virtualAddress), value);
    }

    private static int offset(int place, long virtualAddress) {
        return (place & OFFSET_MASK) + ((int) virtualAddress & PagingMode.PAGE_BYTES - 1);
    }

    /**
     * @param virtualAddress any address in the 4 KiB page
     * @param physicalAddress its translation, in RAM
     * @param chunk the host array that holds it
     * @param entry the L1 entry that translates it
     */
    public void fill(long virtualAddress, long physicalAddress, byte[] chunk, int entry) {
        int line = lineOf(virtualAddress);
        long frame = physicalAddress & PagingMode.PAGE_MASK;
        tags[line] = virtualAddress & PagingMode.PAGE_MASK;
        chunks[line] = chunk;
        places[line] = entry << ENTRY_SHIFT | PhysicalMemory.chunkOffset(frame);
        addends[line] = PhysicalMemory.chunkOffset(frame) - (int) tags[line];
        frames[line] = frame;
    }

    /**
     * Drops the lines that rest on an L1 entry: for a 4 KiB page one at most, else any.
     *
     * @param virtualAddress the first address of the entry's page
     * @param level of its size
     */
    public void dropEntry(int entry, long virtualAddress, int level) {
        if (level == 0) {
            int line = lineOf(virtualAddress);
            if (places[line] >>> ENTRY_SHIFT == entry) {
                tags[line] = EMPTY;
            }
            return;
        }
        for (int line = firstLine; line < firstLine + LINES; line++) {
            if (places[line] >>> ENTRY_SHIFT == entry) {
                tags[line] = EMPTY;
            }
        }
    }

    /** Drops the lines whose bytes are in this frame. */
    public void dropFrame(long frameAddress) {
        for (int line = firstLine; line < firstLine + LINES; line++) {
            if (frames[line] == frameAddress) {
                tags[line] = EMPTY;
            }
        }
    }

    /** Drops all lines. */
    public void clear() {
        Arrays.fill(tags, firstLine, firstLine + LINES, EMPTY);
    }

    /** Whether the line at this index holds a page. */
    public boolean isFilled(int line) {
        return tags[line] != EMPTY;
    }
}
