package dev.pagewalk.kernel.lifecycle;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.file.GuestPath;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.file.OpenFile;
import dev.pagewalk.kernel.file.OpenFlags;
import dev.pagewalk.kernel.file.PathBase;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessStage;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.kernel.schedule.Scheduler;
import java.nio.charset.StandardCharsets;

/** The process that nobody forks: the image's own, with the console for its standard streams. */
public final class FirstProcess {
    private static final int NOBODY = 0;
    private static final int STANDARD_STREAMS = 3;

    /** Characters, each of which takes up to three of the 255 bytes that a name may have. */
    private static final int LONGEST_NAME = 80;

    private final FileSystem files;
    private final ExecProgram execs;
    private final ProcessTable processes;
    private final Scheduler scheduler;
    private final long ramBytes;

    /** @param ramBytes for the message where they are too few */
    public FirstProcess(
            FileSystem files, ExecProgram execs, ProcessTable processes, Scheduler scheduler, long ramBytes) {
        this.files = files;
        this.execs = execs;
        this.processes = processes;
        this.scheduler = scheduler;
        this.ramBytes = ramBytes;
    }

    /** Where the program stands in the file system: in /bin, under the name that it is started by. */
    public static String programPath(ProgramArguments program) {
        String name = program.arguments().isEmpty()
                ? ""
                : new String(program.arguments().get(0), StandardCharsets.UTF_8);
        String last = name.substring(name.lastIndexOf('/') + 1).replaceFirst("\\.(s|elf)$", "");
        boolean isName = !last.isEmpty()
                && !last.equals(".")
                && !last.equals("..")
                && last.getBytes(StandardCharsets.UTF_8).length <= LONGEST_NAME;
        return "/bin/" + (isName ? last : "init");
    }

    /**
     * Makes it, runnable.
     *
     * @throws ProgramException where the image does not fit user space or RAM; nothing of it stays
     */
    public void start(ElfImage image, ProgramArguments program) throws ProgramException {
        String path = programPath(program);
        files.preload(path, image.toByteArray());
        Process process = null;
        ExecProgram.NewProgram started;
        try {
            Inode executable = files.find(PathBase.ROOT, GuestPath.ofFile(path));
            started = execs.load(image, executable, program);
            process = processes.add(NOBODY, started.space());
            process.setExecutable(executable);
        } catch (KernelException outOfMemory) {
            throw ProgramException.ramTooSmall(ramBytes);
        } finally {
            if (process == null) {
                forget(path);
            }
        }
        openConsole(process);
        process.enter(ProcessStage.LIVE);
        process.leader().startAt(started.start());
        process.setInitialStackPointer(started.start().stackPointer());
        scheduler.start(process.leader());
    }

    private void forget(String path) {
        try {
            files.unlink(PathBase.ROOT, GuestPath.ofFile(path));
        } catch (KernelException impossible) {
            throw new IllegalStateException("the program's file is not there", impossible);
        }
    }

    /** Descriptors 0, to be read, and 1 and 2, to be written. */
    private void openConsole(Process process) {
        try {
            for (int descriptor = 0; descriptor < STANDARD_STREAMS; descriptor++) {
                int mode = descriptor == 0 ? OpenFlags.READ_ONLY : OpenFlags.WRITE_ONLY;
                OpenFile console = files.open(PathBase.ROOT, "/dev/console", mode, 0);
                process.descriptors().add(console, false);
            }
        } catch (KernelException impossible) {
            throw new IllegalStateException("the console does not open", impossible);
        }
    }
}
