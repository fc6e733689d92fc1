package dev.pagewalk.tools.debug.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.debug.protocol.ClientMessage.Connected;
import dev.pagewalk.tools.debug.protocol.ClientMessage.Disconnected;
import dev.pagewalk.tools.debug.protocol.ClientMessage.InterruptRequested;
import dev.pagewalk.tools.debug.protocol.ClientMessage.PacketReceived;
import dev.pagewalk.tools.debug.protocol.Incoming.Mark;
import io.netty.buffer.ByteBuf;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClientHandlerTest {
    private int wokenUp;
    private final Mailbox mailbox = new Mailbox(() -> wokenUp++);
    private final Admission admission = new Admission();
    private final EmbeddedChannel channel = new EmbeddedChannel(new ClientHandler(mailbox, admission));

    private void receives(Object message) {
        channel.writeInbound(message);
    }

    private static byte[] payload(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Signs and payloads, which no codec has framed. */
    private List<String> sent() {
        List<String> sent = new ArrayList<>();
        for (Object next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
            if (next instanceof ByteBuf sign) {
                sent.add(sign.toString(StandardCharsets.ISO_8859_1));
            } else {
                sent.add(new String((byte[]) next, StandardCharsets.ISO_8859_1));
            }
        }
        return sent;
    }

    private List<ClientMessage> posted() {
        List<ClientMessage> posted = new ArrayList<>();
        for (ClientMessage next = mailbox.poll(); next != null; next = mailbox.poll()) {
            posted.add(next);
        }
        return posted;
    }

    @Test
    void aClientsComingAndGoingIsPosted() {
        channel.close();

        assertThat(posted()).containsExactly(new Connected(), new Disconnected());
        assertThat(wokenUp).isEqualTo(2);
    }

    @Test
    void aPacketIsAcknowledgedAndPosted() {
        posted();
        receives(payload("g"));

        assertThat(sent()).containsExactly("+");
        assertThat(posted())
                .singleElement()
                .isInstanceOfSatisfying(
                        PacketReceived.class,
                        packet -> assertThat(packet.payload()).isEqualTo(payload("g")));
    }

    @Test
    void aBrokenPacketIsRefusedAndNotPosted() {
        posted();
        receives(Mark.BAD_CHECKSUM);

        assertThat(sent()).containsExactly("-");
        assertThat(posted()).isEmpty();
    }

    @Test
    void aPacketThatMakesNoSenseIsAnsweredByOneError() {
        receives(Mark.OVERSIZED);
        receives(Mark.MALFORMED);

        assertThat(sent()).containsExactly("+", "E07", "+", "E16");
    }

    @Test
    void whatGotLostIsSentAgain() {
        receives(Mark.REFUSAL);
        assertThat(sent()).as("nothing was sent").isEmpty();
        admission.current().send(payload("OK"));
        channel.runPendingTasks();
        receives(Mark.ACKNOWLEDGEMENT);
        receives(Mark.REFUSAL);
        receives(Mark.REFUSAL);

        assertThat(sent()).containsExactly("OK", "OK", "OK");
    }

    @Test
    void withoutAcknowledgementsThereAreNone() {
        receives(payload("QStartNoAckMode"));
        assertThat(sent()).as("the packet that gives them up is acknowledged").containsExactly("+");
        admission.current().send(payload("OK"));
        channel.runPendingTasks();
        sent();
        receives(payload("g"));
        receives(Mark.ACKNOWLEDGEMENT);
        receives(Mark.REFUSAL);
        assertThat(sent()).isEmpty();
        receives(Mark.BAD_CHECKSUM);
        receives(Mark.OVERSIZED);
        assertThat(sent()).containsExactly("E4a", "E07");
    }

    @Test
    void interruptionsInARowAreOne() {
        posted();
        receives(Mark.INTERRUPT);
        receives(Mark.INTERRUPT);
        receives(payload("c"));
        receives(Mark.INTERRUPT);
        assertThat(posted()).hasSize(3).last().isEqualTo(new InterruptRequested());
        receives(Mark.INTERRUPT);
        assertThat(posted()).as("the last has been seen").containsExactly(new InterruptRequested());
    }

    @Test
    void itReadsOnlyWhileTheMailboxHasRoom() {
        for (int count = mailboxSize(); count < Mailbox.CAPACITY; count++) {
            assertThat(channel.config().isAutoRead()).isTrue();
            receives(payload("g"));
        }
        assertThat(channel.config().isAutoRead()).isFalse();
        posted();
        admission.current().roomInMailbox();
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    /** What the constructor's connection has posted. */
    private static int mailboxSize() {
        return 1;
    }

    @Test
    void itReadsOnlyWhileTheClientTakesWhatItIsSent() {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, false);
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isFalse();
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, true);
        channel.runPendingTasks();
        assertThat(channel.config().isAutoRead()).isTrue();
    }

    @Test
    void rubbishClosesTheConnection() {
        receives(Mark.HOPELESS);
        assertThat(channel.isOpen()).isFalse();
    }

    @Test
    void theNextClientWaitsUntilTheLastIsKnownToHaveGone() {
        channel.close();
        EmbeddedChannel next = new EmbeddedChannel(new ClientHandler(mailbox, admission));
        EmbeddedChannel third = new EmbeddedChannel(new ClientHandler(mailbox, admission));

        assertThat(third.isOpen()).as("one may wait").isFalse();
        assertThat(posted()).containsExactly(new Connected(), new Disconnected());
        admission.released();
        assertThat(posted()).containsExactly(new Connected());
        assertThat(next.config().isAutoRead()).isTrue();
    }

    @Test
    void aSecondClientIsTurnedAwayWhenTheFirstStays() {
        EmbeddedChannel second = new EmbeddedChannel(new ClientHandler(mailbox, admission));
        assertThat(second.config().isAutoRead()).isFalse();
        second.advanceTimeBy(1, TimeUnit.MINUTES);
        second.runScheduledPendingTasks();

        assertThat(second.isOpen()).isFalse();
        assertThat(channel.isOpen()).isTrue();
        assertThat(posted()).containsExactly(new Connected());
    }
}
