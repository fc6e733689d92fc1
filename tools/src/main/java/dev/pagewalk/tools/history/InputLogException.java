package dev.pagewalk.tools.history;

/** An input log cannot be written, or is none; the message is one line for the user and names the file and where in it. */
public final class InputLogException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    InputLogException(String message) {
        super(message);
    }

    InputLogException(String message, Throwable cause) {
        super(message, cause);
    }
}
