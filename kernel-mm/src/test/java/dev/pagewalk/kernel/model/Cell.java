package dev.pagewalk.kernel.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What a page of memory holds, of which a few bytes are watched: the model's notion of a frame. Whoever sees the same memory
 * has the same cell.
 */
final class Cell {
    /** Which bytes of a page are watched. */
    private static final int[] OFFSETS = {0, 1365, 2730, 4095};

    static final int SLOTS = OFFSETS.length;

    /** Null for memory that is no file's. */
    final ModelFile file;

    final byte[] bytes = new byte[SLOTS];

    /** How many pages of spaces show it. */
    int mappings;

    /** The kernel's frame for it, once that has been seen; else 0. */
    long frame;

    /** The step in which its bytes were compared last. */
    int checkedInStep = -1;

    Cell(ModelFile file) {
        this.file = file;
    }

    /** Memory of nobody else's with the same contents. */
    Cell copy() {
        Cell copy = new Cell(null);
        System.arraycopy(bytes, 0, copy.bytes, 0, SLOTS);
        return copy;
    }

    static int offset(int slot) {
        return OFFSETS[slot];
    }

    /** Sets the watched bytes among {@code [from, to)} of the page. */
    void fill(long from, long to, int value) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (OFFSETS[slot] >= from && OFFSETS[slot] < to) {
                bytes[slot] = (byte) value;
            }
        }
    }

    /** Copies the watched bytes of the page to where they belong in a buffer whose first byte is the page's {@code from}. */
    void read(long from, byte[] target, int at, int length) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (OFFSETS[slot] >= from && OFFSETS[slot] < from + length) {
                target[at + (int) (OFFSETS[slot] - from)] = bytes[slot];
            }
        }
    }

    /** Adds the watched bytes among {@code [from, to)} of the page. */
    void collect(int from, int to, List<Byte> target) {
        for (int slot = 0; slot < SLOTS; slot++) {
            if (OFFSETS[slot] >= from && OFFSETS[slot] < to) {
                target.add(bytes[slot]);
            }
        }
    }

    /**
     * The watched bytes of memory or of a file.
     *
     * @param offset of the first byte in its page, or in its file
     */
    static List<Byte> watched(int offset, byte[] bytes, int count) {
        List<Byte> watched = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int onPage = (offset + i) % (int) Arena.PAGE;
            if (Arrays.binarySearch(OFFSETS, onPage) >= 0) {
                watched.add(bytes[i]);
            }
        }
        return watched;
    }
}
