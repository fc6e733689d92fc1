package dev.pagewalk.tools.debug.target;

import java.util.Comparator;

/**
 * A guest's thread, as the debugger names it.
 *
 * @param pid its process, at least 1
 * @param tid its own id, at least 1; of a process's first thread the same as {@code pid}
 */
public record ThreadId(int pid, int tid) implements Comparable<ThreadId> {
    private static final Comparator<ThreadId> ORDER =
            Comparator.comparingInt(ThreadId::pid).thenComparingInt(ThreadId::tid);

    @Override
    public int compareTo(ThreadId other) {
        return ORDER.compare(this, other);
    }
}
