package dev.pagewalk.kernel.syscall;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.process.CloneRequest;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.space.SpaceLock;

/**
 * clone(flags, stack, parent's tid address, tls, child's tid address): a process with a copy of the caller's memory (S19,
 * S38), a process in the caller's memory, or a thread of the caller's process (S25). Threads share everything, processes
 * nothing but memory; who wants something between is refused. Source: Linux, kernel/fork.c, {@code copy_process}.
 */
final class Clone extends SystemCall {
    /** What changes nothing here: nobody changes directories, has semaphores or I/O priorities, or is traced. */
    private static final long WITHOUT_MEANING = CloneRequest.SHARED_DIRECTORY
            | CloneRequest.SHARED_SEMAPHORES
            | CloneRequest.DETACHED
            | CloneRequest.UNTRACED
            | CloneRequest.SHARED_IO;

    private static final long FOR_ANY = CloneRequest.EXIT_SIGNAL
            | CloneRequest.SHARED_MEMORY
            | CloneRequest.VFORK
            | CloneRequest.SET_THREAD_POINTER
            | CloneRequest.PARENT_SETTID
            | CloneRequest.CHILD_CLEARTID
            | CloneRequest.CHILD_SETTID
            | WITHOUT_MEANING;

    private static final long OF_THREADS = CloneRequest.THREAD
            | CloneRequest.SHARED_MEMORY
            | CloneRequest.SHARED_HANDLERS
            | CloneRequest.SHARED_DESCRIPTORS;

    Clone() {
        super(
                220,
                "clone",
                ParameterKind.CLONE_FLAGS,
                ParameterKind.ADDRESS,
                ParameterKind.ADDRESS,
                ParameterKind.ADDRESS,
                ParameterKind.ADDRESS);
    }

    /** A copy of the memory is made of one that does not change meanwhile; whoever shares it only looks where to tell tids. */
    @Override
    protected SpaceLock.Mode locking(Hart hart) {
        boolean shares = (CallContext.argument(hart, 0) & CloneRequest.SHARED_MEMORY) != 0;
        return shares ? SpaceLock.Mode.SHARED : SpaceLock.Mode.EXCLUSIVE;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        CloneRequest request = new CloneRequest(
                call.argument(0), call.argument(1), call.argument(2), call.argument(3), call.argument(4));
        requireSupported(request);
        if (request.has(CloneRequest.THREAD)) {
            return call.services().threads().start(call.hart(), call.task(), request);
        }
        if (!request.has(CloneRequest.SHARED_MEMORY)) {
            call.leaveWork(call.services().forks().begin(call.task(), request));
            return 0;
        }
        int childPid = call.services().forks().share(call.hart(), call.task(), request);
        if (request.has(CloneRequest.VFORK)) {
            call.leaveWork(new KernelWork.AwaitChild(childPid));
        }
        return childPid;
    }

    private static void requireSupported(CloneRequest request) throws KernelException {
        boolean supported = request.has(CloneRequest.THREAD)
                ? request.has(OF_THREADS)
                        && !request.has(CloneRequest.VFORK)
                        && (request.flags() & ~(FOR_ANY | OF_THREADS)) == 0
                : (request.flags() & CloneRequest.EXIT_SIGNAL) == Signal.SIGCHLD.number()
                        && (request.flags() & ~FOR_ANY) == 0;
        if (!supported) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
    }
}
