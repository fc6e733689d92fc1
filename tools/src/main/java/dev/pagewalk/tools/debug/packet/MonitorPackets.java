package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugTarget;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;

/** The {@code monitor} commands: {@code qRcmd}. */
final class MonitorPackets {
    private final DebugTarget target;
    private final Client client;
    private final PacketSink sink;

    MonitorPackets(DebugTarget target, Client client, PacketSink sink) {
        this.target = target;
        this.client = client;
        this.sink = sink;
    }

    void addTo(Map<String, PacketHandler> table) {
        table.put("qRcmd", this::execute);
    }

    /** Text that is longer than a packet goes ahead in {@code O} packets, whose digits follow the letter. */
    private Reply execute(PacketReader packet) {
        packet.expect(',');
        String command = packet.hexText();
        packet.expectEnd();
        String answer = client.hasSelected()
                ? target.monitor(client.selected(), command)
                : "No process is selected, so there is none to ask about.\n";
        byte[] text = answer.getBytes(StandardCharsets.UTF_8);
        int most = (client.packetSizeBytes() - 1) / 2;
        int start = 0;
        while (text.length - start > most) {
            byte[] part = Arrays.copyOfRange(text, start, start + most);
            sink.send(("O" + Reply.hexOf(part)).getBytes(StandardCharsets.ISO_8859_1));
            start += most;
        }
        return text.length == 0 ? Reply.OK : Reply.hex(Arrays.copyOfRange(text, start, text.length));
    }
}
