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
    long startTable;
    boolean startGlobal;
    long root;
    int staleMark;

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

    /** The table at which the walk started by the walk cache's word, also of a walk that failed; 0 where at the root. */
    public long startTable() {
        return startTable;
    }

    /** Whether that word of the walk cache holds for every ASID. */
    public boolean startGlobal() {
        return startGlobal;
    }

    /** The root table from which the walk came, if only by way of the walk cache, also of a walk that failed. */
    public long root() {
        return root;
    }

    /** The stale mark of the walk cache's entry with which the walk started, also of a walk that failed; else 0. */
    public int staleMark() {
        return staleMark;
    }

    /** What the walk cost, also one that failed. */
    public long cycles() {
        return cycles;
    }
}
