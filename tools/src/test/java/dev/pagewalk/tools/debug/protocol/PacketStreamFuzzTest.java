package dev.pagewalk.tools.debug.protocol;

import dev.pagewalk.tools.debug.packet.FuzzedGuest;
import dev.pagewalk.tools.debug.packet.PacketStreams;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Hostile streams through the whole pipeline and a session, each from a client of its own. */
class PacketStreamFuzzTest {
    private static final int STREAMS = 100_000;
    private static final long FIRST_SEED = 1;
    private static final int PACKET_SIZE_BYTES = 0x400;

    @Test
    void noStreamDisturbsTheSessionOrTheHost() {
        for (long seed = FIRST_SEED; seed < FIRST_SEED + STREAMS; seed++) {
            try {
                converse(new Random(seed));
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError("seed " + seed + ": " + failure.getMessage(), failure);
            }
        }
    }

    private static void converse(Random random) {
        Mailbox mailbox = new Mailbox(() -> {});
        Admission admission = new Admission();
        EmbeddedChannel channel = new EmbeddedChannel(
                new PacketFramer(PACKET_SIZE_BYTES),
                new PacketCodec(PACKET_SIZE_BYTES),
                new ClientHandler(mailbox, admission));
        FuzzedGuest guest =
                new FuzzedGuest(random, payload -> admission.current().send(payload));
        ByteBuf stream = Unpooled.wrappedBuffer(PacketStreams.next(random));
        while (stream.isReadable()) {
            channel.writeInbound(stream.readRetainedSlice(1 + random.nextInt(stream.readableBytes())));
            deliver(mailbox, guest);
        }
        channel.runPendingTasks();
        checkFraming(sent(channel));
        channel.close();
        deliver(mailbox, guest);
        stream.release();
    }

    private static void deliver(Mailbox mailbox, FuzzedGuest guest) {
        for (ClientMessage message = mailbox.poll(); message != null; message = mailbox.poll()) {
            guest.accept(message);
        }
    }

    private static byte[] sent(EmbeddedChannel channel) {
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            byte[] bytes = new byte[next.readableBytes()];
            next.readBytes(bytes);
            next.release();
            sent.writeBytes(bytes);
        }
        return sent.toByteArray();
    }

    /** All that is sent are signs and packets, whose special bytes are escaped and whose checksums are right. */
    private static void checkFraming(byte[] sent) {
        String text = new String(sent, StandardCharsets.ISO_8859_1);
        int position = 0;
        while (position < text.length()) {
            if (text.charAt(position) == '+' || text.charAt(position) == '-') {
                position++;
                continue;
            }
            int end = text.indexOf('#', position);
            String content = text.substring(position + 1, end);
            int sum = Integer.parseInt(text.substring(end + 1, end + 3), 16);
            boolean good = text.charAt(position) == '$' && content.indexOf('$') < 0 && content.indexOf('*') < 0;
            if (!good || sum != (content.chars().sum() & 0xFF)) {
                throw new AssertionError("no packet: " + text.substring(position));
            }
            position = end + 3;
        }
    }
}
