package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.kernel.space.SpaceLock;
import java.util.List;

/**
 * kill(pid, signal). All processes are one group, which the first process leads: pid 0 and -1 × its pid mean them all; -1
 * means all but the first process and the caller. Source: kill(2).
 */
final class Kill extends SystemCall {
    private static final int ALL = -1;

    Kill() {
        super(129, "kill", ParameterKind.NUMBER, ParameterKind.SIGNAL);
    }

    @Override
    protected SpaceLock.Mode locking() {
        return null;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int pid = (int) call.argument(0);
        int signal = (int) call.argument(1);
        if (signal < 0 || signal > Signal.HIGHEST) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        List<Process> targets = targets(call, pid);
        if (targets.isEmpty()) {
            throw KernelError.NO_PROCESS.exception();
        }
        if (signal != 0) {
            SignalInfo info = SignalInfo.sent(signal, call.process().pid());
            targets.forEach(target -> call.services().signals().send(target, info));
        }
        return 0;
    }

    private static List<Process> targets(CallContext call, int pid) {
        ProcessTable processes = call.services().processes();
        if (pid > 0) {
            Process target = processes.find(pid);
            return target == null ? List.of() : List.of(target);
        }
        if (pid == ALL) {
            return processes.all().stream()
                    .filter(process -> process.pid() != ProcessTable.FIRST_PID && process != call.process())
                    .toList();
        }
        return pid == 0 || pid == -ProcessTable.FIRST_PID ? List.copyOf(processes.all()) : List.of();
    }
}
