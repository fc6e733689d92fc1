package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.mmu.access.AccessType;

/** read(fd, buffer, count) from the console, which is descriptor 0: up to one line a call, 0 at the end of input. */
final class Read extends SystemCall {
    /** The length of a line in canonical mode: Linux, drivers/tty/n_tty.c, {@code N_TTY_BUF_SIZE}. */
    private static final int LINE_BYTES = 4096;

    Read() {
        super(63, "read", ParameterKind.NUMBER, ParameterKind.BYTES_OUT, ParameterKind.SIZE);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        if ((int) call.argument(0) != 0) {
            throw KernelError.BAD_DESCRIPTOR.exception();
        }
        long address = call.argument(1);
        long count = call.argument(2);
        UserMemory.checkRange(call.process().space(), address, count);
        // The buffer comes first: input that has been taken can no longer be lost to a bad address.
        int wanted = (int) Math.min(count, LINE_BYTES);
        int length = call.userMemory().prefault(call.process().space(), address, wanted, AccessType.STORE);
        byte[] line = new byte[length];
        int received = call.console().readLine(line, length);
        return call.userMemory().copyToUser(call.process().space(), address, line, received);
    }
}
