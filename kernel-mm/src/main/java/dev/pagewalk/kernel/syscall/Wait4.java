package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessStage;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.WaitReason;
import dev.pagewalk.kernel.process.WaitStatus;
import dev.pagewalk.mmu.access.AccessType;
import java.nio.ByteBuffer;

/** wait4(pid, status, options, rusage): reaps a child that has ended, or learns that one was stopped (S37). */
final class Wait4 extends SystemCall {
    private static final int NO_HANG = 1;
    private static final int UNTRACED = 2;
    private static final int CONTINUED = 8;
    /** __WNOTHREAD, __WALL and __WCLONE: there are no clones that they could tell apart. */
    private static final int THREAD_OPTIONS = 0xE000_0000;

    private static final int RUSAGE_BYTES = 144;
    private static final int RUSAGE_MAX_RESIDENT = 32;
    private static final int KIB_A_PAGE = 4;

    Wait4() {
        super(
                260,
                "wait4",
                ParameterKind.WAIT_PID,
                ParameterKind.WAIT_STATUS,
                ParameterKind.WAIT_OPTIONS,
                ParameterKind.ADDRESS);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int pid = (int) call.argument(0);
        int options = (int) call.argument(2);
        if ((options & ~(NO_HANG | UNTRACED | CONTINUED | THREAD_OPTIONS)) != 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if (pid == Integer.MIN_VALUE) {
            throw KernelError.NO_PROCESS.exception();
        }
        boolean anyMatches = false;
        for (int childPid : call.process().children()) {
            if (!matches(pid, childPid)) {
                continue;
            }
            anyMatches = true;
            Process child = call.services().processes().find(childPid);
            if (child.stage() == ProcessStage.ZOMBIE) {
                return reap(call, child);
            }
            if (child.hasNews() && wantsNews(child.news(), options)) {
                report(call, child, child.news());
                child.forgetNews();
                return childPid;
            }
        }
        if (!anyMatches) {
            throw KernelError.NO_CHILD.exception();
        }
        if ((options & NO_HANG) == 0) {
            call.waitFor(new WaitReason(WaitReason.Kind.CHILD, call.process().pid()));
        }
        return 0;
    }

    /** All processes are one group, the first one's. */
    private static boolean matches(int pid, int childPid) {
        return pid == childPid || pid == -1 || pid == 0 || pid == -ProcessTable.FIRST_PID;
    }

    private static boolean wantsNews(int status, int options) {
        return (options & (status == WaitStatus.CONTINUED ? CONTINUED : UNTRACED)) != 0;
    }

    private static long reap(CallContext call, Process child) throws KernelException {
        report(call, child, child.waitStatus());
        call.services().processes().reap(child);
        return child.pid();
    }

    /** What cannot be told is not lost: the child stays as it is, and another wait learns of it. */
    private static void report(CallContext call, Process child, int status) throws KernelException {
        long statusAddress = call.argument(1);
        long usageAddress = call.argument(3);
        if (statusAddress != 0) {
            requireWritable(call, statusAddress, Integer.BYTES);
        }
        if (usageAddress != 0) {
            ByteBuffer usage = UserWords.allocate(RUSAGE_BYTES);
            usage.putLong(RUSAGE_MAX_RESIDENT, (long) child.peakUserPages() * KIB_A_PAGE);
            call.userMemory().copyAllToUser(call.space(), usageAddress, usage.array());
        }
        if (statusAddress != 0) {
            call.userMemory().copyIntToUser(call.space(), statusAddress, status);
        }
    }

    private static void requireWritable(CallContext call, long address, int lengthBytes) throws KernelException {
        if (call.userMemory().prefault(call.space(), address, lengthBytes, AccessType.STORE) < lengthBytes) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
    }
}
