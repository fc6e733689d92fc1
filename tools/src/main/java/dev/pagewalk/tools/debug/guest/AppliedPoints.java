package dev.pagewalk.tools.debug.guest;

import dev.pagewalk.emulator.debug.WatchedRange;
import dev.pagewalk.tools.debug.target.DebugPoint;
import dev.pagewalk.tools.debug.target.PointKind;
import dev.pagewalk.tools.history.GuestHistory;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The points that the machine looks for. A debugger removes its points at every stop and sets them again before it goes on; the machine
 * learns of what has changed in the end.
 */
final class AppliedPoints {
    private Set<DebugPoint> applied = Set.of();

    /** Another machine, which looks for none. */
    void forget() {
        applied = Set.of();
    }

    /** @param withRemoved whether those count that were removed since the guest last stood still */
    void apply(GuestHistory history, Collection<Inferior> inferiors, boolean withRemoved) {
        Set<DebugPoint> points = new LinkedHashSet<>();
        for (Inferior inferior : inferiors) {
            points.addAll(inferior.points());
            if (withRemoved) {
                points.addAll(inferior.removed());
            }
        }
        if (points.equals(applied)) {
            return;
        }
        applied = points;
        history.setDebugPoints(
                points.stream()
                        .filter(point -> !point.kind().isWatchpoint())
                        .mapToLong(DebugPoint::address)
                        .distinct()
                        .toArray(),
                points.stream()
                        .filter(point -> point.kind().isWatchpoint())
                        .map(AppliedPoints::watched)
                        .toList());
    }

    private static WatchedRange watched(DebugPoint point) {
        return new WatchedRange(
                point.address(),
                point.address() + point.lengthBytes() - 1,
                point.kind() != PointKind.WRITE_WATCHPOINT,
                point.kind() != PointKind.READ_WATCHPOINT);
    }
}
