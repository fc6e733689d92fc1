package dev.pagewalk.tools.debug.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.debug.protocol.Incoming.Frame;
import dev.pagewalk.tools.debug.protocol.Incoming.Mark;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PacketFramerTest {
    private static final int PACKET_SIZE_BYTES = 16;

    private final EmbeddedChannel channel = new EmbeddedChannel(new PacketFramer(PACKET_SIZE_BYTES));

    /** What is found in the bytes: a mark, or a frame's content as text. */
    private List<Object> found(String bytes) {
        channel.writeInbound(Unpooled.wrappedBuffer(bytes.getBytes(StandardCharsets.ISO_8859_1)));
        List<Object> found = new ArrayList<>();
        for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
            found.add(next instanceof Frame frame ? new String(frame.content(), StandardCharsets.ISO_8859_1) : next);
        }
        return found;
    }

    @Test
    void aPacketEndsWithItsChecksum() {
        assertThat(found("$OK#9a")).containsExactly("OK");
        assertThat(found("$OK#9A")).containsExactly("OK");
        assertThat(found("$#00")).containsExactly("");
        assertThat(found("$\u00FF\u0003#02")).containsExactly("\u00FF\u0003");
    }

    @Test
    void betweenPacketsAreSigns() {
        assertThat(found("+$OK#9a-\u0003+"))
                .containsExactly(Mark.ACKNOWLEDGEMENT, "OK", Mark.REFUSAL, Mark.INTERRUPT, Mark.ACKNOWLEDGEMENT);
    }

    @Test
    void aPacketMayComeByteByByte() {
        for (char next : "$OK#9".toCharArray()) {
            assertThat(found(String.valueOf(next))).isEmpty();
        }
        assertThat(found("a")).containsExactly("OK");
    }

    @Test
    void aWrongChecksumIsSeen() {
        assertThat(found("$OK#9b")).containsExactly(Mark.BAD_CHECKSUM);
        assertThat(found("$OK#9x")).containsExactly(Mark.BAD_CHECKSUM);
        assertThat(found("$OK#x9")).containsExactly(Mark.BAD_CHECKSUM);
        assertThat(found("$OK##9a")).containsExactly(Mark.BAD_CHECKSUM);
        assertThat(found("$OK#9a")).containsExactly("OK");
    }

    @Test
    void aPacketBegunAnewIsOnePacket() {
        assertThat(found("$half a pack$OK#9a")).containsExactly("OK");
    }

    @Test
    void otherBytesBetweenPacketsAreSkipped() {
        assertThat(found("GET / HTTP\r\n\u0000\u00FF$OK#9a\n")).containsExactly("OK");
    }

    @Test
    void aPacketMayBeAsLongAsPromisedAndNoLonger() {
        assertThat(found("$0123456789abcdef#62")).containsExactly("0123456789abcdef");
        assertThat(found("$0123456789abcdefg#c9")).containsExactly(Mark.OVERSIZED);
        assertThat(found("$OK#9a")).containsExactly("OK");
        assertThat(found("$0123456789abcdefg...$OK#9a")).containsExactly(Mark.OVERSIZED, "OK");
    }

    @Test
    void whoSendsOnlyRubbishIsGivenUp() {
        String rubbish = "x".repeat(PacketFramer.MAXIMUM_RUBBISH_BYTES - 1);

        assertThat(found(rubbish)).isEmpty();
        assertThat(found("$OK#9a" + rubbish))
                .as("a good packet makes up for it")
                .containsExactly("OK");
        assertThat(found("x$OK#9a")).containsExactly(Mark.HOPELESS);
        assertThat(found("$OK#9a")).isEmpty();
    }

    @Test
    void aPacketWithoutAnEndIsGivenUp() {
        assertThat(found("$" + "x".repeat(PacketFramer.MAXIMUM_RUBBISH_BYTES + PACKET_SIZE_BYTES)))
                .containsExactly(Mark.HOPELESS);
    }
}
