package dev.pagewalk.images.conformance;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Loads and stores around the boundary of two pages, so that every alignment occurs and every access crosses the boundary
 * once at each of its bytes.
 */
final class MemoryCases {
    /** The program's data are at a fixed address, so that addresses can be operands like all numbers. */
    static final long DATA_ADDRESS = 0x200_0000L;

    /** Two pages further, in the middle of what may be loaded and stored. */
    static final long BOUNDARY_ADDRESS = DATA_ADDRESS + 0x2000;

    /** Bytes before and behind the boundary that have the pattern. */
    static final int PATTERN_REACH_BYTES = 16;

    private static final int REACH_BYTES = 8;
    private static final List<Long> OFFSETS = List.of(0L, -1L, 1L, 2047L, -2048L);
    private static final Registers SOME = new Registers(11, 12, 13);

    private MemoryCases() {}

    /** The byte that stands {@code distance} bytes behind the boundary before every load: signs and values alternate. */
    static int pattern(int distance) {
        return distance * 0x35 + 0x9B & 0xFF;
    }

    /** {@code lb rd, offset(rs1)}: the first byte is the lowest one. */
    static CaseSource load(int width, boolean isSigned) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int distance = -REACH_BYTES; distance <= REACH_BYTES; distance++) {
                for (long offset : OFFSETS) {
                    cases.add(load(mnemonic, Registers.different(cases.size()), distance, offset, width, isSigned));
                }
            }
            cases.add(load(mnemonic, new Registers(9, 9, 0), 0, 8, width, isSigned));
            cases.add(load(mnemonic, new Registers(0, 9, 0), 0, 8, width, isSigned));
            cases.add(new Case()
                    .clear(11)
                    .set(12, 0)
                    .runTrapping(mnemonic + " x11, 16(x12)", Signal.SIGSEGV, "16")
                    .expectUntouched(11));
            return cases;
        };
    }

    static Case load(String mnemonic, Registers registers, int distance, long offset, int width, boolean isSigned) {
        long address = BOUNDARY_ADDRESS + distance;
        byte[] bytes = new byte[width / 8];
        for (int i = 0; i < bytes.length; i++) {
            bytes[bytes.length - 1 - i] = (byte) pattern(distance + i);
        }
        BigInteger value = isSigned ? new BigInteger(bytes) : new BigInteger(1, bytes);
        Case one = new Case()
                .clear(registers.rd())
                .set(registers.rs1(), address - offset)
                .run("%s x%d, %d(x%d)".formatted(mnemonic, registers.rd(), offset, registers.rs1()))
                .expect(registers.rd(), value.longValue());
        return registers.isSource(registers.rd()) ? one : one.expect(registers.rs1(), address - offset);
    }

    /** {@code sb rs2, offset(rs1)}: the lowest bytes of rs2, and no byte beside them. */
    static CaseSource store(int width) {
        return mnemonic -> {
            List<Case> cases = new ArrayList<>();
            for (int distance = -REACH_BYTES; distance <= REACH_BYTES; distance++) {
                for (long offset : OFFSETS) {
                    Registers registers = Registers.different(cases.size());
                    cases.add(store(mnemonic, registers, distance, offset, 0xFEDC_BA98_7654_3210L, width));
                }
            }
            for (long value : Corners.VALUES) {
                cases.add(store(mnemonic, SOME, 0, 0, value, width));
            }
            cases.add(store(mnemonic, new Registers(0, 9, 0), 0, 8, 0, width));
            cases.add(store(mnemonic, new Registers(0, 9, 9), 0, 8, BOUNDARY_ADDRESS - 8, width));
            cases.add(new Case()
                    .memory("boundary", -1)
                    .setAddress(12, "read_only")
                    .runTrapping(mnemonic + " x11, (x12)", Signal.SIGSEGV, "read_only")
                    .expectMemory("read_only", 0));
            return cases;
        };
    }

    static Case store(String mnemonic, Registers registers, int distance, long offset, long value, int width) {
        Case one = new Case();
        byte[] memory = new byte[4 * Long.BYTES];
        for (int i = 0; i < 4; i++) {
            long before = 0x1122_3344_5566_7788L + i;
            one.memory(around(i), before);
            put(memory, i * Long.BYTES, before, Long.BYTES);
        }
        put(memory, 2 * Long.BYTES + distance, value, width / 8);
        one.set(registers.rs1(), BOUNDARY_ADDRESS + distance - offset)
                .set(registers.rs2(), value)
                .run("%s x%d, %d(x%d)".formatted(mnemonic, registers.rs2(), offset, registers.rs1()))
                .expect(registers.rs1(), BOUNDARY_ADDRESS + distance - offset)
                .expect(registers.rs2(), value);
        for (int i = 0; i < 4; i++) {
            one.expectMemory(around(i), get(memory, i * Long.BYTES));
        }
        return one;
    }

    private static String around(int i) {
        return "boundary + " + (i - 2) * Long.BYTES;
    }

    private static void put(byte[] memory, int at, long value, int bytes) {
        for (int i = 0; i < bytes; i++) {
            memory[at + i] = (byte) (value >> 8 * i);
        }
    }

    private static long get(byte[] memory, int at) {
        long value = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            value |= (memory[at + i] & 0xFFL) << 8 * i;
        }
        return value;
    }
}
