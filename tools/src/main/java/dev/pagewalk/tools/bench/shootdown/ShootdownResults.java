package dev.pagewalk.tools.bench.shootdown;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a study has found. */
public final class ShootdownResults {
    /**
     * How much longer each further target makes a broadcast, as a part of the first one's round trip.
     *
     * <p>Source: Norov, linux-arm-kernel, 2017-12-19: ThunderX2 with 112 CPUs, round trips to one CPU 110, to all of them
     * 2106, in units of a dry run, whose difference over 110 further targets is 0.165 of the first.
     */
    static final double PUBLISHED_SLOPE = 0.165;

    private final ShootdownStudy study;
    private final Map<MunmapPoint, MunmapCost> costs;

    ShootdownResults(ShootdownStudy study, Map<MunmapPoint, MunmapCost> costs) {
        this.study = study;
        this.costs = new LinkedHashMap<>(costs);
    }

    ShootdownStudy study() {
        return study;
    }

    /** Every machine and its result, in the order in which they were measured. */
    Map<MunmapPoint, MunmapCost> all() {
        return Collections.unmodifiableMap(costs);
    }

    MunmapCost cost(MunmapPoint point) {
        MunmapCost cost = costs.get(point);
        if (cost == null) {
            throw new IllegalArgumentException("not measured: " + point);
        }
        return cost;
    }

    /** T(n): the cycles that munmap takes longer where {@code targets} other harts are told by a broadcast. */
    long broadcastCycles(int targets) {
        return cost(ShootdownStudy.broadcast(targets)).latencyCycles()
                - cost(ShootdownStudy.broadcast(0)).latencyCycles();
    }

    /** What the published T(n) = T(1) (1 + 0.165 (n - 1)) makes of the measured T(1). */
    double publishedBroadcastCycles(int targets) {
        return broadcastCycles(1) * (1 + PUBLISHED_SLOPE * (targets - 1));
    }
}
