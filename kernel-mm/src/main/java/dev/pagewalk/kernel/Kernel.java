package dev.pagewalk.kernel;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.hart.Reservations;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.emulator.trap.TrapHandler;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.device.InterProcessorInterrupts;
import dev.pagewalk.kernel.device.PowerDriver;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.fault.FaultCounters;
import dev.pagewalk.kernel.fault.PageFaultHandler;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.process.MapsReport;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.sanitizer.TlbSanitizer;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.kernel.shootdown.ShootdownPolicy;
import dev.pagewalk.kernel.shootdown.Shootdowns;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.LockWaits;
import dev.pagewalk.kernel.space.SpaceLock;
import dev.pagewalk.kernel.syscall.SystemCalls;
import dev.pagewalk.kernel.timeline.KernelTimeline;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/**
 * The kernel: takes the harts' traps and sends each to the subsystem that it belongs to.
 *
 * <p>A step runs to its end at once and in the total order of all harts' steps, so it finds everything as the last one has
 * left it. A hart that has taken translations away, or wants the lock of an address space, waits afterwards: {@link
 * ReturnToGuest}.
 *
 * <p>A stop on the path of a load, after the trap port. Next: {@link PageFaultHandler#handle}.
 */
public final class Kernel implements TrapHandler {
    private static final int SYSTEM_CALL_INSTRUCTION_BYTES = 4;

    private static final int NOBODY = -1;

    private final KernelParts parts;
    private final List<Hart> harts;
    private final Reservations reservations;
    private final CostMeter meter;
    private final PageFaultHandler pageFaults;
    private final FileSystem files;
    private final PowerDriver power;
    private final Shootdowns shootdowns;
    private final ProcessTable processes;
    private final Scheduler scheduler;
    private final SignalDelivery signals;
    private final ReturnToGuest returnToGuest;
    private final SystemCalls systemCalls;
    private final TaskWork taskWork;
    private final HartLocks locks;
    private final InterProcessorInterrupts interrupts;
    private final KernelEntry[] entries;
    private final KernelTimeline timeline;

    /** The hart that puts the machine in order after the last process; {@link #NOBODY} until then. */
    private int shutDownHart = NOBODY;

    /**
     * Sets up the kernel's memory on a machine whose devices are attached.
     *
     * @throws ProgramException where RAM is too small even for the kernel's own tables
     */
    public Kernel(Machine machine, KernelConfig config) throws ProgramException {
        this(machine, config, UnaryOperator.identity(), UnaryOperator.identity());
    }

    /**
     * A kernel in which a test may put mistakes.
     *
     * @param invalidations what stands between the kernel and its invalidations
     * @param policies what stands between the kernel and its shootdown policy
     */
    Kernel(
            Machine machine,
            KernelConfig config,
            UnaryOperator<Invalidation> invalidations,
            UnaryOperator<ShootdownPolicy> policies)
            throws ProgramException {
        this.parts = new KernelParts(machine, config, invalidations, policies);
        this.harts = parts.harts;
        this.reservations = parts.reservations;
        this.meter = parts.meter;
        this.timeline = parts.timeline;
        this.shootdowns = parts.shootdowns;
        this.processes = parts.processes;
        this.scheduler = parts.scheduler;
        this.pageFaults = parts.pageFaults;
        this.signals = parts.signals;
        this.returnToGuest = parts.returnToGuest;
        this.systemCalls = parts.systemCalls;
        this.taskWork = parts.taskWork;
        this.locks = parts.locks;
        this.interrupts = parts.interrupts;
        this.files = parts.files;
        this.power = parts.power;
        this.entries = new KernelEntry[harts.size()];
        Arrays.setAll(entries, hart -> new KernelEntry());
    }

    /**
     * Starts the first process on hart 0. It is part of power-on and takes no simulated time.
     *
     * @throws ProgramException where the image does not fit user space or RAM; nothing of it stays
     */
    public void boot(ElfImage image, ProgramArguments program) throws ProgramException {
        parts.firstProcess.start(image, program);
        Hart hart = harts.get(0);
        scheduler.begin(hart);
        scheduler.dispatch(hart);
        resumes(hart);
        hart.enter(HartPhase.RUNNING);
    }

