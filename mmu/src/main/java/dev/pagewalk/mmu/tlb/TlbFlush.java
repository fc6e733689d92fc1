package dev.pagewalk.mmu.tlb;

import dev.pagewalk.mmu.table.PagingMode;

/**
 * Which cached translations have to go: what an {@code sfence.vma} says, or a range of them at once.
 *
 * <p>Source: RISC-V Privileged ISA, "Supervisor Memory-Management Fence Instruction". A fence that names an ASID leaves
 * global translations alone. A fence that names an address removes every translation that covers it, a superpage too.
 *
 * @param everyAddress true for rs1 = x0; start and length are then 0
 * @param startAddress virtual, a multiple of 4096
 * @param lengthBytes a positive multiple of 4096 where not every address is meant
 * @param asid 0 to 65,535, or {@link #EVERY_ASID} for rs2 = x0
 */
public record TlbFlush(boolean everyAddress, long startAddress, long lengthBytes, int asid) {
    /** All address spaces, global translations included. */
    public static final int EVERY_ASID = -1;

    private static final TlbFlush ALL = new TlbFlush(true, 0, 0, EVERY_ASID);
    private static final int LARGEST_ASID = 0xFFFF;

    /** @throws IllegalArgumentException for an ASID out of range, or an unaligned, empty or wrapping range */
    public TlbFlush {
        if (asid < EVERY_ASID || asid > LARGEST_ASID) {
            throw new IllegalArgumentException("an ASID is 0 to 65535, not " + asid);
        }
        if (everyAddress) {
            if (startAddress != 0 || lengthBytes != 0) {
                throw new IllegalArgumentException("a flush of every address has no range");
            }
        } else if (((startAddress | lengthBytes) & ~PagingMode.PAGE_MASK) != 0
                || lengthBytes <= 0
                || Long.compareUnsigned(startAddress + (lengthBytes - 1), startAddress) < 0) {
            throw new IllegalArgumentException(String.format(
                    "cannot flush %d bytes from 0x%x: a range is whole pages and does not wrap around",
                    lengthBytes, startAddress));
        }
    }

    /** rs1 = x0, rs2 = x0. */
    public static TlbFlush all() {
        return ALL;
    }

    /** rs1 = x0, rs2 = asid. */
    public static TlbFlush ofAsid(int asid) {
        return new TlbFlush(true, 0, 0, asid);
    }

    /** rs1 = address, rs2 = x0. */
    public static TlbFlush address(long virtualAddress) {
        return address(virtualAddress, EVERY_ASID);
    }

    /** rs1 = address, rs2 = asid. */
    public static TlbFlush address(long virtualAddress, int asid) {
        return new TlbFlush(false, virtualAddress & PagingMode.PAGE_MASK, PagingMode.PAGE_BYTES, asid);
    }

    /** A fence for each page of a range. */
    public static TlbFlush range(long startAddress, long lengthBytes, int asid) {
        return new TlbFlush(false, startAddress, lengthBytes, asid);
    }

    /** Whether the flush removes what is cached for these addresses: a page, or all that a table maps. */
    public boolean covers(long firstAddress, long sizeBytes, int cachedAsid, boolean global) {
        if (asid != EVERY_ASID && (global || cachedAsid != asid)) {
            return false;
        }
        return everyAddress
                || Long.compareUnsigned(firstAddress, startAddress + (lengthBytes - 1)) <= 0
                        && Long.compareUnsigned(startAddress, firstAddress + (sizeBytes - 1)) <= 0;
    }

    /** Whether exactly one 4 KiB page is named. */
    boolean isSinglePage() {
        return lengthBytes == PagingMode.PAGE_BYTES;
    }
}
