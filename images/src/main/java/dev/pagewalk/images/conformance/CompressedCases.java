package dev.pagewalk.images.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * Instructions of sixteen bits. They have fewer operands than their longer relatives, and short ranges: what fits is tried
 * at its ends. Every second one stands at no multiple of 4, and so does what follows it.
 */
final class CompressedCases {
    /** Which registers an operand can be. */
    enum Choice {
        /** x8 to x15. */
        SHORT(8, 15),
        /** All but x0. */
        ANY(1, 31);

        private final int first;
        private final int last;

        Choice(int first, int last) {
            this.first = first;
            this.last = last;
        }

        /** The register in the {@code i}th place, round and round. */
        private int register(int i) {
            return first + i % (last - first + 1);
        }

        private List<Integer> all() {
            return IntStream.rangeClosed(first, last).boxed().toList();
        }
    }

    private static final int STACK_POINTER = 2;
    private static final int JUMP_REACH_BYTES = 1 << 11;
    private static final int BRANCH_REACH_BYTES = 1 << 8;

    private CompressedCases() {}

    /** {@code c.add rd, rs2}: rd is the first source too. */
    static CaseSource twoRegisters(Choice choice, int width, Meaning meaning) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (long a : Corners.VALUES) {
                for (long b : Corners.VALUES) {
                    int rd = choice.register(cases.size());
                    int rs2 = choice.register(cases.size() / 8 + cases.size() + 1);
                    cases.add(twoRegisters(mnemonic, rd, rs2, rd == rs2 ? b : a, b, width, meaning));
                }
            }
            for (int register : choice.all()) {
                cases.add(twoRegisters(mnemonic, register, register, -3, -3, width, meaning));
            }
            return cases;
        };
    }

    private static Case twoRegisters(String mnemonic, int rd, int rs2, long a, long b, int width, Meaning meaning) {
        Case one = new Case()
                .set(rd, a)
                .set(rs2, b)
                .run("%s x%d, x%d".formatted(mnemonic, rd, rs2))
                .expect(rd, result(width, meaning, a, b));
        return rd == rs2 ? one : one.expect(rs2, b);
    }

    /** {@code c.addi rd, immediate}: six bits, sign-extended; rd is the source too. */
    static CaseSource immediate(Choice choice, int width, Meaning meaning) {
        return immediates(choice, List.of(-32L, -31L, -1L, 1L, 2L, 21L, 30L, 31L), width, meaning);
    }

    /** {@code c.slli rd, amount}. */
    static CaseSource immediateShift(Choice choice, Meaning meaning) {
        return immediates(choice, List.of(1L, 2L, 31L, 32L, 33L, 62L, 63L), 64, meaning);
    }

    private static CaseSource immediates(Choice choice, List<Long> immediates, int width, Meaning meaning) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (long a : Corners.VALUES) {
                for (long immediate : immediates) {
                    int rd = choice.register(cases.size());
                    cases.add(new Case()
                            .set(rd, a)
                            .run("%s x%d, %d".formatted(mnemonic, rd, immediate))
                            .expect(rd, result(width, meaning, a, immediate)));
                }
            }
            return cases;
        };
    }

    /** {@code c.lui rd, immediate}: six bits, sign-extended, become bits 31..12 and above; not for sp. */
    static CaseSource upper() {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int rd : Choice.ANY.all()) {
                for (int immediate : rd == STACK_POINTER ? List.<Integer>of() : List.of(1, 2, 31, -32, -31, -1)) {
                    cases.add(new Case()
                            .clear(rd)
                            .run("%s x%d, %s".formatted(mnemonic, rd, Case.hex(immediate & 0xF_FFFF)))
                            .expect(rd, (long) immediate << 12));
                }
            }
            return cases;
        };
    }

    /** {@code c.addi16sp sp, immediate}: multiples of 16. */
    static CaseSource moveStack() {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (long sp : Corners.VALUES) {
                for (int immediate : List.of(-512, -496, -32, -16, 16, 32, 64, 128, 256, 496)) {
                    cases.add(new Case()
                            .set(STACK_POINTER, sp)
                            .run("%s sp, %d".formatted(mnemonic, immediate))
                            .expect(STACK_POINTER, sp + immediate));
                }
            }
            return cases;
        };
    }

    /** {@code c.addi4spn rd, sp, immediate}: multiples of 4, not 0; all bits 0 are illegal for ever. */
    static CaseSource stackAddress() {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int rd : Choice.SHORT.all()) {
                for (int immediate : List.of(4, 8, 16, 32, 64, 128, 256, 512, 1020)) {
                    long sp = Corners.VALUES.get(cases.size() % Corners.VALUES.size());
                    cases.add(new Case()
                            .clear(rd)
                            .set(STACK_POINTER, sp)
                            .run("%s x%d, sp, %d".formatted(mnemonic, rd, immediate))
                            .expect(rd, sp + immediate)
                            .expect(STACK_POINTER, sp));
                }
            }
            cases.add(new Case().runTrapping(".2byte 0", Signal.SIGILL, "trapping_$"));
            return cases;
        };
    }

    /** {@code c.lw rd, offset(rs1)}: x8 to x15; the offset is a multiple of the access's size. */
    static CaseSource load(int width) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int distance : distances()) {
                for (int offset : offsets(width, 32)) {
                    int rd = Choice.SHORT.register(cases.size());
                    int rs1 = Choice.SHORT.register(cases.size() / 8 + cases.size());
                    cases.add(MemoryCases.load(mnemonic, new Registers(rd, rs1, 0), distance, offset, width, true));
                }
            }
            return cases;
        };
    }

    /** {@code c.lwsp rd, offset(sp)}. */
    static CaseSource loadFromStack(int width) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int distance : distances()) {
                for (int offset : offsets(width, 64)) {
                    Registers registers = new Registers(Choice.ANY.register(cases.size()), STACK_POINTER, 0);
                    cases.add(MemoryCases.load(mnemonic, registers, distance, offset, width, true));
                }
            }
            return cases;
        };
    }

    /** {@code c.sw rs2, offset(rs1)}: as {@link #load}. */
    static CaseSource store(int width) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int distance : distances()) {
                for (int offset : offsets(width, 32)) {
                    int rs1 = Choice.SHORT.register(cases.size());
                    int rs2 = Choice.SHORT.register(cases.size() + 1 + cases.size() % 6);
                    long value = Corners.VALUES.get(cases.size() % Corners.VALUES.size());
                    cases.add(MemoryCases.store(mnemonic, new Registers(0, rs1, rs2), distance, offset, value, width));
                }
            }
            return cases;
        };
    }

    /** {@code c.swsp rs2, offset(sp)}. */
    static CaseSource storeToStack(int width) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int distance : distances()) {
                for (int offset : offsets(width, 64)) {
                    int rs2 = Choice.ANY.register(cases.size());
                    if (rs2 != STACK_POINTER) {
                        Registers registers = new Registers(0, STACK_POINTER, rs2);
                        long value = Corners.VALUES.get(cases.size() % Corners.VALUES.size());
                        cases.add(MemoryCases.store(mnemonic, registers, distance, offset, value, width));
                    }
                }
            }
            return cases;
        };
    }

    /** Of what is accessed from the boundary of two pages, so that alignments and crossings occur. */
    private static List<Integer> distances() {
        return List.of(-8, -7, -5, -4, -2, -1, 0, 1);
    }

    /** Each bit of the offset, and all: {@code count} multiples of the access's size. */
    private static List<Integer> offsets(int width, int count) {
        List<Integer> offsets = new ArrayList<>(List.of(0));
        for (int factor = 1; factor < count; factor *= 2) {
            offsets.add(factor * width / 8);
        }
        offsets.add((count - 1) * width / 8);
        return offsets;
    }

    /** {@code c.j target}. */
    static CaseSource jump() {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int distanceBytes = 8; distanceBytes < JUMP_REACH_BYTES; distanceBytes *= 2) {
                cases.add(forward(new Case(), mnemonic + " ", distanceBytes).expect(1, 2));
                cases.add(backward(new Case(), mnemonic + " ", distanceBytes).expect(1, 2));
            }
            cases.add(forward(new Case(), mnemonic + " ", JUMP_REACH_BYTES - 2).expect(1, 2));
            cases.add(backward(new Case(), mnemonic + " ", JUMP_REACH_BYTES).expect(1, 2));
            return cases;
        };
    }

    /** {@code c.beqz rs1, target}. */
    static CaseSource branch(Condition condition) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int rs1 : Choice.SHORT.all()) {
                for (long a : Corners.VALUES) {
                    String branch = "%s x%d, ".formatted(mnemonic, rs1);
                    int near = 10;
                    int far = BRANCH_REACH_BYTES - cases.size() % 2 * 2;
                    boolean isFar = cases.size() % 3 == 0;
                    Case one = new Case().set(rs1, a);
                    cases.add((cases.size() % 2 == 0
                                    ? backward(one, branch, isFar ? far : near)
                                    : forward(one, branch, isFar ? far : near))
                            .expect(rs1, a)
                            .expect(1, condition.holds(new Operand(a, 64), new Operand(0, 64)) ? 2 : 1));
                }
            }
            return cases;
        };
    }

    /** x1 tells the way: 1 behind the jump, 2 at its target, {@code distanceBytes} on. */
    private static Case forward(Case one, String jump, int distanceBytes) {
        return one.run(jump + "1f", "c.li x1, 1", "c.j 2f", ".zero " + (distanceBytes - 6), "1: c.li x1, 2", "2:");
    }

    private static Case backward(Case one, String jump, int distanceBytes) {
        return one.run(
                "j 2f",
                "1: c.li x1, 2",
                "j 3f",
                ".zero " + (distanceBytes - 6),
                "2: " + jump + "1b",
                "c.li x1, 1",
                "3:");
    }

    /** {@code c.jr rs1}, and {@code c.jalr rs1}, which puts the address of what is 2 bytes behind it into ra. */
    static CaseSource jumpRegister(boolean links) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int rs1 : Choice.ANY.all()) {
                for (int lowestBit = 0; lowestBit < 2; lowestBit++) {
                    String target = "target_$ + " + lowestBit;
                    Case one = new Case()
                            .clear(1)
                            .setAddress(rs1, target)
                            .run("%s x%d".formatted(mnemonic, rs1), "link_$: .2byte 0", "target_$:");
                    if (rs1 != 1) {
                        one.expectAddress(rs1, target);
                    }
                    cases.add(links ? one.expectAddress(1, "link_$") : rs1 != 1 ? one.expectUntouched(1) : one);
                }
            }
            return cases;
        };
    }

    /** {@code c.nop}: nothing. */
    static CaseSource nothing() {
        return mnemonic -> {
            Case one = new Case();
            LongStream.range(1, 30).forEach(register -> one.set((int) register, ~register));
            one.run(mnemonic);
            LongStream.range(1, 30).forEach(register -> one.expect((int) register, ~register));
            return List.of(one);
        };
    }

    private static long result(int width, Meaning meaning, long a, long b) {
        return Operand.toRegister(meaning.of(new Operand(a, width), new Operand(b, width)), width);
    }
}