    @Override
    public KernelStep trap(int hartId, TrapCause cause, long value) {
        Hart hart = harts.get(hartId);
        KernelEntry entry = entries[hartId];
        meter.workOn(hart);
        timeline.enters(hart);
        reservations.release(hartId);
        entry.executesOnce = false;
        if (cause == TrapCause.SOFTWARE_INTERRUPT) {
            // The interrupt's own price has the trap in it.
            entry.servesInterrupt = true;
            beginService(hart, hart.cycle);
            return KernelStep.CONTINUE;
        }
        meter.trapEntryAndExit();
        if (!cause.isInterrupt()) {
            if (!isPageFault(cause)) {
                // The instruction that the lock was kept for gets on.
                locks.release(hart);
            }
            entry.hasFaulted = false;
        }
        entry.cause = cause;
        entry.value = value;
        return handle(hart, entry);
    }

    /** The trap that the hart has taken, once it has the lock that this needs. */
    private KernelStep handle(Hart hart, KernelEntry entry) {
        Task task = scheduler.current(hart);
        if (timeline.listens()) {
            tell(hart, task, entry.cause);
        }
        SpaceLock.Mode mode = lockFor(hart, entry.cause);
        if (mode != null && !locks.acquire(hart, task, mode)) {
            return KernelStep.WAIT;
        }
        TrapCause cause = entry.cause;
        entry.cause = null;
        switch (cause) {
            case SYSTEM_CALL -> systemCall(hart);
            case INSTRUCTION_PAGE_FAULT, LOAD_PAGE_FAULT, STORE_PAGE_FAULT -> {
                if (shootdowns.waitForPage(hart, task.process().space().translations(), entry.value)) {
                    timeline.waitsForPage(hart);
                    entry.hasFaulted = true;
                    return KernelStep.WAIT;
                }
                pageFault(hart, entry, accessOf(cause));
            }
            case ILLEGAL_INSTRUCTION -> raise(hart, FaultClass.ILLEGAL_INSTRUCTION, hart.pc);
            case BREAKPOINT -> raise(hart, FaultClass.BREAKPOINT, hart.pc);
            case INSTRUCTION_MISALIGNED, LOAD_MISALIGNED, STORE_MISALIGNED ->
                raise(hart, FaultClass.MISALIGNED, entry.value);
            case INSTRUCTION_ACCESS_FAULT, LOAD_ACCESS_FAULT, STORE_ACCESS_FAULT ->
                raise(hart, FaultClass.BUS, entry.value);
            case TIMER_INTERRUPT -> tick(hart);
            // From the console, or from a debugger that has suspended the task: then the hart gives it up below.
            case EXTERNAL_INTERRUPT -> parts.serveConsole();
            case SOFTWARE_INTERRUPT -> {
                // It is served before.
            }
        }
        return signals.isHeld(hart) ? KernelStep.HOLD : afterwards(hart);
    }

    private void tell(Hart hart, Task task, TrapCause cause) {
        if (cause == TrapCause.SYSTEM_CALL) {
            timeline.systemCall(hart, task.tid(), systemCalls.name(hart));
        } else if (isPageFault(cause)) {
            timeline.pageFault(hart, task.tid());
        }
    }

    private static boolean isPageFault(TrapCause cause) {
        return cause == TrapCause.INSTRUCTION_PAGE_FAULT
                || cause == TrapCause.LOAD_PAGE_FAULT
                || cause == TrapCause.STORE_PAGE_FAULT;
    }

    private static AccessType accessOf(TrapCause pageFault) {
        return switch (pageFault) {
            case INSTRUCTION_PAGE_FAULT -> AccessType.FETCH;
            case LOAD_PAGE_FAULT -> AccessType.LOAD;
            default -> AccessType.STORE;
        };
    }

    /** A raised signal's handler gets its frame on the user's stack, so nearly every exception needs the lock. */
    private SpaceLock.Mode lockFor(Hart hart, TrapCause cause) {
        if (cause == TrapCause.SYSTEM_CALL) {
            return systemCalls.locking(hart);
        }
        return cause.isInterrupt() ? null : SpaceLock.Mode.SHARED;
    }

