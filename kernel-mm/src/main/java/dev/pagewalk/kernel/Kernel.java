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
import dev.pagewalk.kernel.device.PowerDriver;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.fault.FaultCounters;
import dev.pagewalk.kernel.fault.PageFaultHandler;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.pagetable.KernelHalf;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.kernel.pagetable.PageTableEditor;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.kernel.process.ProgramLoader;
import dev.pagewalk.kernel.shootdown.LocalInvalidation;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.MemoryServices;
import dev.pagewalk.kernel.syscall.CallContext;
import dev.pagewalk.kernel.syscall.SystemCallTracer;
import dev.pagewalk.kernel.syscall.SystemCalls;
import dev.pagewalk.mmu.access.AccessType;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;

/**
 * The kernel: takes the harts' traps and sends each to the subsystem that it belongs to.
 *
 * <p>One process runs, on hart 0; the other harts idle.
 *
 * <p>A stop on the path of a load, after the trap port. Next: {@link PageFaultHandler#handle}.
 */
public final class Kernel implements TrapHandler {
    private static final int SYSTEM_CALL_INSTRUCTION_BYTES = 4;
    private static final int STACK_POINTER = 2;
    private static final int FIRST_PID = 1;

    /** ASID 0 belongs to the kernel's own table. */
    private static final int KERNEL_ASID = 0;

    private static final int FIRST_ASID = 1;

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
    private final ConsoleDriver console;
    private final PowerDriver power;
    private final SystemCalls systemCalls;
    private final SystemCallTracer tracer;
    private final int freeFramesAtBoot;
    private Process process;
    private KernelWork work;

    /**
     * Sets up the kernel's memory on a machine whose devices are attached.
     *
     * @throws ProgramException where RAM is too small even for the kernel's own tables
     */
    public Kernel(Machine machine, KernelConfig config) throws ProgramException {
        this.config = config;
        this.harts = machine.harts();
        this.reservations = machine.reservations();
        TimingProfile profile = machine.config().profile();
        PhysicalBus bus = machine.bus();
        this.meter = new CostMeter(profile.kernel());
        this.frames = new FrameAllocator(bus, meter);
        PageTableEditor editor =
                new PageTableEditor(bus, frames, meter, machine.config().pagingMode());
        try {
            this.kernelTable = KernelHalf.build(editor, bus.memory());
        } catch (KernelException outOfMemory) {
            throw ProgramException.ramTooSmall(machine.config().ramBytes());
        }
        this.freeFramesAtBoot = frames.freeFrames();
        LocalInvalidation invalidation = new LocalInvalidation(meter);
        this.memoryServices = new MemoryServices(editor, kernelTable, frames, invalidation, meter, config.hugePages());
        this.pageFaults = new PageFaultHandler(meter, faultCounters);
        this.userMemory = new UserMemory(bus, meter, pageFaults);
        DeviceBus deviceBus = new DeviceBus(bus, meter, profile.instructions().deviceAccessCycles());
        this.console = new ConsoleDriver(deviceBus);
        this.power = new PowerDriver(deviceBus);
        CallContext context = new CallContext(userMemory, console, meter, profile.clockHz());
        this.tracer =
                config.systemCallTrace() == null ? null : new SystemCallTracer(config.systemCallTrace(), userMemory);
        this.systemCalls = new SystemCalls(context, config.log(), tracer);
    }

    /**
     * Starts the first process on hart 0. It is part of power-on and takes no simulated time.
     *
     * @throws ProgramException where the image does not fit user space or RAM; nothing of it stays
     */
    public void boot(ElfImage image, ProgramArguments program) throws ProgramException {
        AddressSpace space;
        try {
            space = AddressSpace.create(memoryServices, config.layout(), FIRST_ASID);
        } catch (KernelException outOfMemory) {
            throw ramTooSmall();
        }
        ProgramLoader.Start start;
        try {
            start = new ProgramLoader(userMemory).load(image, program, space);
        } catch (KernelException outOfMemory) {
            space.destroy();
            throw ramTooSmall();
        } catch (ProgramException unfit) {
            space.destroy();
            throw unfit;
        }
        process = new Process(FIRST_PID, space);
        Hart hart = harts.get(0);
        Arrays.fill(hart.x, 0);
        hart.x[STACK_POINTER] = start.stackPointer();
        hart.pc = start.pc();
        hart.mmu().setAddressSpace(space.pageTable().rootAddress(), space.asid());
        hart.enter(HartPhase.RUNNING);
    }

    private ProgramException ramTooSmall() {
        return ProgramException.ramTooSmall((long) frames.totalFrames() * FrameAllocator.FRAME_BYTES);
    }

