package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.OpenFile;

/** pread64(fd, buffer, count, offset): a read that leaves the file's offset alone. */
final class ReadAt extends SystemCall {
    ReadAt() {
        super(67, "pread64", ParameterKind.NUMBER, ParameterKind.BYTES_OUT, ParameterKind.SIZE, ParameterKind.NUMBER);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        OpenFile file = fileAt(call, call.argument(3));
        FileReading.requireReadable(file);
        return FileReading.readAt(file, call.argument(3), UserBuffers.one(call, call.argument(1), call.argument(2)));
    }

    /**
     * The file that the first argument names, which must have offsets.
     *
     * @throws KernelException INVALID_ARGUMENT, BAD_DESCRIPTOR, NOT_SEEKABLE
     */
    static OpenFile fileAt(CallContext call, long offset) throws KernelException {
        if (offset < 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        OpenFile file = call.file(0);
        if (!file.isSeekable()) {
            throw KernelError.NOT_SEEKABLE.exception();
        }
        return file;
    }
}
