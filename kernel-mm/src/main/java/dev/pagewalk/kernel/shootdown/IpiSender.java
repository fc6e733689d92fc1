package dev.pagewalk.kernel.shootdown;

/** How one hart interrupts another. */
@FunctionalInterface
public interface IpiSender {
    /** Sends an inter-processor interrupt to a hart, from the hart that is at work; one that is under way already will do. */
    void send(int hartId);

    /** Whether an interrupt to a hart is under way, which will do for another request. */
    default boolean isUnderWay(int hartId) {
        return false;
    }
}
