package dev.pagewalk.mmu.walk;

import dev.pagewalk.mmu.access.TranslationFault;

/** What a walk found: one object per walker's user, overwritten by each walk, because a walk allocates nothing. */
public final class WalkResult {
    TranslationFault fault;
    long leaf;
    long leafAddress;
    int level;
    boolean global;
    long physicalAddress;
    int pteReads;
    long cycles;

    /** Null where the translation succeeded; then all the other values hold. */
    public TranslationFault fault() {
        return fault;
    }

    /** The leaf PTE, with the A and D that the walk set. */
    public long leaf() {
        return leaf;
    }

    /** The physical address of the leaf PTE. */
    public long leafAddress() {
        return leafAddress;
    }

    /** The level of the leaf: its page size. */
    public int level() {
        return level;
    }

    /** Whether the leaf or a pointer to it is global. */
    public boolean global() {
        return global;
    }

    /** The physical address of the access. It may lie outside RAM: the bus decides what is there. */
    public long physicalAddress() {
        return physicalAddress;
    }

    /** PTEs read from memory, also by a walk that failed. */
    public int pteReads() {
        return pteReads;
    }

    /** What the walk cost, also one that failed. */
    public long cycles() {
        return cycles;
    }
}
