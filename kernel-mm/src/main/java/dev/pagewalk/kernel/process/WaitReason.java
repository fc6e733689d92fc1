package dev.pagewalk.kernel.process;

/**
 * What a blocked task waits for: its call is executed again when that comes.
 *
 * @param kind what sort of thing
 * @param number which one: a pid, a pipe's number; 0 where the kind says all
 */
public record WaitReason(Kind kind, long number) implements Comparable<WaitReason> {
    /** The sorts of things that can be waited for. */
    public enum Kind {
        /** A child of this process changes its state. */
        CHILD("a child to end"),
        /** Something happens to this pipe. */
        PIPE("the other end of a pipe"),
        /** A signal for this process. */
        SIGNAL("a signal");

        private final String text;

        Kind(String text) {
            this.text = text;
        }
    }

    /** Completes a sentence that begins with "waits for". */
    public String describe() {
        return kind.text;
    }

    @Override
    public int compareTo(WaitReason other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : Long.compare(number, other.number);
    }
}
