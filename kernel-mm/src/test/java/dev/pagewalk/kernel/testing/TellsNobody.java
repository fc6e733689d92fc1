package dev.pagewalk.kernel.testing;

import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.shootdown.ShootdownDelivery;
import dev.pagewalk.kernel.shootdown.ShootdownPolicy;

/** A hart that takes translations away flushes itself, and tells no other: right only where there is none. */
public final class TellsNobody implements ShootdownPolicy {
    @Override
    public String name() {
        return "nobody";
    }

    @Override
    public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
        delivery.flushOwn(shootdown);
    }
}
