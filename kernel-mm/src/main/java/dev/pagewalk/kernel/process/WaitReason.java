package dev.pagewalk.kernel.process;

/**
 * What a blocked task waits for: its call is executed again when that comes.
 *
 * @param kind what sort of thing
 * @param number which one: a pid, a pipe's number, an address; 0 where the kind says all
 */
public record WaitReason(Kind kind, long number) implements Comparable<WaitReason> {
    /** The console has nothing yet. */
    public static final WaitReason CONSOLE_INPUT = new WaitReason(Kind.CONSOLE, 0);

    /** The sorts of things that can be waited for. */
    public enum Kind {
        /** A child of this process changes its state. */
        CHILD("a child to end"),
        /** Something happens to this pipe. */
        PIPE("the other end of a pipe"),
        /** A signal for this process. */
        SIGNAL("a signal"),
        /** A futex at this user address is woken. */
        FUTEX("futex"),
        /** A time comes. */
        SLEEP("a time to come"),
        /** All other tasks of this process end. */
        THREADS("the other threads of its process to end"),
        /** This process, a child, leaves the memory that it shares with its parent. */
        VFORK("a child to leave their shared memory"),
        /** Bytes, or the end, arrive at the console. */
        CONSOLE("console input");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** Completes a sentence that begins with "waits for". */
    public String describe() {
        return kind == Kind.FUTEX ? kind.text + " 0x" + Long.toHexString(number) : kind.text;
    }

    @Override
    public int compareTo(WaitReason other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : Long.compare(number, other.number);
    }
}
