package dev.pagewalk.kernel.process;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.file.DescriptorTable;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.file.PathBase;
import dev.pagewalk.kernel.signal.SignalActions;
import dev.pagewalk.kernel.space.AddressSpace;
import it.unimi.dsi.fastutil.ints.IntRBTreeSet;
import it.unimi.dsi.fastutil.ints.IntSortedSet;
import java.util.function.Supplier;

/** A guest program in execution: its memory, its family, and how it ended. */
public final class Process {
    private static final int NO_STATUS = -1;

    private final int pid;
    private final Task task;
    private final SignalActions signalActions = new SignalActions();
    private final IntRBTreeSet children = new IntRBTreeSet();
    private final DescriptorTable descriptors;
    private AddressSpace space;
    private AddressSpace discardedSpace;
    private Inode executable;
    private int parentPid;
    private ProcessStage stage = ProcessStage.FORKING;
    private int waitStatus;
    private int unreportedStatus = NO_STATUS;
    private int peakUserPages;
    private int peakTablePages;
    private int peakRegions;
    private MemoryUse useAtEnd = MemoryUse.NONE;

    Process(int pid, int parentPid, AddressSpace space, FileSystem files) {
        this.pid = pid;
        this.parentPid = parentPid;
        this.space = space;
        this.descriptors = new DescriptorTable(files);
        this.task = new Task(pid, this);
    }

    /** Counted from 1. */
    public int pid() {
        return pid;
    }

    /** The process that will learn of its end; 0 where nobody will. */
    public int parentPid() {
        return parentPid;
    }

    void setParentPid(int newParentPid) {
        parentPid = newParentPid;
    }

    /** The pids of its children, zombies included, in ascending order. */
    public IntSortedSet children() {
        return children;
    }

    public AddressSpace space() {
        return space;
    }

    public Task task() {
        return task;
    }

    public DescriptorTable descriptors() {
        return descriptors;
    }

    /** The file of the program that it runs. */
    public Inode executable() {
        return executable;
    }

    /** Names the program that it runs, and holds its file. */
    public void setExecutable(Inode program) {
        program.addReference();
        releaseExecutable();
        executable = program;
    }

    private void releaseExecutable() {
        if (executable != null) {
            executable.release();
            executable = null;
        }
    }

    /** From where its paths go: nobody changes directory here. */
    public PathBase pathBase() {
        return new PathBase("/", executable);
    }

    public SignalActions signalActions() {
        return signalActions;
    }

    public ProcessStage stage() {
        return stage;
    }

    public void enter(ProcessStage next) {
        stage = next;
    }

    /** Whether it will never execute again. */
    public boolean hasEnded() {
        return stage.compareTo(ProcessStage.ENDING) >= 0;
    }

    /** How it ended, as {@link WaitStatus} has it. Meaningful once it has ended. */
    public int waitStatus() {
        return waitStatus;
    }

    /** How it ended, as a shell shows it. Meaningful once it has ended. */
    public int exitStatus() {
        return WaitStatus.asShellStatus(waitStatus);
    }

    /** Lets the parent learn by wait4 that this process was stopped or goes on; the newest such news wins. */
    public void report(int status) {
        unreportedStatus = status;
    }

    /** Whether it was stopped, or goes on, and its parent does not know. */
    public boolean hasNews() {
        return unreportedStatus != NO_STATUS;
    }

    public int news() {
        return unreportedStatus;
    }

    public void forgetNews() {
        unreportedStatus = NO_STATUS;
    }

    /** fork: takes over what is neither memory nor registers. */
    public void inheritFrom(Process parent) {
        signalActions.copyFrom(parent.signalActions);
        descriptors.copyFrom(parent.descriptors);
        setExecutable(parent.executable);
    }

    /** execve: the process goes on in a new space; the old one is still there, to be taken down step by step. */
    public void replaceSpace(AddressSpace newSpace) {
        notePeaks();
        discardedSpace = space;
        space = newSpace;
    }

    /** The space of before execve, not yet taken down; null where there is none. */
    public AddressSpace discardedSpace() {
        return discardedSpace;
    }

    public void forgetDiscardedSpace() {
        discardedSpace = null;
    }

    /** The most frames of user memory that it had at once. */
    public int peakUserPages() {
        return Math.max(peakUserPages, space.peakUserPages());
    }

    /** The most page tables that it had at once. */
    public int peakTablePages() {
        return Math.max(peakTablePages, space.pageTable().peakTablePages());
    }

    /** The most regions that it had at once. */
    public int peakRegions() {
        return Math.max(peakRegions, space.regions().peakSize());
    }

    private void notePeaks() {
        peakUserPages = peakUserPages();
        peakTablePages = peakTablePages();
        peakRegions = peakRegions();
    }

    /** What it has of memory now, or had when it ended; free of charge. */
    public MemoryUse memoryUse() {
        return hasEnded() ? useAtEnd : MemoryUse.of(space);
    }

    /**
     * Ends it, and closes its files. Its memory is still there: {@link AddressSpace#destroyStep} gives it back.
     *
     * @param status as {@link WaitStatus} has it
     */
    public void end(int status) {
        useAtEnd = MemoryUse.of(space);
        descriptors.closeAll();
        releaseExecutable();
        stage = ProcessStage.ENDING;
        waitStatus = status;
    }

    public void save(ByteArrayDataOutput out) {
        out.writeInt(parentPid);
        out.writeByte(stage.ordinal());
        out.writeInt(waitStatus);
        out.writeInt(unreportedStatus);
        out.writeInt(peakUserPages);
        out.writeInt(peakTablePages);
        out.writeInt(peakRegions);
        out.writeInt(children.size());
        children.forEach(out::writeInt);
        useAtEnd.save(out);
        task.save(out);
        signalActions.save(out);
        descriptors.save(out);
        out.writeLong(executable == null ? 0 : executable.number());
        space.save(out);
        out.writeBoolean(discardedSpace != null);
        if (discardedSpace != null) {
            discardedSpace.save(out);
        }
    }

    /** @param emptySpaces makes spaces to restore into */
    void restore(ByteArrayDataInput in, Supplier<AddressSpace> emptySpaces, FileSystem files) {
        parentPid = in.readInt();
        stage = ProcessStage.values()[in.readByte()];
        waitStatus = in.readInt();
        unreportedStatus = in.readInt();
        peakUserPages = in.readInt();
        peakTablePages = in.readInt();
        peakRegions = in.readInt();
        children.clear();
        for (int count = in.readInt(); count > 0; count--) {
            children.add(in.readInt());
        }
        useAtEnd = MemoryUse.restore(in);
        task.restore(in);
        signalActions.restore(in);
        descriptors.restore(in);
        // The inode counts the reference already.
        executable = files.inode(in.readLong());
        space.restore(in);
        discardedSpace = null;
        if (in.readBoolean()) {
            discardedSpace = emptySpaces.get();
            discardedSpace.restore(in);
        }
    }
}
