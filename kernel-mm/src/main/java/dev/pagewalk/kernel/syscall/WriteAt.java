package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.OpenFile;

/** pwrite64(fd, buffer, count, offset): a write that leaves the file's offset alone. */
final class WriteAt extends SystemCall {
    WriteAt() {
        super(68, "pwrite64", ParameterKind.NUMBER, ParameterKind.BYTES_IN, ParameterKind.SIZE, ParameterKind.NUMBER);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        OpenFile file = ReadAt.fileAt(call, call.argument(3));
        FileWriting.requireWritable(file);
        return FileWriting.writeAt(file, call.argument(3), UserBuffers.one(call, call.argument(1), call.argument(2)));
    }
}
