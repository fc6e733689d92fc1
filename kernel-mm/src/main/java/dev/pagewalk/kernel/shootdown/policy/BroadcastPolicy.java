package dev.pagewalk.kernel.shootdown.policy;

import dev.pagewalk.kernel.shootdown.RemoteFlush;
import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.shootdown.ShootdownDelivery;
import dev.pagewalk.kernel.shootdown.ShootdownPolicy;

/**
 * {@code broadcast} (S29): a local flush, then an interrupt to all other harts, idle ones and those that have never seen the
 * space included, which flush everything whatever the request was.
 *
 * <p>Source: VeridianOS, {@code mm/vas.rs}, TLB shootdown; which does not wait for an acknowledgement, as this does.
 * Relaxation: none.
 */
public final class BroadcastPolicy implements ShootdownPolicy {
    @Override
    public String name() {
        return "broadcast";
    }

    @Override
    public int ceilingPages(int profilePages) {
        return 0;
    }

    @Override
    public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
        delivery.flushOwn(shootdown);
        delivery.interruptAll(delivery.otherHarts(), shootdown, RemoteFlush.EVERYTHING);
    }
}
