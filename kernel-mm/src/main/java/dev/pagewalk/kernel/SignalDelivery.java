package dev.pagewalk.kernel;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.debug.DebugEvents;
import dev.pagewalk.kernel.debug.DebugHook;
import dev.pagewalk.kernel.device.ConsoleDriver;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.fault.FaultClass;
import dev.pagewalk.kernel.fault.FaultCounters;
import dev.pagewalk.kernel.lifecycle.SignalSender;
import dev.pagewalk.kernel.process.KernelWork;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.kernel.process.WaitReason;
import dev.pagewalk.kernel.schedule.Scheduler;
import dev.pagewalk.kernel.signal.SignalAction;
import dev.pagewalk.kernel.signal.SignalHandlers;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.kernel.signal.SignalSet;
import dev.pagewalk.kernel.syscall.SystemCallTracer;
import dev.pagewalk.kernel.syscall.SystemCalls;
import dev.pagewalk.mmu.state.Snapshotable;

/**
 * Does to the task that has the hart what its signals demand: runs a handler, ends it, stops it, or nothing. Source: Linux,
 * kernel/signal.c, {@code get_signal} and {@code force_sig_info}.
 */
final class SignalDelivery implements Snapshotable {
    private static final int SYSTEM_CALL_INSTRUCTION_BYTES = 4;
    private static final int STACK_POINTER = 2;

    private final SignalHandlers handlers;
    private final SignalSender sender;
    private final Scheduler scheduler;
    private final ConsoleDriver console;
    private final FaultCounters faultCounters;
    private final SystemCalls systemCalls;
    private final SystemCallTracer tracer;
    private final ProcessEnding ending;
    private final DebugHook debugger;
    private final HeldSignals held;

    /** @param tracer null where nobody wants a trace */
    SignalDelivery(
            SignalHandlers handlers,
            SignalSender sender,
            Scheduler scheduler,
            ConsoleDriver console,
            FaultCounters faultCounters,
            SystemCalls systemCalls,
            SystemCallTracer tracer,
            ProcessEnding ending,
            DebugHook debugger,
            int harts) {
        this.debugger = debugger;
        this.held = new HeldSignals(harts);
        this.handlers = handlers;
        this.sender = sender;
        this.scheduler = scheduler;
        this.console = console;
        this.faultCounters = faultCounters;
        this.systemCalls = systemCalls;
        this.tracer = tracer;
        this.ending = ending;
    }

    /** How a process is ended by a signal. */
    interface ProcessEnding {
        void killedBy(Hart hart, Task task, int signal);
    }

    /**
     * Delivers what waits and is not blocked, until nothing is left, the task has lost the hart, or a debugger holds the step
     * ({@link #isHeld}).
     */
    void deliverTo(Hart hart, Task task) {
        SignalInfo info = task.signals().takeDeliverable();
        while (info != null) {
            if (isHeldForDebugger(hart, task, info, null) || !deliver(hart, task, info)) {
                return;
            }
            info = task.signals().takeDeliverable();
        }
    }

    /** Whether the hart's step is to be held until a debugger has decided about a signal: {@link #goOn}. */
    boolean isHeld(Hart hart) {
        return held.signal(hart.id()) != null;
    }

    private boolean isHeldForDebugger(Hart hart, Task task, SignalInfo info, FaultClass fault) {
        boolean doesNothing = fault == null
                && task.process().signalActions().of(info.signal()).handler() == SignalAction.IGNORE;
        boolean isHeld = !doesNothing && info.signal() != Signal.SIGKILL.number() && debugger.holdsSignal(task, info);
        if (isHeld) {
            held.hold(hart.id(), info, fault);
        }
        return isHeld;
    }

    /** The task of a step that is held is to wait when the debugger has decided, unless a signal interrupts that. */
    void holdWait(Hart hart, WaitReason reason) {
        held.holdWait(hart.id(), reason);
    }

    /** What {@link #holdWait} has said, once; null where it has not. */
    WaitReason takeHeldWait(Hart hart) {
        return held.takeWait(hart.id());
    }

