package dev.pagewalk.kernel.shootdown.policy;

import dev.pagewalk.kernel.shootdown.HartBits;
import dev.pagewalk.kernel.shootdown.RemoteFlush;
import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.shootdown.ShootdownDelivery;
import dev.pagewalk.kernel.shootdown.ShootdownPolicy;

/**
 * {@code lazy}: as {@code targeted}, but harts that do not run the space now, because they idle or run another, are not
 * interrupted: they flush when they switch to it.
 *
 * <p>Relaxation: such a hart goes on caching what is gone, and its frames may be freed; it cannot use it before the flush.
 * Where tables are freed, an idle hart that has the space loaded is interrupted nevertheless, since its walker may use them.
 * Source: Linux, arch/x86/mm/tlb.c, {@code should_flush_tlb} and its lazy mode (2018); for RISC-V the proposal of November
 * 2025 on linux-riscv to queue flushes for harts that do not run the ASID.
 */
public final class LazyPolicy implements ShootdownPolicy {
    @Override
    public String name() {
        return "lazy";
    }

    @Override
    public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
        delivery.flushOwn(shootdown);
        for (long rest = delivery.hartsWith(shootdown); rest != 0; rest = HartBits.withoutLowest(rest)) {
            int hartId = HartBits.lowest(rest);
            boolean runs = delivery.isLoaded(hartId, shootdown) && !HartBits.contains(delivery.idleHarts(), hartId);
            if (runs) {
                delivery.interrupt(hartId, shootdown, RemoteFlush.WHAT_CHANGED);
            } else {
                delivery.queueUnlessItWalks(hartId, shootdown);
            }
        }
    }
}
