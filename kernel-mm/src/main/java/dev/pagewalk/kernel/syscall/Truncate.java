package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;

/** ftruncate(fd, length). */
final class Truncate extends SystemCall {
    Truncate() {
        super(46, "ftruncate", ParameterKind.NUMBER, ParameterKind.NUMBER);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        if (call.argument(1) < 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        call.file(0).truncate(call.argument(1));
        return 0;
    }
}
