package dev.pagewalk.kernel.signal;

/**
 * The stack on which handlers with SA_ONSTACK run: sigaltstack(2).
 *
 * @param start its lowest address
 * @param lengthBytes 0 where there is none
 */
public record AlternateStack(long start, long lengthBytes) {
    public static final AlternateStack NONE = new AlternateStack(0, 0);

    /** SS_ONSTACK. */
    public static final int ON_STACK = 1;

    /** SS_DISABLE. */
    public static final int DISABLE = 2;

    public boolean isEnabled() {
        return lengthBytes != 0;
    }

    /** Whether a stack pointer is on it. Source: Linux, include/linux/sched/signal.h, {@code on_sig_stack}. */
    public boolean contains(long stackPointer) {
        return stackPointer > start && stackPointer - start <= lengthBytes;
    }

    /** What sigaltstack(2) reports as ss_flags. */
    public int flags(long stackPointer) {
        if (!isEnabled()) {
            return DISABLE;
        }
        return contains(stackPointer) ? ON_STACK : 0;
    }

    public long top() {
        return start + lengthBytes;
    }
}
