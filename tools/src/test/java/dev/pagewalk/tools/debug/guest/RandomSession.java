package dev.pagewalk.tools.debug.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachinePosition;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.tools.debug.target.DebugPoint;
import dev.pagewalk.tools.debug.target.DebugTarget;
import dev.pagewalk.tools.debug.target.PointKind;
import dev.pagewalk.tools.debug.target.StopReport;
import dev.pagewalk.tools.debug.target.StopReport.ThreadStopped;
import dev.pagewalk.tools.debug.target.ThreadAction;
import dev.pagewalk.tools.debug.target.ThreadId;
import dev.pagewalk.tools.testing.DebuggedTestGuest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/** Somebody who stops a guest here and there, looks around, and goes on; perhaps back. */
final class RandomSession {
    private static final int TRAP = 5;
    private static final int USER_SIGNAL = 10;
    private static final int MOST_POINTS = 4;
    private static final int LAST_SIGNAL_OF_INTEREST = 31;
    private static final int REGISTERS = 32;

    private final DebuggedTestGuest guest;
    private final GuestDebugger debugger;
    private final Random random;
    private final boolean goesBack;
    private final boolean meddles;

    /** Program counters of instructions that have been seen. */
    private final List<Long> places = new ArrayList<>();

    private final List<PlacedPoint> points = new ArrayList<>();

    /** By position: what the machine's state was there. */
    private final Map<MachinePosition, byte[]> states = new HashMap<>();

    /** What has been done, for the one who must understand a failure. */
    final List<String> diary = new ArrayList<>();

    private StopReport last = new ThreadStopped(DebuggedTestGuest.FIRST, 0, new StopReport.Reason.Plain());

    /** How often it came to a position that it had been at already. */
    int returns;

    private record PlacedPoint(int pid, DebugPoint point) {}

    /**
     * @param goesBack whether it goes back in time
     * @param meddles whether it does things that the guest can see, none of which a guest has to come to grief by, but for signals
     *     that are lost or sent
     */
    RandomSession(DebuggedTestGuest guest, Random random, boolean goesBack, boolean meddles) {
        this.meddles = meddles;
        this.guest = guest;
        this.debugger = guest.debugger();
        this.random = random;
        this.goesBack = goesBack;
    }

    /** Some stops; then the guest goes on by itself to its end. */
    RunStop run(int stops) {
        for (int stop = 0; stop < stops && last != null; stop++) {
            look();
            changePoints();
            if (meddles && random.nextInt(3) == 0) {
                meddle();
            }
            if (last != null) {
                move();
            }
            if (last != null) {
                diary.add(guest.position() + " " + last);
            }
        }
        if (last != null) {
            new ArrayList<>(points).forEach(this::remove);
            letGo();
        }
        return guest.finish();
    }

    /** What the last stop's signal was is delivered; then nobody stops the guest any more. */
    private void letGo() {
        debugger.passSignals(allSignals());
        boolean wasStuck = false;
        while (last != null && !wasStuck) {
            wasStuck = last instanceof StopReport.NothingRuns;
            last = guest.resume(withItsSignal());
        }
    }

    private static Set<Integer> allSignals() {
        Set<Integer> all = new HashSet<>();
        for (int signal = 1; signal <= 64; signal++) {
            all.add(signal);
        }
        return all;
    }

    private void look() {
        List<ThreadId> threads = debugger.threads();
        for (ThreadId thread : threads) {
            long pc = guest.register(thread, DebugTarget.PC_REGISTER);
            places.add(pc);
            debugger.readMemory(thread.pid(), pc & -4096, 4096);
            debugger.threadState(thread);
            debugger.hart(thread);
        }
        // Every other stop is looked at more closely, which must not matter either.
        MachinePosition position = guest.position();
        if (!meddles && (states.containsKey(position) || random.nextBoolean())) {
            byte[] state = guest.machine().snapshot().state();
            byte[] before = states.put(position, state);
            if (before != null) {
                returns++;
                assertThat(differences(state, before))
                        .as("state at %s, where it has been before", position)
                        .isEmpty();
            }
        }
    }

    /** Where the bytes of two states differ. */
    private static List<String> differences(byte[] state, byte[] before) {
        List<String> differences = new ArrayList<>();
        if (state.length != before.length) {
            differences.add(state.length + " bytes, not " + before.length);
        }
        for (int i = 0; i < Math.min(state.length, before.length); i++) {
            if (state[i] != before[i]) {
                differences.add("byte " + i + ": " + state[i] + ", not " + before[i]);
            }
        }
        return differences;
    }

    private void meddle() {
        List<ThreadId> threads = debugger.threads();
        if (threads.isEmpty()) {
            return;
        }
        ThreadId thread = threads.get(random.nextInt(threads.size()));
        int choice = random.nextInt(20);
        if (choice < 12) {
            write(thread);
        } else if (choice < 17) {
            int register = 1 + random.nextInt(REGISTERS);
            long value = guest.register(thread, register);
            debugger.setRegister(thread, register, ~value & -2);
            debugger.setRegister(thread, register, value);
            diary.add("register " + register + " of " + thread);
        } else if (choice < 19) {
            Map<ThreadId, ThreadAction> some = new LinkedHashMap<>();
            threads.stream()
                    .filter(any -> random.nextBoolean())
                    .forEach(any -> some.put(any, new ThreadAction.Continue(0)));
            if (!some.isEmpty()) {
                last = last instanceof ThreadStopped stop ? new ThreadStopped(stop.thread(), 0, stop.reason()) : last;
                Map<ThreadId, ThreadAction> first =
                        Map.of(some.keySet().iterator().next(), new ThreadAction.Step(0));
                diary.add("only " + some.keySet());
                last = guest.resumeOnly(random.nextBoolean() ? some : first);
                diary.add(guest.position() + " " + last);
            }
        } else if (random.nextInt(3) == 0) {
            diary.add("kill " + thread.pid() + " " + debugger.kill(thread.pid()));
        }
    }

