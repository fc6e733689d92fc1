package dev.pagewalk.kernel.error;

/**
 * A kernel operation failed for a reason that the guest can cause. Whoever throws it has given back what it had taken.
 * Mistakes of the kernel itself are unchecked exceptions instead.
 */
public final class KernelException extends Exception {
    private static final long serialVersionUID = 1L;

    private final KernelError error;

    KernelException(KernelError error) {
        super(error.name(), null, false, false);
        this.error = error;
    }

    public KernelError error() {
        return error;
    }
}
