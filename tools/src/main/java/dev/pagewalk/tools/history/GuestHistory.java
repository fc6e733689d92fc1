package dev.pagewalk.tools.history;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachinePosition;
import dev.pagewalk.emulator.MachineSnapshot;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.debug.WatchedRange;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.MachineAssembly;
import java.util.List;

/**
 * A run with its inputs: forward, and back to any position that it has come to, by executing it anew from a checkpoint with the
 * inputs that it had.
 *
 * <p>Who goes back and then forward sees the same, up to the last input and beyond; who intervenes in the past begins another
 * future.
 */
public final class GuestHistory {
    /** Checkpoints on the way lie no closer together. */
    private static final long SHORTEST_STRIDE = 50_000;

    /** On the way forward they cost time that nobody may ever want back. In effort, as are all strides there. */
    private static final long SHORTEST_LIVE_STRIDE = 100_000_000;

    private static final int LIVE_STRIDE_SHARE = 4;

    /** A checkpoint looks at each byte that is not zero, ten or twenty in the time of an instruction. */
    private static final long LIVE_STRIDE_OF_BYTE = 8;

    /** What a turn of the machine's loop takes, in instructions' time. */
    private static final int EFFORT_OF_TURN = 200;

    /** So often a run forward looks whether it is time for one. */
    private static final long LOOK_CYCLES = 2_000_000;

    /** Of the host's memory, for checkpoints. */
    private static final int MEMORY_SHARE = 4;

    private final MachineAssembly assembly;
    private final Machine machine;
    private final InputTimeline inputs;
    private final List<OnceOnly> outputs;
    private final InputEffects effects;
    private final InputSink sink;
    private final Runnable atReturn;
    private final Conductor conductor;
    private final Checkpoints checkpoints = new Checkpoints(Runtime.getRuntime().maxMemory() / MEMORY_SHARE);

    private boolean keepsCheckpoints;
    private long nextCheckpoint;

    /** Takes inputs as they come, to keep them. */
    public interface InputSink {
        /** Keeps nothing. */
        InputSink NONE = (entry, all) -> {};

        /**
         * An input has come.
         *
         * @param all a view of all that the run has had and is known to have; not the former ones and this one where somebody has intervened in the past
         */
        void came(InputEntry entry, List<InputEntry> all);
    }

    /**
     * A run that has not begun.
     *
     * @param known inputs that are to come, from a log
     * @param outputs what the guest sends, to be sent once
     * @param atReturn called when the run has been taken back to a checkpoint
     */
    public GuestHistory(
            MachineAssembly assembly,
            List<InputEntry> known,
            List<OnceOnly> outputs,
            InputEffects effects,
            InputSink sink,
            Runnable atReturn) {
        this.atReturn = atReturn;
        this.assembly = assembly;
        this.machine = assembly.machine();
        this.inputs = new InputTimeline(known);
        this.outputs = List.copyOf(outputs);
        this.effects = effects;
        this.sink = sink;
        this.conductor = new Conductor(assembly, inputs);
        connect();
    }

    /** Lets the run be gone back to where it is now, and everywhere behind. */
    public void keepCheckpoints() {
        keepsCheckpoints = true;
        checkpoint();
    }

    /** Has {@link #advance} come back before calls that read the console: {@link #takeWantedInput}. */
    public void watchConsole() {
        conductor.watchesConsole = true;
        connect();
    }

    /** How many bytes of input, or a line, the call wants that is to be made next; 0 for none. Then it is made, whether or not they are there. */
    public int takeWantedInput() {
        int wanted = conductor.wantedBytes;
        conductor.wantedBytes = 0;
        return wanted;
    }

    /** The input is not there yet. */
    public void wantInput(int bytes) {
        conductor.wantedBytes = bytes;
    }

    /** Names who sees the run and may stop it; {@link StopWatcher#NOBODY} for nobody. */
    public void watchBy(StopWatcher watcher) {
        conductor.watcher = watcher;
        connect();
    }

    /** As {@link Machine#setDebugPoints}. */
    public void setDebugPoints(long[] breakpointAddresses, List<WatchedRange> watched) {
        machine.setDebugPoints(breakpointAddresses, watched);
    }

    /** Where nobody has anything to stop for, the machine has nobody to ask. */
    private void connect() {
        boolean asks = conductor.watcher != StopWatcher.NOBODY
                || conductor.watchesConsole
                || inputs.next() != null
                || !conductor.decisions.isEmpty()
                || conductor.target != null;
        machine.debugBy(asks ? conductor : null);
        assembly.kernel().debugging().connect(asks ? conductor : null);
    }

    public MachinePosition position() {
        return machine.position();
    }

    /**
     * Runs on, with the inputs that are known to come.
     *
     * @return as {@link Machine#run}; {@link RunStop#DEBUGGER} where the watcher wants it
     * @throws HistoryException where an input is to come at a position that the run does not come to
     */
    public RunStop advance(long limitCycle, long pauseCycle) {
        while (true) {
            applyDue();
            long lookCycle = keepsCheckpoints ? machine.longestCycle() + LOOK_CYCLES : Long.MAX_VALUE;
            RunStop stop = machine.run(limitCycle, Math.min(pauseCycle, lookCycle));
            boolean looks = stop == RunStop.PAUSED && lookCycle < pauseCycle
                    || stop == RunStop.DEBUGGER && !conductor.watcher.stopsHere() && conductor.wantedBytes == 0;
            checkpointOnTheWay();
            if (!looks) {
                return stop;
            }
        }
    }

