package dev.pagewalk.emulator.engine.translator;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The order of a region's blocks, in which every cycle is entered at its head. */
final class BlockOrder {
    private BlockOrder() {}

    /**
     * Puts blocks in reverse postorder, and sends through the switch what would make a cycle that is entered elsewhere than
     * at its head: each such way makes its target an entry, until there is none.
     *
     * <p>Blocks that no entry reaches are left out.
     */
    static List<Block> order(Set<Block> entries) {
        while (true) {
            List<Block> order = reversePostorder(entries);
            int[] dominators = dominators(order, entries);
            boolean changed = false;
            for (Block block : order) {
                block.takenBySwitch |= block.taken != null && entersMiddle(block, block.taken, dominators);
                block.fallThroughBySwitch |=
                        block.fallThrough != null && entersMiddle(block, block.fallThrough, dominators);
                changed |= block.takenBySwitch && entries.add(block.taken);
                changed |= block.fallThroughBySwitch && entries.add(block.fallThrough);
            }
            if (!changed) {
                return order;
            }
        }
    }

    /** Whether the way goes back to a block that does not dominate where it comes from. */
    private static boolean entersMiddle(Block from, Block to, int[] dominators) {
        if (to.order > from.order) {
            return false;
        }
        int at = from.order;
        while (at > to.order) {
            at = dominators[at];
        }
        return at != to.order;
    }

    private static List<Block> reversePostorder(Set<Block> entries) {
        List<Block> postorder = new ArrayList<>();
        Set<Block> seen = new HashSet<>();
        List<Block> roots = new ArrayList<>(entries);
        for (int i = roots.size() - 1; i >= 0; i--) {
            walk(roots.get(i), seen, postorder);
        }
        for (int i = 0; i < postorder.size(); i++) {
            postorder.get(i).order = postorder.size() - 1 - i;
        }
        List<Block> order = new ArrayList<>(postorder);
        Collections.reverse(order);
        return order;
    }

    private static void walk(Block root, Set<Block> seen, List<Block> postorder) {
        Deque<Block> path = new ArrayDeque<>();
        Deque<Integer> progress = new ArrayDeque<>();
        if (seen.add(root)) {
            path.push(root);
            progress.push(0);
        }
        while (!path.isEmpty()) {
            Block block = path.peek();
            int step = progress.pop();
            if (step == 2) {
                postorder.add(path.pop());
                continue;
            }
            progress.push(step + 1);
            // The taken way first: what falls through comes to stand right behind.
            Block next = step == 0 ? block.directTaken() : block.directFallThrough();
            if (next != null && seen.add(next)) {
                path.push(next);
                progress.push(0);
            }
        }
    }

    /**
     * The immediate dominator of each block by order, -1 for what the switch alone dominates. Source: Cooper, Harvey and
     * Kennedy, "A Simple, Fast Dominance Algorithm" (2001).
     */
    private static int[] dominators(List<Block> order, Set<Block> entries) {
        int[] dominators = new int[order.size()];
        Arrays.fill(dominators, Integer.MAX_VALUE);
        for (Block entry : entries) {
            dominators[entry.order] = -1;
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Block block : order) {
                changed |= meet(block, block.directTaken(), dominators);
                changed |= meet(block, block.directFallThrough(), dominators);
            }
        }
        return dominators;
    }

    private static boolean meet(Block from, Block to, int[] dominators) {
        if (to == null || dominators[from.order] == Integer.MAX_VALUE) {
            return false;
        }
        int before = dominators[to.order];
        int a = before;
        int b = from.order;
        if (a == Integer.MAX_VALUE) {
            dominators[to.order] = b;
            return true;
        }
        while (a != b) {
            if (a > b) {
                a = dominators[a];
            } else {
                b = dominators[b];
            }
        }
        dominators[to.order] = a;
        return a != before;
    }
}
