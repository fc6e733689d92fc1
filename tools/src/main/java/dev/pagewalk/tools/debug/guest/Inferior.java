package dev.pagewalk.tools.debug.guest;

import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.tools.debug.target.DebugPoint;
import java.util.LinkedHashSet;
import java.util.Set;

/** An attached process: what is to stop the guest when its threads come to it. */
final class Inferior {
    /** More would slow the guest down beyond use. */
    private static final int MOST_POINTS = 4096;

    private final Set<DebugPoint> points = new LinkedHashSet<>();

    /** Removed since the guest last stood still: who steps over one has it removed for that thread alone. */
    private final Set<DebugPoint> removed = new LinkedHashSet<>();

    /** Null for none, empty for all. */
    private Set<Integer> caughtCalls;

    /** Whether any of its threads has been let go on. */
    private boolean resumed;

    void hasBeenResumed() {
        resumed = true;
    }

    boolean isResumed() {
        return resumed;
    }

    /** Returns whether there was room. */
    boolean insert(DebugPoint point) {
        boolean hasRoom = points.size() < MOST_POINTS || points.contains(point);
        if (hasRoom) {
            points.add(point);
            removed.remove(point);
        }
        return hasRoom;
    }

    /** It is the child of a fork: what stops its parent at calls stops it, too. */
    void inheritCatches(Inferior parent) {
        caughtCalls = parent.caughtCalls;
    }

    void remove(DebugPoint point) {
        if (points.remove(point)) {
            removed.add(point);
        }
    }

    /** Its program has been replaced, and its points with it. */
    void forgetPoints() {
        points.clear();
        removed.clear();
    }

    void forgetRemoved() {
        removed.clear();
    }

    /** Those that are set. */
    Set<DebugPoint> points() {
        return points;
    }

    /** Those that were set when the guest last stopped and are not now. */
    Set<DebugPoint> removed() {
        return removed;
    }

    /** The breakpoint at an address; null where there is none. */
    DebugPoint breakpointAt(long address, boolean withRemoved) {
        DebugPoint found = breakpointAt(points, address);
        return found == null && withRemoved ? breakpointAt(removed, address) : found;
    }

    private static DebugPoint breakpointAt(Set<DebugPoint> points, long address) {
        for (DebugPoint point : points) {
            if (!point.kind().isWatchpoint() && point.address() == address) {
                return point;
            }
        }
        return null;
    }

    /** The watchpoint that an access sets off; null where there is none. */
    DebugPoint watchpointFor(long address, int lengthBytes, AccessType type, boolean withRemoved) {
        DebugPoint found = watchpointFor(points, address, lengthBytes, type);
        return found == null && withRemoved ? watchpointFor(removed, address, lengthBytes, type) : found;
    }

    private static DebugPoint watchpointFor(Set<DebugPoint> points, long address, int lengthBytes, AccessType type) {
        for (DebugPoint point : points) {
            boolean watches = switch (point.kind()) {
                case WRITE_WATCHPOINT -> type == AccessType.STORE;
                case READ_WATCHPOINT -> type == AccessType.LOAD;
                case ACCESS_WATCHPOINT -> true;
                case SOFTWARE_BREAKPOINT, HARDWARE_BREAKPOINT -> false;
            };
            if (watches
                    && address <= point.address() + point.lengthBytes() - 1
                    && point.address() <= address + lengthBytes - 1) {
                return point;
            }
        }
        return null;
    }

    void catchCalls(Set<Integer> numbers) {
        caughtCalls = numbers == null ? null : Set.copyOf(numbers);
    }

    boolean catchesCall(int number) {
        return caughtCalls != null && (caughtCalls.isEmpty() || caughtCalls.contains(number));
    }
}
