package dev.pagewalk.kernel.testing;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;

/** How operations fail. */
public final class Errors {
    private Errors() {}

    /** An operation of the kernel. */
    public interface Operation {
        void run() throws KernelException;
    }

    /** The error with which an operation fails, or null where it succeeds. */
    public static KernelError of(Operation operation) {
        try {
            operation.run();
            return null;
        } catch (KernelException failure) {
            return failure.error();
        }
    }
}
