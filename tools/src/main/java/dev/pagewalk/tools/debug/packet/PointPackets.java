package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugPoint;
import dev.pagewalk.tools.debug.target.DebugTarget;
import dev.pagewalk.tools.debug.target.PointKind;
import java.util.Map;

/** Breakpoints and watchpoints of the selected thread's process: {@code Z0} to {@code Z4}, {@code z0} to {@code z4}. */
final class PointPackets {
    private static final PointKind[] KINDS = PointKind.values();

    private final DebugTarget target;
    private final Client client;

    PointPackets(DebugTarget target, Client client) {
        this.target = target;
        this.client = client;
    }

    void addTo(Map<String, PacketHandler> table) {
        table.put("Z", this::insert);
        table.put("z", this::remove);
    }

    private Reply insert(PacketReader packet) {
        int kind = kind(packet);
        if (kind >= KINDS.length) {
            return Reply.UNSUPPORTED;
        }
        DebugPoint point = point(KINDS[kind], packet);
        return target.insert(client.selected().pid(), point) ? Reply.OK : Reply.error(PacketError.NOT_POSSIBLE);
    }

    /** A forked process is said to have its parent's breakpoints; taking away what is not there is fine. */
    private Reply remove(PacketReader packet) {
        int kind = kind(packet);
        if (kind >= KINDS.length) {
            return Reply.UNSUPPORTED;
        }
        target.remove(client.selected().pid(), point(KINDS[kind], packet));
        return Reply.OK;
    }

    private static int kind(PacketReader packet) {
        int kind = packet.hexInt();
        packet.expect(',');
        return kind;
    }

    /** Conditions and commands, which would stand behind a semicolon, are the client's: it has not been offered others. */
    private static DebugPoint point(PointKind kind, PacketReader packet) {
        long address = packet.hexLong();
        packet.expect(',');
        long length = packet.hexLong();
        if (packet.accept(';')) {
            packet.rest();
        }
        packet.expectEnd();
        boolean wraps = Long.compareUnsigned(address + (length - 1), address) < 0;
        if (kind.isWatchpoint() && (length <= 0 || wraps)) {
            throw new PacketException(PacketError.MALFORMED);
        }
        return new DebugPoint(kind, address, length);
    }
}
