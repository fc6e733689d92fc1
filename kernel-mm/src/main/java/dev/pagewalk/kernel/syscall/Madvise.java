package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.MemoryAdvice;
import dev.pagewalk.kernel.space.SpaceLock;

/** madvise(address, length, advice). */
final class Madvise extends SystemCall {
    Madvise() {
        super(233, "madvise", ParameterKind.ADDRESS, ParameterKind.SIZE, ParameterKind.ADVICE);
    }

    @Override
    protected SpaceLock.Mode locking() {
        return SpaceLock.Mode.EXCLUSIVE;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        MemoryAdvice advice = MemoryAdvice.of((int) call.argument(2));
        if (advice == null) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        call.process().space().advise(call.argument(0), call.argument(1), advice);
        return 0;
    }
}
