package dev.pagewalk.emulator.engine.code;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.isa.Format;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.tlb.L0Filter;

/**
 * A decoded instruction in one {@code long}, so that the fast loop reads all it needs with one load.
 *
 * <pre>
 * bits  7..0   opcode
 * bits 13..8   rd, {@link Hart#SINK} for x0; of a store, its size in bytes - 1
 * bits 18..14  rs1
 * bits 23..19  rs2; of a load, its size in bytes - 1
 * bits 30..24  the class's cycles, 1..127
 * bit  31      1 for a 4-byte instruction, 0 for a 2-byte one
 * bits 63..32  immediate, signed
 * </pre>
 */
public final class DecodedWord {
    /** No instruction: someone wants to be asked before the one that stands here. */
    public static final long MARK = 0xFF;

    private static final int OPCODE_MASK = 0xFF;

    private DecodedWord() {}

    public static int opcode(long word) {
        return (int) word & OPCODE_MASK;
    }

    public static int rd(long word) {
        return (int) word >>> 8 & 63;
    }

    public static int rs1(long word) {
        return (int) word >>> 14 & 31;
    }

    public static int rs2(long word) {
        return (int) word >>> 19 & 31;
    }

    /** What {@link L0Filter#place} wants of a load. */
    public static long loadTagMask(long word) {
        return PagingMode.PAGE_MASK | rs2(word);
    }

    /** What {@link L0Filter#place} wants of a store. */
    public static long storeTagMask(long word) {
        return PagingMode.PAGE_MASK | rd(word);
    }

    public static int cycles(long word) {
        return (int) word >>> 24 & 127;
    }

    /** A branch, which the host predicts: arithmetic would make each instruction wait until the one before is read. */
    public static int lengthBytes(long word) {
        return (int) word < 0 ? 4 : 2;
    }

    public static int immediate(long word) {
        return (int) (word >> 32);
    }

    /**
     * Packs an instruction.
     *
     * @param raw its 4-byte encoding; a compressed instruction's expansion
     * @param lengthBytes of what stands in memory, 4 or 2
     */
    public static long pack(Instruction instruction, int raw, int lengthBytes, TimingProfile profile) {
        Format format = instruction.format();
        int rd = format.writesRd() ? Format.rd(raw) : 0;
        int immediate = format.immediate(raw);
        int cycles = profile.instructions().cycles(instruction.kind());
        int sizeMask = accessSizeBytes(instruction) - 1;
        int low = instruction.opcode()
                | (format == Format.STORE ? sizeMask : rd == 0 ? Hart.SINK : rd) << 8
                | Format.rs1(raw) << 14
                | (format == Format.LOAD ? sizeMask : Format.rs2(raw)) << 19
                | cycles << 24
                | lengthBytes / 4 << 31;
        return (long) immediate << 32 | low & 0xFFFFFFFFL;
    }

    /** Source: RISC-V Unprivileged ISA, "Load and Store Instructions": the low bits of funct3 are the size's logarithm. */
    private static int accessSizeBytes(Instruction instruction) {
        return 1 << (instruction.match() >>> 12 & 3);
    }
}
