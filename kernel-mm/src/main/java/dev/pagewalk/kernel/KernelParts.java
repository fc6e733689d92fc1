package dev.pagewalk.kernel;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.Reservations;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.debug.DebugHook;
import dev.pagewalk.kernel.device.ConsoleDriver;
import dev.pagewalk.kernel.device.DeviceBus;
import dev.pagewalk.kernel.device.FramebufferDriver;
import dev.pagewalk.kernel.device.InterProcessorInterrupts;
import dev.pagewalk.kernel.device.PowerDriver;
import dev.pagewalk.kernel.device.ScreenInfo;
import dev.pagewalk.kernel.device.Terminal;
import dev.pagewalk.kernel.device.TimerDriver;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultCounters;
import dev.pagewalk.kernel.fault.PageFaultHandler;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.NumaNodes;
import dev.pagewalk.kernel.futex.FutexTable;
import dev.pagewalk.kernel.lifecycle.EndProcess;
import dev.pagewalk.kernel.lifecycle.ExecProgram;
import dev.pagewalk.kernel.lifecycle.FirstProcess;
import dev.pagewalk.kernel.lifecycle.ForkProcess;
import dev.pagewalk.kernel.lifecycle.SignalSender;
import dev.pagewalk.kernel.lifecycle.StartThread;
import dev.pagewalk.kernel.pagetable.KernelHalf;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.kernel.pagetable.PageTableEditor;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.kernel.process.ProgramLoader;
import dev.pagewalk.kernel.process.WaitReason;
import dev.pagewalk.kernel.sanitizer.TlbSanitizer;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.kernel.shootdown.InvalidationObserver;
import dev.pagewalk.kernel.shootdown.MmuInvalidation;
import dev.pagewalk.kernel.shootdown.ShootdownPolicy;
import dev.pagewalk.kernel.shootdown.ShootdownServices;
import dev.pagewalk.kernel.shootdown.Shootdowns;
import dev.pagewalk.kernel.shootdown.SpaceTranslations;
import dev.pagewalk.kernel.shootdown.policy.ShootdownPolicies;
import dev.pagewalk.kernel.signal.SignalHandlers;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.MemoryServices;
import dev.pagewalk.kernel.space.RegionBudget;
import dev.pagewalk.kernel.syscall.CallContext;
import dev.pagewalk.kernel.syscall.ConsoleReads;
import dev.pagewalk.kernel.syscall.Randomness;
import dev.pagewalk.kernel.syscall.SystemCallServices;
import dev.pagewalk.kernel.syscall.SystemCallTracer;
import dev.pagewalk.kernel.syscall.SystemCalls;
import dev.pagewalk.kernel.timeline.KernelTimeline;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.List;
import java.util.function.UnaryOperator;

/** The parts of one kernel, put together once and saved together. */
final class KernelParts implements Snapshotable {
    /** A task has the hart for a millisecond while others wait: Linux's tick with HZ=1000. */
    private static final int TIME_SLICES_PER_SECOND = 1000;

    final KernelConfig config;
    final List<Hart> harts;
    final Reservations reservations;
    final CostMeter meter;
    final FrameAllocator frames;
    final PageTable kernelTable;
    final MemoryServices memoryServices;
    final FaultCounters faultCounters = new FaultCounters();
    final PageFaultHandler pageFaults;
    final UserMemory userMemory;
    final FileSystem files;
    final Terminal terminal;
    final ConsoleReads consoleReads;
    final PowerDriver power;
    final Shootdowns shootdowns;
    final ProcessTable processes;
    final Scheduler scheduler;
    final FutexTable futexes;
    final Randomness randomness = new Randomness();
    final FirstProcess firstProcess;
    final SignalDelivery signals;
    final ReturnToGuest returnToGuest;
    final SystemCalls systemCalls;
    final TaskWork taskWork;
    final int freeFramesAtBoot;
    final TlbSanitizer sanitizer;
    final HartLocks locks;
    final InterProcessorInterrupts interrupts;
    final KernelTimeline timeline;
    final DebugHook debugHook = new DebugHook();
    final KernelDebugging debugging;

