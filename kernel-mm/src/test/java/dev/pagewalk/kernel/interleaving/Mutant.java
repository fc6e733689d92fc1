package dev.pagewalk.kernel.interleaving;

import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.kernel.shootdown.ShootdownPolicy;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A kernel with one mistake, and a guest that meets it.
 *
 * @param name what is wrong
 * @param guest by name
 * @param policy by name
 * @param invalidations with or without the mistake
 * @param policies with or without the mistake
 * @param report the first that the sanitizer says of it, with words in capitals for what may differ
 */
record Mutant(
        String name,
        String guest,
        String policy,
        UnaryOperator<Invalidation> invalidations,
        BrokenPolicy policies,
        String report) {
    private static final int HARTS = 4;

    /** Puts a mistake before a policy; some mistakes need the kernel's frames when it runs. */
    interface BrokenPolicy {
        ShootdownPolicy of(ShootdownPolicy right, Supplier<FrameAllocator> frames);
    }

    /** A mistake in how fences are carried out. */
    static Mutant flushing(
            String name, String guest, String policy, UnaryOperator<Invalidation> invalidations, String report) {
        return new Mutant(name, guest, policy, invalidations, (right, frames) -> right, report);
    }

    /** A mistake in who is told, and when. */
    static Mutant telling(String name, String guest, String policy, BrokenPolicy policies, String report) {
        return new Mutant(name, guest, policy, UnaryOperator.identity(), policies, report);
    }

    /** The first that the sanitizer has to say in one order of events; null where it has nothing to say. */
    String caught(int seed) {
        AtomicReference<TestMachine> machine = new AtomicReference<>();
        machine.set(SharingGuest.find(guest)
                .boot(options(seed)
                        .invalidations(invalidations)
                        .policies(right ->
                                policies.of(right, () -> machine.get().kernel().frames()))));
        return machine.get().finishCaught();
    }

    /** The same guest under the kernel without the mistake. */
    void runWithout(int seed) {
        SharingGuest.find(guest).run(options(seed));
    }

    private TestMachine.Options options(int seed) {
        return TestMachine.options().harts(HARTS).shootdown(policy).seed(seed);
    }

    @Override
    public String toString() {
        return name;
    }
}
