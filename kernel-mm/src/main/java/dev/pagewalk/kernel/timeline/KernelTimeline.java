package dev.pagewalk.kernel.timeline;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.emulator.trace.TraceSink;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.shootdown.InvalidationObserver;
import dev.pagewalk.kernel.timeline.HartTrack.Span;

/**
 * Tells a {@link TraceSink} what the kernel does on which hart: system calls and page faults with the waits in them,
 * shootdowns with their flushes, the interrupts from hart to hart, and whose turn it is. The machine tells the rest: that a
 * hart is in the kernel at all, waits, idles or serves an interrupt.
 *
 * <p>The kernel's parts call it at the time that its {@link CostMeter} shows. Where nobody listens each call does nothing, and
 * there is nothing to save in a snapshot: a restored machine's timeline begins anew.
 */
public final class KernelTimeline {
    private static final String FAULT = "page fault";

    private final TraceSink sink;
    private final CostMeter meter;
    private final HartState[] harts;
    private final ShootdownTimeline shootdowns;
    private boolean listens;

    /** @param sink {@link TraceSink#NONE} where nobody listens */
    public KernelTimeline(TraceSink sink, CostMeter meter, int hartCount) {
        this.sink = sink;
        this.meter = meter;
        this.listens = sink != TraceSink.NONE;
        this.harts = new HartState[hartCount];
        for (int hartId = 0; hartId < hartCount; hartId++) {
            harts[hartId] = new HartState(new HartTrack(hartId, sink));
        }
        this.shootdowns = new ShootdownTimeline(this, sink, meter);
    }

    /** For kernels without a machine to trace. */
    public static KernelTimeline silent(CostMeter meter) {
        return new KernelTimeline(TraceSink.NONE, meter, 0);
    }

    /** Whether anybody wants to know: worth asking before a name is made up. */
    public boolean listens() {
        return listens;
    }

    /** What wants to be told how shootdowns get on. */
    public InvalidationObserver shootdowns() {
        return shootdowns;
    }

    /** A hart begins a step of the kernel: it leaves its guest, or what it waited for has come. */
    public void enters(Hart hart) {
        if (listens) {
            HartState state = harts[hart.id()];
            state.guest = end(state.guest, hart.cycle);
            state.wait = end(state.wait, hart.cycle);
            state.track.tell();
        }
    }

    /** A hart goes to the guest, and executes a task there, as soon as its step is over. */
    public void resumes(Hart hart, int pid, int tid) {
        if (listens) {
            HartState state = harts[hart.id()];
            state.activity = end(state.activity, meter.nowCycle());
            state.guest = state.track.begin(TraceCategory.SCHEDULE, describe(pid, tid), meter.nowCycle());
        }
    }

    private static String describe(int pid, int tid) {
        return tid == pid ? "process " + pid : "thread " + tid + " of process " + pid;
    }

    /** A hart begins, or goes on with, a system call of its task. */
    public void systemCall(Hart hart, int tid, String name) {
        act(hart, tid, TraceCategory.SYSTEM_CALL, name);
    }

    /** A hart begins to handle a page fault of its task. */
    public void pageFault(Hart hart, int tid) {
        act(hart, tid, TraceCategory.FAULT, FAULT);
    }

    private void act(Hart hart, int tid, TraceCategory category, String name) {
        if (listens && harts[hart.id()].activity == null) {
            HartState state = harts[hart.id()];
            // The trap is part of it.
            state.activity = state.track.begin(category, name, hart.cycle);
            state.actorTid = tid;
        }
    }

    /** The page fault that the hart at work handles has turned out to be of a kind. */
    public void faultWas(String kind) {
        if (listens && meter.hart() != null) {
            Span activity = harts[meter.hart().id()].activity;
            if (activity != null && activity.category() == TraceCategory.FAULT) {
                activity.rename(kind + " fault");
            }
        }
    }

