package dev.pagewalk.emulator.trap;

/** Through it a device reaches harts; the machine implements it. */
public interface InterruptPort {
    /**
     * Makes an interrupt line of a hart pending from {@code arrivalCycle} on. A line that is pending already stays so:
     * interrupts coalesce.
     *
     * @param hartId 0 to harts - 1
     * @param arrivalCycle not before the current cycle of whoever causes it
     */
    void raise(int hartId, InterruptLine line, long arrivalCycle);

    /** Withdraws a pending line, arrivals still under way included. */
    void clear(int hartId, InterruptLine line);
}
