package dev.pagewalk.images.asm;

/** A section while it is assembled: first only its size grows, then, once placed, its bytes are written. */
final class Section {
    static final int PAGE_SIZE_BYTES = 4096;

    final String name;
    final boolean allocated;
    final boolean writable;
    final boolean executable;
    /** Holds no bytes in the file: {@code .bss}. */
    final boolean noBits;

    /** The place where the next byte goes, from the section's start. */
    long offset;

    long alignmentBytes = PAGE_SIZE_BYTES;
    /** Where the source wants the section ({@code .address}), or -1. */
    long wantedAddress = -1;

    private boolean placed;
    private long address;
    private long sizeBytes;
    private byte[] content;

    Section(String name, boolean allocated, boolean writable, boolean executable, boolean noBits) {
        this.name = name;
        this.allocated = allocated;
        this.writable = writable;
        this.executable = executable;
        this.noBits = noBits;
    }

    /** Ends the first pass: the section's address and size are known, its bytes can be written. */
    void place(long newAddress) {
        placed = true;
        address = newAddress;
        sizeBytes = offset;
        content = new byte[allocated && !noBits ? Math.toIntExact(sizeBytes) : 0];
        offset = 0;
    }

    boolean isPlaced() {
        return placed;
    }

    /** The first byte's address; only once placed. */
    long address() {
        return address;
    }

    long sizeBytes() {
        return placed ? sizeBytes : offset;
    }

    byte[] content() {
        return content;
    }

    /** Writes the low {@code sizeBytes} bytes of {@code value} at {@code at}, least significant first. */
    void put(long at, long value, int sizeBytes) {
        if (content.length > 0) {
            for (int i = 0; i < sizeBytes; i++) {
                content[(int) at + i] = (byte) (value >>> 8 * i);
            }
        }
    }

    /** The 32-bit word at {@code at}. */
    int word(long at) {
        int index = (int) at;
        return content[index] & 0xFF
                | (content[index + 1] & 0xFF) << 8
                | (content[index + 2] & 0xFF) << 16
                | content[index + 3] << 24;
    }
}
