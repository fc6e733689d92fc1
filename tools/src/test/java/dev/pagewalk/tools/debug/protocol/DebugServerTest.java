package dev.pagewalk.tools.debug.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.tools.debug.protocol.ClientMessage.Connected;
import dev.pagewalk.tools.debug.protocol.ClientMessage.Disconnected;
import dev.pagewalk.tools.debug.protocol.ClientMessage.InterruptRequested;
import dev.pagewalk.tools.debug.protocol.ClientMessage.PacketReceived;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server on a real socket; the test's thread is the machine's. */
@Timeout(30)
class DebugServerTest {
    private final AtomicInteger wokenUp = new AtomicInteger();
    private final DebugServer server =
            new DebugServer(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), wokenUp::incrementAndGet);

    DebugServerTest() throws IOException {}

    @AfterEach
    void close() {
        server.close();
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.port());
    }

    private static void write(Socket socket, String bytes) throws IOException {
        socket.getOutputStream().write(bytes.getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().flush();
    }

    private static String read(Socket socket, int lengthBytes) throws IOException {
        return new String(socket.getInputStream().readNBytes(lengthBytes), StandardCharsets.ISO_8859_1);
    }

    private String takePacket() throws InterruptedException {
        return new String(((PacketReceived) server.take()).payload(), StandardCharsets.ISO_8859_1);
    }

    @Test
    void packetsGoBothWays() throws Exception {
        try (Socket client = connect()) {
            assertThat(server.take()).isEqualTo(new Connected());
            write(client, "$qSupported#37\u0003");
            assertThat(takePacket()).isEqualTo("qSupported");
            assertThat(server.take()).isEqualTo(new InterruptRequested());
            server.send("a*b".getBytes(StandardCharsets.US_ASCII));
            assertThat(read(client, 1 + "$a}\nb#4a".length())).isEqualTo("+$a}\nb#4a");
        }
        assertThat(server.take()).isEqualTo(new Disconnected());
        assertThat(wokenUp).hasValueGreaterThanOrEqualTo(3);
    }

    @Test
    void nothingComesWhereNobodyIs() throws Exception {
        assertThat(server.poll()).isEmpty();
        assertThat(server.poll(1, TimeUnit.MILLISECONDS)).isEmpty();
        server.send(new byte[] {'x'});
    }

    @Test
    void aClientMayComeBackAtOnce() throws Exception {
        for (int round = 0; round < 20; round++) {
            try (Socket client = connect()) {
                write(client, "$D#44");
                assertThat(server.take()).isEqualTo(new Connected());
                assertThat(takePacket()).isEqualTo("D");
                server.send("OK".getBytes(StandardCharsets.US_ASCII));
                assertThat(read(client, 7)).isEqualTo("+$OK#9a");
            }
            try (Socket client = connect()) {
                write(client, "$?#3f");
                assertThat(server.take()).isEqualTo(new Disconnected());
                assertThat(server.take()).isEqualTo(new Connected());
                assertThat(takePacket()).isEqualTo("?");
            }
            assertThat(server.take()).isEqualTo(new Disconnected());
        }
    }

    @Test
    void aSecondClientIsClosedAndTheFirstStays() throws Exception {
        try (Socket first = connect();
                Socket second = connect()) {
            assertThat(server.take()).isEqualTo(new Connected());
            assertThat(second.getInputStream().read()).isEqualTo(-1);
            write(first, "$?#3f");
            assertThat(takePacket()).isEqualTo("?");
        }
    }

    @Test
    void aFloodIsNotHoarded() throws Exception {
        try (Socket client = connect()) {
            Thread flood = new Thread(() -> {
                try {
                    for (int round = 0; round < 20_000; round++) {
                        write(client, "$?#3f".repeat(100));
                    }
                } catch (IOException closed) {
                    // The test has seen enough.
                }
            });
            flood.setDaemon(true);
            flood.start();
            server.take();
            int most = DebugServer.PACKET_SIZE_BYTES / "$?#3f".length() + Mailbox.CAPACITY;
            int before;
            do {
                before = wokenUp.get();
                Thread.sleep(100);
            } while (wokenUp.get() != before);
            assertThat(before).isLessThanOrEqualTo(most + 2);
            for (int taken = 0; taken < 10 * most; taken++) {
                assertThat(takePacket()).isEqualTo("?");
            }
        }
    }

    @Test
    void whatWasSentBeforeTheEndArrives() throws Exception {
        try (Socket client = connect()) {
            assertThat(server.take()).isEqualTo(new Connected());
            server.send("W00".getBytes(StandardCharsets.US_ASCII));
            server.close();
            assertThat(read(client, 100)).isEqualTo("$W00#b7");
            assertThat(server.take()).as("after the end").isEqualTo(new Disconnected());
            server.send(new byte[] {'x'});
        }
    }

    @Test
    void aPortThatIsTakenIsSaidToBe() {
        InetSocketAddress taken = new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());

        assertThatThrownBy(() -> new DebugServer(taken, () -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(Integer.toString(server.port()));
    }
}
