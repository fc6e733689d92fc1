package dev.pagewalk.kernel.model;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Makes a failing sequence small: leaves out ever smaller parts, then makes what remains simpler, as long as it still fails.
 * Source of the first: Zeller and Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002.
 */
final class Shrinker {
    private static final int MOST_RUNS = 3000;

    /** What operations call the number of a space. */
    private static final Set<String> SPACES = Set.of("space", "parent", "child");

    private final Predicate<List<Operation>> fails;
    private List<Operation> smallest;
    private int runs;

    private Shrinker(List<Operation> failing, Predicate<List<Operation>> fails) {
        this.smallest = failing;
        this.fails = fails;
    }

    /**
     * The smallest sequence that was found.
     *
     * @param failing as a whole it fails
     * @param fails has a sequence run from scratch
     */
    static List<Operation> shrink(List<Operation> failing, Predicate<List<Operation>> fails) {
        Shrinker shrinker = new Shrinker(failing, fails);
        boolean shrinks = true;
        while (shrinks) {
            shrinks = shrinker.leaveOut() | shrinker.unite() | shrinker.simplify();
        }
        return shrinker.smallest;
    }

    private boolean leaveOut() {
        boolean shrunk = false;
        for (int length = Math.max(1, smallest.size() / 2); length > 0; length /= 2) {
            // From the end: what comes last depends on what comes first.
            for (int from = smallest.size() - length; from >= 0; from -= length) {
                List<Operation> rest = new ArrayList<>(smallest.subList(0, from));
                rest.addAll(smallest.subList(from + length, smallest.size()));
                shrunk |= keepIfFailing(rest);
            }
        }
        return shrunk;
    }

    private boolean keepIfFailing(List<Operation> candidate) {
        if (runs == MOST_RUNS) {
            return false;
        }
        runs++;
        boolean failing = fails.test(candidate);
        if (failing) {
            smallest = candidate;
        }
        return failing;
    }

    /** Tries to do with one space what two do. */
    private boolean unite() {
        boolean shrunk = false;
        for (int kept = 0; kept < Arena.MOST_SPACES; kept++) {
            for (int other = kept + 1; other < Arena.MOST_SPACES; other++) {
                List<Operation> candidate = renamed(smallest, other, kept);
                shrunk |= !candidate.equals(smallest) && keepIfFailing(candidate);
            }
        }
        return shrunk;
    }

    private static List<Operation> renamed(List<Operation> operations, int from, int to) {
        List<Operation> renamed = new ArrayList<>();
        for (Operation operation : operations) {
            RecordComponent[] components = operation.getClass().getRecordComponents();
            Object[] arguments = arguments(operation, components);
            for (int i = 0; i < components.length; i++) {
                boolean isSpace = SPACES.contains(components[i].getName());
                arguments[i] = isSpace && arguments[i].equals(from) ? Integer.valueOf(to) : arguments[i];
            }
            renamed.add(make(operation.getClass(), components, arguments));
        }
        return renamed;
    }

    private static Object[] arguments(Operation operation, RecordComponent[] components) {
        Object[] arguments = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            arguments[i] = OperationText.value((Record) operation, components[i]);
        }
        return arguments;
    }

    private boolean simplify() {
        boolean shrunk = false;
        for (int at = 0; at < smallest.size(); at++) {
            RecordComponent[] components = smallest.get(at).getClass().getRecordComponents();
            for (int index = 0; index < components.length; index++) {
                shrunk |= simplify(at, components, index);
            }
        }
        return shrunk;
    }

    /** Tries simpler values of one argument. */
    private boolean simplify(int at, RecordComponent[] components, int index) {
        Object[] arguments = arguments(smallest.get(at), components);
        for (Object simpler : simplerThan(arguments[index])) {
            arguments[index] = simpler;
            List<Operation> candidate = new ArrayList<>(smallest);
            candidate.set(at, make(smallest.get(at).getClass(), components, arguments));
            if (keepIfFailing(candidate)) {
                return true;
            }
        }
        return false;
    }

    private static List<Object> simplerThan(Object value) {
        if (value instanceof Boolean flag) {
            return flag ? List.of(false) : List.of();
        }
        if (value instanceof Integer number && number > 0) {
            return number < 3 ? List.of(number - 1) : List.of(0, 1, number / 2, number - 1);
        }
        if (value instanceof Long number && number > 0) {
            return List.of(0L, number & -Arena.PAGE, number / 2, number - 1);
        }
        return List.of();
    }

    private static Operation make(Class<? extends Operation> type, RecordComponent[] components, Object[] arguments) {
        Class<?>[] types = new Class<?>[components.length];
        for (int i = 0; i < types.length; i++) {
            types[i] = components[i].getType();
        }
        try {
            Constructor<? extends Operation> constructor = type.getDeclaredConstructor(types);
            return constructor.newInstance(arguments);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }
}
