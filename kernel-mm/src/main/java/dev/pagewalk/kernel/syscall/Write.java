package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;

/** write(fd, buffer, count) to the console, which is descriptors 1 and 2. */
final class Write extends SystemCall {
    /**
     * One call writes no more than this and returns a short count, so that no kernel step lasts long. Linux's limit is 2
     * GiB.
     */
    private static final int LIMIT_BYTES = 16 << 20;

    private static final int PIECE_BYTES = 4096;

    Write() {
        super(64, "write", ParameterKind.NUMBER, ParameterKind.BYTES_IN, ParameterKind.SIZE);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int descriptor = (int) call.argument(0);
        if (descriptor != 1 && descriptor != 2) {
            throw KernelError.BAD_DESCRIPTOR.exception();
        }
        long address = call.argument(1);
        long count = call.argument(2);
        UserMemory.checkRange(call.process().space(), address, count);
        int length = (int) Math.min(count, LIMIT_BYTES);
        byte[] piece = new byte[PIECE_BYTES];
        int written = 0;
        do {
            int part = Math.min(length - written, PIECE_BYTES);
            int copied;
            try {
                copied = call.userMemory().copyFromUser(call.process().space(), address + written, piece, part);
            } catch (KernelException fault) {
                if (written == 0) {
                    throw fault;
                }
                return written;
            }
            call.console().write(piece, 0, copied);
            written += copied;
            if (copied < part) {
                return written;
            }
        } while (written < length);
        return written;
    }
}
