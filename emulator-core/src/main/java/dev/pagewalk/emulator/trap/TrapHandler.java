package dev.pagewalk.emulator.trap;

import dev.pagewalk.mmu.state.Snapshotable;
import java.util.List;

/**
 * The door to the kernel: the machine calls it, the kernel implements it.
 *
 * <p>Calls come in the order of simulated time: a step runs only when its hart's clock is the smallest among running and
 * kernel-queued harts. What a step does takes effect at once; the cycles that it charges to its hart
 * ({@code Hart.charge}) pass afterwards.
 */
public interface TrapHandler extends Snapshotable {
    /**
     * The first step of the kernel work for a trap.
     *
     * @param hartId the hart, whose pc is the trapping instruction's (or, for an interrupt, the next one's)
     * @param value stval: the faulting virtual address, the illegal encoding, or 0
     */
    KernelStep trap(int hartId, TrapCause cause, long value);

    /** The next step, after {@link KernelStep#CONTINUE}, a wake-up or the instruction of {@link KernelStep#RESUME_ONCE}. */
    KernelStep continueWork(int hartId);

    /**
     * An interrupt reaches a hart that is busy, waits or idles: charge what its service costs. Busy and waiting harts see
     * {@link InterruptLine#SOFTWARE} only; the other lines are held until the kernel is left.
     */
    void beginInterruptService(int hartId, InterruptLine line, long nowCycle);

    /** The cycles of {@link #beginInterruptService} have passed: its effects take place, at no further cost. */
    void endInterruptService(int hartId, InterruptLine line, long nowCycle);

    /** Who waits for what, one line each, for the message about a deadlock. */
    List<String> describeBlocked();
}
