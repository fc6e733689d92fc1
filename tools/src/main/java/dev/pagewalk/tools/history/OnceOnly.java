package dev.pagewalk.tools.history;

/**
 * Lets what a guest sends to the world out once, however often its run is gone back and executed anew: a count of what the run has
 * sent, and of what has been let out.
 */
public final class OnceOnly {
    private long sent;
    private long letOut;

    /** The run sends one more. Returns whether it is new. */
    public boolean isNew() {
        sent++;
        if (sent <= letOut) {
            return false;
        }
        letOut = sent;
        return true;
    }

    /** Another run begins, of which all is new. */
    public void begin() {
        sent = 0;
        letOut = 0;
    }

    long sent() {
        return sent;
    }

    /** The run has another future than the one whose outputs have been let out already. */
    void beginAnotherFuture() {
        letOut = sent;
    }

    /** The run is where it has sent this many. */
    void setSent(long count) {
        sent = count;
    }
}
