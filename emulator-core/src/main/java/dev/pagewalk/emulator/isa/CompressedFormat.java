package dev.pagewalk.emulator.isa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the operands of a compressed instruction stand in its sixteen bits, read from the notation of the manual's listing,
 * most significant bit first: {@code 010 uimm[5:3] rs1' uimm[2|6] rd' 00}.
 *
 * <ul>
 *   <li>{@code 010}: fixed bits;
 *   <li>{@code rd}: a register's number, with a prime ({@code rd'}) one of x8 to x15 in three bits;
 *   <li>{@code imm[4|9:8]}: these bits of the immediate, in this order; {@code uimm} is unsigned, {@code imm} is
 *       sign-extended; bits that stand nowhere are 0;
 *   <li>{@code nzimm}, {@code rd!=2}: where it is zero, or this value, the encoding is not this instruction.
 * </ul>
 */
final class CompressedFormat {
    private final Map<String, CompressedField> fields = new HashMap<>();
    private final List<Exclusion> exclusions = new ArrayList<>();
    private int match;
    private int mask;

    private record Exclusion(CompressedField field, int value) {}

    CompressedFormat(String notation) {
        int position = 16;
        for (String part : notation.split(" ")) {
            position = part.matches("[01]+") ? addFixed(part, position) : addOperand(part, position);
        }
        if (position != 0) {
            throw new IllegalStateException(notation + " has " + (16 - position) + " bits");
        }
    }

    /** The fixed bits' values. */
    int match() {
        return match;
    }

    /** The fixed bits. */
    int mask() {
        return mask;
    }

    boolean matches(int raw) {
        if ((raw & mask) != match) {
            return false;
        }
        for (Exclusion exclusion : exclusions) {
            if (exclusion.field.read(raw) == exclusion.value) {
                return false;
            }
        }
        return true;
    }

    /** The operand of this name, {@code rd'} or {@code uimm}; null where there is none. */
    CompressedField field(String name) {
        return fields.get(name);
    }

    private int addFixed(String bits, int end) {
        int position = end - bits.length();
        match |= Integer.parseInt(bits, 2) << position;
        mask |= (1 << bits.length()) - 1 << position;
        return position;
    }

    private int addOperand(String part, int end) {
        int exclusion = part.indexOf("!=");
        int bits = part.indexOf('[');
        boolean nonzero = part.startsWith("nz");
        String name = part.substring(nonzero ? 2 : 0, exclusion >= 0 ? exclusion : bits >= 0 ? bits : part.length());
        boolean isNew = !fields.containsKey(name);
        CompressedField field = fields.computeIfAbsent(name, CompressedField::named);
        if (isNew && (nonzero || exclusion >= 0)) {
            exclusions.add(new Exclusion(field, nonzero ? 0 : Integer.parseInt(part.substring(exclusion + 2))));
        }
        if (bits >= 0) {
            return addImmediate(field, part.substring(bits + 1, part.length() - 1), end);
        }
        int lengthBits = name.endsWith("'") ? 3 : 5;
        field.addBits(end - lengthBits, 0, lengthBits);
        return end - lengthBits;
    }

    private static int addImmediate(CompressedField field, String ranges, int end) {
        int position = end;
        for (String range : ranges.split("\\|")) {
            String[] ends = range.split(":");
            int high = Integer.parseInt(ends[0]);
            int low = Integer.parseInt(ends[ends.length - 1]);
            position -= high - low + 1;
            field.addBits(position, low, high - low + 1);
        }
        return position;
    }
}
