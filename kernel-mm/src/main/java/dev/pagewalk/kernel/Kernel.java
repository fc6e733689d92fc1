package dev.pagewalk.kernel;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.hart.Reservations;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.emulator.trap.TrapHandler;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.device.ConsoleDriver;
import dev.pagewalk.kernel.device.DeviceBus;
import dev.pagewalk.kernel.device.FramebufferDriver;
import dev.pagewalk.kernel.device.PowerDriver;
import dev.pagewalk.kernel.device.ScreenInfo;
import dev.pagewalk.kernel.device.TimerDriver;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.fault.FaultCounters;
import dev.pagewalk.kernel.fault.PageFaultHandler;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.NumaNodes;
import dev.pagewalk.kernel.lifecycle.EndProcess;
import dev.pagewalk.kernel.lifecycle.ExecProgram;
import dev.pagewalk.kernel.lifecycle.FirstProcess;
import dev.pagewalk.kernel.lifecycle.ForkProcess;
import dev.pagewalk.kernel.lifecycle.SignalSender;
import dev.pagewalk.kernel.pagetable.KernelHalf;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.kernel.pagetable.PageTableEditor;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.process.MapsReport;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.kernel.process.ProgramLoader;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.WaitReason;
import dev.pagewalk.kernel.process.WaitStatus;
import dev.pagewalk.kernel.sanitizer.QueuedFlushes;
import dev.pagewalk.kernel.sanitizer.TlbSanitizer;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.kernel.shootdown.LocalInvalidation;
import dev.pagewalk.kernel.signal.SignalHandlers;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.AsidAllocator;
import dev.pagewalk.kernel.space.MemoryServices;
import dev.pagewalk.kernel.space.RegionBudget;
import dev.pagewalk.kernel.syscall.CallContext;
import dev.pagewalk.kernel.syscall.SystemCallServices;
import dev.pagewalk.kernel.syscall.SystemCallTracer;
import dev.pagewalk.kernel.syscall.SystemCalls;
import dev.pagewalk.mmu.access.AccessType;
import java.util.List;
import java.util.SortedMap;
import java.util.function.UnaryOperator;

/**
 * The kernel: takes the harts' traps and sends each to the subsystem that it belongs to.
 *
 * <p>Processes share hart 0; the other harts idle.
 *
 * <p>A stop on the path of a load, after the trap port. Next: {@link PageFaultHandler#handle}.
 */
public final class Kernel implements TrapHandler {
    private static final int SYSTEM_CALL_INSTRUCTION_BYTES = 4;
    /** A task has the hart for a millisecond while others wait: Linux's tick with HZ=1000. */
    private static final int TIME_SLICES_PER_SECOND = 1000;

    private final KernelConfig config;
    private final List<Hart> harts;
    private final Reservations reservations;
    private final CostMeter meter;
    private final FrameAllocator frames;
    private final PageTable kernelTable;
    private final MemoryServices memoryServices;
    private final FaultCounters faultCounters = new FaultCounters();
    private final PageFaultHandler pageFaults;
    private final UserMemory userMemory;
    private final FileSystem files;
    private final PowerDriver power;
    private final AsidAllocator asids = new AsidAllocator();
    private final ProcessTable processes;
    private final Scheduler scheduler;
    private final ForkProcess forks;
    private final ExecProgram execs;
    private final FirstProcess firstProcess;
    private final EndProcess ends;
    private final SignalDelivery signals;
    private final ReturnToGuest returnToGuest;
    private final SystemCalls systemCalls;
    private final SystemCallTracer tracer;
    private final int freeFramesAtBoot;
    private final TlbSanitizer sanitizer;

    /**
     * Sets up the kernel's memory on a machine whose devices are attached.
     *
     * @throws ProgramException where RAM is too small even for the kernel's own tables
     */
    public Kernel(Machine machine, KernelConfig config) throws ProgramException {
        this(machine, config, UnaryOperator.identity());
    }

