package dev.pagewalk.kernel.shootdown.policy;

import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.shootdown.ShootdownDelivery;
import dev.pagewalk.kernel.shootdown.ShootdownPolicy;

/**
 * {@code hardware-broadcast}: the initiator's instruction reaches the TLBs of all harts, and a barrier waits until they have
 * obeyed. No interrupt is sent; what it costs grows with the number of harts that do so at the same time.
 *
 * <p>Source: Arm ARM, TLBI ...IS and DSB, as in Linux, arch/arm64/include/asm/tlbflush.h; AMD's INVLPGB and TLBSYNC are
 * alike. Relaxation: none.
 */
public final class HardwareBroadcastPolicy implements ShootdownPolicy {
    @Override
    public String name() {
        return "hardware-broadcast";
    }

    @Override
    public void dispatch(Shootdown shootdown, ShootdownDelivery delivery) {
        delivery.broadcastInHardware(shootdown);
    }
}
