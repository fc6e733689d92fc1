package dev.pagewalk.tools.debug.sessions;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A client of GDB's remote protocol that sends any packet, or bytes that are none: for what GDB 13 does not ask for on RISC-V,
 * and for what no debugger would send. Payloads are texts of ISO 8859-1.
 */
final class PacketClient implements AutoCloseable {
    /** Only a server that hangs takes as long; the test fails then. */
    private static final int LONGEST_MILLISECONDS = 60_000;

    private static final int INTERRUPT = 3;
    private static final int RUN_LENGTH_BIAS = 29;

    private final Socket socket = new Socket();
    private final InputStream input;
    private final OutputStream output;
    private boolean acknowledges = true;

    PacketClient(int port) {
        try {
            socket.connect(new InetSocketAddress("127.0.0.1", port), LONGEST_MILLISECONDS);
            socket.setSoTimeout(LONGEST_MILLISECONDS);
            socket.setTcpNoDelay(true);
            input = socket.getInputStream();
            output = socket.getOutputStream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sends a packet and gives the reply to it. */
    String exchange(String payload) {
        send(payload);
        return receive();
    }

    /** Sends a packet, and waits for its acknowledgement while there are any. */
    void send(String payload) {
        sendBytes(packet(payload));
        if (acknowledges) {
            int answer = read();
            if (answer != '+') {
                throw new AssertionError("'" + payload + "' was answered by " + answer + " instead of +");
            }
        }
    }

    /** The payload of the next packet, without escapes and runs. */
    String receive() {
        int start = read();
        if (start != '$') {
            throw new AssertionError("a packet begins with " + start);
        }
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        int sum = 0;
        int last = 0;
        for (int next = read(); next != '#'; next = read()) {
            sum += next;
            if (next == '}') {
                last = read();
                sum += last;
                last ^= 0x20;
                payload.write(last);
            } else if (next == '*') {
                int count = read();
                sum += count;
                for (int repeat = 0; repeat < count - RUN_LENGTH_BIAS; repeat++) {
                    payload.write(last);
                }
            } else {
                last = next;
                payload.write(last);
            }
        }
        int told = 16 * Character.digit(read(), 16) + Character.digit(read(), 16);
        String text = payload.toString(StandardCharsets.ISO_8859_1);
        if (told != (sum & 0xFF)) {
            throw new AssertionError("the checksum of '" + text + "' is wrong");
        }
        if (acknowledges) {
            sendBytes(new byte[] {'+'});
        }
        return text;
    }

    /** Agrees with the server that neither acknowledges from now on. */
    void stopAcknowledging() {
        String answer = exchange("QStartNoAckMode");
        if (!answer.equals("OK")) {
            throw new AssertionError("no acknowledgements, please: " + answer);
        }
        acknowledges = false;
    }

    void interrupt() {
        sendBytes(new byte[] {INTERRUPT});
    }

    void sendBytes(byte[] bytes) {
        try {
            output.write(bytes);
            output.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The next byte from the server. */
    int read() {
        try {
            int next = input.read();
            if (next < 0) {
                throw new EOFException("the server has closed the connection");
            }
            return next;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A payload with its frame and its checksum. */
    static byte[] packet(String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.ISO_8859_1);
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write('$');
        int sum = 0;
        for (byte each : bytes) {
            int next = each & 0xFF;
            if (next == '$' || next == '#' || next == '}' || next == '*') {
                packet.write('}');
                sum += '}';
                next ^= 0x20;
            }
            packet.write(next);
            sum += next;
        }
        packet.writeBytes(String.format("#%02x", sum & 0xFF).getBytes(StandardCharsets.ISO_8859_1));
        return packet.toByteArray();
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
