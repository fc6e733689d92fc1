package dev.pagewalk.devices.console;

import java.io.IOException;

/** The host's end of the console failed, such as a pipe whose reader has gone; the message is one line for the user. */
public final class ConsoleClosedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConsoleClosedException(String what, IOException cause) {
        super(what + ": " + firstLine(cause), cause);
    }

    private static String firstLine(IOException cause) {
        String message = cause.getMessage();
        return message == null || message.isBlank()
                ? cause.getClass().getSimpleName()
                : message.lines().findFirst().orElseThrow();
    }
}
