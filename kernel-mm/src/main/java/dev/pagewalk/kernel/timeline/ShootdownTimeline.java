package dev.pagewalk.kernel.timeline;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.emulator.trace.TraceSink;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.shootdown.FlushAction;
import dev.pagewalk.kernel.shootdown.InvalidationObserver;
import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.timeline.HartTrack.Span;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.TreeMap;

/**
 * Tells of shootdowns: on the initiator from the issue until it has noticed that all have answered, an arrow for each answer,
 * and on all harts what they flush.
 */
final class ShootdownTimeline implements InvalidationObserver {
    /** A nanosecond at 4 GHz. Viewers take a span's end as outside it, and an arrow begins inside. */
    private static final long BEFORE_END_CYCLES = 4;

    private final KernelTimeline timeline;
    private final TraceSink sink;
    private final CostMeter meter;

    /** Those that somebody waits for, by number. */
    private final TreeMap<Long, Course> courses = new TreeMap<>();

    ShootdownTimeline(KernelTimeline timeline, TraceSink sink, CostMeter meter) {
        this.timeline = timeline;
        this.sink = sink;
        this.meter = meter;
    }

    @Override
    public void issued(Shootdown shootdown) {
        if (timeline.listens()) {
            courses.put(shootdown.number(), new Course(timeline.track(shootdown.initiator()), shootdown, meter));
        }
    }

    @Override
    public void told(Shootdown shootdown, int hartId, Telling how) {
        if (!timeline.listens()) {
            return;
        }
        // One that was parked may come to be waited for, by another hart.
        Course course = courses.computeIfAbsent(
                shootdown.number(), number -> new Course(timeline.track(shootdown.initiator()), shootdown, meter));
        course.toldHarts++;
        course.notes += how == Telling.POSTED ? 1 : 0;
        if (how == Telling.POSTED && course.notes == Long.bitCount(shootdown.awaited())) {
            // From now on nobody waits for it.
            course.end(meter.nowCycle());
            courses.remove(shootdown.number());
        }
    }

    @Override
    public void acknowledged(Shootdown shootdown, int hartId, long cycle) {
        Course course = courses.get(shootdown.number());
        if (course != null && hartId != shootdown.initiator()) {
            long leaves = Math.max(timeline.receivedCycle(hartId), cycle - BEFORE_END_CYCLES);
            course.answers.add(new Answer(hartId, leaves));
        }
    }

    @Override
    public void completed(Shootdown shootdown, long cycle) {
        Course course = courses.get(shootdown.number());
        if (course == null) {
            return;
        }
        course.isComplete = true;
        Hart worker = meter.hart();
        boolean isInOneStep =
                worker == null || worker.id() == shootdown.initiator() && course.span.startCycle() >= worker.cycle;
        if (isInOneStep) {
            // In the step that has issued it, or where a debugger has intervened: nobody was waited for.
            course.end(meter.nowCycle());
            courses.remove(shootdown.number());
        }
    }

    /** The initiator's step has begun with all that was to be done at the end. */
    void finish(Hart hart) {
        boolean any = false;
        for (Iterator<Course> rest = courses.values().iterator(); rest.hasNext(); ) {
            Course course = rest.next();
            if (course.isComplete && course.shootdown.initiator() == hart.id()) {
                course.end(hart.cycle);
                for (Answer answer : course.answers) {
                    sink.arrow(answer.hartId, answer.cycle, hart.id(), hart.cycle, "answer");
                }
                rest.remove();
                any = true;
            }
        }
        if (any) {
            timeline.track(hart.id())
                    .add(TraceCategory.SHOOTDOWN, "completion of shootdowns", hart.cycle, meter.nowCycle());
        }
    }

    @Override
    public void flushTakes(int hartId, FlushAction action, int lengthPages, long fromCycle, long toCycle) {
        if (timeline.listens() && toCycle > fromCycle) {
            String what = switch (action) {
                case SKIP -> "of nothing";
                case PAGES -> lengthPages == 1 ? "of a page" : "of " + lengthPages + " pages";
                case SPACE -> "of an address space";
                case LEAVE -> "of an address space that ends";
                case EVERYTHING -> "of everything";
            };
            timeline.track(hartId).add(TraceCategory.FLUSH, "flush " + what, fromCycle, toCycle);
        }
    }

    void forget() {
        courses.clear();
    }

    private record Answer(int hartId, long cycle) {}

    /** One shootdown that is under way. */
    private static final class Course {
        final HartTrack track;
        final Shootdown shootdown;
        final Span span;
        final List<Answer> answers = new ArrayList<>();
        int toldHarts;
        int notes;
        boolean isComplete;

        Course(HartTrack track, Shootdown shootdown, CostMeter meter) {
            this.track = track;
            this.shootdown = shootdown;
            this.span = track.begin(TraceCategory.SHOOTDOWN, "shootdown", meter.nowCycle());
        }

        void end(long cycle) {
            if (toldHarts == 0 && cycle == span.startCycle()) {
                // Nobody could have known anything of what it takes away.
                track.drop(span);
                return;
            }
            span.rename("shootdown " + shootdown.number() + ": " + extent() + ", "
                    + (toldHarts == 1 ? "1 other hart" : toldHarts + " other harts"));
            span.end(cycle);
        }

        private String extent() {
            if (shootdown.isRetirement()) {
                return "end of an address space";
            }
            if (shootdown.flushesSpace()) {
                return "an address space";
            }
            return shootdown.lengthPages() == 1 ? "1 page" : shootdown.lengthPages() + " pages";
        }
    }
}
