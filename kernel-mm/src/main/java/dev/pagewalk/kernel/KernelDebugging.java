package dev.pagewalk.kernel;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.debug.DebugEvents;
import dev.pagewalk.kernel.debug.DebugHook;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.file.InodeKind;
import dev.pagewalk.kernel.lifecycle.SignalSender;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.TaskState;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.kernel.signal.SignalSet;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.Region;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.Set;

/**
 * The kernel's door for a debugger: it learns of events, looks at processes, and intervenes, in the machine's thread while the machine
 * stands still.
 *
 * <p>To look changes nothing. To intervene takes no simulated time, and is an input like what somebody types: the same
 * interventions at the same positions of the run have the same effects.
 */
public final class KernelDebugging {
    private static final int REGISTERS = 32;
    private static final int AUXILIARY_ENTRY_BYTES = 16;
    private static final long END_OF_VECTOR = 0;

    private final Machine machine;
    private final CostMeter meter;
    private final ProcessTable processes;
    private final Scheduler scheduler;
    private final SignalSender signals;
    private final UserMemory userMemory;
    private final FileSystem files;
    private final DebugHook hook;

    KernelDebugging(
            Machine machine,
            CostMeter meter,
            ProcessTable processes,
            Scheduler scheduler,
            SignalSender signals,
            UserMemory userMemory,
            FileSystem files,
            DebugHook hook) {
        this.machine = machine;
        this.meter = meter;
        this.processes = processes;
        this.scheduler = scheduler;
        this.signals = signals;
        this.userMemory = userMemory;
        this.files = files;
        this.hook = hook;
    }

    /** Names who is told of events; null for nobody. */
    public void connect(DebugEvents events) {
        hook.connect(events);
    }

    /** The process with a pid; null where there is none, not even a zombie. */
    public Process process(int pid) {
        return processes.find(pid);
    }

    /** The task with a tid; null where there is none. */
    public Task task(int tid) {
        return processes.findTask(tid);
    }

    /** The task whose registers a hart has; null where it has none. */
    public Task taskOn(Hart hart) {
        return scheduler.current(hart);
    }

    /** The task on whose behalf the kernel's step uses the memory of a process; the process's first task where it is of another one. */
    public Task workerFor(Process process) {
        Task task = meter.hart() == null ? null : scheduler.current(meter.hart());
        return task != null && task.process() == process ? task : process.leader();
    }

    /** The hart that has a task's registers; null where none has. */
    public Hart hartOf(Task task) {
        int hartId = task.hartId();
        Hart hart = hartId < 0 ? null : machine.harts().get(hartId);
        return hart != null && scheduler.current(hart) == task ? hart : null;
    }

    /** A register of a task's; 0 to 31. */
    public long register(Task task, int number) {
        Hart hart = hartOf(task);
        return hart == null ? task.register(number) : hart.x[number];
    }

    /** Where a task goes on, or which of its instructions has trapped. */
    public long pc(Task task) {
        Hart hart = hartOf(task);
        return hart == null ? task.pc() : hart.pc;
    }

    /** Changes a register of a task's; 0 to 31, of which 0 stays 0. */
    public void setRegister(Task task, int number, long value) {
        if (number < 0 || number >= REGISTERS) {
            throw new IllegalArgumentException("no register x" + number);
        }
        Hart hart = hartOf(task);
        if (number == 0) {
            return;
        }
        if (hart == null) {
            task.setRegister(number, value);
        } else {
            hart.x[number] = value;
        }
    }

    /** Lets a task go on elsewhere. */
    public void setPc(Task task, long address) {
        Hart hart = hartOf(task);
        if (hart == null) {
            task.setPc(address);
        } else {
            hart.pc = address;
            hart.staysOnPage = false;
        }
    }

