package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessStage;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.TaskState;
import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.shootdown.Shootdowns;
import dev.pagewalk.kernel.shootdown.SpaceTranslations;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.walk.PageTableWalker;
import dev.pagewalk.mmu.walk.WalkStep;
import dev.pagewalk.tools.MachineAssembly;
import java.util.ArrayList;
import java.util.List;

/** What the commands want to know of the machine and its kernel; changes nothing in either. */
final class GuestView {
    /** The numbers of registers: x2, and the pc behind x31. */
    static final int STACK_POINTER = 2;

    static final int PC = 32;

    private final Machine machine;
    private final Kernel kernel;
    private final PageTableWalker walker;

    GuestView(MachineAssembly assembly) {
        this.machine = assembly.machine();
        this.kernel = assembly.kernel();
        this.walker = new PageTableWalker(machine.bus().memory(), pagingMode());
    }

    Machine machine() {
        return machine;
    }

    Kernel kernel() {
        return kernel;
    }

    Shootdowns shootdowns() {
        return kernel.shootdowns();
    }

    List<Hart> harts() {
        return machine.harts();
    }

    PagingMode pagingMode() {
        return machine.config().pagingMode();
    }

    TimingProfile profile() {
        return machine.config().profile();
    }

    long nowCycle() {
        return machine.longestCycle();
    }

    /** The process of a pid, of several that have had it the last; null where there is none. */
    Process process(int pid) {
        Process found = null;
        for (Process process : kernel.processes()) {
            if (process.pid() == pid) {
                found = process;
            }
        }
        return found;
    }

    /** Whether there is an address space to look at. */
    static boolean hasMemory(Process process) {
        return process.stage().compareTo(ProcessStage.ENDING) <= 0
                && process.space().pageTable().rootAddress() != 0;
    }

    List<Process> processesWithMemory() {
        return kernel.processes().stream().filter(GuestView::hasMemory).toList();
    }

    /**
     * An address space and whose it is.
     *
     * @param owners such as {@code process 1}, or several that share it
     */
    record OwnedSpace(String owners, AddressSpace space) {}

    /** All address spaces that have page tables, each once, by the pid of the first that runs in it. */
    List<OwnedSpace> spaces() {
        List<OwnedSpace> spaces = new ArrayList<>();
        for (Process process : processesWithMemory()) {
            String name = "process " + process.pid();
            add(spaces, name, process.space());
            if (process.discardedSpace() != null) {
                add(spaces, name + ", before exec", process.discardedSpace());
            }
            if (process.isExecuting()) {
                add(spaces, name + ", after exec", process.nextSpace());
            }
        }
        return spaces;
    }

    private static void add(List<OwnedSpace> spaces, String owner, AddressSpace space) {
        for (int i = 0; i < spaces.size(); i++) {
            if (spaces.get(i).space == space) {
                spaces.set(i, new OwnedSpace(spaces.get(i).owners + " and " + owner, space));
                return;
            }
        }
        if (space.pageTable().rootAddress() != 0) {
            spaces.add(new OwnedSpace(owner, space));
        }
    }

    /** Whose address space a root table is of; empty where no process has it. */
    String ownersOfRoot(long root) {
        for (OwnedSpace owned : spaces()) {
            if (owned.space.pageTable().rootAddress() == root) {
                return owned.owners;
            }
        }
        return "";
    }

    /** Whose address space it is; one that has ended already has a number only. */
    String ownersOf(SpaceTranslations translations) {
        for (OwnedSpace owned : spaces()) {
            if (owned.space.translations() == translations) {
                return owned.owners;
            }
        }
        return "address space " + translations.id();
    }

    /** The task that a hart executes, or for which it works in the kernel; null where there is none. */
    Task taskOn(Hart hart) {
        for (Process process : kernel.processes()) {
            for (Task task : process.tasks()) {
                if (task.state() == TaskState.RUNNING && task.hartId() == hart.id()) {
                    return task;
                }
            }
        }
        return null;
    }

    /** {@code process 1}, or {@code thread 3 of process 1}. */
    static String nameOf(Task task) {
        int pid = task.process().pid();
        return task.tid() == pid ? "process " + pid : "thread " + task.tid() + " of process " + pid;
    }

    /** The task of a tid; null where there is none. */
    Task task(int pid, int tid) {
        Process process = process(pid);
        if (process != null) {
            for (Task task : process.tasks()) {
                if (task.tid() == tid) {
                    return task;
                }
            }
        }
        return null;
    }

    /** A register of the selected thread. */
    long register(int pid, int tid, int number) throws MonitorException {
        Task task = task(pid, tid);
        if (task == null) {
            throw new MonitorException("no thread is selected whose pc and sp could be taken: give a number");
        }
        Hart registers;
        if (task.state() == TaskState.RUNNING) {
            registers = machine.harts().get(task.hartId());
        } else {
            // No hart has them: a hart that is none of the machine's takes a copy.
            registers = new Hart(-1, null);
            task.loadRegisters(registers);
        }
        return number == PC ? registers.pc : registers.x[number];
    }

    /** The entries from a root table down to the leaf, or to where nothing leads on. */
    List<WalkStep> walk(long root, long virtualAddress) {
        return walker.explain(root, virtualAddress);
    }

    /** The shootdowns under way that take something away from a space at an address. */
    List<Shootdown> shootdownsOf(SpaceTranslations space, long virtualAddress) {
        return shootdowns().unfinished().stream()
                .filter(shootdown -> shootdown.space() == space && covers(shootdown, virtualAddress))
                .toList();
    }

    private static boolean covers(Shootdown shootdown, long virtualAddress) {
        if (shootdown.flushesSpace()) {
            return true;
        }
        for (long page : shootdown.pages()) {
            // A huge page is noted by its first address.
            if (page == (virtualAddress & PagingMode.PAGE_MASK)
                    || page == (virtualAddress & -PagingMode.pageSizeBytes(1))) {
                return true;
            }
        }
        return false;
    }
}
