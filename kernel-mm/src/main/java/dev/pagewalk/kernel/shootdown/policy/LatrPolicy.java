package dev.pagewalk.kernel.shootdown.policy;

import dev.pagewalk.kernel.shootdown.HartBits;
import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.shootdown.ShootdownDelivery;
import dev.pagewalk.kernel.shootdown.ShootdownPolicy;

/**
 * {@code latr}: what may linger, munmap and brk's shrinking, is flushed on the initiator and left as a note in its ring;
 * the other harts sweep all rings at their ticks, switches and page faults, and the last one to do so frees. Nobody is
 * interrupted, and nobody waits. Everything else is done as {@code targeted} does it, and so is what finds the ring full.
 *
 * <p>Relaxation: other harts may use the old translations until they sweep. So the frames, the tables and the range of
 * addresses are parked until then; whoever wants the range makes the harts flush at once first. Idle harts do not tick: they
 * flush when they switch to the space, or are interrupted where tables are freed.
 *
 * <p>Source: Kumar et al., LATR: Lazy Translation Coherence (ASPLOS 2018), and the patch sslab-gatech/latr; which does not
 * park frames by default.
 */
public final class LatrPolicy implements ShootdownPolicy {
    private final ShootdownPolicy otherwise = new TargetedPolicy();

    @Override
    public String name() {
        return "latr";
    }

    @Override
    public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
        long others = delivery.hartsWith(shootdown);
        long awake = others & ~delivery.idleHarts();
        if (!shootdown.mayLinger() || awake == 0 || !delivery.post(awake, shootdown)) {
            otherwise.dispatch(shootdown, delivery);
            return;
        }
        delivery.flushOwn(shootdown);
        for (long rest = others & ~awake; rest != 0; rest = HartBits.withoutLowest(rest)) {
            delivery.queueUnlessItWalks(HartBits.lowest(rest), shootdown);
        }
    }
}
