package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.DescriptorTable;

/** fcntl(fd, command, argument). Commands: Linux, include/uapi/asm-generic/fcntl.h. */
final class FileControl extends SystemCall {
    static final int F_DUPFD = 0;
    static final int F_GETFD = 1;
    static final int F_SETFD = 2;
    static final int F_GETFL = 3;
    static final int F_SETFL = 4;
    static final int F_DUPFD_CLOEXEC = 1030;
    static final int FD_CLOEXEC = 1;

    FileControl() {
        super(25, "fcntl", ParameterKind.NUMBER, ParameterKind.FCNTL_COMMAND, ParameterKind.FCNTL_ARGUMENT);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int descriptor = (int) call.argument(0);
        int argument = (int) call.argument(2);
        DescriptorTable descriptors = call.process().descriptors();
        return switch ((int) call.argument(1)) {
            case F_DUPFD -> Duplicate.copyTo(call, argument, false);
            case F_DUPFD_CLOEXEC -> Duplicate.copyTo(call, argument, true);
            case F_GETFD -> descriptors.closesOnExec(descriptor) ? FD_CLOEXEC : 0;
            case F_SETFD -> {
                descriptors.setClosesOnExec(descriptor, (argument & FD_CLOEXEC) != 0);
                yield 0;
            }
            case F_GETFL -> call.place(0).statusFlags();
            case F_SETFL -> {
                call.file(0).setStatusFlags(argument);
                yield 0;
            }
            default -> {
                call.file(0);
                throw KernelError.INVALID_ARGUMENT.exception();
            }
        };
    }
}
