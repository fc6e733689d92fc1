package dev.pagewalk.kernel.space;

/**
 * How many regions all address spaces of a kernel have together. Regions live in host memory, and a lazy one takes no frame
 * that would bound their number: so guests that fork cannot fill the host with them.
 */
public final class RegionBudget {
    /** At about 100 bytes each. */
    static final int MOST_REGIONS = 1 << 20;

    private int inUse;

    boolean hasRoomFor(int more) {
        return inUse + more <= MOST_REGIONS;
    }

    void take() {
        inUse++;
    }

    void giveBack() {
        inUse--;
    }

    /** Forgets all: the address spaces are about to be restored from a snapshot, and will count again. */
    public void clear() {
        inUse = 0;
    }
}
