package dev.pagewalk.tools.debug.protocol;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.Arrays;
import java.util.List;

/**
 * Finds packets in a client's bytes: {@code $content#checksum}, and between them {@code +}, {@code -} and the byte 3.
 *
 * <p>It takes each byte as it comes and holds at most one packet, so that half a packet is harmless. A {@code $} always
 * begins a packet, for within one it is escaped. Other bytes between packets are skipped; when these and what is too long
 * come to {@link #MAXIMUM_RUBBISH_BYTES} without a good packet, it says so and takes no more.
 */
final class PacketFramer extends ByteToMessageDecoder {
    static final int MAXIMUM_RUBBISH_BYTES = 1 << 20;

    private static final byte INTERRUPT = 3;

    private enum State {
        BETWEEN_PACKETS,
        CONTENT,
        FIRST_CHECKSUM_DIGIT,
        SECOND_CHECKSUM_DIGIT,
        GIVEN_UP
    }

    private final byte[] content;
    private int lengthBytes;
    private int sum;
    private int firstDigit;
    private int rubbishBytes;
    private State state = State.BETWEEN_PACKETS;

    /** @param packetSizeBytes the longest content that is taken */
    PacketFramer(int packetSizeBytes) {
        content = new byte[packetSizeBytes];
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out) {
        while (bytes.isReadable() && out.isEmpty()) {
            Incoming found = accept(bytes.readByte());
            if (found != null) {
                out.add(found);
            }
        }
    }

    /** Returns what ends with this byte, or null. */
    private Incoming accept(byte next) {
        return switch (state) {
            case BETWEEN_PACKETS -> betweenPackets(next);
            case CONTENT -> content(next);
            case FIRST_CHECKSUM_DIGIT -> {
                firstDigit = Character.digit(next, 16);
                state = State.SECOND_CHECKSUM_DIGIT;
                yield null;
            }
            case SECOND_CHECKSUM_DIGIT -> {
                state = State.BETWEEN_PACKETS;
                yield end(Character.digit(next, 16));
            }
            case GIVEN_UP -> null;
        };
    }

    private Incoming betweenPackets(byte next) {
        switch (next) {
            case '$':
                begin();
                return null;
            case '+':
                return Incoming.Mark.ACKNOWLEDGEMENT;
            case '-':
                return Incoming.Mark.REFUSAL;
            case INTERRUPT:
                return Incoming.Mark.INTERRUPT;
            default:
                return rubbish();
        }
    }

    private Incoming content(byte next) {
        if (next == '#') {
            state = State.FIRST_CHECKSUM_DIGIT;
            return null;
        }
        if (next == '$') {
            Incoming abandoned = isOversized() ? Incoming.Mark.OVERSIZED : null;
            begin();
            return abandoned;
        }
        sum += next;
        if (lengthBytes < content.length) {
            content[lengthBytes++] = next;
            return null;
        }
        lengthBytes = content.length + 1;
        return rubbish();
    }

    private Incoming end(int secondDigit) {
        if (isOversized()) {
            return Incoming.Mark.OVERSIZED;
        }
        if (firstDigit < 0 || secondDigit < 0 || (sum & 0xFF) != firstDigit * 16 + secondDigit) {
            return Incoming.Mark.BAD_CHECKSUM;
        }
        rubbishBytes = 0;
        return new Incoming.Frame(Arrays.copyOf(content, lengthBytes));
    }

    private void begin() {
        state = State.CONTENT;
        lengthBytes = 0;
        sum = 0;
    }

    private boolean isOversized() {
        return lengthBytes > content.length;
    }

    private Incoming rubbish() {
        if (++rubbishBytes < MAXIMUM_RUBBISH_BYTES) {
            return null;
        }
        state = State.GIVEN_UP;
        return Incoming.Mark.HOPELESS;
    }
}
