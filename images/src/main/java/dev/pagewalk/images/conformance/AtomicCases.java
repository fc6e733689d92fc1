package dev.pagewalk.images.conformance;

import java.util.ArrayList;
import java.util.List;

/** Atomic memory operations, and what the manual guarantees of LR and SC. */
final class AtomicCases {
    private static final String CELL = "boundary";
    private static final long CELL_ADDRESS = MemoryCases.BOUNDARY_ADDRESS;
    private static final long GUARD = 0x1122_3344_5566_7788L;
    private static final List<String> ORDERINGS = List.of("", ".aq", ".rl", ".aqrl");

    /** Further from the cell than a reservation reaches. */
    private static final int OTHER_CELL_BYTES = 64;

    private AtomicCases() {}

    /** {@code amoadd.w rd, rs2, (rs1)}: rd gets the memory's value, the memory what {@code meaning} makes of it and rs2. */
    static CaseSource operation(int width, Meaning meaning) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (long old : Corners.VALUES) {
                for (long b : Corners.VALUES) {
                    Registers registers = Registers.different(cases.size());
                    cases.add(operation(mnemonic, cases.size(), registers, old, b, width, meaning));
                }
            }
            for (Registers registers : Registers.coinciding()) {
                if (registers.rs1() != 0) {
                    for (long old : Corners.FEW_VALUES) {
                        long b = registers.rs2() == registers.rs1() ? CELL_ADDRESS : old ^ 0x111;
                        cases.add(operation(mnemonic, cases.size() & ~1, registers, old, b, width, meaning));
                    }
                }
            }
            cases.addAll(misaligned(mnemonic + " x9, x11, (x10)", width));
            return cases;
        };
    }

    /** Of words every second case takes the upper half of an aligned double word. */
    private static Case operation(
            String mnemonic, int number, Registers registers, long old, long b, int width, Meaning meaning) {
        int shift = width == 32 && number % 2 == 1 ? 32 : 0;
        long operand = registers.rs2() == 0 ? 0 : b;
        long memory = width == 64 ? old : GUARD & ~(0xFFFF_FFFFL << shift) | (old & 0xFFFF_FFFFL) << shift;
        Operand before = new Operand(old, width);
        long value = Operand.toRegister(meaning.of(before, new Operand(operand, width)), width);
        long after = width == 64 ? value : GUARD & ~(0xFFFF_FFFFL << shift) | (value & 0xFFFF_FFFFL) << shift;
        long address = CELL_ADDRESS + shift / 8;
        Case one = new Case()
                .memory(CELL + " - 8", GUARD)
                .memory(CELL, memory)
                .memory(CELL + " + 8", GUARD)
                .clear(registers.rd())
                .set(registers.rs2(), b)
                .set(registers.rs1(), address)
                .run("%s%s x%d, x%d, (x%d)"
                        .formatted(
                                mnemonic,
                                ORDERINGS.get(number / 2 % ORDERINGS.size()),
                                registers.rd(),
                                registers.rs2(),
                                registers.rs1()))
                .expect(registers.rd(), Operand.toRegister(before.signed(), width));
        if (registers.rs1() != registers.rd()) {
            one.expect(registers.rs1(), address);
        }
        if (registers.rs2() != registers.rd()) {
            one.expect(registers.rs2(), operand);
        }
        return one.expectMemory(CELL + " - 8", GUARD).expectMemory(CELL, after).expectMemory(CELL + " + 8", GUARD);
    }

    /** An atomic's address must be a multiple of its size. */
    private static List<Case> misaligned(String instruction, int width) {
        List<Case> cases = new ArrayList<>();
        for (int distance = 1; distance < width / 8; distance++) {
            cases.add(new Case()
                    .memory(CELL, GUARD)
                    .clear(9)
                    .set(10, CELL_ADDRESS + distance)
                    .set(11, -1)
                    .runTrapping(instruction, Signal.SIGBUS, CELL + " + " + distance)
                    .expectUntouched(9)
                    .expectMemory(CELL, GUARD));
        }
        return cases;
    }

    /** {@code lr.w rd, (rs1)}: a load, and a reservation. */
    static CaseSource loadReserved(int width) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (long value : Corners.VALUES) {
                for (String ordering : ORDERINGS) {
                    Registers registers = Registers.different(cases.size());
                    cases.add(loadReserved(mnemonic + ordering, registers.rd(), registers.rs1(), value, width));
                }
            }
            cases.add(loadReserved(mnemonic, 9, 9, -5, width));
            cases.add(loadReserved(mnemonic, 0, 9, -5, width));
            cases.addAll(misaligned(mnemonic + " x9, (x10)", width));
            return cases;
        };
    }

    private static Case loadReserved(String instruction, int rd, int rs1, long value, int width) {
        Case one = new Case()
                .memory(CELL, value)
                .clear(rd)
                .set(rs1, CELL_ADDRESS)
                .run("%s x%d, (x%d)".formatted(instruction, rd, rs1))
                .expect(rd, Operand.toRegister(new Operand(value, width).signed(), width))
                .expectMemory(CELL, value);
        return rd == rs1 ? one : one.expect(rs1, CELL_ADDRESS);
    }

    /**
     * {@code sc.w rd, rs2, (rs1)}: a store, and 0 in rd, where a reservation holds; else no store, and rd is not 0. A
     * sequence as short as these succeeds in the end, so it is tried until it does ("Eventual Success of Store-Conditional
     * Instructions").
     */
    static CaseSource storeConditional(int width) {
        return mnemonic -> {
            String lr = "lr" + mnemonic.substring(mnemonic.indexOf('.'));
            List<Case> cases = new ArrayList<>();
            for (long value : Corners.VALUES) {
                for (String ordering : ORDERINGS) {
                    Registers registers = Registers.different(cases.size());
                    int loaded = 1 + (registers.rd() + 3) % 31;
                    cases.add(succeeding(lr, mnemonic + ordering, registers, loaded, value, width));
                }
            }
            cases.add(overwritingItsSource(lr, mnemonic, width));
            cases.add(afterAnotherStoreConditional(lr, mnemonic, width));
            cases.add(atAnotherAddress(lr, mnemonic));
            cases.add(withoutReservation(lr, mnemonic));
            return cases;
        };
    }

    private static Case succeeding(String lr, String sc, Registers registers, int loaded, long value, int width) {
        return new Case()
                .memory(CELL, GUARD)
                .set(registers.rs2(), value)
                .set(registers.rs1(), CELL_ADDRESS)
                .run(
                        "1: %s x%d, (x%d)".formatted(lr, loaded, registers.rs1()),
                        "%s x%d, x%d, (x%d)".formatted(sc, registers.rd(), registers.rs2(), registers.rs1()),
                        "bnez x%d, 1b".formatted(registers.rd()))
                .expect(registers.rd(), 0)
                .expect(registers.rs1(), CELL_ADDRESS)
                .expect(registers.rs2(), value)
                .expect(loaded, Operand.toRegister(new Operand(GUARD, width).signed(), width))
                .expectMemory(CELL, stored(value, width));
    }

    private static Case overwritingItsSource(String lr, String sc, int width) {
        return new Case()
                .memory(CELL, GUARD)
                .set(10, CELL_ADDRESS)
                .run("1: li x11, -7", lr + " x9, (x10)", sc + " x11, x11, (x10)", "bnez x11, 1b")
                .expect(11, 0)
                .expectMemory(CELL, stored(-7, width));
    }

    private static Case afterAnotherStoreConditional(String lr, String sc, int width) {
        return new Case()
                .memory(CELL, GUARD)
                .set(10, CELL_ADDRESS)
                .set(11, 5)
                .run("1: " + lr + " x9, (x10)", sc + " x12, x11, (x10)", "bnez x12, 1b")
                .run("li x11, 6", sc + " x12, x11, (x10)", "snez x12, x12")
                .expect(12, 1)
                .expectMemory(CELL, stored(5, width));
    }

    private static Case atAnotherAddress(String lr, String sc) {
        return new Case()
                .memory(CELL, GUARD)
                .memory(CELL + " + " + OTHER_CELL_BYTES, GUARD)
                .set(10, CELL_ADDRESS)
                .set(11, CELL_ADDRESS + OTHER_CELL_BYTES)
                .run(lr + " x9, (x10)", sc + " x12, x9, (x11)", "snez x12, x12")
                // The first one has given up the reservation, whatever came of it.
                .run(sc + " x13, x0, (x10)", "snez x13, x13")
                .expect(12, 1)
                .expect(13, 1)
                .expectMemory(CELL, GUARD)
                .expectMemory(CELL + " + " + OTHER_CELL_BYTES, GUARD);
    }

    private static Case withoutReservation(String lr, String sc) {
        return new Case()
                .memory(CELL, GUARD)
                .set(10, CELL_ADDRESS)
                .run(lr + " x0, (x10)", sc + " x0, x0, (x10)")
                .run("li x11, 1", "sd x11, (x10)", sc + " x12, x0, (x10)", "snez x12, x12")
                .expect(12, 1)
                .expectMemory(CELL, 1);
    }

    private static long stored(long value, int width) {
        return width == 64 ? value : GUARD & ~0xFFFF_FFFFL | value & 0xFFFF_FFFFL;
    }
}
