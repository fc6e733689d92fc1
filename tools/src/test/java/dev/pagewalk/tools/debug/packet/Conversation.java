package dev.pagewalk.tools.debug.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.debug.target.StopReport;
import dev.pagewalk.tools.debug.target.StopReport.Reason;
import dev.pagewalk.tools.debug.target.StopReport.ThreadStopped;
import dev.pagewalk.tools.debug.target.ThreadId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** A session with a {@link FakeTarget}, spoken to in text. */
final class Conversation {
    static final int PACKET_SIZE_BYTES = 0x400;

    /** What GDB says of itself. */
    static final String GDB =
            "qSupported:multiprocess+;swbreak+;hwbreak+;qRelocInsn+;fork-events+;vfork-events+;exec-events+;"
                    + "vContSupported+;QThreadEvents+;no-resumed+;memory-tagging+;xmlRegisters=i386";

    final FakeTarget target = new FakeTarget();
    final List<byte[]> sent = new ArrayList<>();
    final DebugSession session = new DebugSession(target, sent::add, PACKET_SIZE_BYTES);

    /** With process 1, which has threads 1 and 2, and process 7, which has thread 7; 1 is attached. Nothing is agreed. */
    static Conversation begun() {
        Conversation conversation = new Conversation();
        conversation.target.process(1, 2);
        conversation.target.process(7, 1);
        conversation.session.connected();
        conversation.target.calls.clear();
        return conversation;
    }

    /** As {@link #begun}, by a client that can do what GDB can. */
    static Conversation withGdb() {
        Conversation conversation = begun();
        conversation.ask(GDB);
        return conversation;
    }

    /** The one reply to a packet. */
    String ask(String packet) {
        say(packet);
        assertThat(sent).as("replies to %s", packet).hasSize(1);
        return heard().get(0);
    }

    void say(String packet) {
        say(packet.getBytes(StandardCharsets.ISO_8859_1));
    }

    void say(byte[] packet) {
        sent.clear();
        session.receive(packet);
    }

    List<String> heard() {
        return sent.stream()
                .map(bytes -> new String(bytes, StandardCharsets.ISO_8859_1))
                .toList();
    }

    /** The one stop reply to a report. */
    String stopped(StopReport report) {
        sent.clear();
        session.stopped(report);
        assertThat(sent).as("replies to %s", report).hasSize(1);
        return heard().get(0);
    }

    String stopped(int pid, int tid, int signal, Reason reason) {
        return stopped(new ThreadStopped(new ThreadId(pid, tid), signal, reason));
    }

    /** What the target was told since this was last asked. */
    List<String> calls() {
        List<String> calls = List.copyOf(target.calls);
        target.calls.clear();
        return calls;
    }

    static String hex(String text) {
        return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
    }

    static String textOf(String hex) {
        return new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8);
    }
}
