package dev.pagewalk.devices.console.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A console on a port of the loopback. The limit only keeps a broken build from hanging. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SocketConsoleTest {
    private static final int KEPT_BYTES = 65_536;

    private final Semaphore wakeUps = new Semaphore(0);
    private SocketConsole console;

    @BeforeEach
    void listen() throws IOException {
        console = new SocketConsole(loopback(0), wakeUps::release);
    }

    @AfterEach
    void stop() {
        console.close();
    }

    @Test
    void bytesPassUnchangedInBothDirections() throws Exception {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        try (Socket client = connect()) {
            awaitClient(true);
            send(client, all);
            assertThat(takeExactly(all.length)).isEqualTo(all);
            assertThat(console.take(10)).isEmpty();
            print(all);
            console.flush();
            assertThat(client.getInputStream().readNBytes(all.length)).isEqualTo(all);
        }
    }

    @Test
    void theOwnerIsWokenWhenBytesHaveCome() throws Exception {
        try (Socket client = connect()) {
            awaitClient(true);
            assertThat(wakeUps.availablePermits()).isZero();
            send(client, text("x"));
            wakeUps.acquire();
            assertThat(console.take(10)).isEqualTo(text("x"));
        }
    }

    @Test
    void theLastOutputIsKeptForTheFirstClient() throws Exception {
        byte[] printed = random(KEPT_BYTES + 1000);
        print(printed);
        console.flush();
        try (Socket client = connect()) {
            assertThat(client.getInputStream().readNBytes(KEPT_BYTES))
                    .isEqualTo(Arrays.copyOfRange(printed, 1000, printed.length));
        }
        assertThat(console.droppedBytes()).isZero();
    }

    @Test
    void aSecondClientIsToldThatItIsOne() throws Exception {
        try (Socket first = connect()) {
            awaitClient(true);
            try (Socket second = connect()) {
                assertThat(new String(second.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
                        .isEqualTo(ClientHandler.OCCUPIED);
            }
            print(text("first\n"));
            console.flush();
            assertThat(first.getInputStream().readNBytes(6)).isEqualTo(text("first\n"));
        }
    }

    @Test
    void aClientThatLeavesDoesNotEndTheInput() throws Exception {
        try (Socket first = connect()) {
            send(first, text("one\n"));
            assertThat(takeExactly(4)).isEqualTo(text("one\n"));
            first.setSoLinger(true, 0);
        }
        awaitClient(false);
        assertThat(console.isOver()).isFalse();
        print(text("between\n"));
        try (Socket second = connect()) {
            send(second, text("two\n"));
            assertThat(takeExactly(4)).isEqualTo(text("two\n"));
            console.flush();
            assertThat(second.getInputStream().readNBytes(8)).isEqualTo(text("between\n"));
        }
    }

    @Test
    void aClientThatSendsNoMoreStillListensAndGivesWayToANewcomer() throws Exception {
        try (Socket first = connect()) {
            send(first, text("one\n"));
            first.shutdownOutput();
            assertThat(takeExactly(4)).isEqualTo(text("one\n"));
            print(text("for the first\n"));
            console.flush();
            assertThat(first.getInputStream().readNBytes(14)).isEqualTo(text("for the first\n"));
            assertThat(console.isOver()).isFalse();

            try (Socket second = connectUntilWelcome()) {
                assertThat(first.getInputStream().readAllBytes()).isEmpty();
                send(second, text("two\n"));
                assertThat(takeExactly(4)).isEqualTo(text("two\n"));
            }
        }
    }

    @Test
    void aFloodIsKeptOutUntilItIsTakenAndNothingOfItIsLost() throws Exception {
        byte[] flood = random(3 << 20);
        try (Socket client = connect()) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> send(client, flood));
            ByteArrayOutputStream taken = new ByteArrayOutputStream();
            while (taken.size() < flood.length) {
                wakeUps.acquire();
                byte[] part = console.take(flood.length);
                assertThat(part.length).isLessThanOrEqualTo(KEPT_BYTES);
                taken.writeBytes(part);
            }
            sent.join();
            assertThat(taken.toByteArray()).isEqualTo(flood);
        }
    }

    @Test
    void whatNobodyTakesIsBounded() throws Exception {
        byte[] flood = random(20 << 20);
        try (Socket client = connect()) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    send(client, flood);
                } catch (IllegalStateException closed) {
                    // The test has seen enough.
                }
            });
            while (wakeUps.tryAcquire(300, TimeUnit.MILLISECONDS)) {
                // More has come.
            }
            assertThat(console.take(flood.length).length).isBetween(1, KEPT_BYTES);
            assertThat(sent.isDone()).isFalse();
        }
    }

    @Test
    void aClientThatTakesNothingNeitherStopsTheMachineNorFillsItsMemory() throws Exception {
        byte[] printed = random(24 << 20);
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(4096);
            client.connect(loopback(console.port()));
            awaitClient(true);

            print(printed);
            console.flush();

            long dropped = console.droppedBytes();
            assertThat(dropped).isPositive();
            byte[] got = client.getInputStream().readNBytes((int) (printed.length - dropped));
            // The beginning is what was under way when the client was given up, the rest is the end.
            assertThat(Arrays.copyOfRange(got, got.length - KEPT_BYTES / 2, got.length))
                    .isEqualTo(Arrays.copyOfRange(printed, printed.length - KEPT_BYTES / 2, printed.length));
            assertThat(Arrays.copyOf(got, 4096)).isEqualTo(Arrays.copyOf(printed, 4096));

            print(text("again\n"));
            console.flush();
            assertThat(client.getInputStream().readNBytes(6)).isEqualTo(text("again\n"));
        }
    }

    @Test
    void aClientThatTakesWhatComesGetsAllOfIt() throws Exception {
        byte[] printed = random(24 << 20);
        try (Socket client = connect()) {
            awaitClient(true);
            CompletableFuture<byte[]> got = CompletableFuture.supplyAsync(() -> receive(client, printed.length));
            print(printed);
            console.flush();
            assertThat(got.join()).isEqualTo(printed);
        }
        assertThat(console.droppedBytes()).isZero();
    }

    @Test
    void theEndBringsWhatIsLeftEvenToAClientThatHasTypedAhead() throws Exception {
        byte[] printed = random(50_000);
        try (Socket client = new Socket()) {
            client.setReceiveBufferSize(4096);
            client.connect(loopback(console.port()));
            awaitClient(true);
            send(client, random(200_000));
            print(printed);
            console.close();
            assertThat(client.getInputStream().readAllBytes()).isEqualTo(printed);
        }
        assertThat(console.isOver()).isTrue();
    }

    @Test
    void closingWithoutAClientOrTwiceIsFine() {
        print(text("nobody"));
        console.close();
        console.close();
        assertThat(console.hasClient()).isFalse();
    }

    @Test
    void aPortThatIsTakenIsOneLine() {
        assertThatThrownBy(() -> new SocketConsole(loopback(console.port()), () -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageStartingWith("cannot listen on ")
                .hasMessageContaining(":" + console.port() + ": ")
                .message()
                .hasLineCount(1);
    }

    @Test
    void anUnknownHostIsOneLine() {
        assertThatThrownBy(() ->
                        new SocketConsole(InetSocketAddress.createUnresolved("no.such.host.invalid", 1), () -> {}))
                .isInstanceOf(IOException.class)
                .hasMessage("cannot listen on no.such.host.invalid:1: no such address");
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), console.port());
    }

    /** Until the console has noticed that its client sends no more, others are refused. */
    private Socket connectUntilWelcome() throws IOException {
        while (true) {
            Socket socket = connect();
            socket.setSoTimeout(500);
            try {
                socket.getInputStream().read();
            } catch (SocketTimeoutException notRefused) {
                return socket;
            }
            socket.close();
        }
    }

    private void awaitClient(boolean there) {
        while (console.hasClient() != there) {
            Thread.onSpinWait();
        }
    }

    private byte[] takeExactly(int bytes) throws InterruptedException {
        ByteArrayOutputStream taken = new ByteArrayOutputStream();
        while (taken.size() < bytes) {
            taken.writeBytes(console.take(bytes - taken.size()));
            Thread.onSpinWait();
        }
        return taken.toByteArray();
    }

    private void print(byte[] bytes) {
        for (byte value : bytes) {
            console.write(value);
        }
    }

    private static void send(Socket client, byte[] bytes) {
        try {
            client.getOutputStream().write(bytes);
            client.getOutputStream().flush();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] receive(Socket client, int bytes) {
        try {
            return client.getInputStream().readNBytes(bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
