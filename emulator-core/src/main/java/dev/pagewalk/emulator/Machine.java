package dev.pagewalk.emulator;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.emulator.debug.DebugPoints;
import dev.pagewalk.emulator.debug.DebugPort;
import dev.pagewalk.emulator.debug.WatchedRange;
import dev.pagewalk.emulator.engine.Engine;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.engine.interpreter.Interpreter;
import dev.pagewalk.emulator.engine.translator.Translator;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.hart.Reservations;
import dev.pagewalk.emulator.timing.Event;
import dev.pagewalk.emulator.timing.EventKind;
import dev.pagewalk.emulator.timing.EventQueue;
import dev.pagewalk.emulator.timing.Interleaving;
import dev.pagewalk.emulator.trace.TraceSink;
import dev.pagewalk.emulator.trap.HartControl;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.InterruptPort;
import dev.pagewalk.emulator.trap.PowerPort;
import dev.pagewalk.emulator.trap.TrapHandler;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.memory.StoreGuards;
import dev.pagewalk.mmu.tlb.L0Banks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The machine: harts, RAM, bus, clock. {@link #run} is the main loop.
 *
 * <p>One host thread executes the harts slice by slice, in an order that only simulated time decides (design, section 4):
 *
 * <ol>
 *   <li>Whatever is due first happens first: an event, a kernel step, or a slice of guest instructions.
 *   <li>The hart with the smallest clock goes next (ties: lowest id). Its slice ends at min(next event, smallest other
 *       clock + one quantum).
 *   <li>A trap ends the slice; the kernel step for it runs when that hart's clock is the smallest. So kernel steps are
 *       totally ordered, and only plain guest accesses may be skewed, by at most one quantum.
 * </ol>
 *
 * <p>First stop on the path of a load. Next: {@link Engine#run}.
 */
public final class Machine implements InterruptPort, PowerPort {
    /** An engine comes back at least this often to see whether someone asked it to stop. Invisible to the model. */
    private static final long HOST_POLL_CYCLES = 20_000_000;

    private final MachineConfig config;
    private final PhysicalMemory memory;
    private final PhysicalBus bus;
    private final Reservations reservations;
    private final List<Hart> harts;
    private final EventQueue events = new EventQueue();
    private final Interleaving interleaving;
    private final HartTimeline timeline;
    private final KernelTurns turns;
    private final DebugPoints debugPoints = new DebugPoints();
    private final Engine engine;
    private TrapHandler handler;

    /** Null where there is no debugger. */
    private DebugPort debugger;

    /** The hart whose slice is under way, or null between slices. */
    private Hart running;

    /** The hart whose kernel step has been held, or null. */
    private Hart held;

    /** How often it has been held since it began. */
    private int holds;

    /** What the loop has begun, and the slices that it has ended. */
    private long turn;

    /** Up to here everything has happened; waiting harts' clocks lag behind. */
    private long reachedCycle;

    private boolean poweredOff;
    private int exitStatus;
    private volatile boolean stopRequested;

    /** A machine whose guests are interpreted. */
    public Machine(MachineConfig config) {
        this(config, EngineOptions.of(EngineKind.INTERPRETER));
    }

    /** @param engineOptions how guest code is executed; nothing that a guest or a snapshot holds depends on them */
    public Machine(MachineConfig config, EngineOptions engineOptions) {
        this.config = config;
        this.memory = new PhysicalMemory(config.ramBytes());
        StoreGuards guards = new StoreGuards(memory);
        this.bus = new PhysicalBus(memory, guards);
        this.reservations = new Reservations(config.harts(), guards);
        bus.observeStores(reservations);
        L0Banks banks = new L0Banks(config.harts());
        List<Hart> list = new ArrayList<>();
        for (int id = 0; id < config.harts(); id++) {
            Mmu mmu = new Mmu(
                    memory, guards, config.pagingMode(), config.profile().translation(), id, banks, id);
            list.add(new Hart(id, mmu));
        }
        this.harts = Collections.unmodifiableList(list);
        this.interleaving = new Interleaving(config.profile().crossHart(), config.quantumCycles(), config.seed());
        this.timeline = new HartTimeline(harts);
        this.turns = new KernelTurns(harts, events, timeline);
        this.engine = engine(engineOptions);
    }

    private Engine engine(EngineOptions options) {
        return options.kind() == EngineKind.INTERPRETER
                ? new Interpreter(harts, bus, reservations, debugPoints, config.profile())
                : new Translator(harts, bus, reservations, debugPoints, config.profile(), options);
    }

    /** Connects the kernel; once, before the first {@link #run}. */
    public void connect(TrapHandler trapHandler) {
        this.handler = trapHandler;
        turns.connect(trapHandler);
    }

    public MachineConfig config() {
        return config;
    }

    /** The bus; devices are attached before the first {@link #run}. */
    public PhysicalBus bus() {
        return bus;
    }

    /** The harts, by id. */
    public List<Hart> harts() {
        return harts;
    }

    /** What the engine has done so far. */
    public EngineReport engineReport() {
        return engine.report();
    }

    public Reservations reservations() {
        return reservations;
    }

    /** The kernel's means to get waiting and idle harts going. */
    public HartControl hartControl() {
        return turns;
    }

    /** How far harts run apart and how long messages between them take. */
    public Interleaving interleaving() {
        return interleaving;
    }

    /**
     * Names who is told, from now on, what harts do besides executing their guests, and of page walks. What is under way is
     * told to the former sink as if it ended now, so {@link TraceSink#NONE} ends a trace.
     */
    public void traceTo(TraceSink sink) {
        timeline.end(longestCycle());
        timeline.begin(sink, reachedCycle);
    }

    /** Names who may stop the machine and see it where it stands; null for nobody. Nothing that a guest can see depends on it. */
    public void debugBy(DebugPort port) {
        debugger = port;
        debugPoints.connect(port);
        if (port == null) {
            setDebugPoints(new long[0], List.of());
        }
    }

    /** Replaces the addresses at which the debugger is asked whether to stop; not to be called while {@link #run} is under way. */
    public void setDebugPoints(long[] breakpointAddresses, List<WatchedRange> watched) {
        debugPoints.set(breakpointAddresses, watched);
        engine.debugPointsChanged();
        // Also where there was none before: what L0 holds now has been let in by other points.
        harts.forEach(hart -> hart.mmu().setL0Veto(watched.isEmpty() ? null : debugPoints));
    }

    /** {@link MachinePosition#turn} of where the run is. */
    public long turn() {
        return turn;
    }

    /** How far the run has come. */
    public MachinePosition position() {
        return new MachinePosition(turn, retiredInstructions(), holds);
    }

    /** The instructions that all harts together have executed. */
    public long retiredInstructions() {
        long retired = 0;
        for (Hart hart : harts) {
            retired += hart.retired;
        }
        return retired;
    }

    /** The hart that is in the middle of its slice, or whose kernel step is held; null where there is none. */
    public Hart hartUnderWay() {
        return held != null ? held : running;
    }

    /** The status given to the test finisher; meaningful after {@link RunStop#POWERED_OFF}. */
    public int exitStatus() {
        return exitStatus;
    }

    /** The time that the machine has come to, in cycles: the greatest clock of all harts, or a limit it has run into. */
    public long longestCycle() {
        long longest = reachedCycle;
        for (Hart hart : harts) {
            longest = Math.max(longest, hart.cycle);
        }
        return longest;
    }

    /**
     * Runs until something stops the machine. Stopping never changes the interleaving: a slice that was cut goes on with
     * the same hart and the same deadline.
     *
     * @param limitCycle stop as soon as every clock is there or beyond; the slice of the last hart to get there is cut
     * @param pauseCycle stop at the first instruction boundary at which the hart that executes is there or beyond
     */
    public RunStop run(long limitCycle, long pauseCycle) {
        while (!poweredOff) {
            if (stopRequested) {
                stopRequested = false;
                return RunStop.STOP_REQUESTED;
            }
            if (debugger != null && debugger.stopsHere()) {
                return RunStop.DEBUGGER;
            }
            if (held != null) {
                kernelStep(held);
            } else if (running == null) {
                Hart next = smallestClock(null);
                long eventCycle = events.nextCycle();
                if (next == null && events.isEmpty()) {
                    return RunStop.DEADLOCK;
                }
                reachedCycle = Math.min(Math.min(eventCycle, clockOf(next)), limitCycle);
                if (reachedCycle == limitCycle) {
                    return RunStop.CYCLE_LIMIT;
                }
                turn++;
                if (eventCycle <= clockOf(next)) {
                    dispatch(events.poll());
                } else if (next.phase() == HartPhase.QUEUED) {
                    kernelStep(next);
                } else if (!turns.takeInterrupt(next)) {
                    beginSlice(next, eventCycle);
                }
            } else {
                if (running.cycle >= pauseCycle) {
                    return RunStop.PAUSED;
                }
                if (running.cycle >= limitCycle && othersHaveReached(limitCycle)) {
                    return RunStop.CYCLE_LIMIT;
                }
                if (debugger != null && debugger.stopsBefore(running)) {
                    return RunStop.DEBUGGER;
                }
                executeSlice(limitCycle, pauseCycle);
            }
        }
        return RunStop.POWERED_OFF;
    }

    /** Executes a kernel step, or what remains of one that has been held. */
    private void kernelStep(Hart hart) {
        turns.step(hart);
        boolean isHeld = turns.isHeld(hart);
        held = isHeld ? hart : null;
        holds = isHeld ? holds + 1 : 0;
    }

    /** Runs until the machine ends, deadlocks, or is asked to stop. */
    public RunStop run() {
        return run(Long.MAX_VALUE, Long.MAX_VALUE);
    }

    private void beginSlice(Hart hart, long eventCycle) {
        if (turns.isResumedOnce(hart)) {
            // Every instruction costs a cycle at least.
            hart.deadlineCycle = hart.cycle + 1;
        } else {
            long others = clockOf(smallestClock(hart));
            long ahead = others == Long.MAX_VALUE ? others : others + interleaving.quantumCycles();
            hart.deadlineCycle = Math.min(eventCycle, ahead);
        }
        hart.staysOnPage = false;
        running = hart;
    }

    /** Executes the slice under way until its end, a trap, or a reason of the host's to look up. */
    private void executeSlice(long limitCycle, long pauseCycle) {
        Hart hart = running;
        long bound = Math.min(pauseCycle, hart.cycle + HOST_POLL_CYCLES);
        if (othersHaveReached(limitCycle)) {
            bound = Math.min(bound, limitCycle);
        }
        if (debugger != null) {
            // No instruction takes less than a cycle.
            bound = Math.min(bound, hart.cycle + Math.min(debugger.instructionBudget(hart), HOST_POLL_CYCLES));
        }
        hart.stopCycle = Math.min(hart.deadlineCycle, bound);
        long retiredBefore = hart.retired;
        engine.run(hart);
        if (debugger != null) {
            debugger.executed(hart, hart.retired - retiredBefore);
        }
        if (hart.trapCause() != null) {
            running = null;
            turn++;
            turns.queueTrap(hart);
        } else if (hart.cycle >= hart.deadlineCycle) {
            running = null;
            turn++;
            turns.endSlice(hart);
        }
    }

    /** Whether only the hart whose slice is under way is still to come to a cycle. */
    private boolean othersHaveReached(long cycle) {
        return clockOf(smallestClock(running)) >= cycle;
    }

    private void dispatch(Event event) {
        int target = event.target();
        long now = event.cycle();
        switch (event.kind()) {
            case KERNEL_WORK_END -> turns.endWork(target, now);
            case INTERRUPT_SERVICE_END -> turns.endService(target, now);
            case SOFTWARE_INTERRUPT -> turns.arrive(target, InterruptLine.SOFTWARE, now);
            case TIMER_INTERRUPT -> turns.arrive(target, InterruptLine.TIMER, now);
            case EXTERNAL_INTERRUPT -> turns.arrive(target, InterruptLine.EXTERNAL, now);
        }
    }

    /** The hart with the smallest clock (ties: lowest id), {@code except} left out; null where none has a clock. */
    private Hart smallestClock(Hart except) {
        Hart smallest = null;
        for (int id = 0; id < harts.size(); id++) {
            Hart hart = harts.get(id);
            if (hart != except && hart.hasClock() && (smallest == null || hart.cycle < smallest.cycle)) {
                smallest = hart;
            }
        }
        return smallest;
    }

    private static long clockOf(Hart hart) {
        return hart == null ? Long.MAX_VALUE : hart.cycle;
    }

    @Override
    public void raise(int hartId, InterruptLine line, long arrivalCycle) {
        events.schedule(arrivalCycle, kindOf(line), hartId);
        if (running != null) {
            // An instruction has just scheduled this: its slice may not run past it.
            shortenSlice(arrivalCycle);
        }
    }

    @Override
    public void clear(int hartId, InterruptLine line) {
        harts.get(hartId).clearPending(line);
        events.cancelAll(kindOf(line), hartId);
    }

    @Override
    public void powerOff(int status) {
        poweredOff = true;
        exitStatus = status;
        if (running != null) {
            shortenSlice(Long.MIN_VALUE);
        }
    }

    /** Makes {@link #run} come back soon with {@link RunStop#STOP_REQUESTED}; any thread may call this. */
    public void requestStop() {
        stopRequested = true;
    }

    private void shortenSlice(long cycle) {
        running.deadlineCycle = Math.min(running.deadlineCycle, cycle);
        running.stopCycle = Math.min(running.stopCycle, cycle);
    }

    private static EventKind kindOf(InterruptLine line) {
        return switch (line) {
            case SOFTWARE -> EventKind.SOFTWARE_INTERRUPT;
            case TIMER -> EventKind.TIMER_INTERRUPT;
            case EXTERNAL -> EventKind.EXTERNAL_INTERRUPT;
        };
    }

    /** The whole state at an instruction boundary; not to be called while {@link #run} is under way. */
    public MachineSnapshot snapshot() {
        return snapshot(null);
    }

    /**
     * As {@link #snapshot()}, sharing host memory for the frames that are as they were in another one.
     *
     * @param similar of this machine, or of one with as much RAM; null for none
     */
    public MachineSnapshot snapshot(MachineSnapshot similar) {
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        out.writeUTF(deviceNames());
        out.writeLong(reachedCycle);
        out.writeBoolean(poweredOff);
        out.writeInt(exitStatus);
        out.writeInt(idOf(running));
        out.writeInt(idOf(held));
        out.writeInt(holds);
        out.writeLong(turn);
        harts.forEach(hart -> hart.save(out));
        events.save(out);
        turns.save(out);
        interleaving.save(out);
        reservations.save(out);
        bus.devices().forEach(device -> device.save(out));
        handler.save(out);
        return new MachineSnapshot(
                config, out.toByteArray(), memory.snapshot(similar == null ? null : similar.memory()));
    }

    /**
     * Makes this machine indistinguishable from the one that the snapshot was taken of.
     *
     * @throws IllegalArgumentException where that machine was configured differently
     */
    public void restore(MachineSnapshot snapshot) {
        if (!config.equals(snapshot.config())) {
            throw new IllegalArgumentException(
                    "the snapshot is of a machine with " + snapshot.config() + ", this one has " + config);
        }
        ByteArrayDataInput in = ByteStreams.newDataInput(snapshot.state());
        String devices = in.readUTF();
        if (!devices.equals(deviceNames())) {
            throw new IllegalArgumentException(
                    "the snapshot is of a machine with the devices " + devices + ", this one has " + deviceNames());
        }
        engine.discardCode();
        memory.restore(snapshot.memory());
        reachedCycle = in.readLong();
        poweredOff = in.readBoolean();
        exitStatus = in.readInt();
        running = hartOf(in.readInt());
        held = hartOf(in.readInt());
        holds = in.readInt();
        turn = in.readLong();
        harts.forEach(hart -> hart.restore(in));
        events.restore(in);
        turns.restore(in);
        interleaving.restore(in);
        reservations.restore(in);
        bus.devices().forEach(device -> device.restore(in));
        handler.restore(in);
        timeline.beginAgain(reachedCycle);
    }

    private static int idOf(Hart hart) {
        return hart == null ? -1 : hart.id();
    }

    private Hart hartOf(int id) {
        return id < 0 ? null : harts.get(id);
    }

    private String deviceNames() {
        return bus.devices().stream().map(MemoryMappedDevice::name).toList().toString();
    }
}
