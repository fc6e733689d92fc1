package dev.pagewalk.kernel.device;

/** Sets the harts' alarms in the ACLINT timer. */
public final class TimerDriver {
    /** QEMU's virt machine has its MTIMER there; mtimecmp of hart i is at 8 i. */
    private static final long COMPARE = 0x0200_4000L;

    private static final int REGISTER_BYTES = 8;
    private static final long NEVER = -1;

    private final DeviceBus bus;
    private final int cyclesPerTimerTick;

    /** @param cyclesPerTimerTick the timing profile's */
    public TimerDriver(DeviceBus bus, int cyclesPerTimerTick) {
        this.bus = bus;
        this.cyclesPerTimerTick = cyclesPerTimerTick;
    }

    /** Lets the timer interrupt a hart at the first tick that is not before {@code cycle}. */
    public void arm(int hartId, long cycle) {
        bus.write(
                COMPARE + (long) hartId * REGISTER_BYTES,
                REGISTER_BYTES,
                (cycle + cyclesPerTimerTick - 1) / cyclesPerTimerTick);
    }

    /** Withdraws a hart's alarm, one that has gone off included. */
    public void disarm(int hartId) {
        bus.write(COMPARE + (long) hartId * REGISTER_BYTES, REGISTER_BYTES, NEVER);
    }
}
