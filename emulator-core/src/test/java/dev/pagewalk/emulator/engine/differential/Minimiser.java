package dev.pagewalk.emulator.engine.differential;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Takes pieces out of a program as long as what is interesting about it stays: many at once first, then fewer, in the end
 * one by one, and compounds around their bodies.
 *
 * <p>Source: A. Zeller, R. Hildebrandt, "Simplifying and Isolating Failure-Inducing Input", 2002.
 */
final class Minimiser {
    private final Predicate<List<Piece>> isInteresting;
    private int triesLeft;

    /** @param mostTries so many programs are tried at most */
    Minimiser(Predicate<List<Piece>> isInteresting, int mostTries) {
        this.isInteresting = isInteresting;
        this.triesLeft = mostTries;
    }

    /** A program that is interesting as {@code program} is; given tries enough, no more so without any single piece. */
    List<Piece> minimise(List<Piece> program) {
        List<Piece> smallest = program;
        int size;
        do {
            size = Piece.size(smallest);
            smallest = unwrapped(thinned(smallest));
        } while (Piece.size(smallest) < size && triesLeft > 0);
        return smallest;
    }

    private boolean isInteresting(List<Piece> candidate) {
        return triesLeft-- > 0 && isInteresting.test(candidate);
    }

    private List<Piece> thinned(List<Piece> program) {
        List<Piece> smallest = program;
        for (int count = Piece.size(program); count > 0; count /= 2) {
            int first = 0;
            while (first < Piece.size(smallest)) {
                List<Piece> candidate = without(smallest, first, first + count, 0);
                if (isInteresting(candidate)) {
                    smallest = candidate;
                } else {
                    first += count;
                }
            }
        }
        return smallest;
    }

    private List<Piece> unwrapped(List<Piece> program) {
        List<Piece> smallest = program;
        int index = 0;
        while (index < Piece.size(smallest)) {
            List<Piece> candidate = unwrapped(smallest, index, 0);
            if (Piece.size(candidate) < Piece.size(smallest) && isInteresting(candidate)) {
                smallest = candidate;
            } else {
                index++;
            }
        }
        return smallest;
    }

    /** Without the pieces {@code first} to {@code end}, counted from {@code index} with all inside, and what is inside them. */
    private static List<Piece> without(List<Piece> pieces, int first, int end, int index) {
        List<Piece> kept = new ArrayList<>();
        int next = index;
        for (Piece piece : pieces) {
            if (next < first || next >= end) {
                kept.add(piece.around(without(piece.body(), first, end, next + 1)));
            }
            next += piece.size();
        }
        return kept;
    }

    /** With the body of compound {@code wanted}, counted as above, instead of the compound. */
    private static List<Piece> unwrapped(List<Piece> pieces, int wanted, int index) {
        List<Piece> result = new ArrayList<>();
        int next = index;
        for (Piece piece : pieces) {
            if (next == wanted && piece.isCompound()) {
                result.addAll(piece.body());
            } else {
                result.add(piece.around(unwrapped(piece.body(), wanted, next + 1)));
            }
            next += piece.size();
        }
        return result;
    }
}
