package dev.pagewalk.kernel.shootdown.policy;

import dev.pagewalk.kernel.shootdown.RemoteFlush;
import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.shootdown.ShootdownDelivery;
import dev.pagewalk.kernel.shootdown.ShootdownPolicy;

/**
 * {@code early-ack}: as {@code targeted}, but the initiator flushes while the others do, and they answer when they take the
 * interrupt, before they have flushed.
 *
 * <p>Relaxation: frames may be freed while a hart that has answered still caches them; it executes no instruction of the
 * guest before it has flushed. Where tables are freed its walker could follow them, so the answer comes after the flush.
 *
 * <p>Source: Amit, Tai, Wei: Don't shoot down TLB shootdowns! (EuroSys 2020).
 */
public final class EarlyAckPolicy implements ShootdownPolicy {
    @Override
    public String name() {
        return "early-ack";
    }

    @Override
    public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
        delivery.interruptAll(delivery.hartsWith(shootdown), shootdown, RemoteFlush.WHAT_CHANGED);
        delivery.flushOwn(shootdown);
    }

    @Override
    public boolean acknowledgesOnReceipt(Shootdown shootdown) {
        return !shootdown.freesTables();
    }
}
