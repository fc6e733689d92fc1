package dev.pagewalk.tools.history;

import dev.pagewalk.emulator.MachinePosition;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checkpoints of a run by position: the first one for good, and others that lie the closer together the nearer they are to the latest,
 * so that neither their number nor their size grows with the run.
 */
final class Checkpoints {
    static final int MOST = 32;

    private final TreeMap<MachinePosition, Checkpoint> byPosition = new TreeMap<>();
    private final long mostBytes;
    private long bytes;

    /** @param mostBytes of host memory that all but the first and the latest may take together, about */
    Checkpoints(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    void add(Checkpoint checkpoint) {
        Checkpoint replaced = byPosition.put(checkpoint.position(), checkpoint);
        bytes += checkpoint.bytes() - (replaced == null ? 0 : replaced.bytes());
        while (byPosition.size() > 2 && (byPosition.size() > MOST || bytes > mostBytes)) {
            bytes -= byPosition.remove(leastUseful()).bytes();
        }
    }

    /** The latest one at a position or before; there is one for every position that a run has come to. */
    Checkpoint atOrBefore(MachinePosition position) {
        return byPosition.floorEntry(position).getValue();
    }

    /** The latest one before a position; null where that is the first one's. */
    Checkpoint before(MachinePosition position) {
        Map.Entry<MachinePosition, Checkpoint> entry = byPosition.lowerEntry(position);
        return entry == null ? null : entry.getValue();
    }

    /** The run has another future: what lay in the old one is not to come. */
    void forgetAfter(MachinePosition position) {
        Map<MachinePosition, Checkpoint> gone = byPosition.tailMap(position, false);
        gone.values().forEach(checkpoint -> bytes -= checkpoint.bytes());
        gone.clear();
    }

    /** The one whose neighbours lie closest together, for their distance to the latest. */
    private MachinePosition leastUseful() {
        MachinePosition latest = byPosition.lastKey();
        MachinePosition least = null;
        double leastUse = Double.MAX_VALUE;
        MachinePosition before = null;
        MachinePosition candidate = null;
        for (MachinePosition after : byPosition.keySet()) {
            if (before != null) {
                double gap = after.retired() - before.retired();
                double use = gap / (1 + latest.retired() - candidate.retired());
                if (use < leastUse) {
                    leastUse = use;
                    least = candidate;
                }
            }
            before = candidate;
            candidate = after;
        }
        return least;
    }
}
