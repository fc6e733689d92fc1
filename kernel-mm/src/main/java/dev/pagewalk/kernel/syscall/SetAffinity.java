package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.shootdown.HartBits;
import java.util.Arrays;

/**
 * sched_setaffinity(tid, size of the mask, mask): on which harts a task may run; 0 for the caller's. Source: Linux,
 * kernel/sched/syscalls.c.
 */
final class SetAffinity extends SystemCall {
    SetAffinity() {
        super(122, "sched_setaffinity", ParameterKind.NUMBER, ParameterKind.SIZE, ParameterKind.HART_MASK);
    }

    /** The bits of harts that there are. */
    static long existingHarts(CallContext call) {
        return HartBits.first(call.services().nodes().harts());
    }

    /** @throws KernelException NO_PROCESS */
    static Task task(CallContext call) throws KernelException {
        int tid = (int) call.argument(0);
        Task task = tid == 0 ? call.task() : call.services().processes().findTask(tid);
        if (task == null) {
            throw KernelError.NO_PROCESS.exception();
        }
        return task;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        // What is missing is 0, and what is beyond the harts that a machine can have is ignored.
        int lengthBytes = (int) Math.min(Long.BYTES, call.argument(1) & 0xFFFF_FFFFL);
        byte[] given = new byte[lengthBytes];
        call.userMemory().copyAllFromUser(call.space(), call.argument(2), given);
        long mask = UserWords.allocate(Long.BYTES)
                .put(0, Arrays.copyOf(given, Long.BYTES))
                .getLong();
        Task task = task(call);
        long harts = mask & existingHarts(call);
        if (harts == 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        call.services().scheduler().setAffinity(task, harts);
        return 0;
    }
}
