package dev.pagewalk.images.conformance;

import java.util.ArrayList;
import java.util.List;

/**
 * A choice of register numbers for an instruction's operands.
 *
 * @param rd the destination
 * @param rs1 the first source
 * @param rs2 the second source
 */
record Registers(int rd, int rs1, int rs2) {
    private static final int COUNT = 31;

    /** Three different registers; every register has every part for {@code i} in any 31 numbers in a row. */
    static Registers different(int i) {
        return new Registers(1 + i % COUNT, 1 + (i + 11) % COUNT, 1 + (i + 19) % COUNT);
    }

    /** Every way in which the three may coincide, and x0 in each part. */
    static List<Registers> coinciding() {
        List<Registers> list = new ArrayList<>();
        list.add(new Registers(9, 9, 20)); // rd = rs1
        list.add(new Registers(9, 20, 9)); // rd = rs2
        list.add(new Registers(9, 20, 20)); // rs1 = rs2
        list.add(new Registers(9, 9, 9));
        list.add(new Registers(0, 9, 20));
        list.add(new Registers(0, 9, 9));
        list.add(new Registers(9, 0, 20));
        list.add(new Registers(9, 20, 0));
        list.add(new Registers(9, 0, 0));
        list.add(new Registers(0, 0, 0));
        return list;
    }

    /** The same for an instruction without a second source. */
    static List<Registers> coincidingPairs() {
        return List.of(new Registers(9, 9, 0), new Registers(0, 9, 0), new Registers(9, 0, 0), new Registers(0, 0, 0));
    }

    boolean isSource(int register) {
        return register == rs1 || register == rs2;
    }
}
