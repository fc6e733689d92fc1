package dev.pagewalk.emulator.engine.translator;

import dev.pagewalk.emulator.engine.code.DecodedWord;
import dev.pagewalk.emulator.isa.Format;
import dev.pagewalk.emulator.isa.InstructionTable;
import dev.pagewalk.emulator.isa.Opcode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the region around a loop or function: follows branches, jumps and calls within a window, through instructions that
 * have been executed before.
 *
 * <p>The plan keeps to three rules on which the speed of the compiled method depends. It has a size budget, since HotSpot
 * never compiles a method of more than 8,000 bytes of bytecode. Every loop is entered at its head alone; what would enter one
 * in its middle goes through the region's switch, which then is the head of the cycle. And no way between two checks of the
 * deadline costs more than a bound, so that the rest of a slice, which is interpreted, is short.
 */
final class RegionPlanner {
    private static final int MOST_INSTRUCTIONS = 600;
    private static final int MOST_ENTRIES = 100;
    private static final int RETURN_ADDRESS = 1;
    private static final int ALTERNATE_RETURN_ADDRESS = 5;

    private final long[] words;
    private final int budgetBytes;
    private final Block[] blockAt = new Block[CodeWindow.SLOTS];
    private final boolean[] isLeader = new boolean[CodeWindow.SLOTS];
    private final boolean[] isFound = new boolean[CodeWindow.SLOTS];
    /** Behind calls and system calls: where execution comes back. */
    private final Set<Integer> resumeSlots = new TreeSet<>();

    private final TranslationRequest request;

    private RegionPlanner(TranslationRequest request, int budgetBytes) {
        this.request = request;
        this.words = request.words();
        this.budgetBytes = budgetBytes;
    }

    /**
     * @param budgetBytes of bytecode, by estimate
     * @return null where there is nothing at the hot head
     */
    static RegionPlan plan(TranslationRequest request, int budgetBytes) {
        return new RegionPlanner(request, budgetBytes).plan();
    }

    private RegionPlan plan() {
        int hot = request.heads().get(0);
        if (words[hot] == Opcode.NONE) {
            return null;
        }
        discover();
        makeBlocks();
        Set<Block> chosen = choose(blockAt[hot]);
        link(chosen);
        Set<Block> entries = entries(chosen);
        List<Block> order = BlockOrder.order(entries);
        number(entries);
        DeadlineChecks.put(order);
        Loops.find(order);
        return new RegionPlan(order, List.copyOf(entries));
    }

    /** Marks the instructions that can be reached and the slots at which blocks begin. */
    private void discover() {
        Deque<Integer> starts = new ArrayDeque<>();
        request.heads().forEach(slot -> begin(slot, starts));
        request.targets().forEach(slot -> begin(slot, starts));
        int count = 0;
        while (!starts.isEmpty() && count < MOST_INSTRUCTIONS) {
            int slot = starts.poll();
            while (isExecuted(slot) && !isFound[slot]) {
                isFound[slot] = true;
                count++;
                long word = words[slot];
                int next = slot + DecodedWord.lengthBytes(word) / 2;
                int opcode = DecodedWord.opcode(word);
                if (Opcode.isBranch(opcode)) {
                    begin(next, starts);
                }
                if (Opcode.isBranch(opcode) || opcode == Opcode.JAL) {
                    begin(targetSlot(slot, word), starts);
                }
                if (isCall(word) || opcode == Opcode.ECALL) {
                    resumeSlots.add(next);
                    begin(next, starts);
                }
                if (Block.endsBlock(opcode)) {
                    break;
                }
                slot = next;
            }
        }
        for (int slot : request.companions()) {
            isLeader[slot] |= isFound[slot];
        }
    }

    private void begin(int slot, Deque<Integer> starts) {
        if (isExecuted(slot) && !isLeader[slot]) {
            isLeader[slot] = true;
            starts.add(slot);
        }
    }

    private boolean isExecuted(int slot) {
        return slot >= 0 && slot < CodeWindow.SLOTS && words[slot] != Opcode.NONE;
    }

    /** A jump that links, by the convention of the ISA's table of hints for return-address stacks. */
    static boolean isCall(long word) {
        int opcode = DecodedWord.opcode(word);
        int rd = DecodedWord.rd(word);
        return (opcode == Opcode.JAL || opcode == Opcode.JALR)
                && (rd == RETURN_ADDRESS || rd == ALTERNATE_RETURN_ADDRESS);
    }

    /** A jump that most probably is a function's return. By way of the alternate register it may as well be any jump. */
    static boolean isReturn(long word) {
        return DecodedWord.opcode(word) == Opcode.JALR && DecodedWord.rs1(word) == RETURN_ADDRESS;
    }

    static int targetSlot(int slot, long word) {
        return slot + (DecodedWord.immediate(word) >> 1);
    }

    private void makeBlocks() {
        for (int slot = 0; slot < CodeWindow.SLOTS; slot++) {
            if (isLeader[slot] && isFound[slot]) {
                makeBlock(slot);
            }
        }
    }

    private void makeBlock(int first) {
        Block block = new Block(first);
        int slot = first;
        while (true) {
            long word = words[slot];
            block.add(
                    new Site(slot, word, block.cycles, block.instructions.size(), block.accesses),
                    Opcode.accessesMemory(DecodedWord.opcode(word)));
            slot += DecodedWord.lengthBytes(word) / 2;
            if (block.endsInJump()) {
                break;
            }
            if (slot >= CodeWindow.SLOTS || !isFound[slot] || isLeader[slot]) {
                break;
            }
            if (CodeWindow.pageIndex(slot) != CodeWindow.pageIndex(first)) {
                // A block is in one page: on the way to another the translation is looked up.
                isLeader[slot] = true;
                break;
            }
            if (block.cycles >= DeadlineChecks.MOST_UNCHECKED_CYCLES) {
                // The rest is another block, so that there can be a check between them.
                isLeader[slot] = true;
                break;
            }
        }
        blockAt[first] = block;
    }

