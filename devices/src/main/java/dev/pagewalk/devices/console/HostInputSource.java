package dev.pagewalk.devices.console;

/**
 * A host end whose input comes when it likes. It keeps what has come, up to a limit, and calls its owner's wake-up, on a
 * thread of its own, when something has; then the owner stops the machine at an instruction boundary and hands the bytes to
 * its {@link QueuedConsoleInput} on the machine's thread.
 */
public interface HostInputSource {
    /**
     * Takes what has come; never waits. Any thread may call this.
     *
     * @param maxBytes at least 0
     * @return up to {@code maxBytes} bytes; empty where nothing is there now
     * @throws ConsoleClosedException once, where the host's end fails, when everything before has been taken
     */
    byte[] take(int maxBytes);

    /** Whether nothing is left and nothing will ever come: the line is to be hung up. */
    boolean isOver();
}
