package dev.pagewalk.emulator.engine.translator;

import dev.pagewalk.emulator.isa.Opcode;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;

/**
 * What is to be translated: blocks of one window, and how execution goes between them.
 *
 * @param blocks in the order in which they are emitted: a block stands behind all from which execution comes to it, but for
 *     the way back to a loop's head
 * @param entries the blocks at which the region is entered, or to which it jumps indirectly; number 1 first
 */
record RegionPlan(List<Block> blocks, List<Block> entries) {
    /** To store a register and to load it again. */
    private static final int HAND_OVER_BYTES = 14;

    int guestInstructions() {
        return blocks.stream().mapToInt(block -> block.instructions.size()).sum();
    }

    /** Whether blocks are reached by number: there are several entries, or an indirect jump may lead to the one. */
    boolean needsSwitch() {
        return entries.size() > 1 || hasIndirectJumps();
    }

    boolean hasIndirectJumps() {
        return blocks.stream().anyMatch(block -> block.lastOpcode() == Opcode.JALR);
    }

    /** Whether a window holds just these instructions. */
    boolean matches(CodeWindow window) {
        return sites().allMatch(window::holds);
    }

    /** At most so many bytes of bytecode it takes to hand over loops' registers around slow calls. */
    int handOverBytes() {
        return blocks.stream()
                .mapToInt(block -> block.instructions.size() * Integer.bitCount(block.loopRegisters) * HAND_OVER_BYTES)
                .sum();
    }

    private Stream<Site> sites() {
        return blocks.stream().flatMap(block -> block.instructions.stream());
    }

    /** The slots in which instructions begin. */
    BitSet slots() {
        BitSet slots = new BitSet();
        sites().forEach(site -> slots.set(site.slot()));
        return slots;
    }

    /** Entry numbers by slot, 0 where there is none. */
    short[] entryBySlot() {
        short[] numbers = new short[CodeWindow.SLOTS];
        for (Block block : entries) {
            numbers[block.slot] = (short) block.entry;
        }
        return numbers;
    }
}
