package dev.pagewalk.devices.console;

/**
 * A queue of bytes with a limit, the store between a host end of the console and the machine: neither side can make it grow
 * beyond. Takes host memory for what it has held at most. Not safe for several threads.
 */
public final class ByteQueue {
    private static final int FIRST_BYTES = 512;

    private final int capacityBytes;
    private byte[] ring = {};
    private int start;
    private int size;

    /** @param capacityBytes at least 1 */
    public ByteQueue(int capacityBytes) {
        if (capacityBytes < 1) {
            throw new IllegalArgumentException("capacityBytes is " + capacityBytes + ", but must be at least 1");
        }
        this.capacityBytes = capacityBytes;
    }

    /** How many bytes are in it. */
    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** How many bytes more fit. */
    public int room() {
        return capacityBytes - size;
    }

    /**
     * Adds bytes at the end.
     *
     * @throws IllegalArgumentException where there is no room for all of them; then none is added
     */
    public void add(byte[] bytes, int offset, int length) {
        if (length > room()) {
            throw new IllegalArgumentException(length + " bytes do not fit where there is room for " + room());
        }
        reserve(length);
        for (int done = 0; done < length; ) {
            int end = (start + size) % ring.length;
            int part = Math.min(length - done, ring.length - end);
            System.arraycopy(bytes, offset + done, ring, end, part);
            size += part;
            done += part;
        }
    }

    private void reserve(int length) {
        if (size + length <= ring.length) {
            return;
        }
        long doubled = Math.max(FIRST_BYTES, 2L * ring.length);
        byte[] larger = new byte[(int) Math.min(capacityBytes, Math.max(doubled, size + length))];
        copy(larger, size);
        ring = larger;
        start = 0;
    }

    /** The first byte, taken out: 0..255; -1 where there is none. */
    public int take() {
        if (size == 0) {
            return -1;
        }
        int value = ring[start] & 0xFF;
        drop(1);
        return value;
    }

    /** The first bytes, taken out: as many as there are, up to {@code maxBytes}. */
    public byte[] take(int maxBytes) {
        byte[] taken = first(maxBytes);
        drop(taken.length);
        return taken;
    }

    /** The first bytes, which stay: as many as there are, up to {@code maxBytes}. */
    public byte[] first(int maxBytes) {
        byte[] bytes = new byte[Math.min(maxBytes, size)];
        copy(bytes, bytes.length);
        return bytes;
    }

    /** Whether the first {@code maxBytes}, or what there is of them, contain a value. */
    public boolean contains(int value, int maxBytes) {
        for (int i = 0; i < Math.min(maxBytes, size); i++) {
            if (ring[(start + i) % ring.length] == (byte) value) {
                return true;
            }
        }
        return false;
    }

    /** Drops the first bytes; no more than there are. */
    public void drop(int bytes) {
        if (bytes > size) {
            throw new IllegalArgumentException("there are only " + size + " bytes, not " + bytes);
        }
        size -= bytes;
        start = size == 0 ? 0 : (start + bytes) % ring.length;
    }

    public void clear() {
        drop(size);
    }

    private void copy(byte[] target, int length) {
        int first = Math.min(length, ring.length - start);
        System.arraycopy(ring, start, target, 0, first);
        System.arraycopy(ring, 0, target, first, length - first);
    }
}
