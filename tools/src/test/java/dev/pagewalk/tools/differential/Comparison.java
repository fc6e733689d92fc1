package dev.pagewalk.tools.differential;

import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Random programs on two computers.
 *
 * @param ours the one that is examined
 * @param theirs the one that it must agree with
 */
record Comparison(Computer ours, Computer theirs) {
    private static final int BATCH_PROGRAMS = 50;

    /**
     * Two computers have not agreed.
     *
     * @param seed of the program
     * @param program a smallest one on which they still do not; the whole one where it takes others before it
     * @param effects where they ended differently: ours, then theirs
     */
    record Difference(long seed, List<Piece> program, List<String> effects) {

        /** All that is needed to look for the reason. */
        @Override
        public String toString() {
            StringBuilder text = new StringBuilder("the program of seed " + seed + " ends differently:\n");
            int number = 0;
            for (Piece piece : program) {
                piece.lines(number)
                        .forEach(line -> text.append("        ").append(line).append('\n'));
                number += piece.size();
            }
            effects.forEach(effect -> text.append("# ").append(effect).append('\n'));
            return text.toString();
        }
    }

    /** Compares the programs of {@code programs} seeds from {@code firstSeed}; empty where all agree. */
    Optional<Difference> firstDifference(long firstSeed, int programs) {
        long end = firstSeed + programs;
        for (long seed = firstSeed; seed < end; seed += BATCH_PROGRAMS) {
            List<List<Piece>> batch = LongStream.range(seed, Math.min(seed + BATCH_PROGRAMS, end))
                    .mapToObj(RandomProgram::of)
                    .toList();
            String source = BatchSource.of(batch);
            Outcome here = ours.run(source);
            Outcome there = theirs.run(source);
            if (!here.isSameAs(there)) {
                return Optional.of(explain(seed + here.firstDifferentProgram(there)));
            }
        }
        return Optional.empty();
    }

    private Difference explain(long seed) {
        List<Piece> program = RandomProgram.of(seed);
        if (!differs(program)) {
            return new Difference(seed, program, List.of("only behind the programs of the seeds before it"));
        }
        List<Piece> smallest = new Minimiser(this::differs).minimise(program);
        String source = BatchSource.of(List.of(smallest));
        return new Difference(seed, smallest, ours.run(source).differences(theirs.run(source)));
    }

    private boolean differs(List<Piece> program) {
        String source = BatchSource.of(List.of(program));
        return !ours.run(source).isSameAs(theirs.run(source));
    }
}
