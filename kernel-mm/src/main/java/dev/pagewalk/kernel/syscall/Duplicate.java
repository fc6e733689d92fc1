package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.OpenFile;

/** dup(fd). */
final class Duplicate extends SystemCall {
    Duplicate() {
        super(23, "dup", ParameterKind.NUMBER);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        return copyTo(call, 0, false);
    }

    /**
     * Gives the file that the first argument names another descriptor, which is not below a given one.
     *
     * @throws KernelException BAD_DESCRIPTOR, INVALID_ARGUMENT, TOO_MANY_DESCRIPTORS
     */
    static int copyTo(CallContext call, int lowest, boolean closesOnExec) throws KernelException {
        OpenFile file = call.place(0);
        file.addReference();
        try {
            return call.process().descriptors().addFrom(lowest, file, closesOnExec);
        } catch (KernelException failure) {
            file.release();
            throw failure;
        }
    }
}
