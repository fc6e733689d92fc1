package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugTarget;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What the two sides can do, and which events the client wants to hear of: {@code qSupported} and the {@code Q} packets. */
final class SettingPackets {
    /** What is done only for a client that asks for it. */
    private static final List<String> NEGOTIATED =
            List.of("multiprocess", "fork-events", "vfork-events", "exec-events", "swbreak", "hwbreak", "no-resumed");

    private static final List<String> OFFERED = List.of(
            "QStartNoAckMode",
            "vContSupported",
            "QCatchSyscalls",
            "QPassSignals",
            "QProgramSignals",
            "ReverseStep",
            "ReverseContinue",
            "binary-upload",
            "qXfer:features:read",
            "qXfer:threads:read",
            "qXfer:exec-file:read",
            "qXfer:siginfo:read",
            "qXfer:osdata:read");

    private static final String AUXILIARY_VECTOR = "qXfer:auxv:read";
    private static final String MEMORY_MAP = "qXfer:memory-map:read";

    /**
     * LLDB 14 says so of itself. Its expressions look for an address outside of all memory, and abort where there is none; and where
     * it learns of the program's entry, it sets a breakpoint of its own there, and runs on past it by itself.
     */
    private static final String LLDB = "xmlRegisters=i386,arm,mips,arc";

    private final DebugTarget target;
    private final Client client;

    SettingPackets(DebugTarget target, Client client) {
        this.target = target;
        this.client = client;
    }

    void addTo(Map<String, PacketHandler> table) {
        table.put("qSupported", this::negotiate);
        // Programs are where their files say; LLDB sets no breakpoint before it has been told so.
        table.put("qOffsets", packet -> Reply.text("Text=0;Data=0;Bss=0"));
        table.put("QStartNoAckMode", packet -> Reply.OK);
        table.put("QCatchSyscalls", this::catchSystemCalls);
        table.put("QPassSignals", this::passSignals);
        table.put("QProgramSignals", this::programSignals);
        table.put("QNonStop", this::nonStop);
    }

    private Reply negotiate(PacketReader packet) {
        StringBuilder reply = new StringBuilder("PacketSize=%x".formatted(client.packetSizeBytes()));
        boolean isLldb = false;
        packet.accept(':');
        while (!packet.isAtEnd()) {
            String feature = packet.textUntil(';');
            if (feature.equals(LLDB)) {
                isLldb = true;
            }
            if (feature.endsWith("+")) {
                String name = feature.substring(0, feature.length() - 1);
                if (NEGOTIATED.contains(name) && !client.knows(name)) {
                    client.agree(name);
                    reply.append(';').append(feature);
                }
            }
        }
        for (String feature : OFFERED) {
            reply.append(';').append(feature).append('+');
        }
        if (!isLldb) {
            reply.append(';')
                    .append(MEMORY_MAP)
                    .append('+')
                    .append(';')
                    .append(AUXILIARY_VECTOR)
                    .append('+');
        }
        return Reply.text(reply.toString());
    }

    /** {@code QCatchSyscalls:1[;NUMBER...]} or {@code :0}, of the selected thread's process. */
    private Reply catchSystemCalls(PacketReader packet) {
        packet.expect(':');
        Set<Integer> numbers = null;
        if (packet.accept('1')) {
            numbers = new LinkedHashSet<>();
            while (packet.accept(';')) {
                numbers.add(packet.hexInt());
            }
        } else {
            packet.expect('0');
        }
        packet.expectEnd();
        client.catchSystemCalls();
        target.catchSystemCalls(client.selected().pid(), numbers);
        return Reply.OK;
    }

    /** Those that the guest's system does not know cannot come. */
    private Reply passSignals(PacketReader packet) {
        target.passSignals(signals(packet));
        return Reply.OK;
    }

    /** Which signals a program is to see is said with each resumption. */
    private Reply programSignals(PacketReader packet) {
        signals(packet);
        return Reply.OK;
    }

    private static Set<Integer> signals(PacketReader packet) {
        packet.expect(':');
        Set<Integer> linux = new LinkedHashSet<>();
        while (!packet.isAtEnd()) {
            SignalNumbers.toLinux(packet.hexInt()).ifPresent(linux::add);
            if (!packet.isAtEnd()) {
                packet.expect(';');
            }
        }
        return linux;
    }

    /** All threads stop when one does. */
    private Reply nonStop(PacketReader packet) {
        packet.expect(':');
        return packet.accept('0') ? Reply.OK : Reply.error(PacketError.NOT_POSSIBLE);
    }
}
