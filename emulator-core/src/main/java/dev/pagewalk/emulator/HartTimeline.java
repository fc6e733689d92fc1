package dev.pagewalk.emulator;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.emulator.trace.TraceSink;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.mmu.WalkListener;
import dev.pagewalk.mmu.access.AccessType;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Tells a {@link TraceSink} what harts do when they do not execute their guests: their stays in the kernel with the waits in
 * them, idleness, the interrupts they serve meanwhile, and page walks. {@link KernelTurns} calls it at each step's beginning and
 * end. No part of the machine's state.
 */
final class HartTimeline {
    private static final Map<TrapCause, String> CAUSES = names(TrapCause.class, "");
    private static final Map<InterruptLine, String> SERVICES = names(InterruptLine.class, " interrupt service");
    private static final Map<AccessType, String> WALKS = names(AccessType.class, " walk");
    private static final String CONTINUED = "continued";

    private final List<Hart> harts;
    private final Track[] tracks;
    private TraceSink sink;

    HartTimeline(List<Hart> harts) {
        this.harts = harts;
        this.tracks = new Track[harts.size()];
        begin(TraceSink.NONE, 0);
    }

    /** Tells another sink from now on: of what is under way, as if it had begun now. */
    void begin(TraceSink newSink, long nowCycle) {
        sink = newSink;
        for (Hart hart : harts) {
            Track track = new Track();
            tracks[hart.id()] = track;
            if (hart.phase() == HartPhase.BUSY || hart.phase() == HartPhase.WAITING) {
                track.beginWork(CONTINUED, nowCycle);
            }
            if (hart.phase() == HartPhase.WAITING || hart.phase() == HartPhase.IDLE) {
                track.beginPause(hart.phase(), nowCycle);
            }
            hart.mmu().setWalkListener(newSink != TraceSink.NONE && newSink.wantsWalks() ? listener(hart) : null);
        }
    }

    private WalkListener listener(Hart hart) {
        return (access, afterCycles, walkCycles) -> {
            long start = hart.cycle + afterCycles;
            sink.span(hart.id(), TraceCategory.WALK, WALKS.get(access), start, start + walkCycles);
        };
    }

    /** The machine is in another state. */
    void beginAgain(long nowCycle) {
        begin(sink, nowCycle);
    }

    private static <E extends Enum<E>> Map<E, String> names(Class<E> type, String suffix) {
        Map<E, String> names = new EnumMap<>(type);
        for (E value : type.getEnumConstants()) {
            names.put(value, value.name().toLowerCase(Locale.ROOT).replace('_', ' ') + suffix);
        }
        return names;
    }

    /**
     * A kernel step begins.
     *
     * @param cause null where the step continues work
     */
    void stepBegins(Hart hart, TrapCause cause) {
        Track track = tracks[hart.id()];
        if (track.work == null) {
            track.beginWork(cause == null ? CONTINUED : CAUSES.get(cause), hart.cycle);
            // The hart that boots is never told to leave its idleness.
            track.pause = null;
        }
    }

    /** The cycles of a step, or of a wait that has been ended by a wake-up, have passed. */
    void stepEnds(Hart hart, KernelStep afterwards) {
        Track track = tracks[hart.id()];
        endPause(hart, hart.cycle);
        switch (afterwards) {
            case CONTINUE, HOLD -> {
                // The same stay.
            }
            case WAIT -> track.beginPause(HartPhase.WAITING, hart.cycle);
            case RESUME, RESUME_ONCE -> endWork(hart, hart.cycle);
            case IDLE -> {
                endWork(hart, hart.cycle);
                track.beginPause(HartPhase.IDLE, hart.cycle);
            }
        }
    }

    /** A hart serves an interrupt on top of what it does. */
    void service(Hart hart, InterruptLine line, long fromCycle, long toCycle) {
        TraceCategory category = line == InterruptLine.SOFTWARE ? TraceCategory.IPI : TraceCategory.TRAP;
        sink.span(hart.id(), category, SERVICES.get(line), fromCycle, toCycle);
        tracks[hart.id()].servedUntilCycle = toCycle;
    }

    /** Tells what is under way as if it ended now. */
    void end(long nowCycle) {
        for (Hart hart : harts) {
            endPause(hart, nowCycle);
            endWork(hart, nowCycle);
        }
    }

    private void endPause(Hart hart, long nowCycle) {
        Track track = tracks[hart.id()];
        if (track.pause != null) {
            boolean waits = track.pause == HartPhase.WAITING;
            sink.span(
                    hart.id(),
                    waits ? TraceCategory.WAIT : TraceCategory.SCHEDULE,
                    waits ? "waiting" : "idle",
                    track.pauseCycle,
                    Math.max(nowCycle, track.servedUntilCycle));
        }
        track.pause = null;
    }

    private void endWork(Hart hart, long nowCycle) {
        Track track = tracks[hart.id()];
        if (track.work != null) {
            long end = Math.max(nowCycle, track.servedUntilCycle);
            sink.span(hart.id(), TraceCategory.TRAP, track.work, track.workCycle, end);
        }
        track.work = null;
    }

    /** One hart's spans that are still open. */
    private static final class Track {
        /** Why the hart came into the kernel; null where it is not there. */
        String work;

        long workCycle;

        /** WAITING or IDLE; null where it is neither. */
        HartPhase pause;

        long pauseCycle;

        /** A service's span is told when it begins; what encloses it cannot end earlier, even if the trace does. */
        long servedUntilCycle;

        void beginWork(String name, long cycle) {
            work = name;
            workCycle = cycle;
        }

        void beginPause(HartPhase phase, long cycle) {
            pause = phase;
            pauseCycle = cycle;
        }
    }
}
