package dev.pagewalk.tools.debug.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.debug.packet.FuzzedGuest;
import dev.pagewalk.tools.debug.packet.PacketStreams;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Hostile streams over a socket, each from a client of its own, who goes without a word and often without listening. */
class PacketSocketFuzzTest {
    private static final int STREAMS = 2_000;
    private static final int NIGHTLY_STREAMS = 100_000;

    @Test
    @Timeout(60)
    void noStreamDisturbsTheServer() throws Exception {
        send(STREAMS, 1);
    }

    @Test
    @Tag("nightly")
    void noneOfManyStreamsDisturbsTheServer() throws Exception {
        send(NIGHTLY_STREAMS, 1_000_000);
    }

    private static void send(int streams, long firstSeed) throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        try (DebugServer server = new DebugServer(new InetSocketAddress(loopback, 0), () -> {})) {
            FuzzedGuest guest = new FuzzedGuest(new Random(firstSeed), server::send);
            for (long seed = firstSeed; seed < firstSeed + streams; seed++) {
                try (Socket client = new Socket(loopback, server.port())) {
                    // Gone at once, without the port's waiting.
                    client.setSoLinger(true, 0);
                    write(client, PacketStreams.next(new Random(seed)));
                    guest.accept(server.take());
                    for (int message = 0; message < seed % 4; message++) {
                        server.poll().ifPresent(guest::accept);
                    }
                }
                ClientMessage message;
                do {
                    message = server.take();
                    guest.accept(message);
                } while (!(message instanceof ClientMessage.Disconnected));
                guest.renew();
            }
            try (Socket client = new Socket(loopback, server.port())) {
                assertThat(server.take())
                        .as("a new client after %d streams", streams)
                        .isEqualTo(new ClientMessage.Connected());
                assertThat(client.isConnected()).isTrue();
            }
        }
    }

    private static void write(Socket client, byte[] stream) throws IOException {
        client.getOutputStream().write(stream);
        client.getOutputStream().flush();
    }
}
