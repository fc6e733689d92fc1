package dev.pagewalk.tools.live;

import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.tools.debug.guest.GuestDebugger;
import dev.pagewalk.tools.debug.packet.DebugSession;
import dev.pagewalk.tools.debug.protocol.ClientMessage;
import dev.pagewalk.tools.debug.protocol.DebugServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A guest's debugger at the other end of a socket, from whom messages are taken on the machine's thread. */
public final class DebuggerLink implements AutoCloseable {
    private final GuestDebugger debugger;
    private final DebugServer server;
    private final DebugSession session;

    /** Why no thread can run, as the client has been told; empty where it has not. */
    private List<String> toldBlocked = List.of();

    /** Whether the guest stands still before its first instruction until a client lets it go. */
    private boolean waitsForClient;

    /**
     * Listens.
     *
     * @param bell rung for each message
     * @throws IOException where nobody can listen there
     */
    public DebuggerLink(LiveGuest guest, InetSocketAddress address, boolean waitsForClient, Bell bell)
            throws IOException {
        this.debugger = new GuestDebugger(guest);
        this.waitsForClient = waitsForClient;
        this.server = new DebugServer(address, bell::ring);
        this.session = new DebugSession(debugger, server::send, DebugServer.PACKET_SIZE_BYTES);
        debugger.setMessages(session::tell);
    }

    /** The port that it listens on. */
    public int port() {
        return server.port();
    }

    /** @param isInterrupted whether a search of the past is to end for another reason than a message */
    void giveUpSearchesWhen(BooleanSupplier isInterrupted) {
        debugger.setImpatience(() -> isInterrupted.getAsBoolean() || server.hasMessage());
    }

    /** Takes what has come. */
    void takeMessages() {
        for (Optional<ClientMessage> message = server.poll(); message.isPresent(); message = server.poll()) {
            take(message.get());
        }
    }

    boolean hasMessage() {
        return server.hasMessage();
    }

    private void take(ClientMessage message) {
        if (message instanceof ClientMessage.PacketReceived packet) {
            session.receive(packet.payload());
            toldBlocked = List.of();
            if (!session.holdsGuest()) {
                // The client has let it go, or given it up.
                waitsForClient = false;
            }
        } else if (message instanceof ClientMessage.InterruptRequested) {
            if (session.interrupted()) {
                debugger.interrupt();
                reportStop();
            }
        } else if (message instanceof ClientMessage.Connected) {
            session.connected();
        } else {
            session.disconnected();
        }
    }

    /** Whether the guest is to stand still. */
    boolean holdsGuest() {
        return waitsForClient || session.holdsGuest();
    }

    /** Has the guest do what it was told to, if it is not to stand still; stops are reported to the client. */
    RunStop run(long limitCycle, long pauseCycle) {
        RunStop stop = debugger.run(limitCycle, pauseCycle);
        if (stop == RunStop.DEBUGGER && debugger.hasReport()) {
            reportStop();
        }
        return stop;
    }

    private void reportStop() {
        session.stopped(debugger.takeReport());
    }

    /**
     * No thread can run, and nothing but the client can change that: it goes on waiting for the guest, and learns why that is so.
     *
     * @return whether there is a client that could
     */
    boolean tellsThatNothingRuns(List<String> blocked) {
        if (debugger.attachedProcesses().isEmpty()) {
            return false;
        }
        if (!blocked.equals(toldBlocked)) {
            toldBlocked = List.copyOf(blocked);
            session.tell("no thread can run: " + String.join("; ", blocked) + "\n");
        }
        return true;
    }

    /** Whether the guest is to go back, not forward. */
    boolean goesBack() {
        return debugger.goesBack();
    }

    /** Whether there is a client that may start the guest again when it has ended. */
    boolean mayRestart() {
        return session.mayRestart();
    }

    /** Closes the connection behind all that has been sent. */
    @Override
    public void close() {
        server.close();
    }
}
