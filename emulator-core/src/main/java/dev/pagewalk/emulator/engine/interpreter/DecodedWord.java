package dev.pagewalk.emulator.engine.interpreter;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.isa.Decoder;
import dev.pagewalk.emulator.isa.Format;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.tlb.L0Filter;

/**
 * A decoded instruction in one {@code long}, so that the fast loop reads all it needs with one load.
 *
 * <pre>
 * bits  7..0   opcode; with {@link #MISALIGNED_TARGET} where a direct jump leads to a misaligned address
 * bits 13..8   rd, {@link Hart#SINK} for x0; of a store, its size in bytes - 1
 * bits 18..14  rs1
 * bits 23..19  rs2; of a load, its size in bytes - 1
 * bits 30..24  the class's cycles, 1..127
 * bit  31      1 for a 4-byte instruction, 0 for a 2-byte one
 * bits 63..32  immediate, signed
 * </pre>
 */
final class DecodedWord {
    /** Marks a branch or jal whose target is not instruction-aligned: it traps where it is taken. */
    static final int MISALIGNED_TARGET = 0x80;

    private static final int OPCODE_MASK = 0xFF;

    private DecodedWord() {}

    static int opcode(long word) {
        return (int) word & OPCODE_MASK;
    }

    static int rd(long word) {
        return (int) word >>> 8 & 63;
    }

    static int rs1(long word) {
        return (int) word >>> 14 & 31;
    }

    static int rs2(long word) {
        return (int) word >>> 19 & 31;
    }

    /** What {@link L0Filter#place} wants of a load. */
    static long loadTagMask(long word) {
        return PagingMode.PAGE_MASK | rs2(word);
    }

    /** What {@link L0Filter#place} wants of a store. */
    static long storeTagMask(long word) {
        return PagingMode.PAGE_MASK | rd(word);
    }

    static int cycles(long word) {
        return (int) word >>> 24 & 127;
    }

    /** A branch, which the host predicts: arithmetic would make each instruction wait until the one before is read. */
    static int lengthBytes(long word) {
        return (int) word < 0 ? 4 : 2;
    }

    static int immediate(long word) {
        return (int) (word >> 32);
    }

    /**
     * Decodes for one place.
     *
     * @param pc where the instruction stands; only its offset in the page matters, so all aliases share the result
     */
    static long pack(Instruction instruction, int raw, long pc, TimingProfile profile) {
        Format format = instruction.format();
        int rd = format.writesRd() ? Format.rd(raw) : 0;
        int immediate = format.immediate(raw);
        boolean directJump = format == Format.BRANCH || format == Format.JUMP;
        int opcode = instruction.opcode() | (directJump && (pc + immediate & 2) != 0 ? MISALIGNED_TARGET : 0);
        int cycles = profile.instructions().cycles(instruction.kind());
        int sizeMask = accessSizeBytes(instruction) - 1;
        int low = opcode
                | (format == Format.STORE ? sizeMask : rd == 0 ? Hart.SINK : rd) << 8
                | Format.rs1(raw) << 14
                | (format == Format.LOAD ? sizeMask : Format.rs2(raw)) << 19
                | cycles << 24
                | Decoder.lengthBytes(raw) / 4 << 31;
        return (long) immediate << 32 | low & 0xFFFFFFFFL;
    }

    /** Source: RISC-V Unprivileged ISA, "Load and Store Instructions": the low bits of funct3 are the size's logarithm. */
    private static int accessSizeBytes(Instruction instruction) {
        return 1 << (instruction.match() >>> 12 & 3);
    }
}
