package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.shootdown.Invalidation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A sequence of random operations of one seed; where it fails, it says how little it takes. */
final class RandomSequence {
    private final Setup setup;
    private final long seed;
    private final UnaryOperator<Invalidation> mistakes;

    RandomSequence(Setup setup, long seed) {
        this(setup, seed, UnaryOperator.identity());
    }

    /** @param mistakes of the kernel's invalidation */
    RandomSequence(Setup setup, long seed, UnaryOperator<Invalidation> mistakes) {
        this.setup = setup;
        this.seed = seed;
        this.mistakes = mistakes;
    }

    /**
     * Runs operations from boot to the end.
     *
     * @param outcomes counts how often operations went how
     */
    void run(int operations, Map<String, Integer> outcomes) {
        List<Operation> done = new ArrayList<>();
        try {
            SequenceRun run = new SequenceRun(setup, mistakes, true);
            RandomOperations next = new RandomOperations(new Random(seed), setup.arena(), run.model());
            while (done.size() < operations) {
                Operation operation = next.next();
                if (operation.isPossible(run.model())) {
                    done.add(operation);
                    run.step(operation);
                }
            }
            run.end();
            run.outcomes().forEach((outcome, count) -> outcomes.merge(outcome, count, Integer::sum));
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(report(done, failure), failure);
        }
    }

    private String report(List<Operation> done, Throwable failure) {
        List<Operation> smallest = Shrinker.shrink(done, operations -> failureOf(operations) != null);
        return String.format(
                "kernel and model differ: seed %d, %s, operation %d: %s%nIt takes %d operations: %s%n%s",
                seed,
                setup,
                done.size(),
                failure,
                smallest.size(),
                failureOf(smallest),
                OperationText.replay(setup, smallest));
    }

    private Throwable failureOf(List<Operation> operations) {
        try {
            new SequenceRun(setup, mistakes, false).toTheEnd(operations);
            return null;
        } catch (AssertionError | RuntimeException failure) {
            return failure;
        }
    }
}
