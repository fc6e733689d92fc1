package dev.pagewalk.emulator.engine.translator;

import java.util.List;

/** Where a region compares its clock with the deadline. */
final class DeadlineChecks {
    /** Between two checks, in cycles, apart from one instruction more. */
    static final int MOST_UNCHECKED_CYCLES = 48;

    private DeadlineChecks() {}

    /** Puts checks at the heads of loops and wherever the way to the next check would be too long. */
    static void put(List<Block> order) {
        for (Block block : order) {
            checkIfBehind(block, block.directTaken());
            checkIfBehind(block, block.directFallThrough());
        }
        for (int i = order.size() - 1; i >= 0; i--) {
            Block block = order.get(i);
            int worst = Math.max(worstAfter(block.directTaken()), worstAfter(block.directFallThrough()));
            if (block.cycles + worst > MOST_UNCHECKED_CYCLES) {
                checkNext(block.directTaken());
                checkNext(block.directFallThrough());
                worst = 0;
            }
            block.worstCycles = block.cycles + worst;
        }
    }

    private static void checkIfBehind(Block from, Block to) {
        if (to != null && to.order <= from.order) {
            to.isChecked = true;
        }
    }

    private static int worstAfter(Block next) {
        return next == null || next.isChecked ? 0 : next.worstCycles;
    }

    private static void checkNext(Block next) {
        if (next != null) {
            next.isChecked = true;
        }
    }
}
