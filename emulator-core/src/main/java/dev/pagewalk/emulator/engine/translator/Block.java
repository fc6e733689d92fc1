package dev.pagewalk.emulator.engine.translator;

import dev.pagewalk.emulator.engine.code.DecodedWord;
import dev.pagewalk.emulator.isa.Opcode;
import java.util.ArrayList;
import java.util.List;

/** A basic block of a region: instructions that are executed one after the other, and where execution goes from them. */
final class Block {
    /** The slot of the first instruction. */
    final int slot;

    final List<Site> instructions = new ArrayList<>();

    /** Where a branch or jump goes that is taken, or null where it leaves the region or there is none. */
    Block taken;

    /** Where execution goes otherwise, or null. */
    Block fallThrough;

    /** Whether the way there leads through the region's switch, because it would enter a loop in its middle. */
    boolean takenBySwitch;

    boolean fallThroughBySwitch;

    /** Its number among the entries, from 1 on; 0 where it is none. */
    int entry;

    /** Whether the clock is compared with the deadline where it begins. */
    boolean isChecked;

    /** The registers that the innermost loop around it uses, as bits; 0 where it is in none. */
    int loopRegisters;

    int cycles;
    int accesses;

    /** The most cycles from its beginning to the next check. */
    int worstCycles;

    /** Its place in the order in which blocks are emitted. */
    int order = -1;

    Block(int slot) {
        this.slot = slot;
    }

    void add(Site site, boolean countsAccess) {
        instructions.add(site);
        cycles += DecodedWord.cycles(site.word());
        accesses += countsAccess ? 1 : 0;
    }

    /** The registers that its instructions read or write, as bits; never x0. */
    int registers() {
        int registers = 0;
        for (Site site : instructions) {
            registers |= Registers.read(site.word()) | Registers.written(site.word());
        }
        return registers;
    }

    /** {@link #taken}, unless the way there leads through the switch. */
    Block directTaken() {
        return takenBySwitch ? null : taken;
    }

    /** {@link #fallThrough}, unless the way there leads through the switch. */
    Block directFallThrough() {
        return fallThroughBySwitch ? null : fallThrough;
    }

    /** Whether it is in another page than another one. */
    boolean isOnOtherPage(Block other) {
        return CodeWindow.pageIndex(slot) != CodeWindow.pageIndex(other.slot);
    }

    Site last() {
        return instructions.get(instructions.size() - 1);
    }

    int lastOpcode() {
        return DecodedWord.opcode(last().word());
    }

    /** The slot behind its last instruction. */
    int endSlot() {
        return last().slot() + DecodedWord.lengthBytes(last().word()) / 2;
    }

    /** Whether execution may go on behind the last instruction. */
    boolean fallsThrough() {
        return fallsThrough(lastOpcode());
    }

    /** Whether execution may go elsewhere than behind the last instruction. */
    boolean endsInJump() {
        return endsBlock(lastOpcode());
    }

    /** Whether an instruction is the last one of its block, wherever execution goes from it. */
    static boolean endsBlock(int opcode) {
        return Opcode.isBranch(opcode) || !fallsThrough(opcode);
    }

    private static boolean fallsThrough(int opcode) {
        return switch (opcode) {
            case Opcode.JAL, Opcode.JALR, Opcode.ECALL, Opcode.EBREAK -> false;
            default -> true;
        };
    }
}
