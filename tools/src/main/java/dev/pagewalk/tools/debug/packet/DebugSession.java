package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugTarget;
import dev.pagewalk.tools.debug.target.StopReport;
import dev.pagewalk.tools.debug.target.StopReport.Reason;
import dev.pagewalk.tools.debug.target.StopReport.ThreadStopped;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A debugger's conversation about a guest: packets in, calls of the {@link DebugTarget} and replies out.
 *
 * <p>Whatever a client sends, the guest is safe: what makes no sense is answered with an error. Machine's thread only.
 */
public final class DebugSession {
    private static final System.Logger LOG = System.getLogger(DebugSession.class.getName());

    private final DebugTarget target;
    private final PacketSink sink;
    private final int packetSizeBytes;
    private final Map<String, PacketHandler> table = new HashMap<>();

    /** Null while nobody is connected. */
    private Client client;

    private StopReplies stopReplies;

    /** @param packetSizeBytes the longest packet, either way */
    public DebugSession(DebugTarget target, PacketSink sink, int packetSizeBytes) {
        this.target = target;
        this.sink = sink;
        this.packetSizeBytes = packetSizeBytes;
    }

    /** A client has come: it debugs the process with the lowest pid, with nothing agreed yet. The guest stands still. */
    public void connected() {
        client = new Client(target, packetSizeBytes);
        stopReplies = new StopReplies(target, client);
        table.clear();
        new SettingPackets(target, client).addTo(table);
        new PlatformPackets(client).addTo(table);
        new ProcessPackets(target, client, stopReplies).addTo(table);
        new ThreadPackets(target, client).addTo(table);
        new RegisterPackets(target, client).addTo(table);
        new MemoryPackets(target, client).addTo(table);
        new ResumePackets(target, client).addTo(table);
        new PointPackets(target, client).addTo(table);
        new TransferPackets(target, client).addTo(table);
        new FilePackets(target, client).addTo(table);
        new MonitorPackets(target, client, sink).addTo(table);
        target.processes().stream().findFirst().ifPresent(target::attach);
    }

    /** The client has gone: it holds no process any more, and is owed nothing. The guest stands still. */
    public void disconnected() {
        client = null;
        table.clear();
        List.copyOf(target.attachedProcesses()).forEach(target::detach);
    }

    /**
     * Whether the guest has to stand still for the client: it has attached to a process and not let it go on.
     *
     * <p>Else it runs, and comes back for each message.
     */
    public boolean holdsGuest() {
        return client != null
                && !client.isRunning()
                && !target.attachedProcesses().isEmpty();
    }

    /** Whether there is a client that stays when the guest has ended, and may start it again. */
    public boolean mayRestart() {
        return client != null && client.isExtended();
    }

    /** Shows the client's user a text, which is possible only while it waits for the guest; else nobody sees it. */
    public void tell(String text) {
        if (client != null && client.isRunning()) {
            sink.send(Reply.text("O" + Reply.hexOf(text)).payload());
        }
    }

    /**
     * The client wants the guest to stop.
     *
     * @return whether it waits for a report of that; a guest that stands still anyway does so without one
     */
    public boolean interrupted() {
        return client != null && client.isRunning();
    }

    /** Takes a packet. The guest stands still; afterwards {@link #holdsGuest} says whether it goes on doing so. */
    public void receive(byte[] payload) {
        if (client == null) {
            return;
        }
        Reply reply = reply(payload);
        if (!reply.isNone()) {
            sink.send(reply.payload());
        }
    }

    /** The one place where errors become replies; those that are ours are logged, and do the guest no harm. */
    private Reply reply(byte[] payload) {
        try {
            return client.isRunning() ? Reply.error(PacketError.GUEST_RUNS) : dispatch(payload);
        } catch (PacketException exception) {
            return Reply.error(exception.error());
        } catch (RuntimeException exception) {
            String packet = new String(payload, StandardCharsets.ISO_8859_1);
            LOG.log(Level.WARNING, "A debugger's packet has failed by an internal error: " + packet, exception);
            return Reply.error(PacketError.INTERNAL);
        }
    }

    private Reply dispatch(byte[] payload) {
        PacketReader packet = new PacketReader(payload);
        if (packet.isAtEnd()) {
            return Reply.UNSUPPORTED;
        }
        PacketHandler handler = table.get(packet.name());
        return handler == null ? Reply.UNSUPPORTED : handler.handle(packet);
    }

    /** The guest has come to something: the client hears of it, or the guest goes on. It stands still. */
    public void stopped(StopReport report) {
        if (client == null || !client.isRunning()) {
            return;
        }
        if (report instanceof ThreadStopped stop) {
            if (stopReplies.isUnheardOf(stop.reason())) {
                giveUpChild(stop.reason());
                if (client.continues(stop.thread())) {
                    client.resumeAgain();
                    return;
                }
            }
            client.select(stop.thread());
        }
        client.stopped(report);
        sink.send(stopReplies.of(report).payload());
    }

    /** A client that does not hear of a child does not debug it. */
    private void giveUpChild(Reason reason) {
        if (reason instanceof Reason.Forked forked) {
            target.detach(forked.child().pid());
        } else if (reason instanceof Reason.Vforked vforked) {
            target.detach(vforked.child().pid());
        }
    }
}
