package dev.pagewalk.kernel.oom;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FailurePlan;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * One operation of the kernel, the state in which it is asked for, and what may come of it when memory runs out.
 *
 * <p>{@link #sweep} lets each of its allocations fail in turn, alone and with all that come after it, each time from a
 * kernel prepared anew.
 */
final class Row {
    /** More allocations than any operation here makes. */
    private static final int ENDLESS = 5000;

    private final String name;
    private final Step preparation;
    private final Operation operation;
    private final List<Long> errors = new ArrayList<>();
    private TestMachine.Options options = TestMachine.options();
    private String lastWords;
    private boolean maySucceed;
    private Rest rest;
    private Predicate<String> kept = fact -> true;
    private Predicate<String> reached = fact -> true;
    private int leastFailures = 1;

    private Row(String name, Step preparation, Operation operation) {
        this.name = name;
        this.preparation = preparation;
        this.operation = operation;
    }

    /** Something that is done to a kernel. */
    interface Step {
        void run(HandDrivenKernel driven) throws KernelException;
    }

    /** What is examined; its result is the call's, or an errno where it throws. */
    interface Operation {
        long run(HandDrivenKernel driven) throws KernelException;
    }

    /** What remains of a call that did only a part. */
    interface Rest {
        void run(HandDrivenKernel driven, long done) throws KernelException;
    }

    static Row of(String name, Step preparation, Operation operation) {
        return new Row(name, preparation, operation);
    }

    /** The machine is another than the usual one. */
    Row on(TestMachine.Options machine) {
        options = machine;
        return this;
    }

    /** It may fail with one of these results; then all is as before, and the next try succeeds. */
    Row failsWith(long... results) {
        for (long result : results) {
            errors.add(result);
        }
        return this;
    }

    /** Where it fails, these facts may have changed, as Linux changes them. */
    Row butFor(Predicate<String> changed) {
        kept = changed.negate();
        return this;
    }

    /** It may end the process, with this on the console. */
    Row kills(String marker) {
        lastWords = marker;
        return this;
    }

    /** It may succeed nonetheless: what could not be done then is done later, or was only a wish. */
    Row succeedsAnyway() {
        maySucceed = true;
        return this;
    }

    /** What it does is not the same each time in these facts. */
    Row varying(Predicate<String> varies) {
        reached = varies.negate();
        return this;
    }

    /** It may do a part and say so; then the rest can be done. */
    Row mayBePartial(Rest remaining) {
        rest = remaining;
        return this;
    }

    /** It never allocates anything. */
    Row cannotFail() {
        leastFailures = 0;
        return this;
    }

    /** So many of its allocations at least can fail. */
    Row atLeast(int failures) {
        leastFailures = failures;
        return this;
    }

    /** Returns how many failures were injected. */
    int sweep() throws KernelException {
        HandDrivenKernel undisturbed = prepared();
        long result = operate(undisturbed);
        KernelState wanted = KernelState.of(undisturbed);
        undisturbed.finish();

        int alone = sweep(false, result, wanted);
        assertThat(alone).as("allocations that were made to fail").isGreaterThanOrEqualTo(leastFailures);
        if (leastFailures == 0) {
            assertThat(alone).as("it should take no memory").isZero();
        }
        return alone + sweep(true, result, wanted);
    }

    private int sweep(boolean lasting, long wantedResult, KernelState wanted) throws KernelException {
        for (int n = 1; n < ENDLESS; n++) {
            Injection injection = new Injection(n, lasting);
            try {
                if (!survives(injection, wantedResult, wanted)) {
                    return n - 1;
                }
            } catch (AssertionError | RuntimeException wrong) {
                throw new AssertionError(name + ", when " + injection + ": " + wrong.getMessage(), wrong);
            }
        }
        throw new AssertionError(name + " allocates without end");
    }

    /** Returns whether the operation met the failure. */
    private boolean survives(Injection injection, long wantedResult, KernelState wanted) throws KernelException {
        HandDrivenKernel driven = prepared();
        KernelState before = KernelState.of(driven);
        int caller = driven.process().pid();
        driven.failBy(injection);
        long result = operate(driven);
        driven.failBy(FailurePlan.NEVER);
        KernelState after = KernelState.of(driven);
        if (!injection.hasHit()) {
            assertThat(result).as("result").isEqualTo(wantedResult);
            after.assertLooksLike(wanted, reached);
        } else if (result == HandDrivenKernel.NO_RESULT) {
            assertThat(lastWords).as("what its death is announced by").isNotNull();
            assertThat(driven.console()).contains(lastWords);
            after.assertAsBefore(before, KernelState.others(caller));
        } else if (result == wantedResult) {
            assertThat(maySucceed).as("may succeed").isTrue();
            after.assertLooksLike(wanted, reached);
        } else if (result < 0) {
            assertThat(errors).as("errors").contains(result);
            after.assertAsBefore(before, kept);
            assertThat(operate(driven)).as("result of the second try").isEqualTo(wantedResult);
            KernelState.of(driven).assertLooksLike(wanted, reached);
        } else {
            assertThat(rest).as("a part was done: %d", result).isNotNull();
            rest.run(driven, result);
            KernelState.of(driven).assertLooksLike(wanted, reached);
        }
        driven.finish();
        return injection.hasHit();
    }

    private HandDrivenKernel prepared() throws KernelException {
        HandDrivenKernel driven = new HandDrivenKernel(options);
        preparation.run(driven);
        return driven;
    }

    private long operate(HandDrivenKernel driven) {
        try {
            return operation.run(driven);
        } catch (KernelException failure) {
            return failure.error().errno().asResult();
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
