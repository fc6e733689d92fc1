package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugTarget;
import java.util.Map;

/** Memory of the selected thread's process: {@code m M x X}. */
final class MemoryPackets {
    private final DebugTarget target;
    private final Client client;

    MemoryPackets(DebugTarget target, Client client) {
        this.target = target;
        this.client = client;
    }

    void addTo(Map<String, PacketHandler> table) {
        table.put("m", this::read);
        table.put("x", this::readBinary);
        table.put("M", packet -> write(packet, true));
        table.put("X", packet -> write(packet, false));
    }

    private Reply read(PacketReader packet) {
        byte[] bytes = bytesAt(packet, client.packetSizeBytes() / 2);
        return bytes.length == 0 ? Reply.error(PacketError.BAD_ADDRESS) : Reply.hex(bytes);
    }

    private Reply readBinary(PacketReader packet) {
        int room = client.packetSizeBytes() - 1;
        byte[] bytes = bytesAt(packet, room);
        return bytes.length == 0
                ? Reply.error(PacketError.BAD_ADDRESS)
                : Reply.binary("b", bytes, 0, Reply.fitting(bytes, 0, bytes.length, room));
    }

    /** Up to {@code most} bytes; fewer where the mapped memory or the address space ends. */
    private byte[] bytesAt(PacketReader packet, int most) {
        long address = packet.hexLong();
        packet.expect(',');
        long wanted = packet.hexLong();
        packet.expectEnd();
        int length = Long.compareUnsigned(wanted, most) < 0 ? (int) wanted : most;
        if (length > 0 && wraps(address, length)) {
            length = (int) -address;
        }
        return target.readMemory(client.selected().pid(), address, length);
    }

    private Reply write(PacketReader packet, boolean hexadecimal) {
        long address = packet.hexLong();
        packet.expect(',');
        int length = packet.hexInt();
        packet.expect(':');
        byte[] bytes = hexadecimal ? packet.hexBytes() : packet.rest();
        packet.expectEnd();
        if (bytes.length != length) {
            return Reply.error(PacketError.MALFORMED);
        }
        if (length == 0) {
            return Reply.OK;
        }
        if (wraps(address, length)) {
            return Reply.error(PacketError.BAD_ADDRESS);
        }
        return target.writeMemory(client.selected().pid(), address, bytes)
                ? Reply.OK
                : Reply.error(PacketError.BAD_ADDRESS);
    }

    /** Whether bytes would lie beyond the last address. */
    private static boolean wraps(long address, int length) {
        return Long.compareUnsigned(address + (length - 1), address) < 0;
    }
}
