package dev.pagewalk.tools.debug.monitor;

/** A line that cannot be answered; the message is for whoever typed it. */
final class MonitorException extends Exception {
    private static final long serialVersionUID = 1L;

    MonitorException(String message) {
        super(message);
    }
}
