package dev.pagewalk.mmu;

import dev.pagewalk.mmu.access.AccessType;

/** Is told of every page walk; timelines are made of it. It must change nothing in the MMU. */
@FunctionalInterface
public interface WalkListener {
    /**
     * A walk is over, whether or not it has found a translation.
     *
     * @param afterCycles what the translation had cost before the walk, on top of the hart's clock
     * @param walkCycles what the walk has cost
     */
    void onWalk(AccessType access, long afterCycles, long walkCycles);
}
