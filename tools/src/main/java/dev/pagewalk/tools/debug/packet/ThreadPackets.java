package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugTarget;
import dev.pagewalk.tools.debug.target.ThreadId;
import java.util.List;
import java.util.Map;

/** Which threads there are and which are meant: {@code H}, {@code T}, {@code qC}, {@code qfThreadInfo} and what follows it. */
final class ThreadPackets {
    private final DebugTarget target;
    private final Client client;

    /** What the next {@code qsThreadInfo} goes on with. */
    private List<ThreadId> untold = List.of();

    ThreadPackets(DebugTarget target, Client client) {
        this.target = target;
        this.client = client;
    }

    void addTo(Map<String, PacketHandler> table) {
        table.put("H", this::select);
        table.put("T", this::isAlive);
        table.put("qC", packet -> Reply.text("QC" + client.nameOf(client.selected())));
        table.put("qfThreadInfo", packet -> {
            untold = target.threads();
            return more();
        });
        table.put("qsThreadInfo", packet -> more());
        table.put("qThreadExtraInfo", this::describe);
    }

    private Reply select(PacketReader packet) {
        char purpose = packet.character();
        ThreadSelector meant = ThreadSelector.read(packet);
        packet.expectEnd();
        ThreadId first = client.first(meant);
        switch (purpose) {
            case 'g' -> client.select(first);
            case 'c' -> client.selectContinued(meant);
            default -> throw new PacketException(PacketError.MALFORMED);
        }
        return Reply.OK;
    }

    private Reply isAlive(PacketReader packet) {
        thread(packet);
        return Reply.OK;
    }

    /** A live thread that is named in full. */
    private ThreadId thread(PacketReader packet) {
        ThreadSelector meant = ThreadSelector.read(packet);
        packet.expectEnd();
        if (!meant.isOne()) {
            throw new PacketException(PacketError.MALFORMED);
        }
        return client.first(meant);
    }

    private Reply more() {
        StringBuilder names = new StringBuilder();
        int told = 0;
        for (ThreadId thread : untold) {
            String name = client.nameOf(thread);
            if (names.length() + 1 + name.length() > client.packetSizeBytes()) {
                break;
            }
            names.append(told == 0 ? 'm' : ',').append(name);
            told++;
        }
        untold = untold.subList(told, untold.size());
        return Reply.text(told == 0 ? "l" : names.toString());
    }

    private Reply describe(PacketReader packet) {
        packet.expect(',');
        ThreadId thread = thread(packet);
        return Reply.text(Reply.hexOf(target.threadName(thread) + ": " + target.threadState(thread)));
    }
}
