package dev.pagewalk.emulator.trap;

/** Through it the kernel gets waiting and idle harts going; the machine implements it. */
public interface HartControl {
    /**
     * Lets a hart that waits or idles execute {@link TrapHandler#continueWork} at {@code atCycle}, or as soon as the
     * interrupt it is servicing is done. A hart whose step has announced {@link KernelStep#WAIT} or
     * {@link KernelStep#IDLE} but is still busy with it continues when that step is over. Waking a hart that does
     * neither is an error of the caller.
     *
     * @throws IllegalStateException where the hart neither waits nor idles, nor is about to
     */
    void wake(int hartId, long atCycle);
}