    @Override
    public KernelStep trap(int hartId, TrapCause cause, long value) {
        Hart hart = harts.get(hartId);
        meter.workOn(hart);
        meter.trapEntryAndExit();
        reservations.release(hartId);
        return switch (cause) {
            case SYSTEM_CALL -> systemCall(hart);
            case INSTRUCTION_PAGE_FAULT -> pageFault(hart, value, AccessType.FETCH);
            case LOAD_PAGE_FAULT -> pageFault(hart, value, AccessType.LOAD);
            case STORE_PAGE_FAULT -> pageFault(hart, value, AccessType.STORE);
            case ILLEGAL_INSTRUCTION -> kill(hart, FaultClass.ILLEGAL_INSTRUCTION, hart.pc);
            case BREAKPOINT -> kill(hart, FaultClass.BREAKPOINT, hart.pc);
            case INSTRUCTION_MISALIGNED,
                    LOAD_MISALIGNED,
                    STORE_MISALIGNED,
                    INSTRUCTION_ACCESS_FAULT,
                    LOAD_ACCESS_FAULT,
                    STORE_ACCESS_FAULT -> kill(hart, FaultClass.BUS, value);
            // One process on one hart: nobody is waited for, so an interrupt has nothing to do.
            case SOFTWARE_INTERRUPT, TIMER_INTERRUPT, EXTERNAL_INTERRUPT -> KernelStep.RESUME;
        };
    }

    private KernelStep systemCall(Hart hart) {
        meter.systemCall();
        hart.pc += SYSTEM_CALL_INSTRUCTION_BYTES;
        CallContext call = systemCalls.handle(hart, process);
        if (call.isExiting()) {
            return end(hart, call.exitStatus(), "exited with " + call.exitStatus());
        }
        if (call.populates()) {
            work = new KernelWork.Populate(call.populateStart(), call.populateEnd());
            return KernelStep.CONTINUE;
        }
        return KernelStep.RESUME;
    }

    private KernelStep pageFault(Hart hart, long address, AccessType access) {
        FaultClass wrong = pageFaults.handle(process.space(), address, access);
        return wrong == null ? KernelStep.RESUME : kill(hart, wrong, address);
    }

    /** Ends the process by the signal of a fault, with the fault's line on the console. */
    private KernelStep kill(Hart hart, FaultClass fault, long address) {
        faultCounters.killed++;
        console.kernelLine(fault.describe(address));
        return end(hart, fault.signal().exitStatus(), "killed by " + fault.signal());
    }

    /** Ends the process (S23): the hart leaves its tables first, then its memory is taken down step by step. */
    private KernelStep end(Hart hart, int status, String how) {
        if (tracer != null) {
            tracer.ended(process.pid(), how);
        }
        meter.contextSwitch();
        hart.mmu().setAddressSpace(kernelTable.rootAddress(), KERNEL_ASID);
        process.end(status);
        work = new KernelWork.TearDown();
        return KernelStep.CONTINUE;
    }

    @Override
    public KernelStep continueWork(int hartId) {
        meter.workOn(harts.get(hartId));
        if (work instanceof KernelWork.Populate populate) {
            long reached = process.space().populateStep(populate.next(), populate.end());
            work = reached < populate.end() ? new KernelWork.Populate(reached, populate.end()) : null;
            return work == null ? KernelStep.RESUME : KernelStep.CONTINUE;
        }
        if (work instanceof KernelWork.TearDown) {
            if (process.space().destroyStep()) {
                work = new KernelWork.PowerOff();
            }
            return KernelStep.CONTINUE;
        }
        // The last process has ended and its end has been paid for: the machine may go.
        power.powerOff(process.exitStatus());
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
        return List.of();
    }

    public FrameAllocator frames() {
        return frames;
    }

    /** Free frames before the first process was made. */
    public int freeFramesAtBoot() {
        return freeFramesAtBoot;
    }

    public FaultCounters faultCounters() {
        return faultCounters;
    }

    /** How often each system call was made, by name. */
    public SortedMap<String, Long> systemCallCounts() {
        return systemCalls.counts();
    }

    /** All processes that ever were, by pid. */
    public List<Process> processes() {
        return process == null ? List.of() : Collections.singletonList(process);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        frames.save(out);
        kernelTable.save(out);
        faultCounters.save(out);
        systemCalls.save(out);
        KernelWork.save(work, out);
        out.writeBoolean(process != null);
        if (process != null) {
            process.save(out);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        frames.restore(in);
        kernelTable.restore(in);
        faultCounters.restore(in);
        systemCalls.restore(in);
        work = KernelWork.restore(in);
        process = null;
        if (in.readBoolean()) {
            process = new Process(FIRST_PID, AddressSpace.forRestore(memoryServices, config.layout()));
            process.restore(in);
        }
    }
}
