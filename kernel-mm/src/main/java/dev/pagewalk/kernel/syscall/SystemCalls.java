package dev.pagewalk.kernel.syscall;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.Errno;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The door from guests to the kernel: finds the call by its number, executes it, hands the result back. */
public final class SystemCalls implements Snapshotable {
    /** Linux has no call beyond; a guest cannot fill the host's memory with names. */
    private static final long HIGHEST_NUMBER = 1023;

    private final Map<Long, SystemCall> byNumber = new HashMap<>();
    private final SortedMap<String, Long> counts = new TreeMap<>();
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
                new Read(),
                new Write(),
                Exit.thread(),
                Exit.group(),
                new ClockGetTime(),
                new GetPid(),
                new Brk(),
                new Munmap(),
                new Mmap(),
                new Mprotect())) {
            byNumber.put((long) call.number(), call);
        }
    }

    /** How often each call was made, by name. */
    public SortedMap<String, Long> counts() {
        return Collections.unmodifiableSortedMap(counts);
    }

    /** Executes the call that a hart's registers ask for; the context says afterwards whether it ends the process. */
    public CallContext handle(Hart hart, Process process) {
        context.enter(hart, process);
        SystemCall call = byNumber.get(context.number());
        if (call == null) {
            refuse();
        } else {
            execute(call);
        }
        return context;
    }

    private void execute(SystemCall call) {
        counts.merge(call.name(), 1L, Long::sum);
        String description = tracer == null ? null : tracer.describe(call, context);
        long bufferAddress = context.argument(1);
        long result;
        try {
            result = call.execute(context);
        } catch (KernelException failure) {
            result = failure.error().errno().asResult();
        }
        if (!context.isExiting()) {
            context.setResult(result);
        }
        if (tracer != null) {
            tracer.completed(description, call, context, result, bufferAddress);
        }
    }

    private void refuse() {
        long number = context.number();
        boolean plausible = number >= 0 && number <= HIGHEST_NUMBER;
        String name = plausible ? "syscall_" + number : "syscall_out_of_range";
        if (counts.merge(name, 1L, Long::sum) == 1) {
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
