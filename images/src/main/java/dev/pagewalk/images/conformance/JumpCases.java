package dev.pagewalk.images.conformance;

import java.util.ArrayList;
import java.util.List;

/** Instructions that go elsewhere. */
final class JumpCases {
    /** No multiple of 4, so that code stands everywhere. */
    private static final int NEAR_BYTES = 14;

    private static final int BRANCH_REACH_BYTES = 1 << 12;
    private static final int JUMP_REACH_BYTES = 1 << 20;

    private JumpCases() {}

    /** {@code beq rs1, rs2, target}. */
    static CaseSource branch(Condition condition) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (long a : Corners.VALUES) {
                for (long b : Corners.VALUES) {
                    Registers registers = Registers.different(cases.size());
                    cases.add(
                            cases.size() % 2 == 0
                                    ? forward(mnemonic, registers, a, b, NEAR_BYTES, condition)
                                    : backward(mnemonic, registers, a, b, NEAR_BYTES, condition));
                }
            }
            for (Registers registers : Registers.coinciding()) {
                for (long a : Corners.FEW_VALUES) {
                    cases.add(forward(mnemonic, registers, a, ~a, NEAR_BYTES, condition));
                }
            }
            for (long b : List.of(6L, 7L, 8L)) {
                Registers registers = Registers.different(cases.size());
                cases.add(forward(mnemonic, registers, 7, b, BRANCH_REACH_BYTES - 2, condition));
                cases.add(backward(mnemonic, registers, 7, b, BRANCH_REACH_BYTES, condition));
            }
            return cases;
        };
    }

    /** Branches to {@code distanceBytes} behind. */
    private static Case forward(
            String mnemonic, Registers registers, long a, long b, int distanceBytes, Condition condition) {
        int path = registers.rd();
        return branch(registers, a, b, condition)
                .run(
                        branch(mnemonic, registers) + "1f",
                        "li x%d, 1".formatted(path),
                        "j 2f",
                        ".zero " + (distanceBytes - 12),
                        "1: li x%d, 2".formatted(path),
                        "2:");
    }

    /** Branches back to {@code distanceBytes} before. */
    private static Case backward(
            String mnemonic, Registers registers, long a, long b, int distanceBytes, Condition condition) {
        int path = registers.rd();
        return branch(registers, a, b, condition)
                .run(
                        "j 2f",
                        "1: li x%d, 2".formatted(path),
                        "j 3f",
                        ".zero " + (distanceBytes - 8),
                        "2: " + branch(mnemonic, registers) + "1b",
                        "li x%d, 1".formatted(path),
                        "3:");
    }

    private static Case branch(Registers registers, long a, long b, Condition condition) {
        long second = registers.rs2() == 0 ? 0 : b;
        long first = registers.rs1() == 0 ? 0 : registers.rs1() == registers.rs2() ? second : a;
        boolean taken = condition.holds(new Operand(first, 64), new Operand(second, 64));
        Case one = new Case()
                .clear(registers.rd())
                .set(registers.rs1(), a)
                .set(registers.rs2(), b)
                .expect(registers.rd(), taken ? 2 : 1);
        if (registers.rs1() != registers.rd()) {
            one.expect(registers.rs1(), first);
        }
        if (registers.rs2() != registers.rd()) {
            one.expect(registers.rs2(), second);
        }
        return one;
    }

    private static String branch(String mnemonic, Registers registers) {
        return "%s x%d, x%d, ".formatted(mnemonic, registers.rs1(), registers.rs2());
    }

    /** {@code jal rd, target}: rd gets the next instruction's address. */
    static CaseSource jump() {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int rd = 0; rd < 32; rd++) {
                cases.add(jumpForward(mnemonic, rd, NEAR_BYTES));
                cases.add(jumpBackward(mnemonic, rd, NEAR_BYTES));
            }
            for (int distanceBytes = 16; distanceBytes < JUMP_REACH_BYTES; distanceBytes *= 2) {
                cases.add(jumpForward(mnemonic, 1, distanceBytes));
                cases.add(jumpBackward(mnemonic, 1, distanceBytes));
            }
            cases.add(jumpForward(mnemonic, 1, JUMP_REACH_BYTES - 2));
            cases.add(jumpBackward(mnemonic, 1, JUMP_REACH_BYTES));
            return cases;
        };
    }

    private static Case jumpForward(String mnemonic, int rd, int distanceBytes) {
        return new Case()
                .clear(rd)
                .run(
                        "%s x%d, 1f".formatted(mnemonic, rd),
                        "link_$: .4byte 0xffffffff",
                        ".zero " + (distanceBytes - 8),
                        "1:")
                .expectAddress(rd, rd == 0 ? "0" : "link_$");
    }

    private static Case jumpBackward(String mnemonic, int rd, int distanceBytes) {
        String far = rd == 6 ? "x7" : "x6";
        return new Case()
                .clear(rd)
                .run(
                        "jump 1f, " + far,
                        "2: jump 3f, " + far,
                        ".zero " + (distanceBytes - 8),
                        "1: %s x%d, 2b".formatted(mnemonic, rd),
                        "link_$: .4byte 0xffffffff",
                        "3:")
                .expectAddress(rd, rd == 0 ? "0" : "link_$");
    }

    /**
     * {@code jalr rd, offset(rs1)}: to rs1 + offset with the lowest bit cleared; the target is computed before rd is
     * written.
     */
    static CaseSource jumpRegister() {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int i = 0; i < 31; i++) {
                for (long offset : Corners.IMMEDIATES) {
                    Registers registers = Registers.different(cases.size());
                    cases.add(jumpRegister(mnemonic, registers.rd(), registers.rs1(), offset, i % 2));
                }
            }
            for (long offset : Corners.IMMEDIATES) {
                cases.add(jumpRegister(mnemonic, 9, 9, offset, 0));
                cases.add(jumpRegister(mnemonic, 0, 9, offset, 1));
            }
            cases.add(new Case()
                    .clear(9)
                    .setAddress(10, "data")
                    .runTrappingAt("data", "jalr x9, 0(x10)", Signal.SIGSEGV, "data")
                    .expectAddress(9, "resumed_$"));
            return cases;
        };
    }

    private static Case jumpRegister(String mnemonic, int rd, int rs1, long offset, int lowestBit) {
        String base = "target_$ + " + (lowestBit - offset);
        Case one = new Case()
                .clear(rd)
                .setAddress(rs1, base)
                .run("%s x%d, %d(x%d)".formatted(mnemonic, rd, offset, rs1), "link_$: .4byte 0xffffffff", "target_$:")
                .expectAddress(rd, rd == 0 ? "0" : "link_$");
        return rd == rs1 ? one : one.expectAddress(rs1, base);
    }
}
