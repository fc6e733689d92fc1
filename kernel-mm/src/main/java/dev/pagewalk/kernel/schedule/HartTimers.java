package dev.pagewalk.kernel.schedule;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.device.TimerDriver;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * What each hart's timer is needed for: the end of its time slice, and the deadlines of tasks that blocked on it. A timer may
 * go off too early, when what it was set for has been given up, but never too late.
 */
final class HartTimers implements Snapshotable {
    static final long NEVER = Long.MAX_VALUE;

    private final TimerDriver timer;
    private final long[] sliceEnds;
    /** When the hardware will go off. */
    private final long[] alarms;

    private final List<TreeSet<Deadline>> deadlines = new ArrayList<>();

    /** A blocked task waits no longer than until a cycle. */
    private record Deadline(long cycle, int tid) implements Comparable<Deadline> {
        @Override
        public int compareTo(Deadline other) {
            int byCycle = Long.compare(cycle, other.cycle);
            return byCycle != 0 ? byCycle : Integer.compare(tid, other.tid);
        }
    }

    HartTimers(TimerDriver timer, int harts) {
        this.timer = timer;
        this.sliceEnds = new long[harts];
        this.alarms = new long[harts];
        Arrays.fill(sliceEnds, NEVER);
        Arrays.fill(alarms, NEVER);
        for (int hartId = 0; hartId < harts; hartId++) {
            deadlines.add(new TreeSet<>());
        }
    }

    boolean hasSliceEnd(int hartId) {
        return sliceEnds[hartId] != NEVER;
    }

    void setSliceEnd(int hartId, long cycle) {
        sliceEnds[hartId] = cycle;
        program(hartId);
    }

    /** Another task has the hart. */
    void forgetSlice(int hartId) {
        sliceEnds[hartId] = NEVER;
    }

    void addDeadline(int hartId, long cycle, int tid) {
        deadlines.get(hartId).add(new Deadline(cycle, tid));
        program(hartId);
    }

    void removeDeadline(int hartId, long cycle, int tid) {
        deadlines.get(hartId).remove(new Deadline(cycle, tid));
    }

    /** The hart's timer has gone off. */
    void wentOff(int hartId) {
        timer.disarm(hartId);
        alarms[hartId] = NEVER;
    }

    /** Whether the time slice is over, which it then is no more. */
    boolean takeSliceEnd(int hartId, long nowCycle) {
        boolean over = sliceEnds[hartId] <= nowCycle;
        if (over) {
            sliceEnds[hartId] = NEVER;
        }
        return over;
    }

    /** The next task whose deadline has come, which it then has no more; 0 where there is none. */
    int takeOverdue(int hartId, long nowCycle) {
        TreeSet<Deadline> ofHart = deadlines.get(hartId);
        if (ofHart.isEmpty() || ofHart.first().cycle > nowCycle) {
            return 0;
        }
        return ofHart.pollFirst().tid;
    }

    /** Sets the hardware for what comes first. */
    void program(int hartId) {
        long first = deadlines.get(hartId).isEmpty()
                ? sliceEnds[hartId]
                : Math.min(sliceEnds[hartId], deadlines.get(hartId).first().cycle);
        if (first < alarms[hartId]) {
            timer.arm(hartId, first);
            alarms[hartId] = first;
        }
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (int hartId = 0; hartId < alarms.length; hartId++) {
            out.writeLong(sliceEnds[hartId]);
            out.writeLong(alarms[hartId]);
            out.writeInt(deadlines.get(hartId).size());
            for (Deadline deadline : deadlines.get(hartId)) {
                out.writeLong(deadline.cycle);
                out.writeInt(deadline.tid);
            }
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        for (int hartId = 0; hartId < alarms.length; hartId++) {
            sliceEnds[hartId] = in.readLong();
            alarms[hartId] = in.readLong();
            deadlines.get(hartId).clear();
            for (int count = in.readInt(); count > 0; count--) {
                deadlines.get(hartId).add(new Deadline(in.readLong(), in.readInt()));
            }
        }
    }
}