    /**
     * What a hart does is over where its task has given it up.
     *
     * @param currentTid 0 where it has no task
     */
    public void endUnlessFor(Hart hart, int currentTid) {
        if (listens) {
            HartState state = harts[hart.id()];
            if (state.actorTid != currentTid) {
                state.activity = end(state.activity, meter.nowCycle());
            }
        }
    }

    /** A hart has to wait for the lock of its process's memory. */
    public void waitsForLock(Hart hart, int pid) {
        if (listens) {
            waits(hart, lockOf(pid));
        }
    }

    /** It knows already how long. */
    public void waitsForLock(Hart hart, int pid, long cycles) {
        if (listens && cycles > 0) {
            long now = meter.nowCycle();
            harts[hart.id()].track.add(TraceCategory.LOCK, lockOf(pid), now, now + cycles);
        }
    }

    private static String lockOf(int pid) {
        return "lock on the memory of process " + pid;
    }

    /** A hart has to wait for a page that another one replaces. */
    public void waitsForPage(Hart hart) {
        waits(hart, "page in transit");
    }

    private void waits(Hart hart, String name) {
        if (listens) {
            HartState state = harts[hart.id()];
            state.wait = state.track.begin(TraceCategory.LOCK, name, meter.nowCycle());
        }
    }

    /**
     * The hart at work interrupts another one.
     *
     * @param sendCycles what it has just been charged for that
     */
    public void sends(int toHart, String purpose, int sendCycles) {
        if (listens) {
            HartState receiver = harts[toHart];
            receiver.senderHart = meter.hart().id();
            receiver.sentCycle = meter.nowCycle() - sendCycles;
            receiver.purpose = purpose;
        }
    }

    /** The hart at work begins to serve what was sent to it. */
    public void receives(Hart hart) {
        if (listens) {
            HartState state = harts[hart.id()];
            state.receivedCycle = meter.nowCycle();
            if (state.purpose != null) {
                sink.arrow(state.senderHart, state.sentCycle, hart.id(), state.receivedCycle, state.purpose);
                state.purpose = null;
            }
        }
    }

    /** A hart serves an interrupt on top of what it does: all that it is charged for from now on belongs to that. */
    public void beginService(Hart hart) {
        if (listens) {
            harts[hart.id()].track.beginService();
        }
    }

    /** All that it is charged for has been. */
    public void endService(Hart hart, long fromCycle) {
        if (listens) {
            harts[hart.id()].track.endService(fromCycle, meter.nowCycle());
        }
    }

    /** A hart has given back what its shootdowns have taken away: they were over when its step began. */
    public void finishesShootdowns(Hart hart) {
        if (listens) {
            shootdowns.finish(hart);
        }
    }

    /** Tells what is under way as if it ended now, and nothing any more. */
    public void end(long nowCycle) {
        if (listens) {
            for (HartState state : harts) {
                state.track.cut(nowCycle);
            }
            listens = false;
        }
    }

    /** The machine is in another state. */
    public void beginAgain() {
        for (HartState state : harts) {
            state.forget();
        }
        shootdowns.forget();
    }

    HartTrack track(int hartId) {
        return harts[hartId].track;
    }

    /** When a hart took its latest interrupt from another. */
    long receivedCycle(int hartId) {
        return harts[hartId].receivedCycle;
    }

    private static Span end(Span spanOrNull, long cycle) {
        if (spanOrNull != null) {
            spanOrNull.end(cycle);
        }
        return null;
    }

    /** What one hart is at; null where it is not. */
    private static final class HartState {
        final HartTrack track;

        /** The system call or the page fault. */
        Span activity;

        /** Whose it is. */
        int actorTid;

        /** The wait for a lock or a page. */
        Span wait;

        /** The stay in the guest. */
        Span guest;

        /** Of the interrupt that is on its way to the hart. */
        int senderHart;

        long sentCycle;
        String purpose;

        long receivedCycle;

        HartState(HartTrack track) {
            this.track = track;
        }

        void forget() {
            track.forget();
            activity = null;
            wait = null;
            guest = null;
            purpose = null;
        }
    }
}
