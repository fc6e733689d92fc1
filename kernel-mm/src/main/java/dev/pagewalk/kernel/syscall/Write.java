package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.OpenFile;

/** write(fd, buffer, count). */
final class Write extends SystemCall {
    Write() {
        super(64, "write", ParameterKind.NUMBER, ParameterKind.BYTES_IN, ParameterKind.SIZE);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        OpenFile file = FileWriting.file(call, 0);
        return FileWriting.write(call, file, UserBuffers.one(call, call.argument(1), call.argument(2)));
    }
}
