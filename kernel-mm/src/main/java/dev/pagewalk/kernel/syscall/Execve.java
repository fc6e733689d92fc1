package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.process.ProgramArguments;
import java.util.ArrayList;
import java.util.List;

/** execve(path, argv, envp): another program in the same process (S3, S23). */
final class Execve extends SystemCall {
    /** Linux, include/uapi/linux/binfmts.h, MAX_ARG_STRLEN. */
    private static final int LONGEST_STRING_BYTES = 128 << 10;

    /** Linux, fs/exec.c: what all strings together may take of the stack's limit, pointers included. */
    private static final int SHARE_OF_STACK = 4;

    Execve() {
        super(221, "execve", ParameterKind.PATH, ParameterKind.ARGUMENTS, ParameterKind.ENVIRONMENT);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        String path = UserStrings.readPath(call, call.argument(0));
        Budget budget = new Budget(call.space().layout().stackLimitBytes() / SHARE_OF_STACK);
        List<byte[]> arguments = strings(call, call.argument(1), budget);
        List<byte[]> environment = strings(call, call.argument(2), budget);
        KernelWork rest = call.services()
                .execs()
                .exec(call.hart(), call.task(), path, new ProgramArguments(arguments, environment));
        if (rest == null) {
            call.keepRegisters();
        } else {
            call.leaveWork(rest);
        }
        return 0;
    }

    /** A null-terminated array of strings; Linux takes a null pointer for an empty one. */
    private static List<byte[]> strings(CallContext call, long address, Budget budget) throws KernelException {
        List<byte[]> strings = new ArrayList<>();
        if (address == 0) {
            return strings;
        }
        for (long slot = address; ; slot += Long.BYTES) {
            long pointer = UserWords.readLong(call, slot);
            if (pointer == 0) {
                return strings;
            }
            byte[] string = UserStrings.read(call, pointer, LONGEST_STRING_BYTES, KernelError.ARGUMENTS_TOO_LONG);
            budget.take(string.length + 1 + Long.BYTES);
            strings.add(string);
        }
    }

    /** What of the room for arguments and environment is left. */
    private static final class Budget {
        private long leftBytes;

        Budget(long bytes) {
            leftBytes = bytes;
        }

        void take(int bytes) throws KernelException {
            leftBytes -= bytes;
            if (leftBytes < 0) {
                throw KernelError.ARGUMENTS_TOO_LONG.exception();
            }
        }
    }
}
