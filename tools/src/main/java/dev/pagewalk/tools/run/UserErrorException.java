package dev.pagewalk.tools.run;

/** What the user asked for cannot be done: one line, or a few where each names a place, and the exit status. */
public final class UserErrorException extends Exception {
    private static final long serialVersionUID = 1L;

    private final int status;

    /** @param status of {@link ExitStatus} */
    public UserErrorException(int status, String message) {
        super(message);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
