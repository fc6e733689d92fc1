package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugTarget;
import dev.pagewalk.tools.debug.target.ThreadId;
import java.util.Map;
import java.util.OptionalLong;

/** Registers of the selected thread: {@code g G p P}. */
final class RegisterPackets {
    /** x0 to x31 and the pc; CSRs are read one by one. */
    private static final int GENERAL_REGISTERS = DebugTarget.PC_REGISTER + 1;

    private final DebugTarget target;
    private final Client client;

    RegisterPackets(DebugTarget target, Client client) {
        this.target = target;
        this.client = client;
    }

    void addTo(Map<String, PacketHandler> table) {
        table.put("g", this::readAll);
        table.put("G", this::writeAll);
        table.put("p", this::readOne);
        table.put("P", this::writeOne);
    }

    private Reply readAll(PacketReader packet) {
        packet.expectEnd();
        ThreadId thread = client.selected();
        StringBuilder values = new StringBuilder();
        for (int register = 0; register < GENERAL_REGISTERS; register++) {
            OptionalLong value = target.register(thread, register);
            values.append(value.isPresent() ? Reply.hexOfRegister(value.getAsLong()) : "x".repeat(2 * Long.BYTES));
        }
        return Reply.text(values.toString());
    }

    /** Each write is an input of the guest's; so only what differs is written. */
    private Reply writeAll(PacketReader packet) {
        ThreadId thread = client.selected();
        long[] values = new long[GENERAL_REGISTERS];
        for (int register = 0; register < GENERAL_REGISTERS; register++) {
            values[register] = packet.hexRegister();
        }
        packet.expectEnd();
        for (int register = 0; register < GENERAL_REGISTERS; register++) {
            OptionalLong old = target.register(thread, register);
            if (!old.equals(OptionalLong.of(values[register]))
                    && !target.setRegister(thread, register, values[register])) {
                return Reply.error(PacketError.NOT_POSSIBLE);
            }
        }
        return Reply.OK;
    }

    private Reply readOne(PacketReader packet) {
        int register = packet.hexInt();
        packet.expectEnd();
        OptionalLong value = target.register(client.selected(), register);
        return value.isPresent()
                ? Reply.text(Reply.hexOfRegister(value.getAsLong()))
                : Reply.error(PacketError.NO_SUCH_OBJECT);
    }

    private Reply writeOne(PacketReader packet) {
        int register = packet.hexInt();
        packet.expect('=');
        long value = packet.hexRegister();
        packet.expectEnd();
        return target.setRegister(client.selected(), register, value)
                ? Reply.OK
                : Reply.error(PacketError.NOT_POSSIBLE);
    }
}
