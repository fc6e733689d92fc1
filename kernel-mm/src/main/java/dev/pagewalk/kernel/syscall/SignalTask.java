package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.kernel.space.SpaceLock;

/** tgkill(pid, tid, signal) and tkill(tid, signal): for one task alone. Source: Linux, kernel/signal.c, {@code do_tkill}. */
final class SignalTask extends SystemCall {
    private final boolean hasPid;

    private SignalTask(int number, String name, boolean hasPid, ParameterKind... parameters) {
        super(number, name, parameters);
        this.hasPid = hasPid;
    }

    static SignalTask inProcess() {
        return new SignalTask(131, "tgkill", true, ParameterKind.NUMBER, ParameterKind.NUMBER, ParameterKind.SIGNAL);
    }

    static SignalTask anywhere() {
        return new SignalTask(130, "tkill", false, ParameterKind.NUMBER, ParameterKind.SIGNAL);
    }

    @Override
    protected SpaceLock.Mode locking() {
        return null;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int tid = (int) call.argument(hasPid ? 1 : 0);
        int signal = (int) call.argument(hasPid ? 2 : 1);
        if (tid <= 0 || hasPid && (int) call.argument(0) <= 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        Task task = call.services().processes().findTask(tid);
        if (task == null || hasPid && task.process().pid() != (int) call.argument(0)) {
            throw KernelError.NO_PROCESS.exception();
        }
        if (signal < 0 || signal > Signal.HIGHEST) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if (signal != 0) {
            SignalInfo info = SignalInfo.sentToTask(signal, call.process().pid());
            call.services().signals().send(task, info);
        }
        return 0;
    }
}
