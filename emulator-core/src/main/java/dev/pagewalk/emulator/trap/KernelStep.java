package dev.pagewalk.emulator.trap;

/**
 * What a hart does when the kernel step that it has just executed is over, that is after the cycles that the step
 * charged to it. See the design, section 4, point 6.
 */
public enum KernelStep {
    /** Go back to the guest at the hart's pc. */
    RESUME,
    /**
     * Go back to the guest for exactly one instruction; then execute the next step of the same kernel work, in the total
     * order of kernel steps. A trap of that instruction, or an interrupt taken instead of it, is a trap like any other and
     * makes the hart forget that there was work to continue.
     */
    RESUME_ONCE,
    /** Execute the next step of the same kernel work, in the total order of kernel steps. */
    CONTINUE,
    /** Stay in the kernel without a clock until {@link HartControl#wake} is called for this hart; then continue. */
    WAIT,
    /**
     * Nothing yet: a debugger is to see the machine in the middle of this step. The machine stops, and when it runs again, the rest
     * of the step executes before anything else and as if there had been no stop.
     */
    HOLD,
    /** Leave the kernel with nothing to run; {@link HartControl#wake} brings it back. */
    IDLE
}
