package dev.pagewalk.tools.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A part of a program that can be taken out without harm to the rest: an instruction, a few that belong together, or a
 * loop, a branch, a call around other pieces.
 *
 * <p>A dollar sign stands for a number of the piece's own, so that its labels are nobody else's.
 *
 * @param before the code before the body
 * @param body empty for a piece that has none
 * @param after the code behind the body
 */
record Piece(List<String> before, List<Piece> body, List<String> after) {

    static Piece of(String... lines) {
        return new Piece(List.of(lines), List.of(), List.of());
    }

    /** How many pieces this is, with all inside. */
    int size() {
        return 1 + body.stream().mapToInt(Piece::size).sum();
    }

    /** Its code, in order, with labels numbered from {@code firstNumber}, {@link #size} of them at most. */
    List<String> lines(int firstNumber) {
        String number = String.valueOf(firstNumber);
        List<String> lines = new ArrayList<>();
        before.forEach(line -> lines.add(line.replace("$", number)));
        int next = firstNumber + 1;
        for (Piece piece : body) {
            lines.addAll(piece.lines(next));
            next += piece.size();
        }
        after.forEach(line -> lines.add(line.replace("$", number)));
        return lines;
    }

    /** This piece with another body. */
    Piece around(List<Piece> newBody) {
        return new Piece(before, newBody, after);
    }

    /** Whether there is something around the body. */
    boolean isCompound() {
        return !after.isEmpty();
    }

    static Stream<Piece> all(List<Piece> pieces) {
        return pieces.stream().flatMap(piece -> Stream.concat(Stream.of(piece), all(piece.body())));
    }
}
