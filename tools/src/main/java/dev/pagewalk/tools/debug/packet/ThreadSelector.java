package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.ThreadId;

/**
 * A thread-id of the protocol: a thread, all of them, or any.
 *
 * <p>Spelled {@code pPID.TID}, {@code pPID} for all of a process, or {@code TID} alone for a client that knows one process.
 *
 * @param pid a process, {@link #ALL} or {@link #ANY}
 * @param tid a thread, {@link #ALL} or {@link #ANY}
 */
record ThreadSelector(int pid, int tid) {
    static final int ALL = -1;
    static final int ANY = 0;

    static final ThreadSelector EVERY_THREAD = new ThreadSelector(ALL, ALL);
    static final ThreadSelector ANY_THREAD = new ThreadSelector(ANY, ANY);

    static ThreadSelector of(ThreadId thread) {
        return new ThreadSelector(thread.pid(), thread.tid());
    }

    static ThreadSelector read(PacketReader packet) {
        if (packet.accept('p')) {
            int pid = number(packet);
            return new ThreadSelector(pid, packet.accept('.') ? number(packet) : ALL);
        }
        int tid = number(packet);
        return new ThreadSelector(tid == ANY ? ANY : ALL, tid);
    }

    private static int number(PacketReader packet) {
        if (packet.accept('-')) {
            packet.expect('1');
            return ALL;
        }
        return packet.hexInt();
    }

    /** Whether one thread at most is meant. */
    boolean isOne() {
        return tid > 0;
    }

    boolean matches(ThreadId thread) {
        return (pid <= 0 || pid == thread.pid()) && (tid <= 0 || tid == thread.tid());
    }
}
