package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.OpenFile;
import dev.pagewalk.kernel.file.OpenFlags;

/** dup3(old fd, new fd, flags). */
final class DuplicateTo extends SystemCall {
    DuplicateTo() {
        super(24, "dup3", ParameterKind.NUMBER, ParameterKind.NUMBER, ParameterKind.DESCRIPTOR_FLAGS);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int old = (int) call.argument(0);
        int wanted = (int) call.argument(1);
        int flags = (int) call.argument(2);
        if ((flags & ~OpenFlags.CLOSE_ON_EXEC) != 0 || old == wanted) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        OpenFile file = call.place(0);
        file.addReference();
        try {
            call.process().descriptors().replace(wanted, file, flags != 0);
        } catch (KernelException failure) {
            file.release();
            throw failure;
        }
        return wanted;
    }
}
