package dev.pagewalk.kernel.shootdown;

/** Which flushes harts owe before their guests can use what they have cached. */
final class OwedFlushes implements QueuedFlushes {
    private final ShootdownState state;

    OwedFlushes(ShootdownState state) {
        this.state = state;
    }

    @Override
    public boolean isQueued(int hartId, int asid) {
        if (asid == AsidAllocator.KERNEL_ASID) {
            return false;
        }
        HartTranslations hart = state.harts.get(hartId);
        SpaceTranslations loaded = hart.loaded();
        if (loaded != null && loaded.asid() == asid) {
            return owesToGuest(hart, loaded);
        }
        if (hart.isFlushPending()) {
            return true;
        }
        SpaceTranslations owner = state.asids.isShared() ? hart.sharedAsidUser() : state.asids.owner(asid);
        // An ASID that nobody has is not given out before every hart has flushed everything.
        return owner == null || owner.isRetired() || owner.generations().isBehind(hartId);
    }

    /** Of the space that it has loaded: its guest goes on only after a switch, or after the interrupt that it handles. */
    private boolean owesToGuest(HartTranslations hart, SpaceTranslations loaded) {
        boolean isAway = hart.isAway() || state.requests.get(hart.id()).owes(loaded);
        return isAway && loaded.generations().isBehind(hart.id());
    }
}
