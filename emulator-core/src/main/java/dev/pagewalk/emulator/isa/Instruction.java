package dev.pagewalk.emulator.isa;

/**
 * One row of the {@link InstructionTable}.
 *
 * @param opcode the dense number by which engines switch, a constant of {@link Opcode}
 * @param mnemonic the assembly name, without aq and rl suffixes
 * @param format where the operands stand
 * @param kind the class that a timing profile prices
 * @param match the fixed bits' values
 * @param mask the fixed bits: {@code raw} is this instruction when {@code (raw & mask) == match}
 */
public record Instruction(int opcode, String mnemonic, Format format, InstructionClass kind, int match, int mask) {

    /** Whether {@code raw} encodes this instruction. */
    public boolean matches(int raw) {
        return (raw & mask) == match;
    }

    /**
     * Encodes this instruction; operands that the format lacks must be 0. For {@link Format#CSR_IMMEDIATE} the 5-bit
     * value goes into {@code rs1}.
     *
     * @throws IllegalArgumentException where the immediate does not fit, saying what would
     */
    public int encode(int rd, int rs1, int rs2, int immediate) {
        return match | rd << 7 | rs1 << 15 | rs2 << 20 | format.placeImmediate(immediate);
    }
}
