package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.OpenFile;

/** lseek(fd, offset, whence). */
final class Seek extends SystemCall {
    Seek() {
        super(62, "lseek", ParameterKind.NUMBER, ParameterKind.NUMBER, ParameterKind.WHENCE);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        OpenFile file = call.file(0);
        int whence = (int) call.argument(2);
        if (whence < OpenFile.SEEK_SET || whence > OpenFile.SEEK_HOLE) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        return file.seek(call.argument(1), whence);
    }
}
