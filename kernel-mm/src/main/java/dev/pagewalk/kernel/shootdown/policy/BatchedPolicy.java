package dev.pagewalk.kernel.shootdown.policy;

import dev.pagewalk.kernel.shootdown.RemoteFlush;
import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.shootdown.ShootdownDelivery;
import dev.pagewalk.kernel.shootdown.ShootdownPolicy;

/**
 * {@code batched} (S28): the initiator flushes up to 16 pages singly, the 17th makes it a full flush; all other harts are
 * interrupted and flush everything always.
 *
 * <p>Source: VeridianOS, {@code mm/vas.rs}, TLB flush batch; which does not wait for an acknowledgement, as this does.
 * Relaxation: none.
 */
public final class BatchedPolicy implements ShootdownPolicy {
    /** VeridianOS's ceiling. */
    public static final int CEILING_PAGES = 16;

    @Override
    public String name() {
        return "batched";
    }

    @Override
    public int ceilingPages(int profilePages) {
        return CEILING_PAGES;
    }

    @Override
    public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
        delivery.flushOwn(shootdown);
        delivery.interruptAll(delivery.otherHarts(), shootdown, RemoteFlush.EVERYTHING);
    }
}
