package dev.pagewalk.tools.bench.shootdown;

import dev.pagewalk.tools.run.UserErrorException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which machines are compared: all policies over harts and pages with one profile; numbers of pages around the ceilings of
 * several profiles, beyond which a kernel flushes everything at once; a broadcast to ever more harts; and a thread that is
 * alone on a machine of many harts.
 *
 * @param profile of the comparison of policies
 * @param policies names as {@code --shootdown} has them, at least one
 * @param harts numbers of harts, ascending, at least one
 * @param pages numbers of pages, ascending, at least one
 */
public record ShootdownStudy(String profile, List<String> policies, List<Integer> harts, List<Integer> pages) {
    /** The policy for what is compared between profiles: the default one. */
    static final String TARGETED = "targeted";

    static final String BROADCAST = "broadcast";

    /** Its interrupts to many harts were measured: see its figures. */
    static final String BROADCAST_PROFILE = "thunderx2";

    /** As many harts as the machine of {@code boot}. */
    static final int CEILING_HARTS = 4;

    /** Linux's ceilings are 33 pages on x86 and 64 on RISC-V. */
    static final List<Integer> CEILING_PAGES = List.of(
            1, 2, 4, 8, 12, 16, 20, 24, 28, 30, 31, 32, 33, 34, 35, 36, 40, 44, 48, 52, 56, 60, 62, 63, 64, 65, 66, 68,
            72, 80);

    private static final List<String> CEILING_PROFILES = List.of("skylake", "u74");

    public ShootdownStudy {
        policies = List.copyOf(policies);
        harts = List.copyOf(harts);
        pages = List.copyOf(pages);
    }

    /** Hears how far the study is. */
    @FunctionalInterface
    public interface Progress {
        /** {@code done} of {@code all} machines have run. */
        void ran(int done, int all);
    }

    /** The profiles whose ceilings are looked for. */
    Set<String> ceilingProfiles() {
        Set<String> profiles = new LinkedHashSet<>(CEILING_PROFILES);
        profiles.add(profile);
        return profiles;
    }

    boolean hasCeilings() {
        return policies.contains(TARGETED);
    }

    boolean hasBroadcast() {
        return policies.contains(BROADCAST) && mostHarts() > 1;
    }

    int mostHarts() {
        return harts.get(harts.size() - 1);
    }

    /** How many other harts a broadcast is measured with, ascending; one is always among them. */
    List<Integer> broadcastTargets() {
        Set<Integer> targets = new TreeSet<>();
        targets.add(1);
        harts.stream().filter(count -> count > 1).forEach(count -> targets.add(count - 1));
        return List.copyOf(targets);
    }

    /** One of the comparison's machines. */
    MunmapPoint compared(String policy, int hartCount, int pageCount) {
        return MunmapPoint.everywhere(profile, policy, hartCount, pageCount);
    }

    static MunmapPoint ceiling(String profile, int pageCount) {
        return MunmapPoint.everywhere(profile, TARGETED, CEILING_HARTS, pageCount);
    }

    /** {@code targets} may be 0: a broadcast that tells nobody. */
    static MunmapPoint broadcast(int targets) {
        return MunmapPoint.everywhere(BROADCAST_PROFILE, BROADCAST, targets + 1, 1);
    }

    /** The thread that nobody else has to be told by. */
    MunmapPoint alone(String policy) {
        return new MunmapPoint(profile, policy, mostHarts(), 1, pages.get(0));
    }

    /** All machines, each once. */
    Set<MunmapPoint> points() {
        Set<MunmapPoint> points = new LinkedHashSet<>();
        for (int pageCount : pages) {
            for (int hartCount : harts) {
                policies.forEach(policy -> points.add(compared(policy, hartCount, pageCount)));
            }
        }
        policies.forEach(policy -> points.add(alone(policy)));
        if (hasCeilings()) {
            for (String name : ceilingProfiles()) {
                CEILING_PAGES.forEach(pageCount -> points.add(ceiling(name, pageCount)));
            }
        }
        if (hasBroadcast()) {
            points.add(broadcast(0));
            broadcastTargets().forEach(targets -> points.add(broadcast(targets)));
        }
        return points;
    }

    /**
     * Measures all of it.
     *
     * @throws UserErrorException where a machine cannot be made, or its guest fails
     */
    public ShootdownResults run(MunmapExperiment experiment, Progress progress) throws UserErrorException {
        Set<MunmapPoint> points = points();
        Map<MunmapPoint, MunmapCost> costs = new LinkedHashMap<>();
        for (MunmapPoint point : points) {
            costs.put(point, experiment.measure(point));
            progress.ran(costs.size(), points.size());
        }
        return new ShootdownResults(this, costs);
    }
}
