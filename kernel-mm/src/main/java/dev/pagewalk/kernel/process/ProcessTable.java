package dev.pagewalk.kernel.process;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.file.MappingObserver;
import dev.pagewalk.kernel.space.AddressSpace;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** All processes by pid, all tasks by tid, and the memory of those that were. */
public final class ProcessTable implements MappingObserver {
    /** The first process, which takes orphans in. */
    public static final int FIRST_PID = 1;

    /** How many there can be at once, zombies included: a guest that forks without end gets EAGAIN. */
    public static final int MOST_PROCESSES = 4096;

    /** How many tasks there can be at once: a guest that makes threads without end gets EAGAIN. */
    public static final int MOST_TASKS = 16_384;

    /** Linux's default pid_max: proc(5). Then pids are used again. */
    private static final int PID_LIMIT = 32_768;

    /** The statistics tell of the first process and so many others that ended; of more, only their number is known. */
    private static final int MOST_REMEMBERED = 4096;

    private final FileSystem files;
    private final TreeMap<Integer, Process> byPid = new TreeMap<>();

    /** The tasks that have not ended, and the leaders of all processes that are not reaped. */
    private final TreeMap<Integer, Task> byTid = new TreeMap<>();

    private final List<Process> reaped = new ArrayList<>();
    private int lastPid;
    private int live;
    private long everMade;
    private int firstExitStatus;

    public ProcessTable(FileSystem files) {
        this.files = files;
    }

    /**
     * Adds a process that is being made.
     *
     * @throws KernelException TRY_AGAIN where there are too many
     */
    public Process add(int parentPid, AddressSpace space) throws KernelException {
        return add(parentPid, new SharedSpace(space));
    }

    /**
     * Adds a process that is being made and will run in its parent's space.
     *
     * @throws KernelException TRY_AGAIN where there are too many
     */
    public Process addSharing(Process parent) throws KernelException {
        return add(parent.pid(), parent.sharedSpace());
    }

    private Process add(int parentPid, SharedSpace space) throws KernelException {
        requireRoom();
        Process process = new Process(nextId(), parentPid, space.join(), files);
        byPid.put(process.pid(), process);
        byTid.put(process.pid(), process.leader());
        Process parent = byPid.get(parentPid);
        if (parent != null) {
            parent.children().add(process.pid());
        }
        live++;
        everMade++;
        return process;
    }

    /**
     * Adds a task to a process.
     *
     * @throws KernelException TRY_AGAIN where there are too many
     */
    public Task addTask(Process process) throws KernelException {
        requireRoomForTask();
        Task task = new Task(nextId(), process);
        process.add(task);
        byTid.put(task.tid(), task);
        return task;
    }

    /** Pids and tids come from one counter. */
    private int nextId() {
        do {
            lastPid = lastPid + 1 < PID_LIMIT ? lastPid + 1 : FIRST_PID + 1;
        } while (byTid.containsKey(lastPid));
        return lastPid;
    }

    /** @throws KernelException TRY_AGAIN where there are too many processes */
    public void requireRoom() throws KernelException {
        if (byPid.size() >= MOST_PROCESSES) {
            throw KernelError.TRY_AGAIN.exception();
        }
        requireRoomForTask();
    }

    private void requireRoomForTask() throws KernelException {
        if (byTid.size() >= MOST_TASKS) {
            throw KernelError.TRY_AGAIN.exception();
        }
    }

    /** A task will never run again. Its tid is free, unless its process has the same number. */
    public void remove(Task task) {
        Process process = task.process();
        process.remove(task);
        if (task != process.leader()) {
            byTid.remove(task.tid());
        }
    }

    /** The only task that its process has left becomes its leader, where it is not: its tid is the pid from now on. */
    public void makeLeader(Task task) {
        Process process = task.process();
        if (task == process.leader()) {
            return;
        }
        remove(task);
        task.setTid(process.pid());
        process.setLeader(task);
        process.add(task);
        byTid.put(task.tid(), task);
    }

    /** Takes back what {@link #add} did, its memory being gone: the pid was never seen. */
    public void abandon(Process process) {
        unlink(process);
        live--;
        everMade--;
        if (lastPid == process.pid()) {
            lastPid--;
        }
    }

    /** The process of a pid, zombie or not; null where there is none. */
    public Process find(int pid) {
        return byPid.get(pid);
    }

    /** The task of a tid, ended or not as long as its tid is taken; null where there is none. */
    public Task findTask(int tid) {
        return byTid.get(tid);
    }

    /** All that are not reaped, by pid. */
    public Collection<Process> all() {
        return Collections.unmodifiableCollection(byPid.values());
    }

