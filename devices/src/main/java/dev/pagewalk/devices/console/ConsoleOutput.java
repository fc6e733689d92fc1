package dev.pagewalk.devices.console;

/**
 * Where the UART puts sent bytes; the wiring picks the host end. What was sent stays sent: it is no part of a snapshot.
 */
public interface ConsoleOutput {
    /**
     * Sends one byte; it may stay in a buffer until {@link #flush}.
     *
     * @param value its low 8 bits count
     * @throws ConsoleClosedException the first time the host's end turns out to be closed; bytes sent later are dropped
     */
    void write(int value);

    /**
     * Makes everything sent visible at the host.
     *
     * @throws ConsoleClosedException as {@link #write}
     */
    void flush();
}
