package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.mmu.tlb.TlbFlush;

/**
 * What happens to the other harts' TLBs when one hart has taken translations away. The kernel runs guests on one hart, so
 * as yet nobody is told; the policies say who would be, and what.
 */
public interface ShootdownPolicy {
    /** As {@code --shootdown} names it. */
    String name();

    /** How many pages the initiator flushes singly before it flushes everything. */
    int ceilingPages();

    /**
     * Who is told what.
     *
     * @param batch what was taken away
     * @param initiatorHartId 0 to 63
     * @param presentHarts the harts that there are, as a set of bits
     */
    RemoteFlush remoteFlush(FlushBatch batch, int asid, int initiatorHartId, long presentHarts);

    /**
     * A request to other harts.
     *
     * @param targetHarts who gets an inter-processor interrupt, as a set of bits
     * @param flush what they do then
     */
    record RemoteFlush(long targetHarts, TlbFlush flush) {
        /** All others flush everything. */
        static RemoteFlush everywhereBut(int initiatorHartId, long presentHarts) {
            return new RemoteFlush(presentHarts & ~(1L << initiatorHartId), TlbFlush.all());
        }
    }
}
