package dev.pagewalk.devices.console;

import dev.pagewalk.mmu.state.Snapshotable;

/**
 * Where the UART gets received bytes from; the wiring picks the host end.
 *
 * <p>A synchronous input, a file or a pipe, waits for the host when the guest asks; its state is its position, the number of
 * bytes consumed: after {@code restore} it delivers the bytes that followed that position before. An asynchronous one,
 * {@link QueuedConsoleInput}, has what has been handed to it, and never waits.
 */
public interface ConsoleInput extends Snapshotable {
    /** {@link #next} has no byte. */
    int NONE = -1;

    /**
     * Consumes the next byte. A synchronous input waits for the host until there is one, so that when a byte arrives
     * depends on the guest alone.
     *
     * @return 0..255, or {@link #NONE}: nothing now, or the end; {@link #ended} tells which
     * @throws ConsoleClosedException where the host's end fails
     */
    int next();

    /**
     * Whether nothing will ever come again, asked after {@link #next} had no byte: from a synchronous input that always
     * means the end, which is final. Never waits.
     */
    boolean ended();

    /** Whether the guest, asking now, may have to wait for somebody at the host: output had better be visible before. */
    boolean mayWait();

    /** Whether bytes wait here that have come by themselves; never where the guest has to ask for them. */
    default boolean hasArrived() {
        return false;
    }

    /** Names who is told when something comes by itself; nobody is, of a synchronous input. */
    default void observeArrivals(ArrivalObserver observer) {
        // What is asked for is no arrival.
    }

    /** Told by asynchronous inputs, implemented by the UART. */
    interface ArrivalObserver {
        /**
         * Bytes have come, or the end.
         *
         * @param nowCycle when
         */
        void arrived(long nowCycle);
    }
}
