package dev.pagewalk.emulator.engine.translator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The natural loops of a region. */
final class Loops {
    private Loops() {}

    /** Finds the natural loop of each head, and tells its blocks which registers it uses; inner loops have the last word. */
    static void find(List<Block> order) {
        List<Set<Block>> loops = new ArrayList<>();
        for (Block head : order) {
            Set<Block> loop = new LinkedHashSet<>();
            for (Block block : order) {
                if (block.order >= head.order && (block.directTaken() == head || block.directFallThrough() == head)) {
                    addWaysTo(block, head, order, loop);
                }
            }
            loops.add(loop);
        }
        loops.sort((a, b) -> b.size() - a.size());
        for (Set<Block> loop : loops) {
            int registers = loop.stream().mapToInt(Block::registers).reduce(0, (a, b) -> a | b);
            loop.forEach(block -> block.loopRegisters = registers);
        }
    }

    /** Adds the head and all blocks from which there is a way to a block that does not lead through the head. */
    private static void addWaysTo(Block block, Block head, List<Block> order, Set<Block> loop) {
        loop.add(head);
        Deque<Block> queue = new ArrayDeque<>();
        queue.add(block);
        while (!queue.isEmpty()) {
            Block next = queue.poll();
            if (loop.add(next)) {
                for (Block candidate : order) {
                    if (candidate.directTaken() == next || candidate.directFallThrough() == next) {
                        queue.add(candidate);
                    }
                }
            }
        }
    }
}
