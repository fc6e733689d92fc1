package dev.pagewalk.emulator.isa;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One row of the {@link CompressedTable}: sixteen bits that stand for an instruction of the {@link InstructionTable}. */
public final class CompressedInstruction {
    private static final Pattern WORD = Pattern.compile("[^ ,()]+|[,()]");
    private static final CompressedField ZERO = CompressedField.constant(0);

    private final String mnemonic;
    private final List<String> operands;
    private final CompressedFormat format;
    private final Instruction base;
    private final CompressedField rd;
    private final CompressedField rs1;
    private final CompressedField rs2;
    private final CompressedField immediate;

    /**
     * @param syntax as assembly writes it: {@code c.lw rd', uimm(rs1')}
     * @param encoding as {@link CompressedFormat} reads it
     * @param expansion the instruction of the base table that it stands for, as assembly writes that one
     */
    CompressedInstruction(String syntax, String encoding, String expansion) {
        List<String> written = words(syntax);
        mnemonic = written.get(0);
        operands = List.copyOf(written.subList(1, written.size()));
        format = new CompressedFormat(encoding);
        List<String> meant = words(expansion);
        meant.removeAll(List.of(",", "(", ")"));
        base = InstructionTable.find(meant.get(0));
        String[] order = operandOrder(base.format());
        Map<String, CompressedField> fields = new HashMap<>();
        for (int i = 0; i < order.length; i++) {
            fields.put(order[i], fieldOrConstant(meant.get(i + 1)));
        }
        rd = fields.getOrDefault("rd", ZERO);
        rs1 = fields.getOrDefault("rs1", ZERO);
        rs2 = fields.getOrDefault("rs2", ZERO);
        immediate = fields.getOrDefault("imm", ZERO);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (Matcher matcher = WORD.matcher(text); matcher.find(); ) {
            words.add(matcher.group());
        }
        return words;
    }

    private static String[] operandOrder(Format format) {
        return switch (format) {
            case R -> new String[] {"rd", "rs1", "rs2"};
            case I, SHIFT -> new String[] {"rd", "rs1", "imm"};
            case LOAD, JUMP_REGISTER -> new String[] {"rd", "imm", "rs1"};
            case STORE -> new String[] {"rs2", "imm", "rs1"};
            case BRANCH -> new String[] {"rs1", "rs2", "imm"};
            case UPPER, JUMP -> new String[] {"rd", "imm"};
            case NONE -> new String[0];
            default -> throw new IllegalStateException("nothing of the format " + format + " is compressed");
        };
    }

    private CompressedField fieldOrConstant(String word) {
        CompressedField field = format.field(word);
        if (field != null) {
            return field;
        }
        int register = RegisterNames.number(word);
        return CompressedField.constant(register >= 0 ? register : Integer.parseInt(word));
    }

    /** The assembly name, {@code c.lw}. */
    public String mnemonic() {
        return mnemonic;
    }

    /** The instruction that it stands for. */
    public Instruction base() {
        return base;
    }

    /**
     * How assembly writes the operands: their names ({@code rd}, {@code rs1'}, {@code imm}, {@code uimm}), registers that
     * are always the same ({@code sp}), and the signs between them.
     */
    public List<String> operands() {
        return operands;
    }

    /** The bits that all its encodings have set. */
    int fixedBits() {
        return format.match();
    }

    /** Whether the low sixteen bits of {@code raw} encode this instruction. */
    public boolean matches(int raw) {
        return format.matches(raw & 0xFFFF);
    }

    /** What {@code raw}, which matches, stands for: an encoding of {@link #base}. */
    public int expand(int raw) {
        return base.encode(rd.read(raw), rs1.read(raw), rs2.read(raw), immediate.read(raw));
    }

    /** The sixteen bits that expand to {@code raw}, or 0, which is illegal, where there are none. */
    public int compress(int raw) {
        if (!base.matches(raw)) {
            return 0;
        }
        int bits = format.match()
                | rd.place(Format.rd(raw))
                | rs1.place(Format.rs1(raw))
                | rs2.place(Format.rs2(raw))
                | immediate.place(base.format().immediate(raw));
        return matches(bits) && expand(bits) == raw ? bits : 0;
    }

    /**
     * Encodes this instruction.
     *
     * @param values by the names in {@link #operands}
     * @throws IllegalArgumentException where an operand does not fit, saying what would
     */
    public int encode(Map<String, Integer> values) {
        int bits = format.match();
        for (String operand : operands) {
            CompressedField field = format.field(operand);
            if (field != null) {
                int value = values.get(operand);
                int placed = field.place(value);
                if (field.read(placed) != value) {
                    throw new IllegalArgumentException(
                            isImmediate(operand)
                                    ? "immediate " + value + " is outside " + field.range()
                                    : "register " + RegisterNames.abiName(value) + " is outside s0 to a5");
                }
                bits |= placed;
            }
        }
        if (!matches(bits)) {
            throw new IllegalArgumentException("these operands of " + mnemonic + " are reserved");
        }
        return bits;
    }

    /**
     * The text of {@code raw}, which matches.
     *
     * @param immediateText how to write the immediate
     */
    String text(int raw, IntFunction<String> immediateText) {
        StringBuilder text = new StringBuilder(mnemonic);
        String before = " ";
        for (String word : operands) {
            CompressedField field = format.field(word);
            if (field == null) {
                text.append(before).append(word);
            } else {
                int value = field.read(raw);
                text.append(before)
                        .append(isImmediate(word) ? immediateText.apply(value) : RegisterNames.abiName(value));
            }
            before = word.equals(",") ? " " : "";
        }
        return text.toString();
    }

    /** Whether an operand of this name is an immediate; else it is a register. */
    public static boolean isImmediate(String operand) {
        return operand.endsWith("imm");
    }
}
