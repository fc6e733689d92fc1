package dev.pagewalk.kernel.shootdown;

/** The ways in which a {@link ShootdownPolicy} can have translations taken away. Sets of harts are bits in a long. */
public interface ShootdownDelivery {
    /** All harts but the one that issues it. */
    long otherHarts();

    /** Those of the other harts that may have cached something of the space. */
    long hartsWith(Shootdown shootdown);

    /** Whether a hart has the space loaded, so that its walker may use the tables. */
    boolean isLoaded(int hartId, Shootdown shootdown);

    /** The harts that will load a space before they run a guest again; they may have one loaded all the same. */
    long idleHarts();

    /** The issuing hart flushes its own TLBs, and pays for it. */
    void flushOwn(Shootdown shootdown);

    /** Interrupts another hart, which is waited for. Interrupts of one hart coalesce. */
    void interrupt(int hartId, Shootdown shootdown, RemoteFlush what);

    /** Interrupts all of these harts. */
    default void interruptAll(long harts, Shootdown shootdown, RemoteFlush what) {
        for (long rest = harts; rest != 0; rest = HartBits.withoutLowest(rest)) {
            interrupt(HartBits.lowest(rest), shootdown, what);
        }
    }

    /**
     * As {@link #queue}; but a hart that has the space loaded is interrupted where tables are freed, which its walker may use.
     */
    default void queueUnlessItWalks(int hartId, Shootdown shootdown) {
        if (shootdown.freesTables() && isLoaded(hartId, shootdown)) {
            interrupt(hartId, shootdown, RemoteFlush.WHAT_CHANGED);
        } else {
            queue(hartId, shootdown);
        }
    }

    /** Leaves it to a hart that does not run the space to flush before it does so again; nobody waits for it. */
    void queue(int hartId, Shootdown shootdown);

    /**
     * Puts a note into the issuing hart's ring, for these harts to find at their next tick or switch; nobody waits for them,
     * and what is to be freed is freed when all have.
     *
     * @return false where the ring is full: nobody has been told then
     */
    boolean post(long harts, Shootdown shootdown);

    /** Lets the hardware take it away on all harts, the issuing one included, which pays for the time that it takes. */
    void broadcastInHardware(Shootdown shootdown);
}
