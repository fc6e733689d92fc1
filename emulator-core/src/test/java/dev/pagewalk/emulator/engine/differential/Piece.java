package dev.pagewalk.emulator.engine.differential;

import java.util.ArrayList;
import java.util.List;

/**
 * A part of a program that can be taken out: an instruction, a few that belong together, or a loop, a branch, a function around
 * other pieces. A label that has gone with its piece means the program's end.
 *
 * @param before the code before the body
 * @param body empty for a piece that has none
 * @param after the code behind the body
 */
record Piece(List<Line> before, List<Piece> body, List<Line> after) {
    static Piece of(Line... lines) {
        return new Piece(List.of(lines), List.of(), List.of());
    }

    static Piece of(List<Line> lines) {
        return new Piece(List.copyOf(lines), List.of(), List.of());
    }

    /** How many pieces this is, with all inside. */
    int size() {
        return 1 + size(body);
    }

    static int size(List<Piece> pieces) {
        return pieces.stream().mapToInt(Piece::size).sum();
    }

    /** This piece with another body. */
    Piece around(List<Piece> newBody) {
        return new Piece(before, newBody, after);
    }

    boolean isCompound() {
        return !body.isEmpty();
    }

    /** All lines, in order. */
    static List<Line> lines(List<Piece> pieces) {
        List<Line> lines = new ArrayList<>();
        addLines(pieces, lines);
        return lines;
    }

    private static void addLines(List<Piece> pieces, List<Line> lines) {
        for (Piece piece : pieces) {
            lines.addAll(piece.before);
            addLines(piece.body, lines);
            lines.addAll(piece.after);
        }
    }
}
