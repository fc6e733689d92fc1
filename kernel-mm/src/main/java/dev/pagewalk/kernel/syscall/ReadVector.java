package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.OpenFile;

/** readv(fd, buffers, number of buffers). */
final class ReadVector extends SystemCall {
    ReadVector() {
        super(65, "readv", ParameterKind.NUMBER, ParameterKind.ADDRESS, ParameterKind.SIZE);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        OpenFile file = FileReading.file(call, 0);
        UserBuffers buffers = UserBuffers.several(call, call.argument(1), call.argument(2));
        return buffers.remainingBytes() == 0 ? 0 : FileReading.read(call, file, buffers);
    }
}