    /** What is there already where the guest may look, and anything where it will not. */
    private void write(ThreadId thread) {
        long stackPointer = guest.register(thread, 2);
        long address = switch (random.nextInt(4)) {
            case 0 -> guest.register(thread, DebugTarget.PC_REGISTER) + random.nextInt(64);
            case 1 -> stackPointer - 4096L * random.nextInt(8) - 5000;
            case 2 -> stackPointer + random.nextInt(16);
            default -> guest.register(thread, 1 + random.nextInt(REGISTERS - 1)) + random.nextInt(128);
        };
        byte[] bytes = debugger.readMemory(thread.pid(), address, 1 + random.nextInt(64));
        if (address < stackPointer - 4096 && address > stackPointer - 40_000) {
            random.nextBytes(bytes);
        }
        boolean written = bytes.length > 0 && debugger.writeMemory(thread.pid(), address, bytes);
        diary.add("write " + bytes.length + " bytes at " + address + " of " + thread + " " + written);
    }

    private void changePoints() {
        if (!points.isEmpty() && (points.size() == MOST_POINTS || random.nextInt(4) == 0)) {
            remove(points.get(random.nextInt(points.size())));
        }
        List<ThreadId> threads = debugger.threads();
        if (!threads.isEmpty() && points.size() < MOST_POINTS && random.nextInt(3) == 0) {
            ThreadId thread = threads.get(random.nextInt(threads.size()));
            DebugPoint point = random.nextInt(3) == 0 ? watchpoint(thread) : breakpoint();
            if (debugger.insert(thread.pid(), point)) {
                points.add(new PlacedPoint(thread.pid(), point));
                diary.add("set " + point + " in " + thread.pid());
            }
        }
        if (random.nextInt(10) == 0 && !threads.isEmpty()) {
            debugger.catchSystemCalls(
                    threads.get(random.nextInt(threads.size())).pid(), random.nextBoolean() ? Set.of() : null);
        }
    }

    private void remove(PlacedPoint placed) {
        debugger.remove(placed.pid(), placed.point());
        points.remove(placed);
    }

    private DebugPoint breakpoint() {
        long address = places.get(random.nextInt(places.size())) + 4L * random.nextInt(8);
        PointKind kind = random.nextBoolean() ? PointKind.SOFTWARE_BREAKPOINT : PointKind.HARDWARE_BREAKPOINT;
        return new DebugPoint(kind, address, 4);
    }

    private DebugPoint watchpoint(ThreadId thread) {
        List<PointKind> kinds =
                List.of(PointKind.WRITE_WATCHPOINT, PointKind.READ_WATCHPOINT, PointKind.ACCESS_WATCHPOINT);
        long address = guest.register(thread, 1 + random.nextInt(REGISTERS - 1)) + random.nextInt(64) - 32;
        return new DebugPoint(kinds.get(random.nextInt(kinds.size())), address, 1 << random.nextInt(6));
    }

    private void move() {
        ThreadId thread = last instanceof ThreadStopped stop ? stop.thread() : null;
        boolean isThere = thread != null && debugger.isAlive(thread);
        int choice = random.nextInt(goesBack ? 10 : 5);
        if (isThere && choice >= 5) {
            boolean far = choice == 9;
            diary.add(far ? "reverse-continue" : "reverse-step " + thread);
            last = far ? guest.reverseContinue(thread) : guest.reverseStep(thread);
        } else if (isThere && choice > 0) {
            diary.add("step " + thread);
            Map<ThreadId, ThreadAction> step = Map.of(thread, stepOf(thread));
            boolean alone = debugger.attachedProcesses().size() == 1 && random.nextBoolean();
            last = alone ? guest.resumeOnly(step) : guest.resume(step);
        } else {
            diary.add("continue");
            last = guest.resume(withItsSignal());
        }
    }

    private ThreadAction stepOf(ThreadId thread) {
        if (random.nextInt(4) == 0 && signal() == 0) {
            long pc = guest.register(thread, DebugTarget.PC_REGISTER);
            return new ThreadAction.StepInRange(pc, pc + 4L * random.nextInt(6));
        }
        return new ThreadAction.Step(signal());
    }

    private Map<ThreadId, ThreadAction> withItsSignal() {
        int signal = signal();
        return signal == 0 || !(last instanceof ThreadStopped stop) || !debugger.isAlive(stop.thread())
                ? Map.of()
                : Map.of(stop.thread(), new ThreadAction.Continue(signal));
    }

    /** The signal that the guest has been stopped for; 0 for none of its own. */
    private int signal() {
        boolean isSignal = last instanceof ThreadStopped stop
                && debugger.signalInformation(stop.thread()).isPresent();
        int signal = isSignal ? ((ThreadStopped) last).signal() : 0;
        if (meddles && random.nextInt(5) == 0) {
            return random.nextBoolean() ? 0 : USER_SIGNAL;
        }
        return signal == TRAP || signal > LAST_SIGNAL_OF_INTEREST ? 0 : signal;
    }
}
