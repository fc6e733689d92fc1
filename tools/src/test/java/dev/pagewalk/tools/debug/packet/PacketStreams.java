package dev.pagewalk.tools.debug.packet;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/** Streams of bytes as a debugger sends them, and as nobody should; the same seed gives the same. */
public final class PacketStreams {
    /** Of each family several; {@code @} stands for a number, {@code ^} for a thread, {@code ~} for hexadecimal digits. */
    private static final String[] TEMPLATES = {
        "qSupported:multiprocess+;swbreak+;hwbreak+;fork-events+;vfork-events+;exec-events+;no-resumed+",
        "?",
        "!",
        "g",
        "G~",
        "p@",
        "P@=~",
        "m@,@",
        "m1@,@",
        "x1000,@",
        "M@,@:~",
        "M1010,2:~",
        "X@,@:#$}*\u0003",
        "X1000,2:ab",
        "c",
        "c@",
        "C@",
        "C@;@",
        "s",
        "s@",
        "S@;@",
        "vCont?",
        "vCont;c",
        "vCont;c:^;s:^",
        "vCont;C@:^;t",
        "vCont;r@,@:^;c",
        "vCont;s:^",
        "Hg^",
        "Hc^",
        "T^",
        "qC",
        "qfThreadInfo",
        "qsThreadInfo",
        "qThreadExtraInfo,^",
        "Z0,@,@",
        "Z1,1000,4",
        "Z2,@,@;X@,~",
        "Z@,@,@",
        "z0,@,@",
        "z3,@,@",
        "vFile:setfs:@",
        "vFile:open:2f62696e2f68656c6c6f,0,0",
        "vFile:open:~,@,@",
        "vFile:pread:1,@,@",
        "vFile:pread:@,@,@",
        "vFile:fstat:@",
        "vFile:close:@",
        "vFile:readlink:~",
        "vFile:stat:~",
        "qXfer:features:read:target.xml:@,@",
        "qXfer:threads:read::@,@",
        "qXfer:auxv:read::@,@",
        "qXfer:exec-file:read:@:@,@",
        "qXfer:siginfo:read::@,@",
        "qXfer:memory-map:read::0,fff",
        "qXfer:osdata:read:processes:@,@",
        "qXfer:~:read:~:@,@",
        "qRcmd,~",
        "qAttached:@",
        "QStartNoAckMode",
        "QCatchSyscalls:1;@;@",
        "QCatchSyscalls:0",
        "QPassSignals:@;@;",
        "QProgramSignals:@",
        "QNonStop:@",
        "vAttach;@",
        "vKill;@",
        "k",
        "D",
        "D;@",
        "vRun;~;~",
        "R@",
        "bs",
        "bc",
        "vMustReplyEmpty",
        "qTStatus",
        "~",
        "\u0000\u00FF"
    };

    private static final String[] NUMBERS = {
        "0",
        "1",
        "2",
        "7",
        "9",
        "10",
        "20",
        "40",
        "c41",
        "1000",
        "1ffe",
        "7fffffff",
        "80000000",
        "ffffffff",
        "7fffffffffffffff",
        "8000000000000000",
        "ffffffffffffffff",
        "10000000000000000",
        "-1",
        ""
    };

    private static final String[] THREADS = {
        "p1.1",
        "p1.2",
        "p7.7",
        "p1.-1",
        "p-1.-1",
        "p0.0",
        "-1",
        "0",
        "1",
        "p7",
        "p9.9",
        "p",
        "pffffffff.1",
        "1.1",
        "p1.",
        "-2"
    };

    private PacketStreams() {}

    /** A stream of some packets, most of them framed as they should be. */
    public static byte[] next(Random random) {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        int packets = 1 + random.nextInt(8);
        for (int packet = 0; packet < packets; packet++) {
            switch (random.nextInt(16)) {
                case 0 -> stream.write(3);
                case 1 -> stream.writeBytes("+-+-".getBytes(StandardCharsets.US_ASCII));
                case 2 -> rubbish(random, stream);
                default -> framed(random, mutated(random, filled(random)), stream);
            }
        }
        return stream.toByteArray();
    }

    private static String filled(Random random) {
        StringBuilder packet = new StringBuilder();
        for (char next : pick(random, TEMPLATES).toCharArray()) {
            switch (next) {
                case '@' -> packet.append(pick(random, NUMBERS));
                case '^' -> packet.append(pick(random, THREADS));
                case '~' -> digits(random, packet);
                default -> packet.append(next);
            }
        }
        return packet.toString();
    }

    private static void digits(Random random, StringBuilder packet) {
        int length = random.nextInt(8) == 0 ? 33 * 16 : 2 * random.nextInt(12);
        for (int digit = 0; digit < length; digit++) {
            packet.append(Character.forDigit(random.nextInt(16), 16));
        }
    }

    private static byte[] mutated(Random random, String packet) {
        byte[] bytes = packet.getBytes(StandardCharsets.ISO_8859_1);
        if (bytes.length > 0 && random.nextInt(4) == 0) {
            bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
        return bytes;
    }

    private static void framed(Random random, byte[] payload, ByteArrayOutputStream stream) {
        stream.write('$');
        int sum = 0;
        for (byte next : payload) {
            boolean escaped = next == '#' || next == '$' || next == '}' || next == '*';
            if (escaped && random.nextInt(16) != 0) {
                stream.write('}');
                sum += '}';
                next ^= 0x20;
            }
            stream.write(next);
            sum += next;
        }
        if (random.nextInt(16) == 0) {
            return;
        }
        if (random.nextInt(16) == 0) {
            sum++;
        }
        stream.write('#');
        stream.write(Character.forDigit(sum >> 4 & 0xF, 16));
        stream.write(Character.forDigit(sum & 0xF, 16));
    }

    private static void rubbish(Random random, ByteArrayOutputStream stream) {
        byte[] bytes = new byte[random.nextInt(16) == 0 ? 3000 : random.nextInt(32)];
        random.nextBytes(bytes);
        stream.writeBytes(bytes);
    }

    private static String pick(Random random, String[] from) {
        return from[random.nextInt(from.length)];
    }
}
