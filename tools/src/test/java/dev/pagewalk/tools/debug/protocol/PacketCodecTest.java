package dev.pagewalk.tools.debug.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.debug.protocol.Incoming.Frame;
import dev.pagewalk.tools.debug.protocol.Incoming.Mark;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PacketCodecTest {
    private static final int PACKET_SIZE_BYTES = 256;

    private final EmbeddedChannel channel = new EmbeddedChannel(new PacketCodec(PACKET_SIZE_BYTES));

    /** A payload as text, or a mark. */
    private Object decoded(String content) {
        channel.writeInbound(new Frame(content.getBytes(StandardCharsets.ISO_8859_1)));
        Object found = channel.readInbound();
        return found instanceof byte[] payload ? new String(payload, StandardCharsets.ISO_8859_1) : found;
    }

    private String encoded(byte[] payload) {
        channel.writeOutbound((Object) payload);
        ByteBuf packet = channel.readOutbound();
        String text = packet.toString(StandardCharsets.ISO_8859_1);
        packet.release();
        return text;
    }

    @Test
    void aPayloadIsFramedAndSummed() {
        assertThat(encoded("OK".getBytes(StandardCharsets.US_ASCII))).isEqualTo("$OK#9a");
        assertThat(encoded(new byte[0])).isEqualTo("$#00");
    }

    @Test
    void fourBytesAreEscaped() {
        assertThat(encoded("#$}*".getBytes(StandardCharsets.US_ASCII))).startsWith("$}\u0003}\u0004}]}\n#");
    }

    @Test
    void escapesAreUndone() {
        assertThat(decoded("a}\u0003}\u0004}]}\nb")).isEqualTo("a#$}*b");
        assertThat(decoded("}}")).as("an escaped byte that need not be").isEqualTo("]");
    }

    @Test
    void runsAreExpanded() {
        assertThat(decoded("0* ")).isEqualTo("0000");
        assertThat(decoded("a0*\"b")).isEqualTo("a000000b");
        assertThat(decoded("0* * ")).as("a run of a run").isEqualTo("0000000");
        assertThat(decoded("0*~")).isEqualTo("0".repeat(98));
        assertThat(decoded("}\u0003* ")).as("of an escaped byte's second half").isEqualTo("#\u0003\u0003\u0003");
    }

    @Test
    void runsOfNothingAndRunsWithoutALengthMakeNoSense() {
        for (String content : new String[] {"*", "* ", "0*", "0*\u001F", "0*\u007F", "0*\u00FF", "0*\u0000"}) {
            assertThat(decoded(content)).as(content).isEqualTo(Mark.MALFORMED);
        }
    }

    @Test
    void anEscapeOfNothingMakesNoSense() {
        assertThat(decoded("abc}")).isEqualTo(Mark.MALFORMED);
    }

    @Test
    void runsDoNotExpandBeyondAPacket() {
        assertThat(decoded("0*~*~*~")).isEqualTo(Mark.OVERSIZED);
        assertThat(decoded("0*~*~")).isEqualTo("0".repeat(1 + 97 + 97));
    }

    @Test
    void whatIsEncodedIsFramedAndDecodedToTheSame() {
        long seed = 20260511;
        Random random = new Random(seed);
        EmbeddedChannel reader = new EmbeddedChannel(new PacketFramer(1024), new PacketCodec(512));
        for (int round = 0; round < 2000; round++) {
            byte[] payload = new byte[random.nextInt(512)];
            random.nextBytes(payload);
            for (int index = 0; index < payload.length; index += 1 + random.nextInt(8)) {
                payload[index] = (byte) "#$}*+-\3 ".charAt(random.nextInt(8));
            }
            channel.writeOutbound((Object) payload);
            reader.writeInbound((ByteBuf) channel.readOutbound());
            assertThat((byte[]) reader.readInbound())
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(payload);
        }
    }
}
