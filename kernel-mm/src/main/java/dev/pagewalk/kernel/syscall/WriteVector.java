package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.OpenFile;

/** writev(fd, buffers, number of buffers). */
final class WriteVector extends SystemCall {
    WriteVector() {
        super(66, "writev", ParameterKind.NUMBER, ParameterKind.ADDRESS, ParameterKind.SIZE);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        OpenFile file = FileWriting.file(call, 0);
        return FileWriting.write(call, file, UserBuffers.several(call, call.argument(1), call.argument(2)));
    }
}
