package dev.pagewalk.kernel.process;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.file.DescriptorTable;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.file.PathBase;
import dev.pagewalk.kernel.signal.PendingSignals;
import dev.pagewalk.kernel.signal.SignalActions;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.LockWaits;
import it.unimi.dsi.fastutil.ints.IntRBTreeSet;
import it.unimi.dsi.fastutil.ints.IntSortedSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A guest program in execution: its tasks, its memory, its family, and how it ended. */
public final class Process {
    private static final int NO_STATUS = -1;
    private static final int NO_SPACE = -1;

    private final int pid;
    private Task leader;

    /** Where the stack pointer stood when its program began: at the number of its arguments. */
    public long initialStackPointer() {
        return initialStackPointer;
    }

    /** It begins a program. */
    public void setInitialStackPointer(long address) {
        initialStackPointer = address;
    }

    /** The leader, as long as it lives, and its siblings, by tid. */
    private final TreeMap<Integer, Task> tasks = new TreeMap<>();

    private final PendingSignals pendingSignals = new PendingSignals();
    private final SignalActions signalActions = new SignalActions();
    private final IntRBTreeSet children = new IntRBTreeSet();
    private final DescriptorTable descriptors;
    private SharedSpace space;
    private SharedSpace discardedSpace;
    private SharedSpace nextSpace;
    private Inode executable;

    private long initialStackPointer;
    private Inode nextExecutable;
    private int parentPid;
    private ProcessStage stage = ProcessStage.FORKING;
    private int waitStatus;
    private int leaderStatus;
    private int exitingStatus = NO_STATUS;
    private int survivorTid;
    private int vforkParentTid;
    private boolean registeredForBarriers;
    private int stopSignal;
    private boolean stopReported;
    private int unreportedStatus = NO_STATUS;
    private int peakUserPages;
    private int peakTablePages;
    private int peakRegions;
    private MemoryUse useAtEnd = MemoryUse.NONE;
    private final LockWaits lockWaits = new LockWaits();

    Process(int pid, int parentPid, SharedSpace space, FileSystem files) {
        this.pid = pid;
        this.parentPid = parentPid;
        this.space = space;
        this.descriptors = new DescriptorTable(files);
        this.leader = new Task(pid, this);
        tasks.put(pid, leader);
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
        return space.space();
    }

    SharedSpace sharedSpace() {
        return space;
    }

    /** The task that the process began with: its tid is the pid. It is there even when it has ended before its siblings. */
    public Task leader() {
        return leader;
    }

    /** Its threads of execution that have not ended, by tid. */
    public Collection<Task> tasks() {
        return Collections.unmodifiableCollection(tasks.values());
    }

    void add(Task task) {
        tasks.put(task.tid(), task);
    }

    void remove(Task task) {
        tasks.remove(task.tid());
    }

    void setLeader(Task newLeader) {
        leader = newLeader;
    }

    /** What was sent to the process, for whichever task takes it. */
    public PendingSignals pendingSignals() {
        return pendingSignals;
    }

