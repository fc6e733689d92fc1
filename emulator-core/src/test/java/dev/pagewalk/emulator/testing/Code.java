package dev.pagewalk.emulator.testing;

import dev.pagewalk.emulator.isa.InstructionTable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A few instructions, put together by hand; registers are numbers. */
public final class Code {
    private record Fixup(int index, String mnemonic, int rd, int rs1, int rs2, String label) {}

    private final List<Integer> words = new ArrayList<>();
    private final Map<String, Integer> labels = new HashMap<>();
    private final List<Fixup> fixups = new ArrayList<>();

    /** One encoded instruction. */
    public static int word(String mnemonic, int rd, int rs1, int rs2, int immediate) {
        return InstructionTable.find(mnemonic).encode(rd, rs1, rs2, immediate);
    }

    public Code raw(int word) {
        words.add(word);
        return this;
    }

    /** {@code add rd, rs1, rs2}, {@code amoadd.w rd, rs2, (rs1)}, {@code lr.w rd, (rs1)} with rs2 = 0. */
    public Code r(String mnemonic, int rd, int rs1, int rs2) {
        return raw(word(mnemonic, rd, rs1, rs2, 0));
    }

    /** {@code addi rd, rs1, imm}, {@code ld rd, imm(rs1)}, {@code jalr rd, imm(rs1)}, {@code csrrs rd, imm, rs1}. */
    public Code i(String mnemonic, int rd, int rs1, int immediate) {
        return raw(word(mnemonic, rd, rs1, 0, immediate));
    }

    /** {@code sd rs2, imm(rs1)}. */
    public Code store(String mnemonic, int rs2, int rs1, int immediate) {
        return raw(word(mnemonic, 0, rs1, rs2, immediate));
    }

    /** {@code lui rd, imm}: the immediate is the shifted value. */
    public Code upper(String mnemonic, int rd, int immediate) {
        return raw(word(mnemonic, rd, 0, 0, immediate));
    }

    public Code branch(String mnemonic, int rs1, int rs2, String label) {
        fixups.add(new Fixup(words.size(), mnemonic, 0, rs1, rs2, label));
        return raw(0);
    }

    public Code jal(int rd, String label) {
        fixups.add(new Fixup(words.size(), "jal", rd, 0, 0, label));
        return raw(0);
    }

    public Code label(String name) {
        labels.put(name, words.size());
        return this;
    }

    public Code ecall() {
        return raw(word("ecall", 0, 0, 0, 0));
    }

    public Code nop() {
        return i("addi", 0, 0, 0);
    }

    public Code nops(int count) {
        for (int n = 0; n < count; n++) {
            nop();
        }
        return this;
    }

    /** Loads any constant, in as many instructions as it takes. */
    public Code li(int rd, long value) {
        int low = (int) (value << 52 >> 52);
        if (value == low) {
            return i("addi", rd, 0, low);
        }
        if (value == (int) value) {
            upper("lui", rd, (int) value + 0x800 & 0xFFFFF000);
            return low == 0 ? this : i("addiw", rd, rd, low);
        }
        li(rd, value - low >> 12);
        i("slli", rd, rd, 12);
        return low == 0 ? this : i("addi", rd, rd, low);
    }

    public int length() {
        return words.size();
    }

    public int[] words() {
        for (Fixup fixup : fixups) {
            int offset = (labels.get(fixup.label) - fixup.index) * 4;
            words.set(fixup.index, word(fixup.mnemonic, fixup.rd, fixup.rs1, fixup.rs2, offset));
        }
        return words.stream().mapToInt(Integer::intValue).toArray();
    }
}