    /** The debugger has decided: delivers the signal, or another one, or none, and then what else waits. */
    void goOn(Hart hart, Task task) {
        SignalInfo info = held.signal(hart.id());
        FaultClass fault = held.fault(hart.id());
        held.release(hart.id());
        int decided = debugger.decideSignal(task, info);
        boolean goesOn = true;
        if (decided == info.signal() && fault != null) {
            raiseNow(hart, task, fault, info);
            return;
        }
        if (decided != DebugEvents.NO_SIGNAL) {
            goesOn = deliver(hart, task, decided == info.signal() ? info : SignalInfo.sent(decided, 0));
        }
        if (goesOn && fault == null) {
            deliverTo(hart, task);
        }
    }

    /** Returns whether the task goes on. */
    private boolean deliver(Hart hart, Task task, SignalInfo info) {
        SignalAction action = task.process().signalActions().of(info.signal());
        if (action.isCaught()) {
            interruptCall(hart, task, action);
            trace(task, info);
            if (enterHandler(hart, task, info, action)) {
                return true;
            }
            faultCounters.killed++;
            console.kernelLine(FaultClass.INVALID_ADDRESS.describe(hart.x[STACK_POINTER]));
            return false;
        }
        if (action.handler() == SignalAction.IGNORE) {
            return true;
        }
        switch (Signal.defaultAction(info.signal())) {
            case TERMINATE -> {
                if (task.work() instanceof KernelWork.Retry) {
                    systemCalls.abandon(hart, task);
                }
                trace(task, info);
                ending.killedBy(hart, task, info.signal());
                return false;
            }
            case STOP -> {
                trace(task, info);
                sender.stop(task.process(), info.signal());
                scheduler.stop(hart);
                sender.noteStop(task.process());
                return false;
            }
            default -> {
                return true;
            }
        }
    }

    /**
     * A call that waits is made again after the handler where the guest wants that, else it fails; where it has done a part
     * of its work, it has succeeded with that.
     */
    private void interruptCall(Hart hart, Task task, SignalAction action) {
        if (!(task.work() instanceof KernelWork.Retry)) {
            return;
        }
        task.setWork(null);
        if (systemCalls.interrupt(hart, task, action.has(SignalAction.RESTART))) {
            hart.pc -= SYSTEM_CALL_INSTRUCTION_BYTES;
        }
    }

    /** SIGKILL is no news: the process's end says it. */
    private void trace(Task task, SignalInfo info) {
        if (tracer != null && info.signal() != Signal.SIGKILL.number()) {
            tracer.delivered(task.tid(), info);
        }
    }

    private boolean enterHandler(Hart hart, Task task, SignalInfo info, SignalAction action) {
        Process process = task.process();
        try {
            handlers.enter(
                    hart,
                    process.space(),
                    task.signals(),
                    process.signalActions(),
                    info,
                    action,
                    process.space().signalReturnAddress());
            sender.retarget(task);
            return true;
        } catch (KernelException noStack) {
            ending.killedBy(hart, task, Signal.SIGSEGV.number());
            return false;
        }
    }

    /**
     * A fault that nothing can help: its signal is delivered at once. Where the guest does not catch it, the fault's line
     * goes to the console and the process ends.
     */
    void raise(Hart hart, Task task, FaultClass fault, long address) {
        SignalInfo info = SignalInfo.fault(fault.signal().number(), fault.code(), address);
        if (!isHeldForDebugger(hart, task, info, fault)) {
            raiseNow(hart, task, fault, info);
        }
    }

    private void raiseNow(Hart hart, Task task, FaultClass fault, SignalInfo info) {
        int signal = info.signal();
        SignalAction action = task.process().signalActions().of(signal);
        boolean caught = action.isCaught()
                && !SignalSet.contains(task.signals().blocked(), signal)
                && fault != FaultClass.OUT_OF_MEMORY;
        trace(task, info);
        if (caught && enterHandler(hart, task, info, action)) {
            return;
        }
        faultCounters.killed++;
        console.kernelLine(fault.describe(info.address()));
        // A handler that could not be entered has ended it already.
        if (scheduler.current(hart) == task && !task.process().hasEnded()) {
            ending.killedBy(hart, task, signal);
        }
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        held.save(out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        held.restore(in);
    }
}
