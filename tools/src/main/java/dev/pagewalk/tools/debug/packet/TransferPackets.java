package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugTarget;
import dev.pagewalk.tools.debug.target.ThreadId;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Objects that are read piece by piece: {@code qXfer:OBJECT:read:ANNEX:OFFSET,LENGTH}. */
final class TransferPackets {
    /** Everything can be read: what is mapped nowhere gives an error then. */
    private static final String MEMORY_MAP = """
            <?xml version="1.0"?>
            <!DOCTYPE memory-map PUBLIC "+//IDN gnu.org//DTD GDB Memory Map V1.0//EN" \
            "http://sourceware.org/gdb/gdb-memory-map.dtd">
            <memory-map><memory type="ram" start="0x0" length="0xffffffffffffffff"/></memory-map>
            """;

    private final DebugTarget target;
    private final Client client;

    TransferPackets(DebugTarget target, Client client) {
        this.target = target;
        this.client = client;
    }

    void addTo(Map<String, PacketHandler> table) {
        table.put("qXfer", this::read);
    }

    private Reply read(PacketReader packet) {
        packet.expect(':');
        String name = packet.textUntil(':');
        if (!packet.textUntil(':').equals("read")) {
            return Reply.UNSUPPORTED;
        }
        String annex = packet.textUntil(':');
        long offset = packet.hexLong();
        packet.expect(',');
        long most = packet.hexLong();
        packet.expectEnd();
        byte[] object = switch (name) {
            case "features" -> features(annex);
            case "memory-map" -> utf8(MEMORY_MAP);
            case "threads" -> utf8(threads());
            case "osdata" -> utf8(systemData(annex));
            case "auxv" -> target.auxiliaryVector(client.selected().pid());
            case "exec-file" -> utf8(target.programPath(processOf(annex)));
            case "siginfo" -> target.signalInformation(client.selected()).orElseThrow(TransferPackets::noSuchObject);
            default -> null;
        };
        return object == null ? Reply.UNSUPPORTED : piece(object, offset, most);
    }

    /** {@code m} and a piece, or {@code l} and the last one. */
    private Reply piece(byte[] object, long offset, long most) {
        if (Long.compareUnsigned(offset, object.length) > 0) {
            throw new PacketException(PacketError.MALFORMED);
        }
        int start = (int) offset;
        int wanted = Long.compareUnsigned(most, object.length) < 0 ? (int) most : object.length;
        int length = Reply.fitting(object, start, wanted, client.packetSizeBytes() - 1);
        return Reply.binary(start + length < object.length ? "m" : "l", object, start, length);
    }

    private static byte[] features(String annex) {
        if (!annex.equals("target.xml")) {
            throw noSuchObject();
        }
        return utf8(TargetDescription.XML);
    }

    /** An empty annex is the selected thread's process. */
    private int processOf(String annex) {
        if (annex.isEmpty()) {
            return client.selected().pid();
        }
        PacketReader reader = new PacketReader(annex.getBytes(StandardCharsets.ISO_8859_1));
        int pid = reader.hexInt();
        reader.expectEnd();
        if (!target.processes().contains(pid)) {
            throw new PacketException(PacketError.NO_SUCH_THREAD);
        }
        return pid;
    }

    private String threads() {
        StringBuilder xml = new StringBuilder("<?xml version=\"1.0\"?>\n<threads>\n");
        for (ThreadId thread : target.threads()) {
            xml.append("<thread id=\"%s\" core=\"%d\" name=\"%s\">%s</thread>\n"
                    .formatted(
                            client.nameOf(thread),
                            target.hart(thread),
                            escaped(target.threadName(thread)),
                            escaped(target.threadState(thread))));
        }
        return xml.append("</threads>\n").toString();
    }

    /** For {@code info os}: a list of tables, or the table of processes. */
    private String systemData(String annex) {
        StringBuilder items = new StringBuilder();
        switch (annex) {
            case "" -> items.append(item("Type", "processes", "Description", "All processes"));
            case "processes" -> {
                for (int pid : target.processes()) {
                    items.append(item("pid", Integer.toString(pid), "command", target.programPath(pid)));
                }
            }
            default -> throw noSuchObject();
        }
        String type = annex.isEmpty() ? "types" : annex;
        return "<?xml version=\"1.0\"?>\n<osdata type=\"%s\">\n%s</osdata>\n".formatted(type, items);
    }

    private static String item(String... namesAndValues) {
        StringBuilder columns = new StringBuilder();
        for (int index = 0; index < namesAndValues.length; index += 2) {
            columns.append("<column name=\"%s\">%s</column>"
                    .formatted(namesAndValues[index], escaped(namesAndValues[index + 1])));
        }
        return "<item>" + columns + "</item>\n";
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;");
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static PacketException noSuchObject() {
        return new PacketException(PacketError.NO_SUCH_OBJECT);
    }
}