    /** All blocks, or, where they are too many, those that are in a cycle with the head first, nearer ones before others. */
    private Set<Block> choose(Block head) {
        List<Block> all = new ArrayList<>();
        int bytes = 0;
        for (Block block : blockAt) {
            if (block != null) {
                all.add(block);
                bytes += estimateBytes(block);
            }
        }
        if (bytes <= budgetBytes) {
            return new LinkedHashSet<>(all);
        }
        Set<Block> cycle = reaching(head, all);
        Set<Block> chosen = new LinkedHashSet<>();
        int taken = takeNearest(head, cycle, chosen, 0);
        takeNearest(head, new HashSet<>(all), chosen, taken);
        return chosen;
    }

    private int takeNearest(Block head, Set<Block> among, Set<Block> chosen, int bytesBefore) {
        int bytes = bytesBefore;
        Set<Block> seen = new HashSet<>();
        Deque<Block> queue = new ArrayDeque<>();
        queue.add(head);
        seen.add(head);
        while (!queue.isEmpty()) {
            Block block = queue.poll();
            if (!chosen.contains(block)) {
                bytes += estimateBytes(block);
                if (bytes > budgetBytes && !chosen.isEmpty()) {
                    return budgetBytes;
                }
                chosen.add(block);
            }
            for (Block successor : successors(block)) {
                if (among.contains(successor) && seen.add(successor)) {
                    queue.add(successor);
                }
            }
        }
        return bytes;
    }

    /** The blocks from which the head can be reached, and the head. */
    private Set<Block> reaching(Block head, List<Block> all) {
        Set<Block> reaching = new HashSet<>();
        reaching.add(head);
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Block block : all) {
                if (!reaching.contains(block) && successors(block).stream().anyMatch(reaching::contains)) {
                    reaching.add(block);
                    changed = true;
                }
            }
        }
        return reaching;
    }

    /** Also the way on behind a call, as if the callee had returned. */
    private List<Block> successors(Block block) {
        List<Block> successors = new ArrayList<>(2);
        Site last = block.last();
        int opcode = block.lastOpcode();
        if (Opcode.isBranch(opcode) || opcode == Opcode.JAL) {
            addBlock(targetSlot(last.slot(), last.word()), successors);
        }
        if (block.fallsThrough() || isCall(last.word()) || opcode == Opcode.ECALL) {
            addBlock(block.endSlot(), successors);
        }
        if (opcode == Opcode.JALR && !isReturn(last.word())) {
            request.targets().forEach(slot -> addBlock(slot, successors));
        }
        return successors;
    }

    private void addBlock(int slot, List<Block> blocks) {
        if (slot >= 0 && slot < CodeWindow.SLOTS && blockAt[slot] != null) {
            blocks.add(blockAt[slot]);
        }
    }

    private static int estimateBytes(Block block) {
        int bytes = 50;
        for (Site site : block.instructions) {
            bytes += estimateBytes(site.word());
        }
        return bytes;
    }

    private static int estimateBytes(long word) {
        int opcode = DecodedWord.opcode(word);
        if (Opcode.accessesMemory(opcode)) {
            return 92;
        }
        Format format = InstructionTable.get(opcode).format();
        return switch (format) {
            case BRANCH -> 30;
            case JUMP -> 20;
            case JUMP_REGISTER -> 60;
            case CSR, CSR_IMMEDIATE, NONE -> 50;
            default -> 14;
        };
    }

    private void link(Set<Block> chosen) {
        for (Block block : chosen) {
            Site last = block.last();
            int opcode = block.lastOpcode();
            if (Opcode.isBranch(opcode) || opcode == Opcode.JAL) {
                block.taken = chosenAt(targetSlot(last.slot(), last.word()), chosen);
            }
            if (block.fallsThrough()) {
                block.fallThrough = chosenAt(block.endSlot(), chosen);
            }
        }
    }

    private Block chosenAt(int slot, Set<Block> chosen) {
        Block block = slot >= 0 && slot < CodeWindow.SLOTS ? blockAt[slot] : null;
        return block != null && chosen.contains(block) ? block : null;
    }

    private Set<Block> entries(Set<Block> chosen) {
        Set<Block> entries = new LinkedHashSet<>();
        request.heads().forEach(slot -> addEntry(slot, chosen, entries));
        boolean jumpsIndirectly = chosen.stream().anyMatch(block -> block.lastOpcode() == Opcode.JALR);
        if (jumpsIndirectly) {
            request.targets().forEach(slot -> addEntry(slot, chosen, entries));
        }
        request.companions().forEach(slot -> addEntry(slot, chosen, entries));
        for (int slot : resumeSlots) {
            addEntry(slot, chosen, entries);
        }
        return entries;
    }

    private void addEntry(int slot, Set<Block> chosen, Set<Block> entries) {
        Block block = chosenAt(slot, chosen);
        if (block != null && entries.size() < MOST_ENTRIES) {
            entries.add(block);
        }
    }

    private static void number(Set<Block> entries) {
        int number = 1;
        for (Block entry : entries) {
            entry.entry = number++;
            entry.isChecked = true;
        }
    }
}
