package dev.pagewalk.kernel.lifecycle;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfReader;
import dev.pagewalk.images.elf.ImageFormatException;
import dev.pagewalk.kernel.debug.DebugHook;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.file.InodeKind;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.kernel.process.ProgramLoader;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.signal.AlternateStack;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.MemoryServices;
import dev.pagewalk.kernel.space.UserLayout;

/**
 * Puts a program into a new address space: for the first process, and for execve, where the old space goes only after the
 * new one stands (S23). So an execve that fails changes nothing. Source: Linux, fs/exec.c, {@code begin_new_exec}.
 */
public final class ExecProgram {
    /** A larger file is no program: its bytes are read as a whole. */
    private static final long LARGEST_PROGRAM_BYTES = 64 << 20;

    /** The permissions to execute, of which one is enough for user 0. */
    private static final int EXECUTABLE = 0111;

    private final MemoryServices memoryServices;
    private final UserLayout layout;
    private final ProgramLoader loader;
    private final Scheduler scheduler;
    private final FileSystem files;
    private final ProcessTable processes;
    private final EndProcess ends;
    private final DebugHook debugger;
    private final Trampoline trampoline;

    public ExecProgram(
            MemoryServices memoryServices,
            UserLayout layout,
            ProgramLoader loader,
            Scheduler scheduler,
            FileSystem files,
            ProcessTable processes,
            EndProcess ends,
            DebugHook debugger) {
        this.debugger = debugger;
        this.memoryServices = memoryServices;
        this.layout = layout;
        this.loader = loader;
        this.scheduler = scheduler;
        this.files = files;
        this.processes = processes;
        this.ends = ends;
        this.trampoline = new Trampoline(files);
    }

    /** A program in a space of its own that has not run yet. */
    public record NewProgram(AddressSpace space, ProgramLoader.Start start) {}

    /**
     * Loads a program.
     *
     * @param file holds the image's bytes
     * @throws ProgramException where it does not fit user space
     * @throws KernelException OUT_OF_MEMORY; after either nothing of it stays
     */
    public NewProgram load(ElfImage image, Inode file, ProgramArguments program)
            throws ProgramException, KernelException {
        AddressSpace space = null;
        NewProgram loaded = null;
        try {
            space = AddressSpace.create(memoryServices, layout);
            loaded = new NewProgram(space, loader.load(image, file, program, space));
            trampoline.mapInto(space);
            return loaded;
        } finally {
            if (loaded == null && space != null) {
                space.destroy();
            }
        }
    }

    /**
     * execve: the task goes on in the new program, once its siblings have ended; the old space is taken down afterwards, step
     * by step.
     *
     * @return the work that leads into the program where siblings have still to end; null where the task is in it
     * @throws KernelException whatever is wrong with the path, the file or the memory; the old program goes on
     */
    public KernelWork exec(Hart hart, Task task, String path, ProgramArguments program) throws KernelException {
        if (task.process().wantsEndOf(task)) {
            throw KernelError.TRY_AGAIN.exception();
        }
        Inode file = files.find(task.process().pathBase(), path);
        if (file.kind() != InodeKind.REGULAR || (file.status().mode() & EXECUTABLE) == 0) {
            throw KernelError.PERMISSION_DENIED.exception();
        }
        NewProgram started;
        try {
            started = load(ElfReader.read(bytes(file)), file, program);
        } catch (ProgramException | ImageFormatException unfit) {
            throw KernelError.NOT_EXECUTABLE.exception();
        }
        task.process().beginExec(task, started.space(), file);
        ends.endSiblings(task);
        if (isAlone(task)) {
            enter(hart, task, started.start());
            return null;
        }
        return new KernelWork.EnterProgram(started.start());
    }

    /** Whether a task can enter the program that it has begun to execute. */
    public static boolean isAlone(Task task) {
        return task.process().tasks().size() == 1;
    }

    /** The process is to end before it could enter the program: nothing of that stays. */
    public void abandon(Task task) {
        task.process().nextSpace().destroy();
        task.process().endExec();
        task.setWork(null);
    }

    /** The whole file; its pages come into RAM only when the program touches them. */
    private static byte[] bytes(Inode file) throws KernelException {
        if (file.sizeBytes() > LARGEST_PROGRAM_BYTES) {
            throw KernelError.NOT_EXECUTABLE.exception();
        }
        byte[] bytes = new byte[(int) file.sizeBytes()];
        file.peek(0, bytes, 0, bytes.length);
        return bytes;
    }

    /** The task, which is alone, goes on in the program that it has begun to execute. */
    public void enter(Hart hart, Task task, ProgramLoader.Start start) {
        Process process = task.process();
        ends.leaveMemory(task);
        ForkProcess.release(process, processes, scheduler);
        process.setExecutable(process.nextExecutable());
        process.enterNextSpace();
        processes.makeLeader(task);
        process.signalActions().resetHandlers();
        process.descriptors().closeForExec();
        task.signals().setAlternateStack(AlternateStack.NONE);
        task.startAt(start);
        process.setInitialStackPointer(start.stackPointer());
        task.loadRegisters(hart);
        scheduler.loadSpace(hart);
        if (process.discardedSpace() == null) {
            task.setWork(null);
        } else {
            process.discardedSpace().retire();
            task.setWork(new KernelWork.Discard());
        }
        debugger.enteredProgram(task);
    }

    /** Takes the next part of the old space down. */
    public void discardStep(Task task) {
        AddressSpace old = task.process().discardedSpace();
        if (old.destroyStep()) {
            task.process().forgetDiscardedSpace();
            task.setWork(null);
        }
    }
}
