package dev.pagewalk.emulator.isa;

import java.util.ArrayList;
import java.util.List;

/**
 * An operand of a compressed instruction: which bits of the encoding hold it, in whatever order, and what they add up to.
 * A constant operand is one without bits.
 */
final class CompressedField {
    /** As a register: x8 to x15, which three bits can name. */
    private static final int FIRST_SHORT_REGISTER = 8;

    private final List<Run> runs = new ArrayList<>();
    private final int base;
    private final boolean signed;

    /** One more than the operand's highest bit. */
    private int widthBits;

    /** Bits that lie side by side both in the encoding, from {@code position} up, and in the operand, from {@code low} up. */
    private record Run(int position, int low, int lengthBits) {
        int ones() {
            return (1 << lengthBits) - 1;
        }
    }

    private CompressedField(int base, boolean signed) {
        this.base = base;
        this.signed = signed;
    }

    /** An operand that the mnemonic implies. */
    static CompressedField constant(int value) {
        return new CompressedField(value, false);
    }

    /** A register's number or an immediate by its name in the manual's notation, without bits yet. */
    static CompressedField named(String name) {
        return new CompressedField(name.endsWith("'") ? FIRST_SHORT_REGISTER : 0, name.equals("imm"));
    }

    void addBits(int position, int low, int lengthBits) {
        runs.add(new Run(position, low, lengthBits));
        widthBits = Math.max(widthBits, low + lengthBits);
    }

    /** The operand in {@code raw}. */
    int read(int raw) {
        int value = 0;
        for (Run run : runs) {
            value |= (raw >>> run.position & run.ones()) << run.low;
        }
        return base + (signed ? value << 32 - widthBits >> 32 - widthBits : value);
    }

    /** The encoding's bits for an operand; those for which it has none are lost, so that it reads back as another. */
    int place(int operand) {
        int bits = 0;
        for (Run run : runs) {
            bits |= (operand - base >>> run.low & run.ones()) << run.position;
        }
        return bits;
    }

    /** Says which immediates there are: {@code 0 to 252 in steps of 4}. */
    String range() {
        int step = 1 << runs.stream().mapToInt(Run::low).min().orElse(0);
        int count = 1 << widthBits;
        int least = signed ? -count / 2 : 0;
        return least + " to " + (least + count - step) + (step == 1 ? "" : " in steps of " + step);
    }
}
