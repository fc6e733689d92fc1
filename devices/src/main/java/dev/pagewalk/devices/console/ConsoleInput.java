package dev.pagewalk.devices.console;

import dev.pagewalk.mmu.state.Snapshotable;

/**
 * Where the UART gets received bytes from; the wiring picks the host end.
 *
 * <p>Its state is its position, the number of bytes consumed: after {@code restore} it delivers the bytes that followed
 * that position before.
 */
public interface ConsoleInput extends Snapshotable {
    /** {@link #next} has no byte. */
    int NONE = -1;

    /**
     * Consumes the next byte. A synchronous input waits for the host until there is one, so that when a byte arrives
     * depends on the guest alone.
     *
     * @return 0..255, or {@link #NONE}; from a synchronous input that means the end, which is final
     * @throws ConsoleClosedException where the host's end fails
     */
    int next();

    /** Whether {@link #next} may wait for the host: output had better be visible before. */
    boolean mayWait();
}
