package dev.pagewalk.mmu.tlb;

/**
 * Which entry of a full set has to go. A set with an invalid way always takes that one (the lowest), whatever the policy.
 *
 * <p>No policy keeps state that a hit would change, save the entry's stamp (the ordinal of its last access): that is what
 * allows hits to be handled outside the model, see {@link L0Filter}.
 */
public enum ReplacementPolicy {
    /** The victim is the way at the set's pointer, which moves on by one with each replacement. */
    FIFO,
    /** The victim is drawn by a seeded xorshift generator, which advances with each replacement. */
    RANDOM,
    /** The victim is the way with the oldest stamp. */
    LRU,
    /**
     * The victim is found by descending a binary tree over the ways, at each node into the half whose latest stamp is
     * older: just where the tree's bits, which every access turns away from itself, would point. Of an odd number of ways
     * the lower half has one more.
     */
    TREE_PLRU;

    /** Whether the victim depends on when entries were accessed last. Where it does not, an engine may leave stamps out. */
    public boolean usesStamps() {
        return this == LRU || this == TREE_PLRU;
    }
}