    /** @param invalidations what stands between the kernel and its invalidations; a test may put mistakes there */
    Kernel(Machine machine, KernelConfig config, UnaryOperator<Invalidation> invalidations) throws ProgramException {
        this.config = config;
        this.harts = machine.harts();
        this.reservations = machine.reservations();
        TimingProfile profile = machine.config().profile();
        PhysicalBus bus = machine.bus();
        this.meter = new CostMeter(profile.kernel());
        this.frames = new FrameAllocator(
                bus, meter, NumaNodes.of(config.numaNodes(), bus.memory().sizeBytes(), harts.size()));
        PageTableEditor editor =
                new PageTableEditor(bus, frames, meter, machine.config().pagingMode());
        try {
            this.kernelTable = KernelHalf.build(editor, bus.memory());
        } catch (KernelException outOfMemory) {
            throw ProgramException.ramTooSmall(machine.config().ramBytes());
        }
        this.freeFramesAtBoot = frames.freeFrames();
        this.files = new FileSystem(frames, bus, meter);
        LocalInvalidation localInvalidation = new LocalInvalidation(meter);
        this.sanitizer = config.sanitize() ? new TlbSanitizer(harts, bus.memory(), meter, QueuedFlushes.NONE) : null;
        if (sanitizer != null) {
            frames.setObserver(sanitizer);
            editor.setObserver(sanitizer);
            localInvalidation.setObserver(sanitizer);
        }
        Invalidation invalidation = invalidations.apply(localInvalidation);
        this.memoryServices = new MemoryServices(
                editor, kernelTable, frames, invalidation, meter, files, new RegionBudget(), config.hugePages());
        this.pageFaults = new PageFaultHandler(meter, faultCounters);
        this.userMemory = new UserMemory(bus, meter, pageFaults);
        DeviceBus deviceBus = new DeviceBus(bus, meter, profile.instructions().deviceAccessCycles());
        ConsoleDriver console = new ConsoleDriver(deviceBus);
        files.attachConsole(console);
        ScreenInfo screen =
                FramebufferDriver.find(deviceBus).map(FramebufferDriver::info).orElse(null);
        if (screen != null) {
            files.attachFramebuffer(screen.physicalAddress(), screen.lengthBytes());
        }
        frames.setReclaimer(files);
        this.processes = new ProcessTable(files);
        this.power = new PowerDriver(deviceBus);
        this.scheduler = new Scheduler(
                kernelTable,
                meter,
                new TimerDriver(deviceBus, profile.cyclesPerTimerTick()),
                profile.clockHz() / TIME_SLICES_PER_SECOND);
        files.observePipes(this::wakeForPipe);
        files.observeMappings(processes);
        SignalSender sender = new SignalSender(processes, scheduler);
        SignalHandlers handlers = new SignalHandlers(userMemory);
        ProgramLoader loader = new ProgramLoader(userMemory);
        this.forks = new ForkProcess(processes, scheduler, userMemory, asids, config.fork());
        this.execs = new ExecProgram(memoryServices, config.layout(), loader, asids, scheduler, files);
        this.firstProcess = new FirstProcess(
                files, execs, processes, scheduler, bus.memory().sizeBytes());
        this.ends = new EndProcess(processes, scheduler, sender, asids);
        this.tracer =
                config.systemCallTrace() == null ? null : new SystemCallTracer(config.systemCallTrace(), userMemory);
        this.systemCalls = new SystemCalls(
                new CallContext(new SystemCallServices(
                        userMemory,
                        meter,
                        profile.clockHz(),
                        processes,
                        files,
                        screen,
                        forks,
                        execs,
                        sender,
                        handlers)),
                config.log(),
                tracer);
        this.signals = new SignalDelivery(
                handlers, sender, scheduler, console, faultCounters, systemCalls, tracer, this::endBySignal);
        this.returnToGuest = new ReturnToGuest(scheduler, signals);
    }

    /**
     * Starts the first process on hart 0. It is part of power-on and takes no simulated time.
     *
     * @throws ProgramException where the image does not fit user space or RAM; nothing of it stays
     */
    public void boot(ElfImage image, ProgramArguments program) throws ProgramException {
        firstProcess.start(image, program);
        Hart hart = harts.get(0);
        scheduler.dispatch(hart);
        hart.enter(HartPhase.RUNNING);
    }

    private void wakeForPipe(long pipe) {
        scheduler.wakeAll(new WaitReason(WaitReason.Kind.PIPE, pipe));
    }

    @Override
    public KernelStep trap(int hartId, TrapCause cause, long value) {
        Hart hart = harts.get(hartId);
        meter.workOn(hart);
        meter.trapEntryAndExit();
        reservations.release(hartId);
        switch (cause) {
            case SYSTEM_CALL -> systemCall(hart);
            case INSTRUCTION_PAGE_FAULT -> pageFault(hart, value, AccessType.FETCH);
            case LOAD_PAGE_FAULT -> pageFault(hart, value, AccessType.LOAD);
            case STORE_PAGE_FAULT -> pageFault(hart, value, AccessType.STORE);
            case ILLEGAL_INSTRUCTION -> raise(hart, FaultClass.ILLEGAL_INSTRUCTION, hart.pc);
            case BREAKPOINT -> raise(hart, FaultClass.BREAKPOINT, hart.pc);
            case INSTRUCTION_MISALIGNED, LOAD_MISALIGNED, STORE_MISALIGNED -> raise(hart, FaultClass.MISALIGNED, value);
            case INSTRUCTION_ACCESS_FAULT, LOAD_ACCESS_FAULT, STORE_ACCESS_FAULT -> raise(hart, FaultClass.BUS, value);
            case TIMER_INTERRUPT -> scheduler.tick(hart);
            case SOFTWARE_INTERRUPT, EXTERNAL_INTERRUPT -> {
                // One hart runs guests: nobody sends it anything.
            }
        }
        return afterwards(hart);
    }

    private void systemCall(Hart hart) {
        meter.systemCall();
        hart.pc += SYSTEM_CALL_INSTRUCTION_BYTES;
        settle(hart, systemCalls.handle(hart, scheduler.current()));
    }

