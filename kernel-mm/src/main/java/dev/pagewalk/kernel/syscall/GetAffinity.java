package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.process.Task;

/**
 * sched_getaffinity(tid, size of the mask, mask): on which harts a task may run. The result is the number of bytes written,
 * those of the kernel's mask. Source: Linux, kernel/sched/syscalls.c.
 */
final class GetAffinity extends SystemCall {
    GetAffinity() {
        super(123, "sched_getaffinity", ParameterKind.NUMBER, ParameterKind.SIZE, ParameterKind.OLD_HART_MASK);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        long lengthBytes = call.argument(1) & 0xFFFF_FFFFL;
        if (lengthBytes == 0 || lengthBytes % Long.BYTES != 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        Task task = SetAffinity.task(call);
        UserWords.writeLong(call, call.argument(2), task.affinity() & SetAffinity.existingHarts(call));
        return Long.BYTES;
    }
}
