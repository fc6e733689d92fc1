package dev.pagewalk.mmu.conformance;

import dev.pagewalk.mmu.access.AccessType;

/**
 * The manual's translation, word for word, as the judge of {@link dev.pagewalk.mmu.walk.PageTableWalker}.
 *
 * <p>It shares nothing with what it judges: bits are numbered here as in the manual's figures, and RAM is an array of its
 * own. Source: RISC-V Privileged ISA, "Virtual Address Translation Process", with what "Sv39", "Sv48" and "Sv57" say of
 * their addresses, "Svade" and "Svadu" of the A and D bits, "Svpbmt" of bits 62 and 61, and "Svnapot" (which the machine
 * does not have) of bit 63. The access comes from user mode, so that SUM and MXR play no part.
 */
final class ManualWalker {
    /** The manual's parameters of a paging mode. */
    enum Scheme {
        SV39(3, 39),
        SV48(4, 48),
        SV57(5, 57);

        final int levels;
        final int addressBits;

        Scheme(int levels, int addressBits) {
            this.levels = levels;
            this.addressBits = addressBits;
        }
    }

    /** What becomes of A and D bits that an access needs and that are 0. */
    enum AccessedDirty {
        /** Svadu: the walk sets them. */
        UPDATED,
        /** Svade: the access faults. */
        FAULTING,
        /** Nobody looks at them: what a debugger sees. */
        IGNORED
    }

    /** How a translation ends. */
    enum Outcome {
        TRANSLATED,
        ADDRESS_NOT_CANONICAL,
        TABLE_NOT_IN_RAM,
        ENTRY_NOT_VALID,
        WRITABLE_BUT_NOT_READABLE,
        RESERVED_BIT_IN_POINTER,
        RESERVED_BIT_IN_LEAF,
        POINTER_AT_LAST_LEVEL,
        SUPERPAGE_MISALIGNED,
        NOT_FOR_USER_MODE,
        RIGHT_MISSING,
        ACCESSED_OR_DIRTY_CLEAR
    }

    private static final long PAGESIZE = 4096;
    private static final long PTESIZE = 8;

    private final Scheme scheme;
    private final long ramBase;
    /** RAM in words of 64 bits. */
    final long[] words;

    /** Of the last translation: how it ended. */
    Outcome outcome;
    /** Where it ended well: the physical address. */
    long physicalAddress;
    /** Where it ended well: the leaf's level, and whether it or a pointer to it is global. */
    int leafLevel;

    boolean global;
    /** The entry that was read last, and how many were read. */
    long entryAddress;

    int entriesRead;
    boolean entryWritten;

    ManualWalker(Scheme scheme, long ramBase, int ramBytes) {
        this.scheme = scheme;
        this.ramBase = ramBase;
        this.words = new long[ramBytes / 8];
    }

    void translate(long satpPpn, long va, AccessType access, AccessedDirty accessedDirty) {
        entriesRead = 0;
        entryWritten = false;
        global = false;
        outcome = follow(satpPpn, va, access, accessedDirty);
    }

    private Outcome follow(long satpPpn, long va, AccessType access, AccessedDirty accessedDirty) {
        // "must have bits 63-39 all equal to bit 38, or else a page-fault exception will occur" (Sv48, Sv57 alike)
        for (int bit = scheme.addressBits; bit < 64; bit++) {
            if (bits(va, bit, bit) != bits(va, scheme.addressBits - 1, scheme.addressBits - 1)) {
                return Outcome.ADDRESS_NOT_CANONICAL;
            }
        }
        // Step 1.
        long a = satpPpn * PAGESIZE;
        int i = scheme.levels - 1;
        long pte;
        while (true) {
            // Step 2. Access to what is no RAM violates a PMA check.
            entryAddress = a + vpn(va, i) * PTESIZE;
            long word = (entryAddress - ramBase) / 8;
            if (entryAddress < ramBase || word >= words.length) {
                return Outcome.TABLE_NOT_IN_RAM;
            }
            pte = words[(int) word];
            entriesRead++;
            // Step 3.
            boolean v = bits(pte, 0, 0) == 1;
            boolean r = bits(pte, 1, 1) == 1;
            boolean w = bits(pte, 2, 2) == 1;
            boolean x = bits(pte, 3, 3) == 1;
            if (!v) {
                return Outcome.ENTRY_NOT_VALID;
            }
            if (!r && w) {
                return Outcome.WRITABLE_BUT_NOT_READABLE;
            }
            boolean pointer = !r && !x;
            if (pointer && !pointerIsWellFormed(pte)) {
                return Outcome.RESERVED_BIT_IN_POINTER;
            }
            if (!pointer && !leafIsWellFormed(pte)) {
                return Outcome.RESERVED_BIT_IN_LEAF;
            }
            // "For non-leaf PTEs, the global setting implies that all mappings in the subsequent levels are global."
            if (bits(pte, 5, 5) == 1) {
                global = true;
            }
            // Step 4.
            if (!pointer) {
                break;
            }
            i = i - 1;
            if (i < 0) {
                return Outcome.POINTER_AT_LAST_LEVEL;
            }
            a = bits(pte, 53, 10) * PAGESIZE;
        }
        return useLeaf(pte, i, va, access, accessedDirty);
    }

