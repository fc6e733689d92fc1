package dev.pagewalk.tools.debug.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.MessageToMessageCodec;
import java.io.ByteArrayOutputStream;
import java.util.List;

/**
 * Spells payloads: expands runs and undoes escapes in what comes, frames and escapes what goes.
 *
 * <p>Run lengths are of the content as it is sent, escapes inside of what they give. Source: the GDB manual, "Overview" of
 * the remote protocol.
 */
final class PacketCodec extends MessageToMessageCodec<Incoming.Frame, byte[]> {
    private static final byte ESCAPE = '}';
    private static final int ESCAPED_BIT = 0x20;
    private static final byte RUN = '*';
    private static final int RUN_LENGTH_BIAS = 29;
    private static final int SHORTEST_RUN = 3;
    private static final int LAST_PRINTABLE = 126;

    private final int packetSizeBytes;

    /** @param packetSizeBytes the longest payload that runs may expand to */
    PacketCodec(int packetSizeBytes) {
        super(Incoming.Frame.class, byte[].class);
        this.packetSizeBytes = packetSizeBytes;
    }

    @Override
    protected void decode(ChannelHandlerContext context, Incoming.Frame frame, List<Object> out) {
        out.add(decoded(frame.content()));
    }

    /** Returns a payload or a {@link Incoming.Mark}. */
    private Object decoded(byte[] content) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream(content.length);
        boolean escaped = false;
        byte last = RUN;
        int position = 0;
        while (position < content.length) {
            byte next = content[position++];
            int copies = 1;
            if (next == RUN) {
                if (last == RUN || position == content.length || content[position] > LAST_PRINTABLE) {
                    return Incoming.Mark.MALFORMED;
                }
                copies = content[position++] - RUN_LENGTH_BIAS;
                if (copies < SHORTEST_RUN) {
                    return Incoming.Mark.MALFORMED;
                }
                next = last;
            }
            last = next;
            for (int copy = 0; copy < copies; copy++) {
                if (escaped) {
                    payload.write(next ^ ESCAPED_BIT);
                    escaped = false;
                } else if (next == ESCAPE) {
                    escaped = true;
                } else {
                    payload.write(next);
                }
            }
            if (payload.size() > packetSizeBytes) {
                return Incoming.Mark.OVERSIZED;
            }
        }
        return escaped ? Incoming.Mark.MALFORMED : payload.toByteArray();
    }

    @Override
    protected void encode(ChannelHandlerContext context, byte[] payload, List<Object> out) {
        ByteBuf packet = context.alloc().buffer(payload.length + payload.length / 8 + 4);
        packet.writeByte('$');
        for (byte next : payload) {
            if (next == '#' || next == '$' || next == ESCAPE || next == RUN) {
                packet.writeByte(ESCAPE);
                packet.writeByte(next ^ ESCAPED_BIT);
            } else {
                packet.writeByte(next);
            }
        }
        int sum = 0;
        for (int index = 1; index < packet.writerIndex(); index++) {
            sum += packet.getByte(index);
        }
        packet.writeByte('#');
        packet.writeByte(Character.forDigit(sum >> 4 & 0xF, 16));
        packet.writeByte(Character.forDigit(sum & 0xF, 16));
        out.add(packet);
    }
}
