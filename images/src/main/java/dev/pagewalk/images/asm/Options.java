package dev.pagewalk.images.asm;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What {@code .option} has said so far in a pass: whether instructions are compressed where they can be.
 *
 * <p>Source: the GNU assembler's manual, "RISC-V Directives". Unlike there, nothing is compressed unless the source asks
 * for it. Options about relaxation and position-independent code have no meaning here.
 */
final class Options {
    private final Deque<Boolean> pushed = new ArrayDeque<>();
    private boolean compresses;

    /** Whether an instruction of the base table takes two bytes where that is possible. */
    boolean compresses() {
        return compresses;
    }

    void set(Token option) {
        switch (option.text()) {
            case "rvc" -> compresses = true;
            case "norvc" -> compresses = false;
            case "push" -> pushed.push(compresses);
            case "pop" -> {
                if (pushed.isEmpty()) {
                    throw new StatementException(option.column(), "there is no .option push before this .option pop");
                }
                compresses = pushed.pop();
            }
            default -> {
                // Not about what is done here.
            }
        }
    }

    void startSecondPass() {
        pushed.clear();
        compresses = false;
    }
}
