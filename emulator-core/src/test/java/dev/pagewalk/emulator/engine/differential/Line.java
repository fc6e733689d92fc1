package dev.pagewalk.emulator.engine.differential;

import dev.pagewalk.emulator.isa.Instruction;

/** What a program's memory is filled with, in order: instructions, data, and the names of places. */
sealed interface Line {
    /**
     * An instruction without a label, or data.
     *
     * @param otherBits what stands there in the other address space
     * @param lengthBytes 2 or 4
     */
    record Bits(int bits, int otherBits, int lengthBytes) implements Line {}

    /** Names the place of the next line. */
    record Label(int label) implements Line {}

    /** A conditional branch, compressed where it can be and may be; around a jump where the label is far. */
    record Branch(Instruction row, int rs1, int rs2, int label, boolean compressed) implements Line {}

    /** {@code jal rd, label}. */
    record Jump(int rd, int label, boolean compressed) implements Line {}

    /** {@code la rd, label + plus}, relative to the pc. */
    record Address(int rd, int label, int plus) implements Line {}

    /** Four bytes of data: how far a label is from another. */
    record Distance(int label, int from) implements Line {}

    /** A jump to the next place with this offset in its page, if it is not there anyway. */
    record AlignTo(int pageOffset) implements Line {}
}
