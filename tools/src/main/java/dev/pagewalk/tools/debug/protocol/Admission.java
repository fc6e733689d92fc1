package dev.pagewalk.tools.debug.protocol;

/**
 * Sees to it that there is one client at a time: the next is admitted when the machine's thread knows that the last has
 * gone, and closed when that one stays.
 *
 * <p>Netty's thread only, but for {@link #current}.
 */
final class Admission {
    /** A client that comes back at once may overtake the end of its own last connection. */
    private static final long GRACE_MILLISECONDS = 2_000;

    private volatile ClientHandler current;
    private ClientHandler waiting;

    /** The client that is served, or null. */
    ClientHandler current() {
        return current;
    }

    void arrived(ClientHandler client) {
        if (current == null) {
            admit(client);
        } else if (waiting != null) {
            client.close();
        } else {
            waiting = client;
            client.afterMilliseconds(GRACE_MILLISECONDS, () -> turnAway(client));
        }
    }

    private void turnAway(ClientHandler client) {
        if (waiting == client && current.isOpen()) {
            waiting = null;
            client.close();
        }
    }

    void left(ClientHandler client) {
        if (waiting == client) {
            waiting = null;
        }
    }

    /** The machine's thread knows that the current client has gone. */
    void released() {
        ClientHandler next = waiting;
        waiting = null;
        current = null;
        if (next != null) {
            admit(next);
        }
    }

    private void admit(ClientHandler client) {
        current = client;
        client.admit();
    }
}
