package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.cost.CostMeter;

/**
 * Loads address spaces on harts, after the flushes that a hart owes before it may use one. Source: Linux,
 * arch/arm64/mm/context.c, {@code check_and_switch_context}, and arch/x86/mm/tlb.c, {@code switch_mm_irqs_off}.
 */
public final class SpaceLoader {
    private final ShootdownState state;
    private final NoteRings rings;

    SpaceLoader(ShootdownState state, NoteRings rings) {
        this.state = state;
        this.rings = rings;
    }

    /** What a hart has loaded; null for the kernel's own table. */
    public SpaceTranslations loaded(int hartId) {
        return state.harts.get(hartId).loaded();
    }

    /**
     * Loads a space on the hart that is at work, or that boots, which pays for the flushes that are due. Where it is loaded
     * already only those are done.
     */
    public void load(Hart hart, SpaceTranslations space) {
        if (space.isRetired()) {
            throw new IllegalStateException("address space " + space.id() + " has ended");
        }
        HartTranslations translations = state.harts.get(hart.id());
        rings.sweep(translations);
        if (translations.loaded() != space) {
            translations.setLoaded(null);
            giveAsid(space);
            flushForSwitch(translations, space);
            if (!HartBits.contains(space.cachedOn(), hart.id())) {
                translations.catchUp(space, space.generations().current());
            }
            translations.setLoaded(space);
            hart.mmu().setAddressSpace(space.pageTable().rootAddress(), space.asid());
        }
        catchUp(translations, space);
        translations.setResting(false);
    }

    /** A hart has nothing to do. It keeps the space that it has loaded, but will load one before it runs a guest again. */
    public void rest(Hart hart) {
        state.harts.get(hart.id()).setResting(true);
    }

    /** Loads the kernel's own table, so that the hart uses no address space. */
    public void leave(Hart hart) {
        state.harts.get(hart.id()).setLoaded(null);
        hart.mmu().setAddressSpace(state.services.kernelTable().rootAddress(), AsidAllocator.KERNEL_ASID);
    }

    private void giveAsid(SpaceTranslations space) {
        AsidAllocator asids = state.asids;
        if (asids.isCurrent(space)) {
            return;
        }
        if (!asids.hasFree()) {
            rollOver();
        }
        asids.assign(space);
    }

    private void rollOver() {
        state.asids.beginGeneration();
        for (HartTranslations hart : state.harts) {
            if (hart.loaded() != null) {
                state.asids.keep(hart.loaded());
            }
            hart.requestFlush();
        }
    }

    private void flushForSwitch(HartTranslations hart, SpaceTranslations space) {
        CostMeter meter = state.services.meter();
        if (hart.isFlushPending()) {
            state.chargeFlush(FlushAction.EVERYTHING, 0);
            hart.flushEverything(meter.nowCycle());
        }
        if (state.asids.isShared()) {
            if (hart.isSharedAsidUsed() && hart.sharedAsidUser() != space) {
                state.chargeFlush(FlushAction.SPACE, 0);
                hart.flushSharedAsid(space.asid(), meter.nowCycle());
            }
            hart.useSharedAsid(space);
        }
    }

    /** Carries out what was left to the switch. */
    private void catchUp(HartTranslations hart, SpaceTranslations space) {
        if (space.generations().isBehind(hart.id())) {
            CostMeter meter = state.services.meter();
            state.chargeFlush(FlushAction.SPACE, 0);
            hart.flushAsid(space.asid(), meter.nowCycle());
            hart.catchUp(space, space.generations().current());
            state.statistics.fullFlushes++;
        }
    }
}
