package dev.pagewalk.kernel.syscall;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.Errno;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.space.SpaceLock;
import dev.pagewalk.mmu.state.Snapshotable;
import it.unimi.dsi.fastutil.longs.Long2ObjectMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.objects.Object2LongRBTreeMap;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Consumer;

/** The door from guests to the kernel: finds the call by its number, executes it, hands the result back. */
public final class SystemCalls implements Snapshotable {
    /** Linux has no call beyond; a guest cannot fill the host's memory with names. */
    private static final long HIGHEST_NUMBER = 1023;

    private final Long2ObjectMap<SystemCall> byNumber = new Long2ObjectOpenHashMap<>();
    private final Object2LongRBTreeMap<String> counts = new Object2LongRBTreeMap<>();
    private final CallContext context;
    private final Consumer<String> log;
    private final SystemCallTracer tracer;

    /**
     * @param log takes a line about each unknown call, once
     * @param tracer null where nobody wants a trace
     */
    public SystemCalls(CallContext context, Consumer<String> log, SystemCallTracer tracer) {
        this.context = context;
        this.log = log;
        this.tracer = tracer;
        for (SystemCall call : List.of(
                new WorkingDirectory(),
                new Duplicate(),
                new DuplicateTo(),
                new FileControl(),
                new DeviceControl(),
                new UnlinkAt(),
                new Truncate(),
                new OpenAt(),
                new Close(),
                new MakePipe(),
                new Seek(),
                new Read(),
                new Write(),
                new ReadVector(),
                new WriteVector(),
                new ReadAt(),
                new WriteAt(),
                new StatusAt(),
                new Status(),
                new Exit(),
                new ExitGroup(),
                new SetTidAddress(),
                new ClockGetTime(),
                new ClockGetResolution(),
                new GetTimeOfDay(),
                Sleep.plain(),
                Sleep.onClock(),
                new Futex(),
                new SetRobustList(),
                new SetAffinity(),
                new GetAffinity(),
                new SchedulerYield(),
                new GetCpu(),
                new GetRandom(),
                new MemoryBarrier(),
                SignalTask.anywhere(),
                SignalTask.inProcess(),
                new GetPid(),
                new Brk(),
                new Munmap(),
                new Mremap(),
                new Mmap(),
                new Mprotect(),
                new Clone(),
                new Execve(),
                new Wait4(),
                new GetParentPid(),
                new GetThreadId(),
                new Kill(),
                new SignalActionCall(),
                new SignalMaskCall(),
                new SignalPendingCall(),
                new SignalSuspendCall(),
                new SignalReturnCall(),
                new SignalStackCall(),
                new Msync(),
                Mlock.plain(),
                Mlock.withFlags(),
                new Munlock(),
                new Mlockall(),
                new Munlockall(),
                new Mincore(),
                new Madvise())) {
            byNumber.put(call.number(), call);
        }
    }

    /** How often each call was made, by name. */
    public SortedMap<String, Long> counts() {
        return Collections.unmodifiableSortedMap(counts);
    }

    /** What the call that a hart's registers ask for is called. */
    public String name(Hart hart) {
        SystemCall call = byNumber.get(CallContext.number(hart));
        return call == null ? "unknown system call" : call.name();
    }

    /** How the call that a hart's registers ask for needs the lock of its address space; null where not at all. */
    public SpaceLock.Mode locking(Hart hart) {
        SystemCall call = byNumber.get(CallContext.number(hart));
        return call == null ? null : call.locking(hart);
    }

    /** Executes the call that a task's registers ask for; the context says afterwards what else it wants. */
    public CallContext handle(Hart hart, Task task) {
        context.enter(hart, task);
        task.beginCall();
        SystemCall call = byNumber.get(context.number());
        if (call == null) {
            refuse();
        } else {
            counts.addTo(call.name(), 1);
            execute(call);
        }
        return context;
    }

    /**
     * Executes a call once more: it is the same call, so it is not counted again.
     *
     * @param hasWaited as {@link KernelWork.Retry} has it
     */
    public CallContext retry(Hart hart, Task task, boolean hasWaited) {
        if (task.isDecided()) {
            complete(hart, task, task.decidedResult());
        } else {
            context.enterAgain(hart, task, hasWaited);
            execute(byNumber.get(context.number()));
        }
        return context;
    }

    /**
     * A handler interrupts a call that waits: it has the result of what it has done so far, or is to be made again after the
     * handler, or fails.
     *
     * @param restarts whether the guest wants calls to be made again
     * @return whether it is to be made again
     */
    public boolean interrupt(Hart hart, Task task, boolean restarts) {
        context.enterAgain(hart, task, true);
        context.services().futexes().forget(task);
        if (task.transferredBytes() > 0) {
            complete(hart, task, task.transferredBytes());
            return false;
        }
        SystemCall call = byNumber.get(context.number());
        if (restarts && call.isRestartable(context)) {
            return true;
        }
        long result = Errno.EINTR.asResult();
        try {
            call.interrupt(context);
        } catch (KernelException failure) {
            result = failure.error().errno().asResult();
        }
        complete(hart, task, result);
        return false;
    }

    /** The work that a call has left is done: the call has its result. */
    public void complete(Hart hart, Task task, long result) {
        context.enter(hart, task);
        SystemCall call = byNumber.get(context.number());
        TracedCall traced = tracer == null ? null : tracer.describe(call, context);
        context.setResult(result);
        if (tracer != null) {
            tracer.completed(traced, context, result);
        }
    }

    /** A call that waits will never have a result: its process ends. */
    public void abandon(Hart hart, Task task) {
        if (tracer != null) {
            context.enter(hart, task);
            tracer.unfinished(tracer.describe(byNumber.get(context.number()), context));
        }
    }

    private void execute(SystemCall call) {
        TracedCall traced = tracer == null ? null : tracer.describe(call, context);
        long result;
        try {
            result = call.execute(context);
        } catch (KernelException failure) {
            if (mustTryAgain(failure.error())) {
                context.leaveWork(new KernelWork.Retry(context.isRetry()));
                return;
            }
            long done = context.task().transferredBytes();
            result = done > 0 ? done : failure.error().errno().asResult();
        }
        if (context.waitsFor() != null || context.hasLeftWork()) {
            return;
        }
        if (!context.isExiting() && !context.keepsRegisters()) {
            context.setResult(result);
        }
        if (tracer != null) {
            tracer.completed(traced, context, result);
        }
    }

    /** Whether a call that has failed, and changed nothing, may succeed once harts have flushed what they have still to flush. */
    private boolean mustTryAgain(KernelError error) {
        return switch (error) {
            case STILL_CACHED -> true;
            // A buffer is a bad address, too, where there is no frame to be had for it.
            case OUT_OF_MEMORY, INVALID_ADDRESS ->
                context.task().transferredBytes() == 0
                        && !context.services().shootdowns().settleAll();
            default -> false;
        };
    }

    private void refuse() {
        long number = context.number();
        boolean plausible = number >= 0 && number <= HIGHEST_NUMBER;
        String name = plausible ? "syscall_" + number : "syscall_out_of_range";
        if (counts.addTo(name, 1) == 0) {
            log.accept("process " + context.process().pid() + " made system call " + number
                    + ", which is not implemented: it gets ENOSYS");
        }
        if (tracer != null) {
            tracer.refused(context, name);
        }
        context.setResult(Errno.ENOSYS.asResult());
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(counts.size());
        counts.forEach((name, count) -> {
            out.writeUTF(name);
            out.writeLong(count);
        });
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        counts.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            counts.put(in.readUTF(), in.readLong());
        }
    }
}
