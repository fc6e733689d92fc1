package dev.pagewalk.emulator;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.timing.EventKind;
import dev.pagewalk.emulator.timing.EventQueue;
import dev.pagewalk.emulator.trap.HartControl;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.emulator.trap.TrapHandler;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.List;

/**
 * Kernel time: executes kernel steps, lets their cycles pass, and services interrupts that reach a hart meanwhile
 * (design, section 4, point 6).
 *
 * <p>A step takes effect when it executes; then its hart is busy until a {@link EventKind#KERNEL_WORK_END}. A software
 * interrupt that reaches a hart which is busy, waits or idles is serviced at once: the service's cycles are appended to a
 * busy hart's work, and its effects take place at its end. Other lines wait until the kernel is left.
 */
final class KernelTurns implements HartControl, Snapshotable {
    private final List<Hart> harts;
    private final EventQueue events;
    private final Turn[] turns;
    private final HartTimeline timeline;
    private TrapHandler handler;

    KernelTurns(List<Hart> harts, EventQueue events, HartTimeline timeline) {
        this.harts = harts;
        this.events = events;
        this.timeline = timeline;
        this.turns = new Turn[harts.size()];
        for (int id = 0; id < turns.length; id++) {
            turns[id] = new Turn();
        }
    }

    void connect(TrapHandler trapHandler) {
        this.handler = trapHandler;
    }

    /** Takes the pending interrupt, if any, of a hart that is about to run. Returns whether there was one. */
    boolean takeInterrupt(Hart hart) {
        InterruptLine line = hart.nextPending();
        if (line == null) {
            return false;
        }
        hart.clearPending(line);
        hart.trap(TrapCause.of(line), 0);
        queueTrap(hart);
        return true;
    }

    /** Queues a hart that has trapped for its turn. */
    void queueTrap(Hart hart) {
        turns[hart.id()].trapped = true;
        hart.enter(HartPhase.QUEUED);
    }

    /** Whether a running hart is to execute one instruction only before its kernel work goes on. */
    boolean isResumedOnce(Hart hart) {
        return turns[hart.id()].afterwards == KernelStep.RESUME_ONCE;
    }

    /** Ends a slice that no trap has ended: a hart that was to execute one instruction only goes on with its kernel work. */
    void endSlice(Hart hart) {
        if (isResumedOnce(hart)) {
            hart.enter(HartPhase.QUEUED);
        }
    }

    /** Whether the hart's last kernel step has been held and has to be gone on with before all else. */
    boolean isHeld(Hart hart) {
        return turns[hart.id()].afterwards == KernelStep.HOLD;
    }

    /** Executes the next kernel step of a queued hart, whose clock is the smallest, or the rest of one that is held. */
    void step(Hart hart) {
        Turn turn = turns[hart.id()];
        if (turn.trapped) {
            turn.trapped = false;
            TrapCause cause = hart.trapCause();
            long value = hart.trapValue();
            hart.clearTrap();
            timeline.stepBegins(hart, cause);
            turn.afterwards = handler.trap(hart.id(), cause, value);
        } else {
            timeline.stepBegins(hart, null);
            turn.afterwards = handler.continueWork(hart.id());
        }
        if (turn.afterwards == KernelStep.HOLD) {
            // What it has cost so far stays on its account.
            return;
        }
        hart.enter(HartPhase.BUSY);
        turn.busyUntilCycle = hart.cycle + hart.takeCharge();
        events.schedule(turn.busyUntilCycle, EventKind.KERNEL_WORK_END, hart.id());
        deliver(hart, hart.cycle);
    }

    /** {@link EventKind#KERNEL_WORK_END}: the cycles of a step have passed. */
    void endWork(int hartId, long nowCycle) {
        Hart hart = harts.get(hartId);
        hart.cycle = nowCycle;
        timeline.stepEnds(hart, turns[hartId].afterwards);
        hart.enter(
                switch (turns[hartId].afterwards) {
                    case RESUME, RESUME_ONCE -> HartPhase.RUNNING;
                    case CONTINUE -> HartPhase.QUEUED;
                    case WAIT -> HartPhase.WAITING;
                    case IDLE -> HartPhase.IDLE;
                    case HOLD -> throw new IllegalStateException("a step that is held has not ended");
                });
        deliver(hart, nowCycle);
    }

