package dev.pagewalk.tools.differential;

import dev.pagewalk.emulator.isa.Format;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.InstructionTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;

/**
 * Invents a program that ends: arithmetic on corners and noise, loads, stores and atomics in the memory around
 * {@code x8}, loops of a few rounds, forward branches, calls, jumps through tables; in half of the programs compressed. What it computes depends on nothing but
 * its seed.
 */
final class RandomProgram {
    /** The memory that a program may use reaches this far before and behind the address in {@code x8}. */
    static final int MEMORY_REACH_BYTES = 256;

    static final int MEMORY_REGISTER = 8;

    /** They hold what a program needs to end: counters of loops, return addresses, addresses. By nesting, outermost first. */
    private static final int[] COUNTERS = {9, 18};

    private static final int[] LINKS = {1, 20};
    private static final int ADDRESS = 21;
    private static final int HELPER = 22;

    /** Registers that programs compute with. */
    private static final int[] DATA = {
        2, 3, 4, 5, 6, 7, 10, 11, 12, 13, 14, 15, 16, 17, 19, 23, 24, 25, 26, 27, 28, 29, 30, 31
    };

    private static final List<Long> CORNERS = List.of(
            0L,
            1L,
            -1L,
            2L,
            31L,
            32L,
            63L,
            64L,
            0x7FFF_FFFFL,
            0x8000_0000L,
            0xFFFF_FFFFL,
            -0x8000_0000L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            0x5555_5555_5555_5555L,
            0x0123_4567_89AB_CDEFL);

    private static final List<Instruction> COMPUTING = rows(row -> switch (row.format()) {
        case R, I, SHIFT, SHIFT_WORD -> true;
        default -> false;
    });
    private static final List<Instruction> UPPER = rows(row -> row.format() == Format.UPPER);
    private static final List<Instruction> LOADS = rows(row -> row.format() == Format.LOAD);
    private static final List<Instruction> STORES = rows(row -> row.format() == Format.STORE);
    private static final List<Instruction> BRANCHES = rows(row -> row.format() == Format.BRANCH);
    private static final List<Instruction> OPERATIONS =
            rows(row -> row.format() == Format.ATOMIC && row.mnemonic().startsWith("amo"));
    private static final List<String> CONDITIONAL_JUMPS = List.of("c.beqz", "c.bnez");
    private static final List<String> SHORT_OPERATIONS = List.of("c.sub", "c.xor", "c.or", "c.and", "c.subw", "c.addw");
    private static final List<String> ORDERINGS = List.of("", ".aq", ".rl", ".aqrl");

    private final Random random;
    private final boolean isCompressed;

    private RandomProgram(long seed) {
        random = new Random(seed);
        isCompressed = random.nextBoolean();
    }

    /** The program of a seed: always the same. */
    static List<Piece> of(long seed) {
        return new RandomProgram(seed).program();
    }

    private List<Piece> program() {
        List<Piece> pieces = new ArrayList<>();
        if (isCompressed) {
            pieces.add(Piece.of(".option rvc"));
        }
        for (int register : DATA) {
            pieces.add(Piece.of("li x%d, 0x%x".formatted(register, value())));
        }
        pieces.addAll(pieces(0, 10 + random.nextInt(50)));
        return pieces;
    }

