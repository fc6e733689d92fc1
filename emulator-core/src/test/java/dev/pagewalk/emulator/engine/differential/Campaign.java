package dev.pagewalk.emulator.engine.differential;

import java.util.ArrayList;
import java.util.List;

/** Many cases, up to the first one in which the engines differ, which is made small and explained. */
final class Campaign {
    private static final int MOST_TRIES = 600;
    private static final int MOST_LOG_LINES = 60;

    final Tally tally = new Tally();

    /** Fails with an explanation. */
    void assertSame(FuzzCase test) {
        List<String> differences = Comparison.differences(test, tally);
        if (!differences.isEmpty()) {
            throw new AssertionError(explain(test, differences));
        }
    }

    private static boolean differs(FuzzCase test) {
        return !Comparison.differences(test, new Tally()).isEmpty();
    }

    private static String explain(FuzzCase test, List<String> differences) {
        int length = test.instructions() / FuzzCase.of(test.seed()).instructions();
        StringBuilder text = new StringBuilder();
        text.append("the engines differ (the interpreter's first) with ")
                .append(test)
                .append('\n');
        text.append("run it alone: mvn -o -pl emulator-core -am verify -Dsurefire.failIfNoSpecifiedTests=false"
                        + " -Dtest=EngineDifferentialTest#aProgramOfTheUsersChoice -Dpagewalk.engines.seed=")
                .append(test.seed())
                .append(length == 1 ? "" : " -Dpagewalk.engines.length=" + length)
                .append(test.inBackground() ? " -Dpagewalk.engines.background=true" : "")
                .append('\n');
        differences.stream()
                .limit(20)
                .forEach(line -> text.append("  ").append(line).append('\n'));
        FuzzCase smallest = test;
        boolean repeats = differs(test);
        if (repeats) {
            smallest = minimise(test);
        } else {
            text.append("only this once: it depends on the host's time, or on what ran before\n");
        }
        text.append("smallest: ").append(smallest).append('\n');
        List<String> explanation = new ArrayList<>(Comparison.explanation(smallest));
        int skipped = Math.max(0, explanation.size() - MOST_LOG_LINES);
        if (skipped > 0) {
            explanation.subList(20, 20 + skipped).clear();
        }
        explanation.forEach(line -> text.append("  ").append(line).append('\n'));
        text.append(new Assembled(Piece.lines(smallest.program()), RandomProgram.END).listing(Layout.CODE));
        return text.toString();
    }

    private static FuzzCase minimise(FuzzCase test) {
        FuzzCase smallest = simplify(test);
        FuzzCase around = smallest;
        smallest = smallest.withProgram(new Minimiser(program -> differs(around.withProgram(program)), MOST_TRIES)
                .minimise(smallest.program()));
        return simplify(smallest);
    }

    private static FuzzCase simplify(FuzzCase test) {
        FuzzCase smallest = test;
        int count = test.simpler().size();
        for (int n = 0; n < count; n++) {
            FuzzCase candidate = smallest.simpler().get(n);
            if (differs(candidate)) {
                smallest = candidate;
            }
        }
        return smallest;
    }
}