    /** All that there are and, up to a limit, all that there were; by pid, and of one pid the oldest first. */
    public List<Process> history() {
        List<Process> history = new ArrayList<>(reaped);
        history.addAll(byPid.values());
        history.sort((a, b) -> Integer.compare(a.pid(), b.pid()));
        return history;
    }

    /** The address spaces of all that are not reaped, each once. */
    public Collection<AddressSpace> spaces() {
        Set<AddressSpace> spaces = new LinkedHashSet<>();
        for (Process process : byPid.values()) {
            process.spaces().forEach(shared -> spaces.add(shared.space()));
        }
        return spaces;
    }

    /** How many processes there were in all. */
    public long everMade() {
        return everMade;
    }

    /** How the first process ended, as a shell shows it: 0 to 255. Meaningful once it has been reaped. */
    public int firstExitStatus() {
        return firstExitStatus;
    }

    /** Whoever maps the file learns that it has become shorter. */
    @Override
    public void truncated(Inode inode, long newSizeBytes) {
        spaces().forEach(space -> space.truncated(inode, newSizeBytes));
    }

    /** Whether the memory of any process is still there. */
    public boolean anyLive() {
        return live > 0;
    }

    /** The process's memory is gone: what remains is a zombie. */
    public void becomeZombie(Process process) {
        process.enter(ProcessStage.ZOMBIE);
        live--;
    }

    /** A zombie goes, its status being known or of interest to nobody. */
    public void reap(Process process) {
        unlink(process);
        process.enter(ProcessStage.REAPED);
        if (process.pid() == FIRST_PID) {
            firstExitStatus = process.exitStatus();
        }
        if (process.pid() == FIRST_PID || reaped.size() < MOST_REMEMBERED) {
            reaped.add(process);
        }
    }

    private void unlink(Process process) {
        byPid.remove(process.pid());
        byTid.remove(process.pid());
        Process parent = byPid.get(process.parentPid());
        if (parent != null) {
            parent.children().remove(process.pid());
        }
    }

    /** Gives a process another parent; 0 for none. */
    public void adopt(Process orphan, int newParentPid) {
        orphan.setParentPid(newParentPid);
        Process parent = byPid.get(newParentPid);
        if (parent != null) {
            parent.children().add(orphan.pid());
        }
    }

    public void save(ByteArrayDataOutput out) {
        out.writeInt(lastPid);
        out.writeInt(live);
        out.writeLong(everMade);
        out.writeInt(firstExitStatus);
        List<Process> all = new ArrayList<>(reaped);
        all.addAll(byPid.values());
        Map<SharedSpace, Integer> spaces = saveSpaces(all, out);
        out.writeInt(reaped.size());
        out.writeInt(all.size());
        for (Process process : all) {
            out.writeInt(process.pid());
            process.save(out, spaces);
        }
    }

    /** Saves each space once, and numbers them. */
    private static Map<SharedSpace, Integer> saveSpaces(List<Process> processes, ByteArrayDataOutput out) {
        Map<SharedSpace, Integer> numbers = new IdentityHashMap<>();
        List<SharedSpace> spaces = new ArrayList<>();
        for (Process process : processes) {
            for (SharedSpace space : process.spaces()) {
                if (numbers.putIfAbsent(space, spaces.size()) == null) {
                    spaces.add(space);
                }
            }
        }
        out.writeInt(spaces.size());
        for (SharedSpace shared : spaces) {
            out.writeInt(shared.users());
            shared.space().save(out);
        }
        return numbers;
    }

    /** @param emptySpaces makes spaces to restore into */
    public void restore(ByteArrayDataInput in, Supplier<AddressSpace> emptySpaces) {
        lastPid = in.readInt();
        live = in.readInt();
        everMade = in.readLong();
        firstExitStatus = in.readInt();
        reaped.clear();
        byPid.clear();
        byTid.clear();
        List<SharedSpace> spaces = restoreSpaces(in, emptySpaces);
        int reapedCount = in.readInt();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            Process process = new Process(in.readInt(), 0, null, files);
            process.restore(in, spaces, files);
            if (i < reapedCount) {
                reaped.add(process);
            } else {
                byPid.put(process.pid(), process);
                byTid.put(process.pid(), process.leader());
                process.tasks().forEach(task -> byTid.put(task.tid(), task));
            }
        }
    }

    private static List<SharedSpace> restoreSpaces(ByteArrayDataInput in, Supplier<AddressSpace> emptySpaces) {
        List<SharedSpace> spaces = new ArrayList<>();
        for (int count = in.readInt(); count > 0; count--) {
            int users = in.readInt();
            AddressSpace space = emptySpaces.get();
            space.restore(in);
            spaces.add(new SharedSpace(space, users));
        }
        return spaces;
    }
}
