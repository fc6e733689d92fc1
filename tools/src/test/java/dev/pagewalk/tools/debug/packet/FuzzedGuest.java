package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.protocol.ClientMessage;
import dev.pagewalk.tools.debug.target.PointKind;
import dev.pagewalk.tools.debug.target.StopReport;
import dev.pagewalk.tools.debug.target.StopReport.NothingRuns;
import dev.pagewalk.tools.debug.target.StopReport.ProcessExited;
import dev.pagewalk.tools.debug.target.StopReport.ProcessKilled;
import dev.pagewalk.tools.debug.target.StopReport.Reason;
import dev.pagewalk.tools.debug.target.StopReport.ThreadStopped;
import dev.pagewalk.tools.debug.target.ThreadId;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * The machine's side of a conversation with somebody who sends anything: a session with a {@link FakeTarget} that stops for
 * all kinds of reasons. It checks that the session asks the target of nothing that is not there, and answers each packet
 * once at most.
 */
public final class FuzzedGuest {
    private static final int PACKET_SIZE_BYTES = 0x400;
    private static final byte[] INTERNAL_ERROR = {'E', '0', '5'};

    private final Random random;
    private final PacketSink sink;
    private final FakeTarget target = new FakeTarget();
    private final DebugSession session = new DebugSession(target, this::send, PACKET_SIZE_BYTES);
    private int replies;

    public FuzzedGuest(Random random, PacketSink sink) {
        this.random = random;
        this.sink = sink;
        target.process(1, 2);
        target.process(7, 1);
    }

    private void send(byte[] payload) {
        replies++;
        check(!Arrays.equals(payload, INTERNAL_ERROR), "an internal error");
        check(payload.length <= PACKET_SIZE_BYTES, "too long a reply");
        sink.send(payload);
    }

    /** Does what the machine's thread does with a message. */
    public void accept(ClientMessage message) {
        if (message instanceof ClientMessage.Connected) {
            session.connected();
        } else if (message instanceof ClientMessage.Disconnected) {
            session.disconnected();
            check(target.attached.isEmpty(), "a process is held for nobody");
        } else if (message instanceof ClientMessage.PacketReceived packet) {
            replies = 0;
            session.receive(packet.payload());
            check(replies <= 1, "more than one reply");
        }
        if (session.interrupted() && random.nextInt(4) != 0) {
            stop();
        }
        target.calls.clear();
    }

    private void stop() {
        List<ThreadId> threads = target.threads();
        ThreadId thread = threads.isEmpty() ? null : threads.get(random.nextInt(threads.size()));
        session.stopped(report(thread));
    }

    private StopReport report(ThreadId thread) {
        int choice = thread == null ? 0 : random.nextInt(12);
        int signal = random.nextInt(66);
        return switch (choice) {
            case 0 -> new NothingRuns();
            case 1 -> {
                target.end(thread.pid());
                yield new ProcessExited(thread.pid(), random.nextInt(256));
            }
            case 2 -> {
                target.end(thread.pid());
                yield new ProcessKilled(thread.pid(), signal);
            }
            case 3 -> new ThreadStopped(thread, 5, new Reason.Breakpoint(PointKind.HARDWARE_BREAKPOINT));
            case 4 -> new ThreadStopped(thread, 5, new Reason.Watchpoint(PointKind.READ_WATCHPOINT, random.nextLong()));
            case 5 -> new ThreadStopped(thread, 5, new Reason.Executed("/bin/#"));
            case 6 -> {
                target.process(9, 1);
                target.attached.add(9);
                yield new ThreadStopped(thread, 5, new Reason.Forked(new ThreadId(9, 9)));
            }
            case 7 -> new ThreadStopped(thread, 5, new Reason.CallEntered(random.nextInt(500)));
            case 8 -> new ThreadStopped(thread, 5, new Reason.HistoryBegins());
            default -> new ThreadStopped(thread, signal, new Reason.Plain());
        };
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }

    /** Gives back what a client may have ended. */
    public void renew() {
        target.process(1, 2);
        target.process(7, 1);
    }
}
