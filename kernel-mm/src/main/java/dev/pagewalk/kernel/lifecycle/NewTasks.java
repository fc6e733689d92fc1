package dev.pagewalk.kernel.lifecycle;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.process.CloneRequest;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.signal.AlternateStack;
import dev.pagewalk.kernel.space.AddressSpace;

/**
 * What all clones have in common: a task that goes on where its maker is, with another result. Source: Linux, kernel/fork.c,
 * {@code copy_process}; arch/riscv/kernel/process.c, {@code copy_thread}.
 */
final class NewTasks {
    private static final int SP = 2;
    private static final int TP = 4;
    private static final int A0 = 10;

    private final Scheduler scheduler;
    private final UserMemory userMemory;

    NewTasks(Scheduler scheduler, UserMemory userMemory) {
        this.scheduler = scheduler;
        this.userMemory = userMemory;
    }

    /**
     * Makes a new task runnable.
     *
     * @param hart whose registers are the maker's
     * @param maker the task that has made the system call
     */
    void start(Hart hart, Task maker, Task task, CloneRequest request) {
        task.signals().inheritFrom(maker.signals());
        if (request.has(CloneRequest.SHARED_MEMORY) && !request.has(CloneRequest.VFORK)) {
            task.signals().setAlternateStack(AlternateStack.NONE);
        }
        task.setAffinity(maker.affinity());
        task.saveRegisters(hart);
        task.setRegister(A0, 0);
        if (request.stackPointer() != 0) {
            task.setRegister(SP, request.stackPointer());
        }
        if (request.has(CloneRequest.SET_THREAD_POINTER)) {
            task.setRegister(TP, request.threadPointer());
        }
        if (request.has(CloneRequest.CHILD_CLEARTID)) {
            task.setClearChildTidAddress(request.childTidAddress());
        }
        if (request.has(CloneRequest.PARENT_SETTID)) {
            tell(maker.process().space(), request.parentTidAddress(), task.tid());
        }
        if (request.has(CloneRequest.CHILD_SETTID)) {
            tell(task.process().space(), request.childTidAddress(), task.tid());
        }
        scheduler.start(task);
    }

    /** Linux takes no notice of a tid that cannot be told, either. */
    private void tell(AddressSpace space, long address, int tid) {
        try {
            userMemory.copyIntToUser(space, address, tid);
        } catch (KernelException badAddress) {
            // clone(2) has no error for it.
        }
    }
}