    private Outcome useLeaf(long pte, int i, long va, AccessType access, AccessedDirty accessedDirty) {
        // Step 5.
        for (int j = 0; j < i; j++) {
            if (bits(pte, 10 + 9 * j + 8, 10 + 9 * j) != 0) {
                return Outcome.SUPERPAGE_MISALIGNED;
            }
        }
        // Step 6, for user mode.
        if (bits(pte, 4, 4) == 0) {
            return Outcome.NOT_FOR_USER_MODE;
        }
        // Steps 7 and 8: shadow stacks apart, which the machine does not have.
        int neededRight = switch (access) {
            case LOAD -> 1;
            case STORE -> 2;
            case FETCH -> 3;
        };
        if (bits(pte, neededRight, neededRight) == 0) {
            return Outcome.RIGHT_MISSING;
        }
        // Step 9.
        boolean a = bits(pte, 6, 6) == 1;
        boolean d = bits(pte, 7, 7) == 1;
        if (!a || access == AccessType.STORE && !d) {
            if (accessedDirty == AccessedDirty.FAULTING) {
                return Outcome.ACCESSED_OR_DIRTY_CLEAR;
            }
            if (accessedDirty == AccessedDirty.UPDATED) {
                long updated = pte | 1L << 6;
                if (access == AccessType.STORE) {
                    updated |= 1L << 7;
                }
                words[(int) ((entryAddress - ramBase) / 8)] = updated;
                entryWritten = true;
            }
        }
        // Step 10.
        long pa = bits(va, 11, 0);
        for (int j = 0; j < scheme.levels; j++) {
            long part = j < i ? vpn(va, j) : bits(pte, 10 + 9 * j + 8, 10 + 9 * j);
            pa |= part << 12 + 9 * j;
        }
        // The topmost PPN field is wider than the VPN field: it takes all that is left of the 44 bits.
        int top = 9 * scheme.levels;
        pa |= bits(pte, 53, 10 + top - 9) << 12 + top - 9;
        physicalAddress = pa;
        leafLevel = i;
        return Outcome.TRANSLATED;
    }

    /** "For non-leaf PTEs, the D, A, and U bits are reserved"; so are N and PBMT there, and bits 60 to 54 everywhere. */
    private static boolean pointerIsWellFormed(long pte) {
        return bits(pte, 4, 4) == 0 && bits(pte, 7, 6) == 0 && bits(pte, 63, 54) == 0;
    }

    /** PBMT 3 is reserved, and so is N without Svnapot. */
    private static boolean leafIsWellFormed(long pte) {
        return bits(pte, 60, 54) == 0 && bits(pte, 62, 61) != 3 && bits(pte, 63, 63) == 0;
    }

    private static long vpn(long va, int level) {
        return bits(va, 12 + 9 * level + 8, 12 + 9 * level);
    }

    /** The field that the manual writes {@code word[high:low]}. */
    private static long bits(long word, int high, int low) {
        long field = 0;
        for (int bit = high; bit >= low; bit--) {
            field = field * 2 + (word >>> bit & 1);
        }
        return field;
    }
}
