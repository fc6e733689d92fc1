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
import java.util.List;
import java.util.TreeMap;
import java.util.function.Supplier;

/** All processes by pid, and the memory of those that were. */
public final class ProcessTable implements MappingObserver {
    /** The first process, which takes orphans in. */
    public static final int FIRST_PID = 1;

    /** How many there can be at once, zombies included: a guest that forks without end gets EAGAIN. */
    public static final int MOST_PROCESSES = 4096;

    /** Linux's default pid_max: proc(5). Then pids are used again. */
    private static final int PID_LIMIT = 32_768;

    /** The statistics tell of the first process and so many others that ended; of more, only their number is known. */
    private static final int MOST_REMEMBERED = 4096;

    private final FileSystem files;
    private final TreeMap<Integer, Process> byPid = new TreeMap<>();
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
        requireRoom();
        do {
            lastPid = lastPid + 1 < PID_LIMIT ? lastPid + 1 : FIRST_PID + 1;
        } while (byPid.containsKey(lastPid));
        Process process = new Process(lastPid, parentPid, space, files);
        byPid.put(lastPid, process);
        Process parent = byPid.get(parentPid);
        if (parent != null) {
            parent.children().add(process.pid());
        }
        live++;
        everMade++;
        return process;
    }

    /** @throws KernelException TRY_AGAIN where there are too many processes */
    public void requireRoom() throws KernelException {
        if (byPid.size() >= MOST_PROCESSES) {
            throw KernelError.TRY_AGAIN.exception();
        }
    }

    /** Takes back what {@link #add} did, its memory being gone: the pid was never seen. */
    public void abandon(Process process) {
        unlink(process);
        live--;
        everMade--;
        lastPid = process.pid() - 1;
    }

    /** The process of a pid, zombie or not; null where there is none. */
    public Process find(int pid) {
        return byPid.get(pid);
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
        for (Process process : byPid.values()) {
            process.space().truncated(inode, newSizeBytes);
            if (process.discardedSpace() != null) {
                process.discardedSpace().truncated(inode, newSizeBytes);
            }
        }
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
        save(reaped, out);
        save(byPid.values(), out);
    }

    private static void save(Collection<Process> processes, ByteArrayDataOutput out) {
        out.writeInt(processes.size());
        for (Process process : processes) {
            out.writeInt(process.pid());
            process.save(out);
        }
    }

    /** @param emptySpaces makes spaces to restore into */
    public void restore(ByteArrayDataInput in, Supplier<AddressSpace> emptySpaces) {
        lastPid = in.readInt();
        live = in.readInt();
        everMade = in.readLong();
        firstExitStatus = in.readInt();
        reaped.clear();
        byPid.clear();
        for (int count = in.readInt(); count > 0; count--) {
            reaped.add(restoreProcess(in, emptySpaces));
        }
        for (int count = in.readInt(); count > 0; count--) {
            Process process = restoreProcess(in, emptySpaces);
            byPid.put(process.pid(), process);
        }
    }

    private Process restoreProcess(ByteArrayDataInput in, Supplier<AddressSpace> emptySpaces) {
        Process process = new Process(in.readInt(), 0, emptySpaces.get(), files);
        process.restore(in, emptySpaces, files);
        return process;
    }
}
