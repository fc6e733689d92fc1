package dev.pagewalk.mmu.table;

import dev.pagewalk.mmu.access.AccessType;

/**
 * The fields of a page-table entry, which everywhere is a plain 64-bit word.
 *
 * <p>Source: RISC-V Privileged ISA, "Sv39 page table entry" (Sv48 and Sv57 have the same), with PBMT from the Svpbmt
 * extension.
 */
public final class Pte {
    /** Valid. */
    public static final long V = 1;

    /** Readable. */
    public static final long R = 1 << 1;

    /** Writable. */
    public static final long W = 1 << 2;

    /** Executable. */
    public static final long X = 1 << 3;

    /** Accessible to user mode. */
    public static final long U = 1 << 4;

    /** Global: the same in all address spaces. */
    public static final long G = 1 << 5;

    /** Accessed. */
    public static final long A = 1 << 6;

    /** Dirty. */
    public static final long D = 1 << 7;

    /** Two bits that hardware ignores: RSW, "reserved for supervisor software". */
    public static final int RSW_SHIFT = 8;

    public static final long RSW = 3L << RSW_SHIFT;

    /** The physical page number's place in the word. */
    public static final int PPN_SHIFT = 10;

    public static final long PPN = (1L << 44) - 1 << PPN_SHIFT;

    /** Memory type, two bits. */
    public static final int PBMT_SHIFT = 61;

    public static final long PBMT = 3L << PBMT_SHIFT;

    /** Naturally aligned power-of-two pages (Svnapot), which this machine does not have: reserved. */
    public static final long N = 1L << 63;

    /** The memory type is that of the physical address. */
    public static final int PBMT_PMA = 0;

    /** Non-cacheable, idempotent main memory. */
    public static final int PBMT_NC = 1;

    /** Non-cacheable, strongly ordered device. */
    public static final int PBMT_IO = 2;

    private static final int PBMT_RESERVED = 3;

    private static final long RESERVED = N | 0x7FL << 54;
    private static final long RESERVED_IN_POINTER = RESERVED | PBMT | D | A | U;

    private Pte() {}

    public static boolean isValid(long pte) {
        return (pte & V) != 0;
    }

    /** Whether a valid word maps a page; else it points to the next table. */
    public static boolean isLeaf(long pte) {
        return (pte & (R | X)) != 0;
    }

    public static boolean isGlobal(long pte) {
        return (pte & G) != 0;
    }

    public static boolean isDirty(long pte) {
        return (pte & D) != 0;
    }

    public static boolean isUser(long pte) {
        return (pte & U) != 0;
    }

    /** The address in the PPN field: of the page for a leaf, of the next table for a pointer. */
    public static long physicalAddress(long pte) {
        return (pte & PPN) >>> PPN_SHIFT << PagingMode.PAGE_SHIFT;
    }

    /** The two bits that belong to the kernel. */
    public static int softwareBits(long pte) {
        return (int) ((pte & RSW) >>> RSW_SHIFT);
    }

    /** One of {@link #PBMT_PMA}, {@link #PBMT_NC}, {@link #PBMT_IO}, or 3, which is reserved. */
    public static int memoryType(long pte) {
        return (int) ((pte & PBMT) >>> PBMT_SHIFT);
    }

    /** The leaf's right that an access of this type needs: R, W or X. */
    public static long rightFor(AccessType type) {
        return type == AccessType.LOAD ? R : type == AccessType.STORE ? W : X;
    }

    /** Whether a leaf's R, W and X allow the access. */
    public static boolean permits(long pte, AccessType type) {
        return (pte & rightFor(type)) != 0;
    }

    /** Whether a word points to the next table and no bit is amiss: what most PTEs on the way of a walk are. */
    public static boolean isProperPointer(long pte) {
        return (pte & (V | R | X | W | RESERVED_IN_POINTER)) == V;
    }

    /** Whether a valid word uses an encoding or a bit that is reserved for future standard use. */
    public static boolean isReserved(long pte) {
        if (!isLeaf(pte)) {
            return (pte & (RESERVED_IN_POINTER | W)) != 0;
        }
        return (pte & RESERVED) != 0 || (pte & (R | W)) == W || memoryType(pte) == PBMT_RESERVED;
    }

    /**
     * A valid leaf.
     *
     * @param physicalAddress of the page, aligned to its size
     * @param flags any of R W X U G A D, RSW and PBMT bits, in place
     */
    public static long leaf(long physicalAddress, long flags) {
        return physicalAddress >>> PagingMode.PAGE_SHIFT << PPN_SHIFT | flags | V;
    }

    /** A valid pointer to the next table, at a physical address that is a multiple of 4096. */
    public static long table(long physicalAddress) {
        return physicalAddress >>> PagingMode.PAGE_SHIFT << PPN_SHIFT | V;
    }

    /** For people: {@code leaf 0x80042000 rw-u-ad}, {@code table 0x80001000}, {@code invalid}. */
    public static String describe(long pte) {
        if (!isValid(pte)) {
            return pte == 0 ? "invalid" : String.format("invalid 0x%016x", pte);
        }
        StringBuilder text = new StringBuilder();
        text.append(isLeaf(pte) ? "leaf" : "table").append(String.format(" 0x%x", physicalAddress(pte)));
        if (isLeaf(pte)) {
            text.append(' ').append(rights(pte));
        } else if (isGlobal(pte)) {
            text.append(" global");
        }
        if (softwareBits(pte) != 0) {
            text.append(" rsw=").append(softwareBits(pte));
        }
        if (isLeaf(pte) && memoryType(pte) != PBMT_PMA) {
            text.append(memoryType(pte) == PBMT_NC ? " uncached" : memoryType(pte) == PBMT_IO ? " device" : " pbmt=3");
        }
        if (isReserved(pte)) {
            text.append(" (reserved encoding)");
        }
        return text.toString();
    }

    /** A leaf's rights and state in the order of their letters: {@code rwxugad}, a dash for each that is off. */
    public static String rights(long pte) {
        StringBuilder text = new StringBuilder(7);
        for (int bit = 1; bit <= 7; bit++) {
            text.append((pte >>> bit & 1) != 0 ? "rwxugad".charAt(bit - 1) : '-');
        }
        return text.toString();
    }
}
