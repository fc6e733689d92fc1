package dev.pagewalk.emulator.engine.differential;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachineSnapshot;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.debug.AccessStop;
import dev.pagewalk.emulator.debug.WatchedRange;
import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineLog;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.emulator.engine.RegionReport;
import dev.pagewalk.emulator.testing.TestingDebugger;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** One case on two machines that differ in their engines: stopped at the same moments, compared at each. */
final class Comparison implements EngineLog {
    private static final int MOST_STOPS = 600;
    private static final int MOST_DEBUG_STOPS = 60;
    private static final int THOROUGH_EACH = 40;
    private static final long NEVER = Long.MAX_VALUE;

    private final FuzzCase test;
    private final Tally tally;
    private final boolean alwaysThorough;
    private final Random random;
    private final List<String> log = new ArrayList<>();
    private final TestingDebugger leftDebugger = new TestingDebugger();
    private final TestingDebugger rightDebugger = new TestingDebugger();

    private FuzzGuest left;
    private FuzzGuest right;
    private MachineSnapshot earlier;
    private long retiredBefore;
    private int stops;
    private int debugStops;
    private List<String> differences = List.of();

    private Comparison(FuzzCase test, Tally tally, boolean alwaysThorough) {
        this.test = test;
        this.tally = tally;
        this.alwaysThorough = alwaysThorough;
        this.random = new Random(test.seed() * 131 + 1);
    }

    /** What differs first; empty where nothing does. */
    static List<String> differences(FuzzCase test, Tally tally) {
        return new Comparison(test, tally, false).run();
    }

    /** What differs at the first moment at which anything does, and the translations before it. */
    static List<String> explanation(FuzzCase test) {
        Comparison comparison = new Comparison(test, new Tally(), true);
        List<String> lines = new ArrayList<>(comparison.run());
        lines.addAll(comparison.log);
        return lines;
    }

    static FuzzGuest interpreting(FuzzCase test) {
        return new FuzzGuest(test, EngineOptions.of(EngineKind.INTERPRETER));
    }

    static FuzzGuest translating(FuzzCase test, EngineLog log) {
        return new FuzzGuest(
                test,
                new EngineOptions(
                        EngineKind.TRANSLATOR, test.hotVisits(), test.inBackground(), test.mostRegions(), log));
    }

    private List<String> run() {
        try {
            left = interpreting(test);
            right = translating(test, this);
            while (step()) {
                stops++;
            }
            tally.addProgram(stops);
            count();
            return differences;
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            StringWriter trace = new StringWriter();
            e.printStackTrace(new PrintWriter(trace));
            return List.of("behind stop " + stops + ": " + trace);
        }
    }

    private void count() {
        tally.add(right.machine.engineReport(), right.machine.position().retired() - retiredBefore);
    }

    /** Runs to the next stop. Returns whether to go on. */
    private boolean step() {
        long increment = increment();
        Machine machine = left.machine;
        long now = machine.hartUnderWay() == null ? machine.longestCycle() : machine.hartUnderWay().cycle;
        boolean isLimit = random.nextInt(6) == 0;
        long limit = isLimit ? machine.longestCycle() + increment : NEVER;
        long pause = isLimit ? NEVER : now + increment;
        RunStop one = machine.run(limit, pause);
        RunStop other = right.machine.run(limit, pause);
        boolean ends = one == RunStop.DEADLOCK
                || one == RunStop.POWERED_OFF
                || machine.position().retired() >= test.instructions()
                || stops >= MOST_STOPS;
        List<String> found = new ArrayList<>();
        if (one != other || !leftDebugger.reasons.equals(rightDebugger.reasons)) {
            found.add("stop: %s %s and %s %s".formatted(one, leftDebugger.reasons, other, rightDebugger.reasons));
        }
        found.addAll(StateDifference.of(left, right, ends || alwaysThorough || stops % THOROUGH_EACH == 0));
        if (!found.isEmpty()) {
            found.add(0, "at stop %d, to which both came from cycle %d".formatted(stops, now));
            differences = found;
            return false;
        }
        left.kernel.calls.clear();
        right.kernel.calls.clear();
        left.device.accesses.clear();
        right.device.accesses.clear();
        if (!ends && test.debugs()) {
            debug(one);
        }
        if (!ends && test.swaps() && random.nextInt(12) == 0) {
            swap();
        }
        return !ends;
    }

