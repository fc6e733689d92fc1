package dev.pagewalk.kernel.model;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.StringJoiner;

/** Operations as Java, to be pasted into a test. */
final class OperationText {
    private OperationText() {}

    /** A call of {@link SequenceRun#replay}. */
    static String replay(Setup setup, List<Operation> operations) {
        StringJoiner lines = new StringJoiner(
                ",\n        ", "SequenceRun.replay(\n    " + of(setup) + ",\n    List.of(\n        ", "));");
        operations.forEach(operation -> lines.add(of((Record) operation)));
        return lines.toString();
    }

    /** An expression that makes a record. */
    static String of(Record made) {
        StringJoiner arguments = new StringJoiner(", ", "new " + made.getClass().getSimpleName() + "(", ")");
        for (RecordComponent component : made.getClass().getRecordComponents()) {
            arguments.add(literal(value(made, component)));
        }
        return arguments.toString();
    }

    static Object value(Record made, RecordComponent component) {
        try {
            return component.getAccessor().invoke(made);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(e);
        }
    }

    private static String nestedName(Class<?> type) {
        Class<?> outer = type.getDeclaringClass();
        return outer == null ? type.getSimpleName() : outer.getSimpleName() + "." + type.getSimpleName();
    }

    private static String literal(Object value) {
        return value instanceof Enum<?> constant
                ? nestedName(constant.getDeclaringClass()) + "." + constant.name()
                : value instanceof Long ? value + "L" : String.valueOf(value);
    }
}