    /** Forgets what waits of some signals, for whomever it waits. */
    public void discardSignals(long set) {
        pendingSignals.discard(set);
        tasks.values().forEach(task -> task.signals().discard(set));
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

    /**
     * All its tasks are to end; the first reason counts.
     *
     * @param status as {@link WaitStatus} has it
     */
    public void beginExit(int status) {
        if (exitingStatus == NO_STATUS) {
            exitingStatus = status;
        }
        stopSignal = 0;
    }

    /** Whether all its tasks are to end, or have. */
    public boolean isExiting() {
        return exitingStatus != NO_STATUS;
    }

    /** How the process ends with its last task, as {@link WaitStatus} has it. */
    public int statusAtEnd() {
        return isExiting() ? exitingStatus : leaderStatus;
    }

    /**
     * One task is about to execute a program, which is loaded already: its siblings are to end.
     *
     * @param file the program's
     */
    public void beginExec(Task survivor, AddressSpace programSpace, Inode file) {
        survivorTid = survivor.tid();
        nextSpace = new SharedSpace(programSpace);
        nextExecutable = file;
        file.addReference();
    }

    /** Whether a task is about to execute a program. */
    public boolean isExecuting() {
        return survivorTid != 0;
    }

    /** The space of a program that is to be entered. */
    public AddressSpace nextSpace() {
        return nextSpace.space();
    }

    /** The file of a program that is to be entered. */
    public Inode nextExecutable() {
        return nextExecutable;
    }

    /** Nothing is to be entered any more: the process is in the program, or never will be. */
    public void endExec() {
        survivorTid = 0;
        nextSpace = null;
        nextExecutable.release();
        nextExecutable = null;
    }

    /** The task that waits until this process, a child, leaves the memory that they share; 0 where none does. */
    public int vforkParentTid() {
        return vforkParentTid;
    }

    public void setVforkParentTid(int tid) {
        vforkParentTid = tid;
    }

    /** membarrier's private expedited command is going to be used. */
    public void registerForBarriers() {
        registeredForBarriers = true;
    }

    public boolean isRegisteredForBarriers() {
        return registeredForBarriers;
    }

    /** Whether several tasks run in its space, its own or others. */
    public boolean sharesMemory() {
        return tasks.size() > 1 || sharesSpace();
    }

    /** Whether others, its own tasks not counted, run in its space. */
    public boolean sharesSpace() {
        return space.users() > 1;
    }

    /** Whether the task may not go back to the guest any more. */
    public boolean wantsEndOf(Task task) {
        return isExiting() || survivorTid != 0 && survivorTid != task.tid();
    }

    /**
     * Notes how the leader has ended: that is how the process ends, unless something ends all its tasks.
     *
     * @param status as {@link WaitStatus} has it
     */
    public void noteLeaderStatus(int status) {
        leaderStatus = status;
    }

    /** A signal stops the process: its tasks stop where they would go back to the guest. */
    public void beginStop(int signal) {
        stopSignal = signal;
        stopReported = false;
    }

    /** Whether its tasks are stopped, or are to stop. */
    public boolean isStopping() {
        return stopSignal != 0;
    }

    /** What stops it; 0 where nothing does. */
    public int stopSignal() {
        return stopSignal;
    }

    /** Whether no task can go on, and its parent has been told. */
    public boolean isStopped() {
        return isStopping() && stopReported;
    }

    public void endStop() {
        stopSignal = 0;
    }

    /** Whether a stop is over that the parent has not been told of: no task can go on. Asking is telling. */
    public boolean reportStop() {
        boolean news = isStopping()
                && !stopReported
                && tasks.values().stream()
                        .allMatch(task -> task.state() == TaskState.STOPPED || task.state() == TaskState.BLOCKED);
        stopReported |= news;
        return news;
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
        registeredForBarriers = parent.registeredForBarriers;
        descriptors.copyFrom(parent.descriptors);
        setExecutable(parent.executable);
        initialStackPointer = parent.initialStackPointer;
    }

    /**
     * execve: the process goes on in the space of the program that was to be entered. Where nobody else runs in the old one,
     * that is still there, to be taken down step by step.
     */
    public void enterNextSpace() {
        notePeaks();
        registeredForBarriers = false;
        space.leave();
        discardedSpace = space.users() == 0 ? space : null;
        space = nextSpace.join();
        endExec();
    }

    /** All spaces that it has: its own, and what there is of the last program's and of the next one's. */
    List<SharedSpace> spaces() {
        return Stream.of(space, discardedSpace, nextSpace)
                .filter(Objects::nonNull)
                .toList();
    }

    /** The space of before execve, not yet taken down; null where there is none. */
    public AddressSpace discardedSpace() {
        return discardedSpace == null ? null : discardedSpace.space();
    }

    public void forgetDiscardedSpace() {
        discardedSpace = null;
    }

    /** The most frames of user memory that it had at once. */
    public int peakUserPages() {
        return hasEnded() ? peakUserPages : Math.max(peakUserPages, space().peakUserPages());
    }

    /** The most page tables that it had at once. */
    public int peakTablePages() {
        return hasEnded()
                ? peakTablePages
                : Math.max(peakTablePages, space().pageTable().peakTablePages());
    }

    /** The most regions that it had at once. */
    public int peakRegions() {
        return hasEnded()
                ? peakRegions
                : Math.max(peakRegions, space().regions().peakSize());
    }

    private void notePeaks() {
        peakUserPages = peakUserPages();
        peakTablePages = peakTablePages();
        peakRegions = peakRegions();
    }

    /** How long its tasks have waited for the lock of its address space. */
    public LockWaits lockWaits() {
        return lockWaits;
    }

    /** What it has of memory now, or had when it ended; free of charge. */
    public MemoryUse memoryUse() {
        return hasEnded() ? useAtEnd : MemoryUse.of(space());
    }

    /**
     * Ends it, and closes its files. Its memory is still there: {@link AddressSpace#destroyStep} gives it back, where nobody
     * else runs in it.
     *
     * @return whether that is so
     */
    public boolean end() {
        useAtEnd = MemoryUse.of(space());
        notePeaks();
        descriptors.closeAll();
        releaseExecutable();
        stage = ProcessStage.ENDING;
        waitStatus = statusAtEnd();
        space.leave();
        return space.users() == 0;
    }

    /**
     * Saves all but its pid and its spaces, which others may have too.
     *
     * @param spaceNumbers what stands for those
     */
    void save(ByteArrayDataOutput out, Map<SharedSpace, Integer> spaceNumbers) {
        out.writeInt(parentPid);
        out.writeByte(stage.ordinal());
        out.writeInt(waitStatus);
        out.writeInt(leaderStatus);
        out.writeInt(exitingStatus);
        out.writeInt(survivorTid);
        out.writeInt(vforkParentTid);
        out.writeBoolean(registeredForBarriers);
        out.writeInt(stopSignal);
        out.writeBoolean(stopReported);
        out.writeInt(unreportedStatus);
        out.writeInt(peakUserPages);
        out.writeInt(peakTablePages);
        out.writeInt(peakRegions);
        out.writeInt(children.size());
        children.forEach(out::writeInt);
        useAtEnd.save(out);
        lockWaits.save(out);
        pendingSignals.save(out);
        leader.save(out);
        out.writeInt(tasks.size());
        for (Task task : tasks.values()) {
            out.writeInt(task.tid());
            if (task != leader) {
                task.save(out);
            }
        }
        signalActions.save(out);
        descriptors.save(out);
        out.writeLong(executable == null ? 0 : executable.number());
        out.writeLong(initialStackPointer);
        out.writeLong(nextExecutable == null ? 0 : nextExecutable.number());
        for (SharedSpace one : Arrays.asList(space, discardedSpace, nextSpace)) {
            out.writeInt(one == null ? NO_SPACE : spaceNumbers.get(one));
        }
    }

    /** @param spaces by their numbers */
    void restore(ByteArrayDataInput in, List<SharedSpace> spaces, FileSystem files) {
        parentPid = in.readInt();
        stage = ProcessStage.values()[in.readByte()];
        waitStatus = in.readInt();
        leaderStatus = in.readInt();
        exitingStatus = in.readInt();
        survivorTid = in.readInt();
        vforkParentTid = in.readInt();
        registeredForBarriers = in.readBoolean();
        stopSignal = in.readInt();
        stopReported = in.readBoolean();
        unreportedStatus = in.readInt();
        peakUserPages = in.readInt();
        peakTablePages = in.readInt();
        peakRegions = in.readInt();
        children.clear();
        for (int count = in.readInt(); count > 0; count--) {
            children.add(in.readInt());
        }
        useAtEnd = MemoryUse.restore(in);
        lockWaits.restore(in);
        pendingSignals.restore(in);
        leader.restore(in);
        tasks.clear();
        for (int count = in.readInt(); count > 0; count--) {
            int tid = in.readInt();
            Task task = tid == pid ? leader : new Task(tid, this);
            tasks.put(tid, task);
            if (task != leader) {
                task.restore(in);
            }
        }
        signalActions.restore(in);
        descriptors.restore(in);
        // The inodes count the references already.
        executable = files.inode(in.readLong());
        initialStackPointer = in.readLong();
        nextExecutable = files.inode(in.readLong());
        space = restoreSpace(in, spaces);
        discardedSpace = restoreSpace(in, spaces);
        nextSpace = restoreSpace(in, spaces);
    }

    private static SharedSpace restoreSpace(ByteArrayDataInput in, List<SharedSpace> spaces) {
        int number = in.readInt();
        return number == NO_SPACE ? null : spaces.get(number);
    }
}
