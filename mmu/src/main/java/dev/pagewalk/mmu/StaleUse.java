package dev.pagewalk.mmu;

import dev.pagewalk.mmu.access.AccessType;

/**
 * One lookup that hit a cached translation which should be gone.
 *
 * @param cache where it was
 * @param virtualAddress of the access
 * @param type of the access
 * @param asid under which it was looked up
 * @param global whether it serves every ASID; then its root means nothing
 * @param root the root table under which it was filled, a physical address
 * @param staleMark who is to blame, as given to {@code markStale}; 0 where it was not marked and only its root is wrong
 * @param pte what it holds: a leaf, or in a walk cache a pointer to the table
 */
public record StaleUse(
        TranslationCache cache,
        long virtualAddress,
        AccessType type,
        int asid,
        boolean global,
        long root,
        int staleMark,
        long pte) {}
