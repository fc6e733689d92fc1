package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.mmu.tlb.TlbFlush;

/** What one hart has loaded, and what fences have left in its TLBs. None of it is charged here. */
final class HartTranslations {
    private final Hart hart;
    private final Invalidation invalidation;
    private final FlushEpochs epochs;

    /** Null for the kernel's own table. */
    private SpaceTranslations loaded;

    /** Whether it has been without a task since it last loaded a space, and so has to load one before it runs a guest. */
    private boolean resting;

    /** Whether a roll-over asks for a flush of everything before another space is loaded. */
    private boolean flushPending;

    /** Where all spaces share an ASID: that whose translations may be cached under it; null where it is gone. */
    private SpaceTranslations sharedAsidUser;

    /** Whether anything may be cached under the shared ASID. */
    private boolean sharedAsidUsed;

    HartTranslations(Hart hart, Invalidation invalidation, FlushEpochs epochs) {
        this.hart = hart;
        this.invalidation = invalidation;
        this.epochs = epochs;
    }

    Hart hart() {
        return hart;
    }

    int id() {
        return hart.id();
    }

    SpaceTranslations loaded() {
        return loaded;
    }

    /** Notes what satp names from now on; null for the kernel's own table. */
    void setLoaded(SpaceTranslations space) {
        if (loaded != null) {
            loaded.leftBy(id());
        }
        loaded = space;
        if (space != null) {
            space.loadedBy(id());
        }
    }

    /** Whether it executes no guest before it has loaded a space, the one that it has loaded included. */
    boolean isAway() {
        return resting || hart.phase() == HartPhase.IDLE;
    }

    void setResting(boolean rests) {
        resting = rests;
    }

    boolean isFlushPending() {
        return flushPending;
    }

    /** A roll-over: what is not loaded will never be used again. */
    void requestFlush() {
        flushPending = true;
        epochs.advance(id());
    }

    SpaceTranslations sharedAsidUser() {
        return sharedAsidUser;
    }

    boolean isSharedAsidUsed() {
        return sharedAsidUsed;
    }

    void useSharedAsid(SpaceTranslations space) {
        sharedAsidUser = space;
        sharedAsidUsed = true;
    }

    /** A space has ended: whatever is still cached of it is nobody's. */
    void forget(SpaceTranslations space) {
        if (sharedAsidUser == space) {
            sharedAsidUser = null;
        }
    }

    void flushEverything(long nowCycle) {
        invalidation.flush(hart, TlbFlush.all(), nowCycle);
        flushPending = false;
        epochs.advance(id());
        if (loaded != null) {
            catchUp(loaded, loaded.generations().current());
        }
    }

    /** Where the ASID is shared: all that another space has left under it. */
    void flushSharedAsid(int asid, long nowCycle) {
        invalidation.flush(hart, TlbFlush.ofAsid(asid), nowCycle);
        epochs.advance(id());
    }

    void flushAsid(int asid, long nowCycle) {
        invalidation.flush(hart, TlbFlush.ofAsid(asid), nowCycle);
    }

    void flushPage(int asid, long virtualAddress, long nowCycle) {
        invalidation.flush(hart, TlbFlush.address(virtualAddress, asid), nowCycle);
    }

    /** The hart has flushed what a space's changes up to a generation took away. */
    void catchUp(SpaceTranslations space, long generation) {
        space.generations().caughtUp(id(), generation);
    }

    void save(ByteArrayDataOutput out) {
        out.writeLong(SpacesById.idOf(loaded));
        out.writeLong(SpacesById.idOf(sharedAsidUser));
        out.writeBoolean(sharedAsidUsed);
        out.writeBoolean(flushPending);
        out.writeBoolean(resting);
    }

    void restore(ByteArrayDataInput in, SpacesById spaces) {
        loaded = spaces.find(in.readLong());
        sharedAsidUser = spaces.find(in.readLong());
        sharedAsidUsed = in.readBoolean();
        flushPending = in.readBoolean();
        resting = in.readBoolean();
    }
}