    private void tick(Hart hart) {
        shootdowns.sweep(hart);
        scheduler.tick(hart);
    }

    private void systemCall(Hart hart) {
        meter.systemCall();
        hart.pc += SYSTEM_CALL_INSTRUCTION_BYTES;
        taskWork.settle(hart, systemCalls.handle(hart, scheduler.current(hart)));
    }

    private void pageFault(Hart hart, KernelEntry entry, AccessType access) {
        AddressSpace space = scheduler.current(hart).process().space();
        // Its page-walk cache may lead into a table that is parked: then it would fault again and again.
        shootdowns.sweep(hart);
        long page = entry.value & PagingMode.PAGE_MASK;
        if (!shootdowns.settle(space.translations(), page, page + PagingMode.PAGE_BYTES)) {
            // The stack grows to where something else was: the access is made again when harts have forgotten that.
            return;
        }
        FaultClass wrong = pageFaults.handle(space, entry.value, access);
        if (wrong != null) {
            timeline.faultWas("refused");
        }
        if (wrong == null) {
            entry.hasFaulted = true;
        } else if (wrong != FaultClass.OUT_OF_MEMORY || shootdowns.settleAll()) {
            raise(hart, wrong, entry.value);
        }
    }

    private void raise(Hart hart, FaultClass fault, long address) {
        signals.raise(hart, scheduler.current(hart), fault, address);
    }

    @Override
    public KernelStep continueWork(int hartId) {
        Hart hart = harts.get(hartId);
        KernelEntry entry = entries[hartId];
        meter.workOn(hart);
        timeline.enters(hart);
        if (signals.isHeld(hart)) {
            taskWork.goOn(hart);
            return signals.isHeld(hart) ? KernelStep.HOLD : afterwards(hart);
        }
        if (entry.servesInterrupt) {
            entry.servesInterrupt = false;
            shootdowns.endService(hart, hart.cycle);
            return afterwards(hart);
        }
        if (entry.executesOnce) {
            entry.executesOnce = false;
            entry.hasFaulted = false;
            return afterwards(hart);
        }
        shootdowns.finish(hart);
        timeline.finishesShootdowns(hart);
        KernelStep outstanding = shootdowns.pendingStep(hart);
        if (outstanding != null) {
            return outstanding;
        }
        if (entry.cause != null) {
            return handle(hart, entry);
        }
        Task task = scheduler.current(hart);
        if (task == null) {
            return hartId == shutDownHart ? shutDown() : afterwards(hart);
        }
        if (task.work() instanceof KernelWork.Retry && timeline.listens()) {
            timeline.systemCall(hart, task.tid(), systemCalls.name(hart));
        }
        if (task.work() != null && !taskWork.step(hart, task)) {
            return KernelStep.WAIT;
        }
        return signals.isHeld(hart) ? KernelStep.HOLD : afterwards(hart);
    }

    private KernelStep afterwards(Hart hart) {
        KernelStep next = returnToGuest.prepare(hart, entries[hart.id()]);
        if (shootdowns.hasParked()) {
            scheduler.requireTicks();
        }
        if (next == KernelStep.RESUME || next == KernelStep.RESUME_ONCE) {
            resumes(hart);
        }
        if (next != KernelStep.IDLE) {
            return next;
        }
        shootdowns.sweep(hart);
        if (!processes.anyLive() && shutDownHart == NOBODY) {
            // With the last process gone there is still the machine to be put in order.
            shutDownHart = hart.id();
            return KernelStep.CONTINUE;
        }
        scheduler.idle(hart);
        return KernelStep.IDLE;
    }

    private void resumes(Hart hart) {
        Task task = scheduler.current(hart);
        timeline.resumes(hart, task.process().pid(), task.tid());
    }

    /** The last process has ended and its end has been paid for: files go, then the machine may. */
    private KernelStep shutDown() {
        if (!files.dropStep()) {
            return KernelStep.CONTINUE;
        }
        power.powerOff(processes.firstExitStatus());
        return KernelStep.IDLE;
    }

