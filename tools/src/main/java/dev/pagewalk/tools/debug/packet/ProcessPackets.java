package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugTarget;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whole processes: {@code ?}, {@code !}, {@code vAttach}, {@code D}, {@code vKill}, {@code k}, {@code vRun}, {@code R}, {@code qAttached}. */
final class ProcessPackets {
    private final DebugTarget target;
    private final Client client;
    private final StopReplies stopReplies;

    /** Whether the client has started what it debugs, and so ends it when it goes. */
    private boolean started;

    ProcessPackets(DebugTarget target, Client client, StopReplies stopReplies) {
        this.target = target;
        this.client = client;
        this.stopReplies = stopReplies;
    }

    void addTo(Map<String, PacketHandler> table) {
        table.put("?", packet -> stopReplies.current());
        table.put("!", packet -> {
            packet.expectEnd();
            client.extend();
            return Reply.OK;
        });
        table.put("qAttached", packet -> Reply.text(started ? "0" : "1"));
        table.put("vAttach", this::attach);
        table.put("D", this::detach);
        table.put("vKill", this::kill);
        table.put("k", this::killAll);
        table.put("vRun", this::run);
        table.put("R", this::restart);
    }

    private Reply attach(PacketReader packet) {
        int pid = pid(packet);
        if (target.attachedProcesses().contains(pid)) {
            return Reply.error(PacketError.NOT_POSSIBLE);
        }
        if (!target.attach(pid)) {
            return Reply.error(PacketError.NO_SUCH_THREAD);
        }
        client.forgetLastStop();
        client.select(client.first(new ThreadSelector(pid, ThreadSelector.ALL)));
        return stopReplies.current();
    }

    private Reply detach(PacketReader packet) {
        if (packet.isAtEnd()) {
            List.copyOf(target.attachedProcesses()).forEach(target::detach);
            return Reply.OK;
        }
        int pid = pid(packet);
        if (!target.attachedProcesses().contains(pid)) {
            return Reply.error(PacketError.NO_SUCH_THREAD);
        }
        target.detach(pid);
        return Reply.OK;
    }

    private Reply kill(PacketReader packet) {
        return end(pid(packet)) ? Reply.OK : Reply.error(PacketError.NO_SUCH_THREAD);
    }

    /** By the protocol nothing is answered. */
    private Reply killAll(PacketReader packet) {
        List.copyOf(target.attachedProcesses()).forEach(this::end);
        return Reply.NONE;
    }

    /** The process is given up, too: nobody is to hear of its end, for the client knows. */
    private boolean end(int pid) {
        boolean ends = target.kill(pid);
        if (ends && target.attachedProcesses().contains(pid)) {
            target.detach(pid);
        }
        return ends;
    }

    private static int pid(PacketReader packet) {
        packet.expect(';');
        int pid = packet.hexInt();
        packet.expectEnd();
        return pid;
    }

    /** {@code vRun;FILE;ARGUMENT...}: whatever the file, the guest is the one that was booted. */
    private Reply run(PacketReader packet) {
        packet.expect(';');
        packet.hexText();
        List<String> arguments = new ArrayList<>();
        while (!packet.isAtEnd()) {
            packet.expect(';');
            arguments.add(packet.hexText());
        }
        return start(arguments.isEmpty() ? null : arguments)
                ? stopReplies.current()
                : Reply.error(PacketError.NOT_POSSIBLE);
    }

    /** By the protocol nothing is answered; the client asks with {@code ?}. */
    private Reply restart(PacketReader packet) {
        return start(null) ? Reply.NONE : Reply.error(PacketError.NOT_POSSIBLE);
    }

    private boolean start(List<String> arguments) {
        if (!target.restart(arguments)) {
            return false;
        }
        started = true;
        client.forgetLastStop();
        client.selectNone();
        return true;
    }
}
