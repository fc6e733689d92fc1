package dev.pagewalk.kernel.shootdown.policy;

import dev.pagewalk.kernel.shootdown.RemoteFlush;
import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.shootdown.ShootdownDelivery;
import dev.pagewalk.kernel.shootdown.ShootdownPolicy;

/**
 * {@code targeted}: an interrupt to the harts that may have cached something of the space, running or not, and to no other.
 * They flush the pages up to the profile's ceiling, else the whole space; requests that a later flush has covered are
 * skipped.
 *
 * <p>Source: Linux, arch/riscv/mm/tlbflush.c, {@code __flush_tlb_range}, for whom and how much; arch/x86/mm/tlb.c, {@code
 * flush_tlb_func}, for the generations. Relaxation: none.
 */
public final class TargetedPolicy implements ShootdownPolicy {
    @Override
    public String name() {
        return "targeted";
    }

    @Override
    public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
        delivery.flushOwn(shootdown);
        delivery.interruptAll(delivery.hartsWith(shootdown), shootdown, RemoteFlush.WHAT_CHANGED);
    }
}
