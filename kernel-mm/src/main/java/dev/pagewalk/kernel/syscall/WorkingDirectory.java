package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** getcwd(buffer, size): returns the length of the path with its terminator. */
final class WorkingDirectory extends SystemCall {
    WorkingDirectory() {
        super(17, "getcwd", ParameterKind.ADDRESS, ParameterKind.SIZE);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        byte[] path = call.process().pathBase().directory().getBytes(StandardCharsets.ISO_8859_1);
        byte[] terminated = Arrays.copyOf(path, path.length + 1);
        if (Long.compareUnsigned(call.argument(1), terminated.length) < 0) {
            throw KernelError.BUFFER_TOO_SMALL.exception();
        }
        call.userMemory().copyAllToUser(call.space(), call.argument(0), terminated);
        return terminated.length;
    }
}