    private List<Piece> pieces(int depth, int count) {
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            pieces.add(depth < COUNTERS.length && random.nextInt(100) < 15 ? compound(depth) : simple());
        }
        return pieces;
    }

    private Piece compound(int depth) {
        List<Piece> body = pieces(depth + 1, 1 + random.nextInt(10));
        return switch (random.nextInt(4)) {
            case 0 -> loop(COUNTERS[depth], body);
            case 1 -> call(LINKS[depth], body);
            default -> branch(body);
        };
    }

    private static Piece loop(int counter, int rounds, List<Piece> body) {
        return new Piece(
                List.of("li x%d, %d".formatted(counter, rounds), "again_$:"),
                body,
                List.of("addi x%d, x%d, -1".formatted(counter, counter), "bnez x%d, again_$".formatted(counter)));
    }

    private Piece loop(int counter, List<Piece> body) {
        return loop(counter, 1 + random.nextInt(6), body);
    }

    private static Piece call(int link, List<Piece> body) {
        return new Piece(
                List.of("jal x%d, function_$".formatted(link), "j behind_$", "function_$:"),
                body,
                List.of("jalr x0, (x%d)".formatted(link), "behind_$:"));
    }

    private Piece branch(List<Piece> body) {
        String condition = "%s x%d, x%d, ".formatted(any(BRANCHES).mnemonic(), source(), source());
        return new Piece(List.of(condition + "behind_$"), body, List.of("behind_$:"));
    }

    private Piece simple() {
        if (isCompressed && random.nextInt(5) == 0) {
            return compressed();
        }
        int choice = random.nextInt(100);
        if (choice < 60) {
            return computing(any(COMPUTING));
        }
        if (choice < 64) {
            return Piece.of("%s x%d, 0x%x".formatted(any(UPPER).mnemonic(), destination(), random.nextInt(1 << 20)));
        }
        if (choice < 74) {
            return Piece.of(load(MEMORY_REGISTER, offset(-MEMORY_REACH_BYTES, MEMORY_REACH_BYTES - 8)));
        }
        if (choice < 84) {
            return Piece.of(store(MEMORY_REGISTER, offset(-MEMORY_REACH_BYTES, MEMORY_REACH_BYTES - 8)));
        }
        if (choice < 88) {
            return atComputedAddress();
        }
        if (choice < 94) {
            return atomicOperation();
        }
        if (choice < 96) {
            return reservation();
        }
        if (choice < 97) {
            return Piece.of(
                    List.of("fence", "fence rw, w", "fence.tso", "fence.i").get(random.nextInt(4)));
        }
        return jumpThroughTable();
    }

    private Piece computing(Instruction row) {
        String registers = "%s x%d, x%d, ".formatted(row.mnemonic(), destination(), source());
        return Piece.of(registers
                + switch (row.format()) {
                    case I -> offset(-2048, 2047);
                    case SHIFT -> random.nextInt(64);
                    case SHIFT_WORD -> random.nextInt(32);
                    default -> "x" + source();
                });
    }

    private String load(int base, int offset) {
        return "%s x%d, %d(x%d)".formatted(any(LOADS).mnemonic(), destination(), offset, base);
    }

    private String store(int base, int offset) {
        return "%s x%d, %d(x%d)".formatted(any(STORES).mnemonic(), source(), offset, base);
    }

    /** The data decide where: across the boundary of two pages or not, aligned or not. */
    private Piece atComputedAddress() {
        return Piece.of(
                "andi x%d, x%d, 127".formatted(ADDRESS, source()),
                "add x%d, x%d, x%d".formatted(ADDRESS, ADDRESS, MEMORY_REGISTER),
                random.nextBoolean() ? load(ADDRESS, offset(-130, 100)) : store(ADDRESS, offset(-130, 100)));
    }

    private Piece atomicOperation() {
        return Piece.of(
                alignedAddress(),
                "%s%s x%d, x%d, (x%d)"
                        .formatted(
                                any(OPERATIONS).mnemonic(),
                                ORDERINGS.get(random.nextInt(4)),
                                destination(),
                                source(),
                                ADDRESS));
    }

    /** A pair of LR and SC, repeated until it succeeds; perhaps a second SC, which must not. */
    private Piece reservation() {
        String size = random.nextBoolean() ? ".w" : ".d";
        int stored = data();
        List<String> lines = new ArrayList<>(List.of(
                alignedAddress(),
                "retry_$: lr%s%s x%d, (x%d)".formatted(size, ORDERINGS.get(random.nextInt(4)), destination(), ADDRESS),
                "sc%s%s x%d, x%d, (x%d)".formatted(size, ORDERINGS.get(random.nextInt(4)), HELPER, stored, ADDRESS),
                "bnez x%d, retry_$".formatted(HELPER)));
        if (random.nextBoolean()) {
            int result = data();
            lines.add("sc%s x%d, x%d, (x%d)".formatted(size, result, data(), ADDRESS));
            lines.add("snez x%d, x%d".formatted(result, result));
        }
        return Piece.of(lines.toArray(String[]::new));
    }

    private String alignedAddress() {
        int offset = 8 * (random.nextInt(MEMORY_REACH_BYTES / 4) - MEMORY_REACH_BYTES / 8);
        return "addi x%d, x%d, %d".formatted(ADDRESS, MEMORY_REGISTER, offset);
    }

    /** One of four functions; the entry's lowest bit, which jalr clears, is set in some. */
    private Piece jumpThroughTable() {
        List<String> lines = new ArrayList<>(List.of(
                "andi x%d, x%d, 3".formatted(ADDRESS, source()),
                "slli x%d, x%d, 3".formatted(ADDRESS, ADDRESS),
                "la x%d, table_$".formatted(HELPER),
                "add x%d, x%d, x%d".formatted(ADDRESS, ADDRESS, HELPER),
                "ld x%d, (x%d)".formatted(ADDRESS, ADDRESS),
                "jalr x%d, %d(x%d)".formatted(HELPER, random.nextInt(2), ADDRESS),
                "j behind_$",
                ".balign 8",
                "table_$: .dword function_$_0, function_$_1, function_$_2, function_$_3"));
        for (int i = 0; i < 4; i++) {
            lines.add("function_$_" + i + ":");
            lines.addAll(computing(any(COMPUTING)).before());
            lines.add("jr x" + HELPER);
        }
        lines.add("behind_$:");
        return Piece.of(lines.toArray(String[]::new));
    }

    /** Written as compressed ones; the assembler compresses others by itself. */
    private Piece compressed() {
        return switch (random.nextInt(12)) {
            case 0 -> Piece.of("%s x%d, x%d".formatted(any(List.of("c.add", "c.mv")), data(), data()));
            case 1, 2 -> Piece.of("%s x%d, x%d".formatted(any(SHORT_OPERATIONS), shortData(), 8 + random.nextInt(8)));
            case 3 ->
                Piece.of("%s x%d, %d".formatted(any(List.of("c.addi", "c.addiw", "c.li")), data(), shortImmediate()));
            case 4 -> Piece.of("c.andi x%d, %d".formatted(shortData(), shortImmediate()));
            case 5 ->
                random.nextBoolean()
                        ? Piece.of("c.slli x%d, %d".formatted(data(), 1 + random.nextInt(63)))
                        : Piece.of("%s x%d, %d"
                                .formatted(any(List.of("c.srli", "c.srai")), shortData(), 1 + random.nextInt(63)));
            case 6 -> compressedAccess();
            case 7 -> compressedStackAccess();
            case 8 -> compressedStackArithmetic();
            case 9 -> compressedBranch();
            case 10 -> compressedCall();
            default ->
                random.nextInt(4) == 0
                        ? Piece.of("c.nop")
                        : Piece.of("c.lui x%d, 0x%x".formatted(3 + random.nextInt(3), shortImmediate() & 0xFFFFF));
        };
    }

    private Piece compressedAccess() {
        return switch (random.nextInt(4)) {
            case 0 -> Piece.of("c.lw x%d, %d(x8)".formatted(shortData(), 4 * random.nextInt(32)));
            case 1 -> Piece.of("c.ld x%d, %d(x8)".formatted(shortData(), 8 * random.nextInt(32)));
            case 2 -> Piece.of("c.sw x%d, %d(x8)".formatted(8 + random.nextInt(8), 4 * random.nextInt(32)));
            default -> Piece.of("c.sd x%d, %d(x8)".formatted(8 + random.nextInt(8), 8 * random.nextInt(32)));
        };
    }

    private Piece compressedStackAccess() {
        String stackPointer = "addi x2, x8, " + offset(-MEMORY_REACH_BYTES, -8);
        return switch (random.nextInt(4)) {
            case 0 -> Piece.of(stackPointer, "c.lwsp x%d, %d(sp)".formatted(data(), 4 * random.nextInt(64)));
            case 1 -> Piece.of(stackPointer, "c.ldsp x%d, %d(sp)".formatted(data(), 8 * random.nextInt(32)));
            case 2 -> Piece.of(stackPointer, "c.swsp x%d, %d(sp)".formatted(source(), 4 * random.nextInt(64)));
            default -> Piece.of(stackPointer, "c.sdsp x%d, %d(sp)".formatted(source(), 8 * random.nextInt(32)));
        };
    }

    private Piece compressedStackArithmetic() {
        return random.nextBoolean()
                ? Piece.of("c.addi16sp sp, %d".formatted(16 * shortImmediate()))
                : Piece.of("c.addi4spn x%d, sp, %d".formatted(shortData(), 4 + 4 * random.nextInt(255)));
    }

    private Piece compressedBranch() {
        String jump = random.nextInt(3) == 0
                ? "c.j behind_$"
                : "%s x%d, behind_$".formatted(any(CONDITIONAL_JUMPS), 8 + random.nextInt(8));
        return new Piece(List.of(jump), List.of(computing(any(COMPUTING))), List.of("behind_$:"));
    }

    /** {@code c.jalr} knows no other link register than x1, which a call around this may need. */
    private Piece compressedCall() {
        return new Piece(
                List.of(
                        "mv x%d, x1".formatted(HELPER),
                        "la x%d, function_$".formatted(ADDRESS),
                        "c.jalr x" + ADDRESS,
                        "c.j behind_$",
                        "function_$:"),
                List.of(computing(any(COMPUTING))),
                List.of("c.jr x1", "behind_$: mv x1, x" + HELPER));
    }

    private int shortData() {
        return 10 + random.nextInt(6);
    }

    /** Six bits, signed, not 0. */
    private int shortImmediate() {
        int immediate = random.nextInt(63) - 32;
        return immediate < 0 ? immediate : immediate + 1;
    }

    private long value() {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextLong();
            case 1 -> random.nextInt();
            default -> CORNERS.get(random.nextInt(CORNERS.size())) + random.nextInt(3) - 1;
        };
    }

    /** Among them the ends, more often than chance would have it. */
    private int offset(int first, int last) {
        return switch (random.nextInt(8)) {
            case 0 -> first;
            case 1 -> last;
            default -> first + random.nextInt(last - first + 1);
        };
    }

    private int data() {
        return DATA[random.nextInt(DATA.length)];
    }

    private int destination() {
        return random.nextInt(20) == 0 ? 0 : data();
    }

    private int source() {
        return random.nextInt(10) == 0 ? random.nextInt(32) : data();
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static List<Instruction> rows(Predicate<Instruction> wanted) {
        return InstructionTable.all().stream().filter(wanted).toList();
    }

    /** The instructions that no program has: what they do is no business of registers and memory, or of another's. */
    static List<String> leftOut() {
        return Arrays.asList("ecall", "ebreak", "csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci", "c.ebreak");
    }
}
