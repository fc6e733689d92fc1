package dev.pagewalk.emulator.engine.translator;

import dev.pagewalk.emulator.engine.code.DecodedWord;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.isa.Format;
import dev.pagewalk.emulator.isa.InstructionTable;

/** Which registers a decoded instruction uses, as sets of bits: bit n for xn. x0 is in no set. */
final class Registers {
    private static final int ZERO = 1;

    private Registers() {}

    static int read(long word) {
        int registers = 1 << DecodedWord.rs1(word);
        if (formatOf(word) != Format.LOAD) {
            // There it holds the size.
            registers |= 1 << DecodedWord.rs2(word);
        }
        return registers & ~ZERO;
    }

    static int written(long word) {
        int rd = DecodedWord.rd(word);
        // In a store it holds the size.
        return rd == Hart.SINK || formatOf(word) == Format.STORE ? 0 : 1 << rd;
    }

    private static Format formatOf(long word) {
        return InstructionTable.get(DecodedWord.opcode(word)).format();
    }
}