    @Override
    public void wake(int hartId, long atCycle) {
        Hart hart = harts.get(hartId);
        Turn turn = turns[hartId];
        switch (hart.phase()) {
            case BUSY -> {
                if (turn.afterwards != KernelStep.WAIT && turn.afterwards != KernelStep.IDLE) {
                    throw new IllegalStateException("hart " + hartId + " is busy and not about to wait");
                }
                turn.afterwards = KernelStep.CONTINUE;
                postponeWork(hartId, Math.max(turn.busyUntilCycle, atCycle));
            }
            case WAITING, IDLE -> {
                turn.afterwards = KernelStep.CONTINUE;
                turn.busyUntilCycle = turn.servicing == null ? atCycle : Math.max(atCycle, turn.serviceUntilCycle);
                hart.cycle = turn.busyUntilCycle;
                hart.enter(HartPhase.BUSY);
                events.schedule(turn.busyUntilCycle, EventKind.KERNEL_WORK_END, hartId);
            }
            case RUNNING, QUEUED -> throw new IllegalStateException("hart " + hartId + " does not wait");
        }
    }

    /** An interrupt arrives: pending from now on, and serviced at once where the hart is in the kernel. */
    void arrive(int hartId, InterruptLine line, long nowCycle) {
        Hart hart = harts.get(hartId);
        hart.setPending(line);
        deliver(hart, nowCycle);
    }

    /** {@link EventKind#INTERRUPT_SERVICE_END}: the service's effects take place. */
    void endService(int hartId, long nowCycle) {
        Turn turn = turns[hartId];
        InterruptLine line = turn.servicing;
        turn.servicing = null;
        handler.endInterruptService(hartId, line, nowCycle);
        if (harts.get(hartId).takeCharge() != 0) {
            throw new IllegalStateException("the end of an interrupt's service takes no time: charge at its beginning");
        }
        deliver(harts.get(hartId), nowCycle);
    }

    private void deliver(Hart hart, long nowCycle) {
        if (turns[hart.id()].servicing != null) {
            return;
        }
        switch (hart.phase()) {
            case BUSY, WAITING -> {
                if (hart.isPending(InterruptLine.SOFTWARE)) {
                    beginService(hart, InterruptLine.SOFTWARE, nowCycle);
                }
            }
            case IDLE -> {
                if (hart.nextPending() != null) {
                    beginService(hart, hart.nextPending(), nowCycle);
                }
            }
            case RUNNING, QUEUED -> {
                // Taken at the next instruction boundary, or when the step that is due has executed.
            }
        }
    }

    private void beginService(Hart hart, InterruptLine line, long nowCycle) {
        Turn turn = turns[hart.id()];
        hart.clearPending(line);
        turn.servicing = line;
        handler.beginInterruptService(hart.id(), line, nowCycle);
        long serviceCycles = hart.takeCharge();
        turn.serviceUntilCycle = nowCycle + serviceCycles;
        events.schedule(turn.serviceUntilCycle, EventKind.INTERRUPT_SERVICE_END, hart.id());
        timeline.service(hart, line, nowCycle, turn.serviceUntilCycle);
        if (hart.phase() == HartPhase.BUSY) {
            // After the service's end in the queue, even where both fall on one cycle.
            postponeWork(hart.id(), turn.busyUntilCycle + serviceCycles);
        } else if (hart.phase() == HartPhase.IDLE) {
            hart.serveWhileIdle(nowCycle, turn.serviceUntilCycle);
        }
    }

    private void postponeWork(int hartId, long untilCycle) {
        turns[hartId].busyUntilCycle = untilCycle;
        events.cancelAll(EventKind.KERNEL_WORK_END, hartId);
        events.schedule(untilCycle, EventKind.KERNEL_WORK_END, hartId);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (Turn turn : turns) {
            out.writeBoolean(turn.trapped);
            out.writeByte(turn.afterwards.ordinal());
            out.writeLong(turn.busyUntilCycle);
            out.writeByte(turn.servicing == null ? -1 : turn.servicing.ordinal());
            out.writeLong(turn.serviceUntilCycle);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (Turn turn : turns) {
            turn.trapped = in.readBoolean();
            turn.afterwards = KernelStep.values()[in.readByte()];
            turn.busyUntilCycle = in.readLong();
            int servicing = in.readByte();
            turn.servicing = servicing < 0 ? null : InterruptLine.values()[servicing];
            turn.serviceUntilCycle = in.readLong();
        }
    }

    /** One hart's kernel work. */
    private static final class Turn {
        /** Whether a queued hart's next step is the first one of a trap. */
        boolean trapped;

        /** What follows the step that keeps the hart busy, or has followed the last one. */
        KernelStep afterwards = KernelStep.IDLE;

        long busyUntilCycle;

        /** The line being serviced, or null. */
        InterruptLine servicing;

        long serviceUntilCycle;
    }
}
