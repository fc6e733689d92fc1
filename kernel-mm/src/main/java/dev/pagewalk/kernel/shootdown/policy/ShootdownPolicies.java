package dev.pagewalk.kernel.shootdown.policy;

import dev.pagewalk.kernel.shootdown.ShootdownPolicy;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** All policies by name. */
public final class ShootdownPolicies {
    /** What {@code --shootdown} stands at. */
    public static final String DEFAULT = "targeted";

    private ShootdownPolicies() {}

    private static Stream<ShootdownPolicy> all() {
        return Stream.of(
                new BroadcastPolicy(),
                new TargetedPolicy(),
                new BatchedPolicy(),
                new LazyPolicy(),
                new LatrPolicy(),
                new EarlyAckPolicy(),
                new HardwareBroadcastPolicy());
    }

    /** In the order in which they are documented. */
    public static List<String> names() {
        return all().map(ShootdownPolicy::name).toList();
    }

    /** A policy for one machine. */
    public static Optional<ShootdownPolicy> find(String name) {
        return all().filter(policy -> policy.name().equals(name)).findFirst();
    }
}
