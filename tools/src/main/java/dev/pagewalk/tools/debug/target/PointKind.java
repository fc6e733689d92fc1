package dev.pagewalk.tools.debug.target;

/** What makes a point stop the guest; the order is that of the packets Z0 to Z4. */
public enum PointKind {
    SOFTWARE_BREAKPOINT,
    HARDWARE_BREAKPOINT,
    WRITE_WATCHPOINT,
    READ_WATCHPOINT,
    ACCESS_WATCHPOINT;

    public boolean isWatchpoint() {
        return compareTo(WRITE_WATCHPOINT) >= 0;
    }
}
