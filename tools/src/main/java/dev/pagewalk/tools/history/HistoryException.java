package dev.pagewalk.tools.history;

/** A run does not go as it went, or as its log says; the message is one line for the user. */
public final class HistoryException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    HistoryException(String message) {
        super(message);
    }
}
