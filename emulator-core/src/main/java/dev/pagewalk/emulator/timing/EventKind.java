package dev.pagewalk.emulator.timing;

/** What an event means; its target is a hart's id. */
public enum EventKind {
    /** A kernel step's cost has passed: the hart goes on. */
    KERNEL_WORK_END,
    /** The handler of an inter-processor interrupt has finished on the hart. */
    INTERRUPT_SERVICE_END,
    /** The software interrupt line becomes pending at the hart. */
    SOFTWARE_INTERRUPT,
    /** The timer line becomes pending at the hart. */
    TIMER_INTERRUPT,
    /** The external line becomes pending at the hart. */
    EXTERNAL_INTERRUPT
}