    /** Does what a call wants beyond its result. */
    private void settle(Hart hart, CallContext call) {
        Task task = scheduler.current();
        if (call.isExiting()) {
            end(hart, task, call.waitStatus());
        } else if (call.waitsFor() != null) {
            waitOrBeInterrupted(hart, task, call.waitsFor());
        }
    }

    /** What has come already counts: only a call that would still wait can be interrupted. */
    private void waitOrBeInterrupted(Hart hart, Task task, WaitReason reason) {
        task.setWork(new KernelWork.Retry());
        if (task.signals().deliverable() != 0) {
            signals.deliverTo(hart, task);
        }
        if (scheduler.current() == task && task.work() instanceof KernelWork.Retry) {
            scheduler.block(hart, reason);
        }
    }

    private void pageFault(Hart hart, long address, AccessType access) {
        FaultClass wrong = pageFaults.handle(scheduler.current().process().space(), address, access);
        if (wrong != null) {
            raise(hart, wrong, address);
        }
    }

    private void raise(Hart hart, FaultClass fault, long address) {
        signals.raise(hart, scheduler.current(), fault, address);
    }

    private void endBySignal(Hart hart, Task task, int signal) {
        end(hart, task, WaitStatus.killed(signal));
    }

    private void end(Hart hart, Task task, int status) {
        if (tracer != null) {
            tracer.ended(task.process().pid(), status);
        }
        if (config.mapsAtExit() != null) {
            MapsReport.atEnd(task.process(), status, files).lines().forEach(config.mapsAtExit());
        }
        meter.contextSwitch();
        ends.begin(hart, task, status);
    }

    @Override
    public KernelStep continueWork(int hartId) {
        Hart hart = harts.get(hartId);
        meter.workOn(hart);
        if (scheduler.current() == null) {
            return shutDown();
        }
        work(hart, scheduler.current());
        return afterwards(hart);
    }

    /** The next step of what the task's kernel work is. */
    private void work(Hart hart, Task task) {
        KernelWork work = task.work();
        if (work instanceof KernelWork.Retry) {
            task.setWork(null);
            settle(hart, systemCalls.retry(hart, task));
        } else if (work instanceof KernelWork.Populate populate) {
            long reached = task.process().space().populateStep(populate.next(), populate.end());
            task.setWork(reached < populate.end() ? new KernelWork.Populate(reached, populate.end()) : null);
        } else if (work instanceof KernelWork.Fork fork) {
            KernelWork.Fork rest = forks.step(hart, task, fork);
            task.setWork(rest.progress().isOver() ? null : rest);
            if (rest.progress().isOver()) {
                systemCalls.complete(hart, task, ForkProcess.result(rest));
            }
        } else if (work instanceof KernelWork.Discard) {
            execs.discardStep(task);
        } else {
            ends.step(hart, task);
        }
    }

    private KernelStep afterwards(Hart hart) {
        KernelStep next = returnToGuest.prepare(hart);
        // With the last process gone there is still the machine to be put in order.
        return next == KernelStep.IDLE && !processes.anyLive() ? KernelStep.CONTINUE : next;
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
        // No hart waits for another yet.
    }

    @Override
    public void endInterruptService(int hartId, InterruptLine line, long nowCycle) {
        // As above.
    }

    @Override
    public List<String> describeBlocked() {
        return scheduler.describeBlocked(processes);
    }

    public FrameAllocator frames() {
        return frames;
    }

    /** The files that processes find; whatever is to be there from the start is put in before the machine runs. */
    public FileSystem files() {
        return files;
    }

    /** Free frames before the first process was made. */
    public int freeFramesAtBoot() {
        return freeFramesAtBoot;
    }

    /** What watches over the harts' TLBs; null where nobody does. */
    public TlbSanitizer sanitizer() {
        return sanitizer;
    }

    public FaultCounters faultCounters() {
        return faultCounters;
    }

    /** Reads what a load by the process would see; changes nothing. Fewer bytes where a load would fail. */
    public byte[] peek(Process process, long address, int lengthBytes) {
        return userMemory.peek(process.space(), address, lengthBytes);
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
        out.writeBoolean(sanitizer != null);
        if (sanitizer != null) {
            sanitizer.save(out);
        }
        frames.save(out);
        kernelTable.save(out);
        faultCounters.save(out);
        systemCalls.save(out);
        asids.save(out);
        files.save(out);
        processes.save(out);
        scheduler.save(out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        if (in.readBoolean() != (sanitizer != null)) {
            throw new IllegalArgumentException("the snapshot is of a machine that differs in having a sanitizer");
        }
        if (sanitizer != null) {
            sanitizer.restore(in);
        }
        frames.restore(in);
        kernelTable.restore(in);
        faultCounters.restore(in);
        systemCalls.restore(in);
        asids.restore(in);
        files.restore(in);
        memoryServices.regionBudget().clear();
        processes.restore(in, () -> AddressSpace.forRestore(memoryServices, config.layout()));
        scheduler.restore(in, processes);
    }
}
