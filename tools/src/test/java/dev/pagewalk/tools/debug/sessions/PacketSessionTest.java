package dev.pagewalk.tools.debug.sessions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.pagewalk.tools.testing.CommandResult;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Packets without a debugger: what GDB does not send for RISC-V, and what nobody should. */
class PacketSessionTest {
    private static final int ATTEMPTS = 1_000;

    private static final List<String> SENSELESS = List.of(
            "",
            "nonsense",
            "m",
            "mzz,4",
            "m0,4",
            "m10000,ffffffffffffffff",
            "m10000,-1",
            "M10000,4:zz",
            "M10000,4:00",
            "Mffffffffffffffff,8:0000000000000000",
            "X10000,10:ab",
            "Z",
            "Z0",
            "Z9,0,0",
            "Z0,zz,4",
            "z1,10000,4",
            "Z2,0,ffffffffffffffff",
            "vCont",
            "vCont;",
            "vCont;q",
            "vCont;s:p9.9",
            "vCont;r5:p1.1",
            "Hg",
            "Hgp99.99",
            "Hgpzz",
            "Tp1",
            "Tp99.1",
            "p",
            "pfff",
            "P20",
            "P999=00",
            "P1=0",
            "G",
            "G00",
            "gzz",
            "s:",
            "qRcmd,",
            "qRcmd,zz",
            "qRcmd,6",
            "qXfer:features:read:nothing.xml:0,100",
            "qXfer:features:read:target.xml:zz",
            "qXfer:features:read:target.xml:ffffffffffffffff,1",
            "qXfer:auxv:read::0,ffffffffffffffff",
            "qXfer:siginfo:write:0:00",
            "qXfer:nothing:read::0,1",
            "QCatchSyscalls:1;zzz",
            "QCatchSyscalls:2",
            "vFile:open:",
            "vFile:open:zz,0,0",
            "vFile:pread:99,10,0",
            "vFile:close:-1",
            "vFile:nothing:1",
            "vAttach;ffff",
            "vAttach;",
            "vKill;",
            "vKill;ffff",
            "D;ffff",
            "qThreadExtraInfo,",
            "qThreadExtraInfo,p99.99",
            "qSupported:;;;",
            "QStartNoAckMode;1",
            "bx",
            "A",
            "!!",
            "\0\0\0",
            "}",
            "****");

    private static final String FEATURES = "qSupported:multiprocess+;swbreak+;hwbreak+;fork-events+;exec-events+";
    private static final String OUTPUT = "nodes: 3\nfactorial: 720\nsum: 28\ncounter: 55\ncorner: 36\n";
    private static final int STEPS = 1_000;
    private static final long SEED = 5;
    private static final int STREAMS = 200;

    /** Register 32 is pc. */
    private static final String READ_PC = "p20";