    /**
     * As {@link Kernel} has them.
     *
     * @throws ProgramException where RAM is too small even for the kernel's own tables
     */
    KernelParts(
            Machine machine,
            KernelConfig config,
            UnaryOperator<Invalidation> invalidations,
            UnaryOperator<ShootdownPolicy> policies)
            throws ProgramException {
        this.config = config;
        this.harts = machine.harts();
        this.reservations = machine.reservations();
        TimingProfile profile = machine.config().profile();
        PhysicalBus bus = machine.bus();
        this.meter = new CostMeter(profile.kernel());
        this.timeline = new KernelTimeline(config.trace(), meter, harts.size());
        NumaNodes nodes = NumaNodes.of(config.numaNodes(), bus.memory().sizeBytes(), harts.size());
        this.frames = new FrameAllocator(bus, meter, nodes);
        PageTableEditor editor =
                new PageTableEditor(bus, frames, meter, machine.config().pagingMode());
        try {
            this.kernelTable = KernelHalf.build(editor, bus.memory());
        } catch (KernelException outOfMemory) {
            throw ProgramException.ramTooSmall(machine.config().ramBytes());
        }
        this.freeFramesAtBoot = frames.freeFrames();
        this.files = new FileSystem(frames, bus, meter);
        DeviceBus deviceBus = new DeviceBus(bus, meter, profile.instructions().deviceAccessCycles());
        this.interrupts = new InterProcessorInterrupts(
                deviceBus, meter, profile.crossHart().interruptSendCycles(), timeline);
        MmuInvalidation mmuInvalidation = new MmuInvalidation();
        this.shootdowns = new Shootdowns(
                new ShootdownServices(
                        harts,
                        meter,
                        frames,
                        kernelTable,
                        profile.crossHart(),
                        profile.kernel().rangeFlushCeilingPages(),
                        invalidations.apply(mmuInvalidation),
                        interrupts,
                        machine.hartControl()),
                policies.apply(ShootdownPolicies.find(config.shootdownPolicy()).orElseThrow()),
                config.asidBits());
        this.sanitizer = config.sanitize() ? new TlbSanitizer(harts, bus.memory(), meter, shootdowns) : null;
        if (sanitizer != null) {
            frames.setObserver(sanitizer);
            editor.setObserver(sanitizer);
            mmuInvalidation.setObserver(sanitizer);
        }
        observeShootdowns();
        this.memoryServices = new MemoryServices(
                editor, kernelTable, frames, shootdowns, meter, files, new RegionBudget(), config.hugePages());
        this.pageFaults = new PageFaultHandler(meter, faultCounters, timeline);
        this.userMemory = new UserMemory(bus, meter, pageFaults, debugHook);
        ConsoleDriver console = new ConsoleDriver(deviceBus);
        this.terminal = new Terminal(console);
        terminal.start();
        files.attachConsole(terminal);
        ScreenInfo screen =
                FramebufferDriver.find(deviceBus).map(FramebufferDriver::info).orElse(null);
        if (screen != null) {
            files.attachFramebuffer(screen.physicalAddress(), screen.lengthBytes());
        }
        frames.setReclaimer(files);
        this.processes = new ProcessTable(files);
        this.power = new PowerDriver(deviceBus);
        this.scheduler = new Scheduler(
                harts.size(),
                meter,
                machine.hartControl(),
                interrupts,
                new TimerDriver(deviceBus, profile.cyclesPerTimerTick()),
                shootdowns.loader(),
                machine.interleaving()::wakeUpLatencyCycles,
                profile.clockHz() / TIME_SLICES_PER_SECOND);
        scheduler.connect(processes::findTask);
        files.observePipes(this::wakeForPipe);
        files.observeMappings(processes);
        this.futexes = new FutexTable(scheduler);
        SignalSender sender = new SignalSender(processes, scheduler);
        SignalHandlers handlers = new SignalHandlers(userMemory);
        ProgramLoader loader = new ProgramLoader(userMemory);
        ForkProcess forks = new ForkProcess(processes, scheduler, userMemory, config.fork());
        SystemCallTracer tracer =
                config.systemCallTrace() == null ? null : new SystemCallTracer(config.systemCallTrace(), userMemory);
        EndProcess ends = new EndProcess(
                processes,
                scheduler,
                sender,
                userMemory,
                futexes,
                new EndReport(tracer, config.mapsAtExit(), files, debugHook));
        ExecProgram execs =
                new ExecProgram(memoryServices, config.layout(), loader, scheduler, files, processes, ends, debugHook);
        this.firstProcess = new FirstProcess(
                files, execs, processes, scheduler, bus.memory().sizeBytes());
        this.systemCalls = new SystemCalls(
                new CallContext(new SystemCallServices(
                        userMemory,
                        meter,
                        profile.clockHz(),
                        processes,
                        files,
                        screen,
                        forks,
                        new StartThread(processes, scheduler, userMemory),
                        execs,
                        sender,
                        futexes,
                        handlers,
                        scheduler,
                        shootdowns,
                        nodes,
                        randomness)),
                config.log(),
                tracer);
        TaskEnding ending = new TaskEnding(ends, meter);
        this.signals = new SignalDelivery(
                handlers,
                sender,
                scheduler,
                console,
                faultCounters,
                systemCalls,
                tracer,
                ending,
                debugHook,
                harts.size());
        this.consoleReads = new ConsoleReads(userMemory, terminal);
        this.locks = new HartLocks(harts.size(), meter, machine.hartControl(), timeline);
        this.taskWork = new TaskWork(
                scheduler, systemCalls, signals, ending, forks, execs, ends, shootdowns, locks, processes, debugHook);
        this.debugging =
                new KernelDebugging(machine, meter, processes, scheduler, sender, userMemory, files, debugHook);
        this.returnToGuest = new ReturnToGuest(
                scheduler, signals, new GroupDuties(scheduler, sender, ends), shootdowns, locks, timeline);
    }

