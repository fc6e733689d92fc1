package dev.pagewalk.tools.history;

/** A line of an input log is not as it should be. */
final class LogLineException extends Exception {
    private static final long serialVersionUID = 1L;

    LogLineException(String message) {
        super(message);
    }
}
