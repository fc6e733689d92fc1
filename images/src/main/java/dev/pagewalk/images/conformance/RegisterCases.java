package dev.pagewalk.images.conformance;

import java.util.ArrayList;
import java.util.List;

/** Instructions that compute a register from registers and immediates. */
final class RegisterCases {
    private RegisterCases() {}

    /** {@code add rd, rs1, rs2}. */
    static CaseSource register(int width, Meaning meaning) {
        return register(width, Corners.VALUES, meaning);
    }

    /** {@code sll rd, rs1, rs2}. */
    static CaseSource shift(int width, Meaning meaning) {
        return register(width, Corners.SHIFT_AMOUNTS, meaning);
    }

    private static CaseSource register(int width, List<Long> secondOperands, Meaning meaning) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (long a : Corners.VALUES) {
                for (long b : secondOperands) {
                    cases.add(register(mnemonic, Registers.different(cases.size()), a, b, width, meaning));
                }
            }
            for (Registers registers : Registers.coinciding()) {
                for (long a : Corners.FEW_VALUES) {
                    cases.add(register(mnemonic, registers, a, a ^ 0x111, width, meaning));
                }
            }
            return cases;
        };
    }

    private static Case register(String mnemonic, Registers registers, long a, long b, int width, Meaning meaning) {
        Case one = new Case().clear(registers.rd()).set(registers.rs1(), a).set(registers.rs2(), b);
        long second = registers.rs2() == 0 ? 0 : b;
        long first = registers.rs1() == 0 ? 0 : registers.rs1() == registers.rs2() ? second : a;
        one.run("%s x%d, x%d, x%d".formatted(mnemonic, registers.rd(), registers.rs1(), registers.rs2()));
        one.expect(registers.rd(), result(width, meaning, first, second));
        if (registers.rs1() != registers.rd()) {
            one.expect(registers.rs1(), first);
        }
        if (registers.rs2() != registers.rd()) {
            one.expect(registers.rs2(), second);
        }
        return one;
    }

    /** {@code addi rd, rs1, immediate}. */
    static CaseSource immediate(int width, Meaning meaning) {
        return immediate(width, Corners.IMMEDIATES, meaning);
    }

    /** {@code slli rd, rs1, amount}. */
    static CaseSource immediateShift(int width, Meaning meaning) {
        return immediate(width, Corners.immediateShifts(width), meaning);
    }

    private static CaseSource immediate(int width, List<Long> immediates, Meaning meaning) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (long a : Corners.VALUES) {
                for (long immediate : immediates) {
                    cases.add(immediate(mnemonic, Registers.different(cases.size()), a, immediate, width, meaning));
                }
            }
            for (Registers registers : Registers.coincidingPairs()) {
                for (long immediate : immediates) {
                    cases.add(immediate(mnemonic, registers, 0x8000_0001L, immediate, width, meaning));
                }
            }
            return cases;
        };
    }

    private static Case immediate(
            String mnemonic, Registers registers, long a, long immediate, int width, Meaning meaning) {
        Case one = new Case().clear(registers.rd()).set(registers.rs1(), a);
        long first = registers.rs1() == 0 ? 0 : a;
        one.run("%s x%d, x%d, %d".formatted(mnemonic, registers.rd(), registers.rs1(), immediate));
        one.expect(registers.rd(), result(width, meaning, first, immediate));
        if (registers.rs1() != registers.rd()) {
            one.expect(registers.rs1(), first);
        }
        return one;
    }

    private static long result(int width, Meaning meaning, long a, long b) {
        return Operand.toRegister(meaning.of(new Operand(a, width), new Operand(b, width)), width);
    }

    /** {@code lui rd, immediate}: the immediate's 20 bits become bits 31..12, and bit 31 is repeated above. */
    static CaseSource upper() {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int rd = 0; rd < 32; rd++) {
                for (long immediate : Corners.UPPER_IMMEDIATES) {
                    cases.add(new Case()
                            .clear(rd)
                            .run("%s x%d, %s".formatted(mnemonic, rd, Case.hex(immediate)))
                            .expect(rd, shifted(immediate)));
                }
            }
            return cases;
        };
    }

    /** {@code auipc rd, immediate}: as lui, added to the instruction's own address. */
    static CaseSource upperToPc() {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int rd = 0; rd < 32; rd++) {
                for (long immediate : Corners.UPPER_IMMEDIATES) {
                    cases.add(new Case()
                            .clear(rd)
                            .run("here_$: %s x%d, %s".formatted(mnemonic, rd, Case.hex(immediate)))
                            .expectAddress(rd, rd == 0 ? "0" : "here_$ + " + shifted(immediate)));
                }
            }
            return cases;
        };
    }

    private static long shifted(long upperImmediate) {
        return (int) (upperImmediate << 12);
    }
}