    @Test
    void theServerSaysWhatItCanDo() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                PacketClient client = new PacketClient(guest.port())) {
            assertThat(client.exchange(FEATURES).split(";"))
                    .contains(
                            "multiprocess+",
                            "swbreak+",
                            "hwbreak+",
                            "fork-events+",
                            "exec-events+",
                            "QStartNoAckMode+",
                            "QCatchSyscalls+",
                            "ReverseStep+",
                            "ReverseContinue+",
                            "qXfer:features:read+",
                            "qXfer:threads:read+",
                            "qXfer:auxv:read+",
                            "qXfer:exec-file:read+",
                            "qXfer:siginfo:read+")
                    .anyMatch(feature -> feature.matches("PacketSize=[0-9a-f]+"));
            assertThat(client.exchange("?")).matches("T0[05].*thread:p1\\.1;.*");
        }
    }

    /** GDB 13: "catch syscall is not supported on this architecture yet". */
    @Test
    void aSystemCallIsCaughtWhereItBeginsAndWhereItEnds() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                PacketClient client = new PacketClient(guest.port())) {
            client.exchange(FEATURES);
            assertThat(client.exchange("QCatchSyscalls:1;40")).isEqualTo("OK");
            for (int line = 0; line < 5; line++) {
                assertThat(client.exchange("vCont;c")).startsWith("T05").contains("syscall_entry:40;", "thread:p1.1;");
                assertThat(client.exchange("vCont;c")).startsWith("T05").contains("syscall_return:40;");
            }
            assertThat(client.exchange("vCont;c")).isEqualTo("W00;process:1");

            assertThat(guest.result().output()).isEqualTo(OUTPUT);
        }
    }

    @Test
    void allSystemCallsAreCaughtUntilNoneAre() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-threads");
                PacketClient client = new PacketClient(guest.port())) {
            client.exchange(FEATURES);
            assertThat(client.exchange("QCatchSyscalls:1")).isEqualTo("OK");
            // mmap for the first stack, then clone.
            assertThat(client.exchange("vCont;c")).contains("syscall_entry:de;");
            assertThat(client.exchange("vCont;c")).contains("syscall_return:de;");
            assertThat(client.exchange("vCont;c")).contains("syscall_entry:dc;");
            assertThat(client.exchange("QCatchSyscalls:0")).isEqualTo("OK");
            assertThat(client.exchange("vCont;c")).isEqualTo("W00;process:1");
        }
    }

    @Test
    void aThousandStepsAreAThousandAnswers() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                PacketClient client = new PacketClient(guest.port())) {
            client.exchange(FEATURES);
            client.stopAcknowledging();
            assertThat(client.exchange("Hgp1.1")).isEqualTo("OK");
            long before = number(client.exchange(READ_PC));
            for (int step = 0; step < STEPS; step++) {
                assertThat(client.exchange("vCont;s:p1.1")).startsWith("T05");
                long pc = number(client.exchange(READ_PC));
                assertThat(pc).as("step %d", step).isNotEqualTo(before);
                before = pc;
            }
            assertThat(client.exchange("vCont;c")).isEqualTo("W00;process:1");

            assertThat(guest.result().output()).isEqualTo(OUTPUT);
        }
    }

    /** GDB's next: it steps while pc stays in the line's range. */
    @Test
    void aRangeIsSteppedWithOneAnswer() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                PacketClient client = new PacketClient(guest.port())) {
            client.exchange(FEATURES);
            assertThat(client.exchange("vCont?")).contains(";c", ";C", ";s", ";S", ";r", ";t");
            client.exchange("Hgp1.1");
            long start = number(client.exchange(READ_PC));
            String range = Long.toHexString(start) + "," + Long.toHexString(start + 12);
            assertThat(client.exchange("vCont;r" + range + ":p1.1")).startsWith("T05");
            assertThat(number(client.exchange(READ_PC))).isNotIn(start, start + 4, start + 8);
        }
    }

    @Test
    void anInterruptStopsARunningGuest() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour", "1000000000000");
                PacketClient client = new PacketClient(guest.port())) {
            client.exchange(FEATURES);
            client.send("vCont;c");
            client.interrupt();
            assertThat(client.receive()).startsWith("T02").contains("thread:p1.1;");
            assertThat(client.exchange("vKill;1")).isEqualTo("OK");

            assertThat(guest.result().status()).isEqualTo(128 + 9);
        }
    }

    @Test
    void aPacketWithAWrongChecksumIsAskedForAgain() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                PacketClient client = new PacketClient(guest.port())) {
            client.sendBytes("$vCont;c#00".getBytes(StandardCharsets.ISO_8859_1));
            assertThat((char) client.read()).isEqualTo('-');
            assertThat(client.exchange("?")).matches("T0[05].*");
        }
    }

    @Test
    void packetsInPiecesAndInOneGoAreTheSame() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                PacketClient client = new PacketClient(guest.port())) {
            for (byte each : PacketClient.packet("qC")) {
                client.sendBytes(new byte[] {each});
            }
            assertThat((char) client.read()).isEqualTo('+');
            assertThat(client.receive()).startsWith("QC");
            client.stopAcknowledging();
            byte[] one = PacketClient.packet("qC");
            byte[] three = new byte[3 * one.length];
            for (int i = 0; i < three.length; i++) {
                three[i] = one[i % one.length];
            }
            client.sendBytes(three);
            for (int answer = 0; answer < 3; answer++) {
                assertThat(client.receive()).startsWith("QC");
            }
        }
    }

    @Test
    void aPacketThatMakesNoSenseHasOneAnswer() {
        try (DebuggedGuest guest = DebuggedGuest.waiting("debug-tour");
                PacketClient client = new PacketClient(guest.port())) {
            client.exchange(FEATURES);
            String threads = client.exchange("qfThreadInfo");
            for (String payload : SENSELESS) {
                String answer = client.exchange(payload);

                assertThat(answer)
                        .as(payload)
                        .doesNotStartWith("T")
                        .doesNotStartWith("W")
                        .hasSizeLessThanOrEqualTo(0x4000);
                // The connection is as good as before, and the guest where it was.
                assertThat(client.exchange("qsThreadInfo")).as(payload).isEqualTo("l");
                assertThat(client.exchange("qfThreadInfo")).as(payload).isEqualTo(threads);
            }
            assertThat(client.exchange("D;1")).isEqualTo("OK");

            assertThat(guest.result().output()).isEqualTo(OUTPUT);
        }
    }

    /** Whatever comes, a guest that waits for its input meanwhile gets that, and nothing else. */
    @Test
    void hostileStreamsDisturbNeitherTheGuestNorTheServer() {
        try (DebuggedGuest guest = DebuggedGuest.running("echo")) {
            for (long seed = SEED; seed < SEED + STREAMS; seed++) {
                try (PacketClient client = new PacketClient(guest.port())) {
                    client.sendBytes(hostileStream(new Random(seed)));
                } catch (UncheckedIOException e) {
                    // The server may close the connection while there is more to say.
                }
            }
            assertThat(detachesAtLast(guest)).as("seed %d", SEED).isTrue();
            guest.process().write("still here\n".getBytes(StandardCharsets.UTF_8));

            CommandResult result = guest.result();
            assertThat(result.status()).isZero();
            assertThat(result.output()).isEqualTo("still here\n");
        }
    }

    /** One client is served at a time: who comes before the last of a crowd has gone may be turned away. */
    private static boolean detachesAtLast(DebuggedGuest guest) {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try (PacketClient client = new PacketClient(guest.port())) {
                return client.exchange("?").startsWith("T")
                        && client.exchange("D;1").equals("OK");
            } catch (UncheckedIOException turnedAway) {
                // Once more.
            }
        }
        return false;
    }

    @Test
    void aPacketWithoutAnEndIsCutOff() {
        try (DebuggedGuest guest = DebuggedGuest.running("echo")) {
            try (PacketClient client = new PacketClient(guest.port())) {
                byte[] endless = new byte[1 << 20];
                Arrays.fill(endless, (byte) 'a');
                endless[0] = '$';
                assertThatExceptionOfType(UncheckedIOException.class).isThrownBy(() -> {
                    client.sendBytes(endless);
                    // One error reply is as good as none; then the connection ends.
                    while (client.read() >= 0) {}
                });
            }
            try (PacketClient client = new PacketClient(guest.port())) {
                assertThat(client.exchange("D;1")).isEqualTo("OK");
            }
            assertThat(guest.result().status()).isZero();
        }
    }

    /** Bytes of any kind, or questions with something wrong; nothing in it may resume, kill or write. */
    private static byte[] hostileStream(Random random) {
        byte[] garbage = new byte[random.nextInt(2_000)];
        random.nextBytes(garbage);
        return switch (random.nextInt(4)) {
            case 0 -> withoutFrames(garbage);
            case 1 -> PacketClient.packet("q" + new String(garbage, StandardCharsets.ISO_8859_1));
            case 2 ->
                Arrays.copyOf(
                        PacketClient.packet("qXfer:features:read:target.xml:0," + garbage.length), random.nextInt(40));
            default -> {
                byte[] packet = PacketClient.packet("m10000," + Integer.toHexString(garbage.length));
                packet[packet.length - 1] ^= (byte) (1 + random.nextInt(15));
                yield packet;
            }
        };
    }

    /** No byte begins a packet, so that none is one by chance. */
    private static byte[] withoutFrames(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] == '$') {
                bytes[i] = '#';
            }
        }
        return bytes;
    }

    /** A register as p gives it: hexadecimal digits in the target's byte order. */
    private static long number(String register) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(register))
                .order(ByteOrder.LITTLE_ENDIAN)
                .getLong();
    }
}
