package dev.pagewalk.tools.debug.guest;

import dev.pagewalk.emulator.isa.Decoder;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.Opcode;
import java.util.function.IntToLongFunction;

/**
 * Where an instruction leads that does not trap.
 *
 * <p>GDB steps Linux programs on this architecture by a breakpoint there and a resume of the one thread. That is a step, and no less
 * exact than one if it is known for one.
 */
final class NextInstruction {
    private NextInstruction() {}

    /**
     * @param memory the four bytes at pc, little-endian
     * @param registers x0 to x31
     */
    static long addressAfter(long pc, int memory, IntToLongFunction registers) {
        long next = pc + Decoder.lengthBytes(memory);
        int raw = Decoder.expand(memory);
        Instruction instruction = Decoder.decode(raw);
        if (instruction == null) {
            return next;
        }
        long a = registers.applyAsLong(raw >>> 15 & 31);
        long b = registers.applyAsLong(raw >>> 20 & 31);
        int immediate = instruction.format().immediate(raw);
        boolean jumps = switch (instruction.opcode()) {
            case Opcode.JAL -> true;
            case Opcode.BEQ -> a == b;
            case Opcode.BNE -> a != b;
            case Opcode.BLT -> a < b;
            case Opcode.BGE -> a >= b;
            case Opcode.BLTU -> Long.compareUnsigned(a, b) < 0;
            case Opcode.BGEU -> Long.compareUnsigned(a, b) >= 0;
            default -> false;
        };
        if (instruction.opcode() == Opcode.JALR) {
            return a + immediate & ~1;
        }
        return jumps ? pc + immediate : next;
    }
}
