package dev.pagewalk.emulator.isa;

import java.util.ArrayList;
import java.util.List;

/** Finds the table's row for an encoding. Engines call it once per instruction in memory, not once per execution. */
public final class Decoder {
    /** Rows by major opcode (bits 6..2) and funct3 (bits 14..12): at most a few candidates each. */
    private static final Instruction[][] CANDIDATES = candidates();

    private Decoder() {}

    /**
     * The length of the instruction whose first 16 bits are the low bits of {@code raw}: 4, or 2 for a compressed one.
     *
     * <p>Source: RISC-V Unprivileged ISA, "Expanded Instruction-Length Encoding". Longer encodings count as 4: they are
     * illegal here.
     */
    public static int lengthBytes(int raw) {
        return (raw & 3) == 3 ? 4 : 2;
    }

    /**
     * The 4-byte encoding that {@code raw} stands for: its expansion where it is compressed, else itself. 0, which is
     * illegal, where a compressed one is.
     */
    public static int expand(int raw) {
        return lengthBytes(raw) == 2 ? CompressedTable.expand(raw) : raw;
    }

    /** The instruction that the 4-byte encoding {@code raw} is, or null where it is illegal: {@link #expand} comes first. */
    public static Instruction decode(int raw) {
        if (lengthBytes(raw) != 4) {
            return null;
        }
        for (Instruction candidate : CANDIDATES[bucket(raw)]) {
            if (candidate.matches(raw)) {
                return candidate;
            }
        }
        return null;
    }

    private static int bucket(int raw) {
        return (raw >>> 2 & 31) << 3 | raw >>> 12 & 7;
    }

    private static Instruction[][] candidates() {
        Instruction[][] table = new Instruction[32 * 8][];
        for (int bucket = 0; bucket < table.length; bucket++) {
            int major = bucket >>> 3 << 2 | 3;
            int funct3 = (bucket & 7) << 12;
            List<Instruction> rows = new ArrayList<>();
            for (Instruction row : InstructionTable.all()) {
                boolean anyFunct3 = (row.mask() & 0x7000) == 0;
                if ((row.match() & 0x7F) == major && (anyFunct3 || (row.match() & 0x7000) == funct3)) {
                    rows.add(row);
                }
            }
            table[bucket] = rows.toArray(new Instruction[0]);
        }
        return table;
    }
}