    /**
     * Writes into a process's memory, whatever its protection; private pages that have other owners are copied first. No hart
     * sees what was there before.
     *
     * @throws KernelException INVALID_ADDRESS where a byte is not mapped, or is a device's; OUT_OF_MEMORY. A first part may be
     *     written.
     */
    public void write(Process process, long address, byte[] bytes) throws KernelException {
        AddressSpace space = process.space();
        UserMemory.checkRange(space, address, bytes.length);
        long at = address;
        while (at < address + bytes.length) {
            Region region = space.regions().find(at);
            if (region == null || region.isDevice()) {
                throw KernelError.INVALID_ADDRESS.exception();
            }
            at = region.end();
        }
        meter.workOutsideTime(machine.longestCycle());
        userMemory.initialize(space, address, ByteBuffer.wrap(bytes));
    }

    /**
     * Sends a signal to a task, as tgkill(2) does.
     *
     * @return whether there is such a signal
     */
    public boolean send(Task task, int signal) {
        if (signal < 1 || signal > SignalSet.HIGHEST) {
            return false;
        }
        meter.workOutsideTime(machine.longestCycle());
        signals.send(task, SignalInfo.sentToTask(signal, 0));
        enterKernel(task);
        return true;
    }

    /** Ends a process as SIGKILL does. */
    public void kill(Process process) {
        meter.workOutsideTime(machine.longestCycle());
        signals.send(process, SignalInfo.sent(Signal.SIGKILL.number(), 0));
        process.tasks().forEach(this::enterKernel);
    }

    /**
     * Keeps tasks from executing their programs, and lets all others. What they do in the kernel goes on.
     *
     * @param tids of tasks; others mean nothing
     */
    public void suspend(Set<Integer> tids) {
        meter.workOutsideTime(machine.longestCycle());
        for (Process process : processes.all()) {
            for (Task task : process.tasks()) {
                boolean suspends = tids.contains(task.tid());
                if (task.isSuspended() != suspends) {
                    scheduler.setSuspended(task, suspends);
                    if (suspends) {
                        enterKernel(task);
                    }
                }
            }
        }
    }

    /** A hart that executes the program of a task comes into the kernel before the next instruction, to look what has changed. */
    private void enterKernel(Task task) {
        if (task.state() == TaskState.RUNNING) {
            Hart hart = machine.harts().get(task.hartId());
            if (hart.phase() == HartPhase.RUNNING) {
                machine.raise(hart.id(), InterruptLine.EXTERNAL, hart.cycle);
            }
        }
    }

    /** The auxiliary vector of a process's program, as it stands on its stack; empty where the program has destroyed it. */
    public byte[] auxiliaryVector(Process process) {
        long address = process.initialStackPointer();
        long argumentPointers = Math.max(0, word(process, address)) + 1;
        address += Long.BYTES * (1 + argumentPointers);
        while (word(process, address) != 0) {
            address += Long.BYTES;
        }
        address += Long.BYTES;
        long end = address;
        while (word(process, end) != END_OF_VECTOR) {
            end += AUXILIARY_ENTRY_BYTES;
        }
        return userMemory.peek(process.space(), address, (int) (end + AUXILIARY_ENTRY_BYTES - address));
    }

    /** What lies beyond the stack reads as 0, which ends every vector. */
    private long word(Process process, long address) {
        byte[] bytes = userMemory.peek(process.space(), address, Long.BYTES);
        return bytes.length < Long.BYTES || address < 0
                ? 0
                : ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** The path of a process's program. */
    public String programPath(Process process) {
        Inode program = process.executable();
        String path = program == null ? null : files.pathsByInode().get(program.number());
        return path == null ? "" : path;
    }

    /** The bytes of a plain file as a process would find it; empty where there is none. */
    public Optional<byte[]> file(Process process, String path) {
        try {
            Inode inode = files.find(process.pathBase(), path);
            return inode.kind() == InodeKind.REGULAR ? Optional.of(contentOf(inode)) : Optional.empty();
        } catch (KernelException noFile) {
            return Optional.empty();
        }
    }

    private static byte[] contentOf(Inode inode) {
        byte[] content = new byte[(int) Math.min(inode.sizeBytes(), FileSystem.MAX_PRELOADED_BYTES)];
        inode.peek(0, content, 0, content.length);
        return content;
    }
}