    private void applyDue() {
        boolean had = false;
        while (conductor.isDue()) {
            InputEntry entry = inputs.next();
            inputs.take();
            had = true;
            apply(entry.input());
            sink.came(entry, inputs.entries());
        }
        if (had) {
            connect();
        }
    }

    /** An input comes, here and now. Returns whether it could have its effect; an input without one is none. */
    public boolean intervene(RecordedInput input) {
        InputEntry entry = new InputEntry(position(), input);
        if (!apply(input)) {
            return false;
        }
        checkpoints.forgetAfter(entry.position());
        outputs.forEach(OnceOnly::beginAnotherFuture);
        inputs.add(entry);
        sink.came(entry, inputs.entries());
        connect();
        return true;
    }

    private boolean apply(RecordedInput input) {
        if (input instanceof RecordedInput.SignalDecision decision) {
            conductor.decisions.put(decision.tid(), decision.signal());
            return true;
        }
        return effects.apply(input);
    }

    private void checkpointOnTheWay() {
        if (keepsCheckpoints && effort(position()) >= nextCheckpoint) {
            checkpoint();
        }
    }

    private void checkpoint() {
        MachinePosition position = position();
        if (position.holds() != 0) {
            // What has been decided about a signal is no part of the machine.
            return;
        }
        Checkpoint similar = checkpoints.before(position);
        MachineSnapshot earlier = similar == null ? null : similar.snapshot();
        MachineSnapshot snapshot = machine.snapshot(earlier);
        long bytes = snapshot.state().length
                + snapshot.memory().bytesNotSharedWith(earlier == null ? null : earlier.memory());
        long[] sent = outputs.stream().mapToLong(OnceOnly::sent).toArray();
        checkpoints.add(new Checkpoint(position, snapshot, inputs.had(), sent, bytes));
        long effort = effort(position);
        long bearable = snapshot.memory().frameCount() * PagingMode.PAGE_BYTES * LIVE_STRIDE_OF_BYTE;
        nextCheckpoint = effort + Math.max(Math.max(SHORTEST_LIVE_STRIDE, bearable), effort / LIVE_STRIDE_SHARE);
    }

    /** How much the host has had to do up to a position, about, in the time of an instruction. */
    private static long effort(MachinePosition position) {
        return position.retired() + EFFORT_OF_TURN * position.turn();
    }

    private void restore(Checkpoint checkpoint) {
        machine.restore(checkpoint.snapshot());
        inputs.setHad(checkpoint.inputsHad());
        conductor.decisions.clear();
        atReturn.run();
        for (int i = 0; i < outputs.size(); i++) {
            outputs.get(i).setSent(checkpoint.sent()[i]);
        }
    }

    /** Goes back to a position that the run has come to; inputs that have come there are still to come. */
    public void goBackTo(MachinePosition position) {
        restore(checkpoints.atOrBefore(position));
        relive(position, StopWatcher.NOBODY);
    }

    /** How a search of the past has ended, and where the run is now. */
    public enum SearchResult {
        /** At the position that was wanted. */
        FOUND,
        /** As far back as it goes: at {@link PastSearch#earliest}, or at the first checkpoint. */
        AT_BEGINNING,
        /** The search has given up: where it was. */
        INTERRUPTED
    }

    /** Searches the past for the last position that somebody wants, and goes there. */
    public SearchResult goBackToLast(PastSearch search) {
        MachinePosition start = position();
        MachinePosition end = start;
        for (Checkpoint from = checkpoints.before(end); from != null; from = checkpoints.before(end)) {
            restore(from);
            if (!relive(end, search)) {
                goBackTo(start);
                return SearchResult.INTERRUPTED;
            }
            MachinePosition found = search.found();
            if (found != null || search.earliest() != null) {
                goBackTo(found != null ? found : search.earliest());
                return found != null ? SearchResult.FOUND : SearchResult.AT_BEGINNING;
            }
            end = from.position();
        }
        goBackTo(end);
        return SearchResult.AT_BEGINNING;
    }

    /**
     * Executes again what has been executed, up to a position, leaving checkpoints: the more, the nearer to it.
     *
     * @return whether it is there; not where {@code watcher} is a search that has given up
     */
    private boolean relive(MachinePosition target, StopWatcher watcher) {
        StopWatcher before = conductor.watcher;
        boolean watchesConsole = conductor.watchesConsole;
        conductor.watchesConsole = false;
        conductor.wantedBytes = 0;
        conductor.watcher = watcher;
        conductor.target = target;
        connect();
        try {
            while (!conductor.isAtTarget()) {
                applyDue();
                long retired = position().retired();
                conductor.milestone = retired + Math.max(SHORTEST_STRIDE, (target.retired() - retired) / 2);
                RunStop stop = machine.run(Long.MAX_VALUE, Long.MAX_VALUE);
                if (stop == RunStop.STOP_REQUESTED && watcher instanceof PastSearch search && search.givesUp()) {
                    return false;
                }
                if (stop != RunStop.DEBUGGER && stop != RunStop.STOP_REQUESTED) {
                    throw new HistoryException(
                            "executed again, the run does not come to " + target + " but ends: " + stop);
                }
                if (position().retired() >= conductor.milestone && position().retired() < target.retired()) {
                    checkpoint();
                }
            }
            return true;
        } finally {
            conductor.target = null;
            conductor.milestone = Long.MAX_VALUE;
            conductor.watcher = before;
            conductor.watchesConsole = watchesConsole;
            connect();
        }
    }
}