    private void observeShootdowns() {
        InvalidationObserver watching = sanitizer == null ? InvalidationObserver.NONE : sanitizer;
        shootdowns.setObserver(timeline.listens() ? watching.and(timeline.shootdowns()) : watching);
    }

    private void wakeForPipe(long pipe) {
        scheduler.wakeAll(new WaitReason(WaitReason.Kind.PIPE, pipe));
    }

    /** The external interrupt, which only the console raises: who waits for it looks again. */
    void serveConsole() {
        if (terminal.hasNews()) {
            scheduler.wakeAll(WaitReason.CONSOLE_INPUT);
        }
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
        files.save(out);
        terminal.save(out);
        processes.save(out);
        shootdowns.save(out);
        scheduler.save(out);
        interrupts.save(out);
        locks.save(out);
        signals.save(out);
        futexes.save(out);
        randomness.save(out);
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
        files.restore(in);
        terminal.restore(in);
        memoryServices.regionBudget().clear();
        processes.restore(in, () -> AddressSpace.forRestore(memoryServices, config.layout()));
        shootdowns.restore(in, translations());
        scheduler.restore(in);
        interrupts.restore(in);
        locks.restore(in, processes::findTask, this::spaceById);
        signals.restore(in);
        futexes.restore(in, processes);
        randomness.restore(in);
        timeline.beginAgain();
    }

    /** Null for 0, which stands for none. */
    private AddressSpace spaceById(long id) {
        return processes.spaces().stream()
                .filter(space -> space.translations().id() == id)
                .findFirst()
                .orElse(null);
    }

    private List<SpaceTranslations> translations() {
        return processes.spaces().stream().map(AddressSpace::translations).toList();
    }
}