    @Override
    public void beginInterruptService(int hartId, InterruptLine line, long nowCycle) {
        Hart hart = harts.get(hartId);
        meter.workOn(hart, nowCycle);
        timeline.beginService(hart);
        if (line == InterruptLine.SOFTWARE) {
            beginService(hart, nowCycle);
        } else {
            meter.trapEntryAndExit();
            if (line == InterruptLine.EXTERNAL) {
                parts.serveConsole();
            } else {
                scheduler.tick(hart);
            }
        }
        timeline.endService(hart, nowCycle);
    }

    private void beginService(Hart hart, long nowCycle) {
        timeline.receives(hart);
        interrupts.received(hart.id());
        shootdowns.beginService(hart, nowCycle);
    }

    @Override
    public void endInterruptService(int hartId, InterruptLine line, long nowCycle) {
        Hart hart = harts.get(hartId);
        meter.workOn(hart, nowCycle);
        if (line == InterruptLine.SOFTWARE) {
            shootdowns.endService(hart, nowCycle);
        }
    }

    @Override
    public List<String> describeBlocked() {
        return BlockedTasks.describe(processes);
    }

    /** Where a debugger learns of what happens to processes, and intervenes. */
    public KernelDebugging debugging() {
        return parts.debugging;
    }

    public FrameAllocator frames() {
        return parts.frames;
    }

    /** The files that processes find; whatever is to be there from the start is put in before the machine runs. */
    public FileSystem files() {
        return files;
    }

    /** Free frames before the first process was made. */
    public int freeFramesAtBoot() {
        return parts.freeFramesAtBoot;
    }

    /** What watches over the harts' TLBs; null where nobody does. */
    public TlbSanitizer sanitizer() {
        return parts.sanitizer;
    }

    /** How translations are taken away from harts, and how often that was done. */
    public Shootdowns shootdowns() {
        return shootdowns;
    }

    public FaultCounters faultCounters() {
        return parts.faultCounters;
    }

    /** The name of the policy by which harts are told of what is taken away from them. */
    public String shootdownPolicy() {
        return parts.config.shootdownPolicy();
    }

    /** How long tasks have waited for the locks of their address spaces, all together. */
    public LockWaits lockWaits() {
        return locks.waits();
    }

    /** Reads what a load by the process would see; changes nothing. Fewer bytes where a load would fail. */
    public byte[] peek(Process process, long address, int lengthBytes) {
        return parts.userMemory.peek(process.space(), address, lengthBytes);
    }

    /**
     * How many bytes of console input the kernel step takes at most that a hart is about to execute, for those who had better
     * see to it first that the host has them; 0 where it does not read the console. Costs and changes nothing.
     */
    public int consoleBytesWanted(int hartId) {
        Hart hart = harts.get(hartId);
        Task task = scheduler.current(hart);
        if (task == null) {
            return 0;
        }
        TrapCause cause = hart.trapCause() == null ? entries[hartId].cause : hart.trapCause();
        boolean goesOn = cause == null && task.work() instanceof KernelWork.Retry && !task.isDecided();
        return cause == TrapCause.SYSTEM_CALL || goesOn ? parts.consoleReads.bytesWanted(hart, task) : 0;
    }

    /** How often each system call was made, by name. */
    public SortedMap<String, Long> systemCallCounts() {
        return systemCalls.counts();
    }

    /** All processes that there are and, up to a limit, all that there were, by pid. */
    public List<Process> processes() {
        return processes.history();
    }

    /** How many processes there were in all: more than {@link #processes()} where too many have ended to be remembered. */
    public long processCount() {
        return processes.everMade();
    }

    /** What a process has mapped; changes nothing. */
    public MapsReport maps(Process process) {
        return MapsReport.of(process, files);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        parts.save(out);
        for (KernelEntry entry : entries) {
            entry.save(out);
        }
        out.writeInt(shutDownHart);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        parts.restore(in);
        for (KernelEntry entry : entries) {
            entry.restore(in);
        }
        shutDownHart = in.readInt();
    }

    /** Tells {@link KernelConfig#trace} what is under way as if it ended now, and nothing any more. */
    public void endTrace(long nowCycle) {
        timeline.end(nowCycle);
    }
}