    /** In cycles, where an instruction takes as many as an addition. */
    private long increment() {
        int scale = test.config().profile().instructions().alu();
        return switch (test.stops()) {
            case RARE -> (2_000L + random.nextInt(8_000)) * scale;
            case LONG -> (100_000L + random.nextInt(1_000_000)) * scale;
            case MIXED -> 1 + random.nextInt(scale << random.nextInt(12));
            case SWEEP -> 60L * scale + (long) stops * Math.max(1, scale / 2);
            case DENSE -> stops % 200 == 0 ? 1_500L * scale : 1 + random.nextInt(scale);
        };
    }

    private void swap() {
        MachineSnapshot ofLeft = left.machine.snapshot();
        MachineSnapshot ofRight = right.machine.snapshot();
        if (earlier != null && random.nextInt(3) == 0) {
            // Back in time, in the same machines.
            ofLeft = earlier;
            ofRight = earlier;
            earlier = null;
            retiredBefore -= right.machine.position().retired();
        } else if (random.nextBoolean()) {
            earlier = random.nextBoolean() ? ofLeft : null;
            count();
            left = interpreting(test);
            right = translating(test, this);
            leftDebugger.resume();
            rightDebugger.resume();
        } else {
            earlier = ofRight;
            return;
        }
        left.machine.restore(ofRight);
        right.machine.restore(ofLeft);
        retiredBefore = right.machine.position().retired();
    }

    private void debug(RunStop stop) {
        if (stop == RunStop.DEBUGGER) {
            debugStops++;
            leftDebugger.resume();
            rightDebugger.resume();
            if (debugStops >= MOST_DEBUG_STOPS) {
                leftDebugger.allow(NEVER);
                rightDebugger.allow(NEVER);
                left.machine.setDebugPoints(new long[0], List.of());
                right.machine.setDebugPoints(new long[0], List.of());
                return;
            }
        }
        if (debugStops < MOST_DEBUG_STOPS && random.nextInt(10) == 0) {
            long[] breakpoints = new long[random.nextInt(3)];
            for (int n = 0; n < breakpoints.length; n++) {
                breakpoints[n] = random.nextInt(3) == 0
                        ? left.machine.harts().get(0).pc
                        : Layout.CODE + 2 * random.nextInt(left.code.lengthBytes() / 2);
            }
            List<WatchedRange> watched = new ArrayList<>();
            if (random.nextInt(3) == 0) {
                long first = Layout.DATA_MIDDLE - 512 + random.nextInt(1024);
                watched.add(new WatchedRange(
                        first, first + random.nextInt(16), random.nextBoolean(), random.nextBoolean()));
            }
            AccessStop answer = random.nextBoolean() ? AccessStop.BEFORE : AccessStop.BEHIND;
            long budget = random.nextBoolean() ? NEVER : 1 + random.nextInt(500);
            setPoints(left, leftDebugger, breakpoints, watched, answer, budget);
            setPoints(right, rightDebugger, breakpoints, watched, answer, budget);
        }
    }

    private static void setPoints(
            FuzzGuest guest,
            TestingDebugger debugger,
            long[] breakpoints,
            List<WatchedRange> watched,
            AccessStop answer,
            long budget) {
        guest.machine.debugBy(debugger);
        guest.machine.setDebugPoints(breakpoints, watched);
        debugger.answerAccesses(answer);
        debugger.allow(budget);
    }

    @Override
    public void onTranslated(RegionReport region) {
        tally.seeRegion(region);
        log.add("# stop %d: translated %x (%x), %d entries, %d blocks, %d instructions, %d bytes"
                .formatted(
                        stops,
                        region.virtualAddress(),
                        region.physicalAddress(),
                        region.entries(),
                        region.blocks(),
                        region.guestInstructions(),
                        region.bytecodeBytes()));
    }

    @Override
    public void onRefused(long virtualAddress, String reason) {
        if (reason.startsWith(EngineLog.INTERNAL_ERROR)) {
            throw new AssertionError(reason);
        }
        log.add("# stop %d: not translated %x: %s".formatted(stops, virtualAddress, reason));
    }

    @Override
    public void onDropped(RegionReport region, DropReason reason) {
        log.add("# stop %d: dropped %x: %s".formatted(stops, region.virtualAddress(), reason));
    }
}
