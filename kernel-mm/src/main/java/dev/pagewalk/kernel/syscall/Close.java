package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;

/** close(fd). */
final class Close extends SystemCall {
    Close() {
        super(57, "close", ParameterKind.NUMBER);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        call.process().descriptors().close((int) call.argument(0));
        return 0;
    }
}
