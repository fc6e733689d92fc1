package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.OpenFile;

/** read(fd, buffer, count). */
final class Read extends SystemCall {
    Read() {
        super(63, "read", ParameterKind.NUMBER, ParameterKind.BYTES_OUT, ParameterKind.SIZE);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        OpenFile file = FileReading.file(call, 0);
        return FileReading.read(call, file, UserBuffers.one(call, call.argument(1), call.argument(2)));
    }
}
