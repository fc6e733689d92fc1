package dev.pagewalk.kernel.syscall;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.file.OpenFile;
import dev.pagewalk.kernel.file.PathBase;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.WaitReason;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.Advice;
import dev.pagewalk.kernel.space.Region;

/** What a system call sees of its caller, and what it wants done beyond its result. */
public final class CallContext {
    /** AT_FDCWD: instead of a directory's descriptor, the current directory. */
    static final int CURRENT_DIRECTORY = -100;

    private static final int A0 = 10;
    private static final int A7 = 17;

    private final SystemCallServices services;
    private Hart hart;
    private Task task;
    private boolean exiting;
    private boolean threadAlone;
    private int waitStatus;
    private boolean leftWork;
    private boolean keepsRegisters;
    private WaitReason waitsFor;
    private boolean yieldsTurn;
    private boolean retry;

    public CallContext(SystemCallServices services) {
        this.services = services;
    }

    void enter(Hart callingHart, Task callingTask) {
        hart = callingHart;
        task = callingTask;
        exiting = false;
        leftWork = false;
        keepsRegisters = false;
        waitsFor = null;
        yieldsTurn = false;
        retry = false;
    }

    /** The same call is executed once more, because it has waited or because it could not be done before. */
    void enterAgain(Hart callingHart, Task callingTask, boolean hasWaited) {
        enter(callingHart, callingTask);
        retry = hasWaited;
    }

    /** Whether the call has waited, and its task holds what it has noted before. */
    boolean isRetry() {
        return retry;
    }

    /** Whether the call has waited, or would, for as long as it may: {@link Task#deadlineCycle}. */
    boolean isTimedOut() {
        return nowCycle() >= task.deadlineCycle();
    }

    /** a7: which call it is. */
    long number() {
        return number(hart);
    }

    static long number(Hart hart) {
        return hart.x[A7];
    }

    /** a0 to a5 of a hart, by index 0 to 5. */
    static long argument(Hart hart, int index) {
        return hart.x[A0 + index];
    }

    /** a0 to a5, by index 0 to 5. */
    long argument(int index) {
        return hart.x[A0 + index];
    }

    void setResult(long result) {
        hart.x[A0] = result;
    }

    SystemCallServices services() {
        return services;
    }

    UserMemory userMemory() {
        return services.userMemory();
    }

    /** The time at which the call has got to, in cycles since power-on. */
    long nowCycle() {
        return services.meter().nowCycle();
    }

    long clockHz() {
        return services.clockHz();
    }

    Hart hart() {
        return hart;
    }

    Task task() {
        return task;
    }

    Process process() {
        return task.process();
    }

    AddressSpace space() {
        return task.process().space();
    }

    /**
     * The file that the descriptor in an argument names.
     *
     * @throws KernelException BAD_DESCRIPTOR, also where it was opened as a place alone
     */
    OpenFile file(int index) throws KernelException {
        OpenFile file = place(index);
        if (file.isPathOnly()) {
            throw KernelError.BAD_DESCRIPTOR.exception();
        }
        return file;
    }

    /**
     * As {@link #file}, for calls that look at the place alone.
     *
     * @throws KernelException BAD_DESCRIPTOR
     */
    OpenFile place(int index) throws KernelException {
        return process().descriptors().get((int) argument(index));
    }

    /**
     * From where a path goes.
     *
     * @param index of the argument with the directory's descriptor or {@link #CURRENT_DIRECTORY}; it counts where the path is
     *     relative
     * @throws KernelException BAD_DESCRIPTOR, NOT_A_DIRECTORY
     */
    PathBase pathBase(int index, String path) throws KernelException {
        PathBase own = process().pathBase();
        if (path.startsWith("/") || (int) argument(index) == CURRENT_DIRECTORY) {
            return own;
        }
        return new PathBase(place(index).directoryPath(), own.executable());
    }

    /** The process ends when this call does. */
    void exit(int status) {
        exiting = true;
        threadAlone = false;
        waitStatus = status;
    }

    /** The task ends when this call does, and its process where it has no other. */
    void exitThread(int status) {
        exit(status);
        threadAlone = true;
    }

    /** Whether the call, which ends its task, leaves its siblings alone. */
    public boolean isThreadAlone() {
        return threadAlone;
    }

    /** Whether the call was one that ends its task. */
    public boolean isExiting() {
        return exiting;
    }

    /** As {@link dev.pagewalk.kernel.process.WaitStatus} has it; meaningful where {@link #isExiting()}. */
    public int waitStatus() {
        return waitStatus;
    }

    /** The call has no result yet: it is executed again once this has come. */
    void waitFor(WaitReason reason) {
        waitsFor = reason;
    }

    /** What the call waits for; null where it does not. */
    public WaitReason waitsFor() {
        return waitsFor;
    }

    /** Other tasks go first. */
    void yieldTurn() {
        yieldsTurn = true;
    }

    /** Whether the caller lets other tasks go first. */
    public boolean yieldsTurn() {
        return yieldsTurn;
    }

    /** The pages of {@code [start, end)} are to be faulted in before the guest goes on; the result stands already. */
    void populate(long start, long end) {
        task.setWork(new KernelWork.Populate(start, end));
    }

    /** Pages of a mapping that has come or grown are to be faulted in, where it is locked. */
    void populateIfLocked(long start, long lengthBytes) {
        Region region = space().regions().find(start);
        if (region != null && region.has(Advice.LOCKED)) {
            populate(start, start + lengthBytes);
        }
    }

    /** More is to be done, and it decides the call's result: {@link SystemCalls#complete}. */
    void leaveWork(KernelWork work) {
        task.setWork(work);
        leftWork = true;
    }

    boolean hasLeftWork() {
        return leftWork;
    }

    /** The call has set all registers: no result goes into them. */
    void keepRegisters() {
        keepsRegisters = true;
    }

    boolean keepsRegisters() {
        return keepsRegisters;
    }
}
