package dev.pagewalk.emulator.engine.differential;

import dev.pagewalk.emulator.engine.differential.Line.Address;
import dev.pagewalk.emulator.engine.differential.Line.AlignTo;
import dev.pagewalk.emulator.engine.differential.Line.Bits;
import dev.pagewalk.emulator.engine.differential.Line.Branch;
import dev.pagewalk.emulator.engine.differential.Line.Distance;
import dev.pagewalk.emulator.engine.differential.Line.Jump;
import dev.pagewalk.emulator.engine.differential.Line.Label;
import dev.pagewalk.emulator.isa.CompressedTable;
import dev.pagewalk.emulator.isa.Csr;
import dev.pagewalk.emulator.isa.Format;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.InstructionTable;
import dev.pagewalk.emulator.isa.Opcode;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.Oracle;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Invents a program of loops in loops, calls, jumps through tables, interpreters, that computes with corners and noise, loads and
 * stores wherever it may and may not, and writes into itself. It depends on nothing but its seed. Most go on for ever: whoever runs
 * one ends it.
 */
final class RandomProgram {
    /** What not every program does, with the percentage of those that do. */
    private enum Feature {
        COMPRESSED(60),
        MEMORY(85),
        MISALIGNED(50),
        SWEEP(35),
        FAULTS(25),
        DEVICE(20),
        ATOMICS(35),
        COUNTERS(40),
        SYSTEM(35),
        ILLEGAL(12),
        SELF_MODIFYING(30),
        CALLS(60),
        RECURSION(25),
        DISPATCH(30),
        PAGE_CROSSING(30),
        WILD_JUMPS(12),
        ALIAS(20),
        LONG_BLOCKS(6),
        ENDS(10);

        final int percentage;

        Feature(int percentage) {
            this.percentage = percentage;
        }
    }

    /** An instruction that is written over with another, and back. */
    private record Site(int label, int bits, int otherBits, int lengthBytes) {}

    /** Where a loop's body may leave it to, and where it begins the next round. */
    private record Exits(int behind, int next) {}

    static final int ENTRY = 0;
    static final int OTHER_ENTRY = 1;
    static final int END = 2;
    private static final int FIRST_FREE_LABEL = 3;
    private static final int MOST_DEPTH = 4;

    private static final List<Instruction> COMPUTING = rows(row -> switch (row.format()) {
        case R, I, SHIFT, SHIFT_WORD -> true;
        default -> false;
    });
    private static final List<Instruction> DIVIDING =
            rows(row -> row.opcode() >= Opcode.MUL && row.opcode() <= Opcode.REMUW);
    private static final List<Instruction> UPPER = rows(row -> row.format() == Format.UPPER);
    private static final List<Instruction> LOADS = rows(row -> row.format() == Format.LOAD);
    private static final List<Instruction> STORES = rows(row -> row.format() == Format.STORE);
    private static final List<Instruction> BRANCHES = rows(row -> row.format() == Format.BRANCH);
    private static final List<Instruction> OPERATIONS =
            rows(row -> row.format() == Format.ATOMIC && row.mnemonic().startsWith("amo"));

    private final Random random;
    private final Set<Feature> features = EnumSet.noneOf(Feature.class);
    private final List<Site> sites = new ArrayList<>();
    private final List<Site> unplacedSites = new ArrayList<>();
    private final List<Integer> functions = new ArrayList<>();
    /** What changes again and again is not translated any more. */
    private final boolean patchesEarly;

    private int nextLabel = FIRST_FREE_LABEL;
    private int recursiveFunction = -1;
    private int alignmentsLeft = 3;
    private int longBlocksLeft = 2;
    private int piecesLeft = 300;

    private RandomProgram(long seed) {
        random = new Random(seed * 7919 + 13);
        for (Feature feature : Feature.values()) {
            if (chance(feature.percentage)) {
                features.add(feature);
            }
        }
        patchesEarly = chance(50);
    }

    /** The program of a seed: always the same. */
    static List<Piece> of(long seed) {
        return new RandomProgram(seed).program();
    }

    private List<Piece> program() {
        if (has(Feature.SELF_MODIFYING)) {
            int count = 1 + random.nextInt(4);
            for (int n = 0; n < count; n++) {
                sites.add(site());
            }
            unplacedSites.addAll(sites);
        }
        if (has(Feature.CALLS)) {
            int count = 1 + random.nextInt(5);
            for (int n = 0; n < count; n++) {
                functions.add(newLabel());
            }
        }
        if (has(Feature.RECURSION)) {
            recursiveFunction = newLabel();
        }
        List<Piece> pieces = new ArrayList<>();
        pieces.add(mainLoop(ENTRY, 3 + random.nextInt(14)));
        pieces.add(mainLoop(OTHER_ENTRY, 2 + random.nextInt(8)));
        pieces.add(
                Piece.of(new Label(END), bits("addi", Layout.SERVICE, 0, 0, Layout.EXIT), bits("ecall", 0, 0, 0, 0)));
        for (int n = 0; n < functions.size(); n++) {
            pieces.add(function(n));
        }
        if (recursiveFunction >= 0) {
            pieces.add(recursion());
        }
        while (!unplacedSites.isEmpty()) {
            pieces.add(placeSite());
        }
        return pieces;
    }

    /** Goes on for ever, or through {@link #END} after some rounds. */
    private Piece mainLoop(int entry, int count) {
        int head = newLabel();
        List<Line> before = new ArrayList<>(List.of(new Label(entry)));
        before.addAll(li(Layout.ROUNDS, 2 + random.nextInt(300)));
        before.add(new Label(head));
        before.addAll(li(Layout.BASE, Layout.DATA_MIDDLE));
        before.addAll(li(Layout.SP, Layout.STACK_TOP - 64));
        List<Line> after = new ArrayList<>();
        if (has(Feature.ENDS)) {
            after.add(bits("addi", Layout.ROUNDS, Layout.ROUNDS, 0, -1));
            after.add(new Branch(InstructionTable.get(Opcode.BNE), Layout.ROUNDS, 0, head, false));
            after.add(new Jump(0, END, false));
        } else {
            after.add(new Jump(0, head, has(Feature.COMPRESSED)));
        }
        return new Piece(before, pieces(0, count, null, 0), after);
    }

    private List<Piece> pieces(int depth, int count, Exits exits, int firstFunction) {
        List<Piece> pieces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            piecesLeft--;
            boolean compound = piecesLeft > 0 && depth < MOST_DEPTH && chance(depth == 0 ? 45 : 22);
            pieces.add(compound ? compound(depth, exits, firstFunction) : simple(depth, exits, firstFunction));
        }
        return pieces;
    }

    private Piece compound(int depth, Exits exits, int firstFunction) {
        int count = 1 + random.nextInt(7);
        if (has(Feature.DISPATCH) && depth < 2 && chance(20)) {
            return interpreter();
        }
        if (depth < Layout.COUNTERS.length && chance(70)) {
            return loop(Layout.COUNTERS[depth], rounds(depth), depth, count, firstFunction);
        }
        return chance(60) ? branchOver(depth, count, exits, firstFunction) : either(depth, count, exits, firstFunction);
    }

    private int rounds(int depth) {
        int most = depth == 0 ? 60 : depth == 1 ? 25 : 12;
        return chance(10) && depth == 0 ? 300 : 1 + random.nextInt(most);
    }

    /** With its test at the end or at the beginning, and perhaps more ways out and back. */
    private Piece loop(int counter, int rounds, int depth, int count, int firstFunction) {
        int head = newLabel();
        Exits exits = new Exits(newLabel(), newLabel());
        List<Line> before = new ArrayList<>(li(counter, rounds));
        boolean testsFirst = chance(30);
        if (testsFirst) {
            before.add(new Jump(0, exits.next(), compressed()));
        }
        if (has(Feature.PAGE_CROSSING) && alignmentsLeft > 0 && chance(25)) {
            alignmentsLeft--;
            before.add(new AlignTo(4096 - 2 * (1 + random.nextInt(16))));
        }
        before.add(new Label(head));
        List<Piece> body = pieces(depth + 1, count, exits, firstFunction);
        List<Line> after = new ArrayList<>();
        if (testsFirst || chance(60)) {
            after.add(new Label(exits.next()));
            after.add(compressible(bits("addi", counter, counter, 0, -1)));
            after.add(
                    chance(80)
                            ? new Branch(InstructionTable.get(Opcode.BNE), counter, 0, head, compressed())
                            : new Branch(InstructionTable.get(Opcode.BLTU), 0, counter, head, false));
        } else {
            after.add(new Label(exits.next()));
            after.add(compressible(bits("addi", counter, counter, 0, -1)));
            after.add(new Branch(InstructionTable.get(Opcode.BEQ), counter, 0, exits.behind(), compressed()));
            after.add(new Jump(0, head, compressed()));
        }
        after.add(new Label(exits.behind()));
        return new Piece(before, body, after);
    }

    private Piece branchOver(int depth, int count, Exits exits, int firstFunction) {
        int behind = newLabel();
        return new Piece(
                List.of(branch(behind)), pieces(depth + 1, count, exits, firstFunction), List.of(new Label(behind)));
    }

    private Piece either(int depth, int count, Exits exits, int firstFunction) {
        int other = newLabel();
        int behind = newLabel();
        List<Piece> body = new ArrayList<>(pieces(depth + 1, count, exits, firstFunction));
        body.add(Piece.of(new Jump(0, behind, compressed()), new Label(other)));
        body.addAll(pieces(depth + 1, 1 + random.nextInt(3), exits, firstFunction));
        return new Piece(List.of(branch(other)), body, List.of(new Label(behind)));
    }

    private Branch branch(int label) {
        return chance(15)
                ? new Branch(
                        InstructionTable.get(chance(50) ? Opcode.BEQ : Opcode.BNE),
                        Layout.DATA_REGISTERS[random.nextInt(6)],
                        0,
                        label,
                        compressed())
                : new Branch(any(BRANCHES), source(), source(), label, false);
    }

    /** A table of handlers; each jumps back to the dispatcher, or all dispatch by themselves: threaded code. */
    private Piece interpreter() {
        int dispatch = newLabel();
        int table = newLabel();
        int behind = newLabel();
        boolean threaded = chance(50);
        int handlers = chance(50) ? 8 : 4;
        List<Line> before = new ArrayList<>();
        before.add(bits("addi", Layout.BYTECODE, Layout.BASE, 0, random.nextInt(1500) - 1900));
        before.addAll(li(Layout.DISPATCHES, 5 + random.nextInt(120)));
        before.add(new Label(dispatch));
        before.addAll(dispatch(table, behind, handlers));
        List<Piece> body = new ArrayList<>();
        List<Line> after = new ArrayList<>(List.of(new Label(table)));
        for (int n = 0; n < handlers; n++) {
            int handler = newLabel();
            after.add(new Distance(handler, table));
            List<Piece> work = new ArrayList<>();
            int count = random.nextInt(4);
            for (int i = 0; i < count; i++) {
                work.add(chance(70) ? compute() : simple(1, null, functions.size()));
            }
            body.add(new Piece(
                    List.of(new Label(handler)),
                    work,
                    threaded ? dispatch(table, behind, handlers) : List.of(new Jump(0, dispatch, compressed()))));
        }
        after.add(new Label(behind));
        return new Piece(before, body, after);
    }

    private List<Line> dispatch(int table, int behind, int handlers) {
        return List.of(
                bits("addi", Layout.DISPATCHES, Layout.DISPATCHES, 0, -1),
                new Branch(InstructionTable.get(Opcode.BEQ), Layout.DISPATCHES, 0, behind, false),
                bits("lbu", Layout.HELPER, Layout.BYTECODE, 0, 0),
                bits("addi", Layout.BYTECODE, Layout.BYTECODE, 0, 1),
                compressible(bits("andi", Layout.HELPER, Layout.HELPER, 0, handlers - 1)),
                compressible(bits("slli", Layout.HELPER, Layout.HELPER, 0, 2)),
                new Address(Layout.ADDRESS, table, 0),
                bits("add", Layout.HELPER, Layout.HELPER, Layout.ADDRESS, 0),
                bits("lw", Layout.HELPER, Layout.HELPER, 0, 0),
                compressible(bits("add", Layout.ADDRESS, Layout.ADDRESS, Layout.HELPER, 0)),
                compressible(bits("jalr", 0, Layout.ADDRESS, 0, 0)));
    }

    private Piece function(int index) {
        boolean isLeaf = index == functions.size() - 1 || chance(40);
        List<Line> before = new ArrayList<>();
        List<Line> after = new ArrayList<>();
        if (has(Feature.PAGE_CROSSING) && alignmentsLeft > 0 && chance(30)) {
            alignmentsLeft--;
            before.add(new AlignTo(4096 - 2 * (1 + random.nextInt(20))));
        }
        before.add(new Label(functions.get(index)));
        List<Piece> body = new ArrayList<>();
        if (isLeaf) {
            body.addAll(pieces(3, 1 + random.nextInt(5), null, functions.size()));
        } else {
            before.add(compressible(bits("addi", Layout.SP, Layout.SP, 0, -32)));
            before.add(compressible(store("sd", Layout.RA, Layout.SP, 8)));
            before.add(compressible(store("sd", Layout.FUNCTION_COUNTER, Layout.SP, 16)));
            body.addAll(pieces(3, 1 + random.nextInt(4), null, index + 1));
            after.add(compressible(bits("ld", Layout.RA, Layout.SP, 0, 8)));
            after.add(compressible(bits("ld", Layout.FUNCTION_COUNTER, Layout.SP, 0, 16)));
            after.add(compressible(bits("addi", Layout.SP, Layout.SP, 0, 32)));
        }
        if (chance(60)) {
            int inner = chance(50) ? functions.size() : index + 1;
            body.add(functionLoop(isLeaf ? functions.size() : inner));
        }
        if (!isLeaf && chance(25)) {
            // A tail call.
            after.add(new Jump(0, functions.get(index + 1), false));
        } else {
            after.add(compressible(bits("jalr", 0, Layout.RA, 0, 0)));
        }
        return new Piece(before, body, after);
    }

    private Piece functionLoop(int firstFunction) {
        return loop(Layout.FUNCTION_COUNTER, 1 + random.nextInt(15), 3, 1 + random.nextInt(4), firstFunction);
    }

    /** Calls itself once or twice, with its return address on the stack. */
    private Piece recursion() {
        int out = newLabel();
        boolean twice = chance(50);
        List<Line> before = List.of(
                new Label(recursiveFunction),
                compressible(bits("addi", Layout.SP, Layout.SP, 0, -16)),
                compressible(store("sd", Layout.RA, Layout.SP, 0)),
                compressible(store("sd", Layout.DEPTH, Layout.SP, 8)));
        List<Line> after = new ArrayList<>();
        after.add(new Branch(InstructionTable.get(Opcode.BGE), 0, Layout.DEPTH, out, false));
        after.add(bits("addi", Layout.DEPTH, Layout.DEPTH, 0, -1));
        after.add(new Jump(Layout.RA, recursiveFunction, false));
        if (twice) {
            after.add(bits("ld", Layout.DEPTH, Layout.SP, 0, 8));
            after.add(bits("addi", Layout.DEPTH, Layout.DEPTH, 0, -2));
            after.add(new Jump(Layout.RA, recursiveFunction, false));
        }
        after.add(new Label(out));
        after.add(compressible(bits("ld", Layout.RA, Layout.SP, 0, 0)));
        after.add(compressible(bits("addi", Layout.SP, Layout.SP, 0, 16)));
        after.add(compressible(bits("jalr", 0, Layout.RA, 0, 0)));
        return new Piece(before, pieces(3, 1 + random.nextInt(3), null, functions.size()), after);
    }

    private Piece simple(int depth, Exits exits, int firstFunction) {
        int choice = random.nextInt(100);
        if (choice < 34) {
            return compute();
        }
        if (choice < 54 && has(Feature.MEMORY)) {
            return access();
        }
        if (choice < 58 && exits != null) {
            // Seldom true, or the loop would be none.
            int label = chance(50) ? exits.behind() : exits.next();
            return chance(60)
                    ? Piece.of(
                            bits("andi", Layout.HELPER, source(), 0, 15),
                            new Branch(InstructionTable.get(Opcode.BEQ), Layout.HELPER, 0, label, false))
                    : Piece.of(branch(label));
        }
        if (choice < 62 && has(Feature.ATOMICS)) {
            return atomic();
        }
        if (choice < 65 && has(Feature.COUNTERS)) {
            return counter();
        }
        if (choice < 72 && firstFunction < functions.size()) {
            return call(functions.get(firstFunction + random.nextInt(functions.size() - firstFunction)));
        }
        if (choice < 75 && recursiveFunction >= 0 && depth < 3 && firstFunction == 0) {
            List<Line> lines = new ArrayList<>(li(Layout.DEPTH, random.nextInt(9)));
            lines.addAll(call(recursiveFunction).before());
            return Piece.of(lines);
        }
        if (choice < 80 && has(Feature.SELF_MODIFYING)) {
            return !unplacedSites.isEmpty() && chance(50) ? placeSite() : patch(depth);
        }
        if (choice < 83 && has(Feature.FAULTS)) {
            return fault(depth);
        }
        if (choice < 85 && has(Feature.DEVICE)) {
            return device();
        }
        if (choice < 88 && has(Feature.SYSTEM)) {
            return guarded(depth, List.of(bits("ecall", 0, 0, 0, 0)));
        }
        if (choice < 90 && has(Feature.ILLEGAL)) {
            return guarded(depth, List.of(illegal()));
        }
        if (choice < 92 && has(Feature.WILD_JUMPS)) {
            return guarded(depth, wildJump());
        }
        if (choice < 94 && has(Feature.ALIAS)) {
            return guarded(depth, jumpToAlias());
        }
        if (choice < 96 && has(Feature.SWEEP)) {
            return sweep();
        }
        if (choice < 97 && has(Feature.LONG_BLOCKS) && longBlocksLeft > 0) {
            longBlocksLeft--;
            return longBlock();
        }
        if (choice < 98) {
            return Piece.of(any(
                    List.of(bits("fence", 0, 0, 0, 0xFF), bits("fence", 0, 0, 0, 0x833), bits("fence.i", 0, 0, 0, 0))));
        }
        return compute();
    }

    private Piece compute() {
        if (chance(8)) {
            Instruction row = any(UPPER);
            return Piece.of(new Bits(
                    row.encode(destination(), 0, 0, random.nextInt() & -4096),
                    row.encode(destination(), 0, 0, random.nextInt() & -4096),
                    4));
        }
        if (chance(6)) {
            return Piece.of(li(data(), Oracle.operand(random)));
        }
        return Piece.of(computing());
    }

    private Line computing() {
        Instruction row = chance(15) ? any(DIVIDING) : any(COMPUTING);
        int rd = destination();
        int rs1 = chance(40) && rd != 0 ? rd : source();
        int rs2 = row.format() == Format.R ? source() : 0;
        Bits line = bits(row.mnemonic(), rd, rs1, rs2, immediate(row));
        if (row.format() == Format.I && chance(30)) {
            return new Bits(line.bits(), row.encode(rd, rs1, 0, immediate(row)), 4);
        }
        return compressible(line);
    }

    private int immediate(Instruction row) {
        return switch (row.format()) {
            case I -> chance(40) ? random.nextInt(64) - 32 : offset(-2048, 2047);
            case SHIFT -> random.nextInt(64);
            case SHIFT_WORD -> random.nextInt(32);
            default -> 0;
        };
    }

    private Piece access() {
        boolean load = chance(60);
        Instruction row = any(load ? LOADS : STORES);
        int size = 1 << (row.match() >>> 12 & 3);
        int mask = has(Feature.MISALIGNED) && chance(40) ? -1 : -size;
        if (chance(55)) {
            return Piece.of(compressible(
                    memory(row, load ? destination() : source(), Layout.BASE, offset(-2048, 2040) & mask)));
        }
        List<Line> lines = new ArrayList<>();
        if (chance(10)) {
            lines.addAll(li(Layout.ADDRESS, Layout.LARGE));
            lines.addAll(li(Layout.HELPER, 0x7FF8));
            lines.add(bits("and", Layout.HELPER, Layout.HELPER, source(), 0));
            lines.add(bits("add", Layout.ADDRESS, Layout.ADDRESS, Layout.HELPER, 0));
        } else {
            lines.add(bits("andi", Layout.ADDRESS, source(), 0, 0x7FF & mask));
            lines.add(bits("add", Layout.ADDRESS, Layout.ADDRESS, Layout.BASE, 0));
        }
        int near = chance(20) && mask == -1 ? 10 + random.nextInt(80) : random.nextInt(64) & mask;
        int back = chance(50) ? -1024 & mask : 0;
        lines.add(memory(row, load ? destination() : source(), Layout.ADDRESS, back + near));
        return Piece.of(lines);
    }

    private Piece atomic() {
        List<Line> lines = new ArrayList<>();
        if (chance(50)) {
            lines.add(bits("addi", Layout.ADDRESS, Layout.BASE, 0, 8 * (random.nextInt(500) - 250)));
        } else {
            lines.add(bits("andi", Layout.ADDRESS, source(), 0, 0x1F8));
            lines.add(bits("add", Layout.ADDRESS, Layout.ADDRESS, Layout.BASE, 0));
        }
        if (has(Feature.FAULTS) && chance(8)) {
            lines.add(bits("addi", Layout.ADDRESS, Layout.ADDRESS, 0, 1 + random.nextInt(7)));
        }
        if (chance(55)) {
            Instruction row = any(OPERATIONS);
            lines.add(new4(row.encode(destination(), Layout.ADDRESS, source(), 0) | random.nextInt(4) << 25));
            return Piece.of(lines);
        }
        String size = chance(50) ? ".w" : ".d";
        int retry = newLabel();
        lines.add(new Label(retry));
        lines.add(bits("lr" + size, destination(), Layout.ADDRESS, 0, 0));
        if (chance(30)) {
            // Stores to the line, or beside it.
            lines.add(memory(any(STORES), source(), Layout.BASE, offset(-256, 248)));
        }
        if (chance(40)) {
            lines.add(computing());
        }
        lines.add(bits("sc" + size, Layout.HELPER, Layout.ADDRESS, source(), 0));
        if (chance(30)) {
            lines.add(new Branch(InstructionTable.get(Opcode.BNE), Layout.HELPER, 0, retry, false));
        } else if (chance(50)) {
            int data = data();
            lines.add(bits("xor", data, data, Layout.HELPER, 0));
        }
        return Piece.of(lines);
    }

    private Piece counter() {
        int csr = 0xC00 + random.nextInt(3);
        String mnemonic = any(List.of("csrrs", "csrrc", "csrrsi", "csrrci"));
        if (has(Feature.ILLEGAL) && chance(6)) {
            return Piece.of(
                    bits(any(List.of("csrrw", "csrrwi", "csrrs")), destination(), 1 + random.nextInt(31), 0, csr));
        }
        if (has(Feature.ILLEGAL) && chance(6)) {
            return Piece.of(bits(mnemonic, destination(), 0, 0, any(List.of(0xC03, 0x100, 0x001, 0x180))));
        }
        return Piece.of(bits(mnemonic, destination(), 0, 0, csr));
    }

    private Piece call(int function) {
        return switch (random.nextInt(4)) {
            case 0 ->
                Piece.of(
                        new Address(Layout.ADDRESS, function, chance(20) ? 1 : 0),
                        compressible(bits("jalr", Layout.RA, Layout.ADDRESS, 0, 0)));
            case 1 -> functions.contains(function) ? callByTable() : Piece.of(new Jump(Layout.RA, function, false));
            default -> Piece.of(new Jump(Layout.RA, function, false));
        };
    }

    /** Of leaves only would be safe; what is wrong with calling one's caller is that the stack runs out, which is fine. */
    private Piece callByTable() {
        int table = newLabel();
        int behind = newLabel();
        List<Line> lines = new ArrayList<>(List.of(
                new Address(Layout.ADDRESS, table, 0),
                bits("andi", Layout.HELPER, source(), 0, 12),
                bits("add", Layout.HELPER, Layout.HELPER, Layout.ADDRESS, 0),
                bits("lw", Layout.HELPER, Layout.HELPER, 0, 0),
                bits("add", Layout.ADDRESS, Layout.ADDRESS, Layout.HELPER, 0),
                compressible(bits("jalr", Layout.RA, Layout.ADDRESS, 0, 0)),
                new Jump(0, behind, compressed()),
                new Label(table)));
        for (int n = 0; n < 4; n++) {
            lines.add(new Distance(
                    functions.get(functions.size() - 1 - random.nextInt(Math.min(2, functions.size()))), table));
        }
        lines.add(new Label(behind));
        return Piece.of(lines);
    }

    private Site site() {
        int label = newLabel();
        Bits one = bits("addi", data(), source(), 0, offset(-2048, 2047));
        if (has(Feature.COMPRESSED) && chance(40)) {
            int register = data();
            int bits = CompressedTable.compress(Code.word("addi", register, register, 0, 1 + random.nextInt(31)));
            int other = CompressedTable.compress(Code.word("addi", register, register, 0, -1 - random.nextInt(31)));
            return new Site(label, bits, other, 2);
        }
        int other = switch (random.nextInt(6)) {
            case 0 -> Code.word("mul", data(), source(), source(), 0);
            case 1 -> Code.word("ld", data(), Layout.BASE, 0, 8 * random.nextInt(100));
            case 2 -> Code.word("jal", 0, 0, 0, 4 + 4 * random.nextInt(2));
            case 3 ->
                CompressedTable.compress(Code.word("addi", 10, 10, 0, 1))
                        | CompressedTable.compress(Code.word("addi", 11, 11, 0, 3)) << 16;
            case 4 -> Code.word("beq", source(), 0, source(), 4);
            default -> Code.word("addi", data(), source(), 0, offset(-2048, 2047));
        };
        return new Site(label, one.bits(), other, 4);
    }

    private Piece placeSite() {
        Site site = unplacedSites.remove(unplacedSites.size() - 1);
        return Piece.of(new Label(site.label()), new Bits(site.bits(), site.bits(), site.lengthBytes()));
    }

    /** Writes one instruction over the other, or what stands there already over itself. */
    private Piece patch(int depth) {
        Site site = sites.get(random.nextInt(sites.size()));
        List<Line> lines = new ArrayList<>();
        lines.add(new Address(Layout.ADDRESS, site.label(), 0));
        if (chance(25)) {
            lines.addAll(li(Layout.HELPER, Layout.CODE_AS_DATA - Layout.CODE));
            lines.add(bits("add", Layout.ADDRESS, Layout.ADDRESS, Layout.HELPER, 0));
        }
        rewrite(site, lines);
        if (chance(30)) {
            lines.add(bits("fence.i", 0, 0, 0, 0));
        }
        if (patchesEarly) {
            int behind = newLabel();
            lines.addAll(
                    0,
                    List.of(
                            bits("csrrs", Layout.OTHER_HELPER, 0, 0, Csr.INSTRET),
                            bits("srli", Layout.OTHER_HELPER, Layout.OTHER_HELPER, 0, 11),
                            new Branch(InstructionTable.get(Opcode.BNE), Layout.OTHER_HELPER, 0, behind, false)));
            lines.add(new Label(behind));
        }
        return chance(25) ? Piece.of(lines) : guarded(depth, lines);
    }

    /** As a whole, or half of it, or a byte, or with the four bytes before it. */
    private void rewrite(Site site, List<Line> lines) {
        long change = (site.bits() ^ site.otherBits()) & (site.lengthBytes() == 2 ? 0xFFFFL : 0xFFFF_FFFFL);
        if (chance(15)) {
            change = 0;
        }
        int way = site.lengthBytes() == 2 ? 0 : random.nextInt(8);
        switch (way) {
            case 0 -> rewrite(lines, "lhu", "sh", 0, change & 0xFFFF);
            case 1 -> rewrite(lines, "lhu", "sh", 2, change >>> 16);
            case 2 -> rewrite(lines, "lbu", "sb", 3, change >>> 24);
            case 3 -> rewrite(lines, "ld", "sd", -4, change << 32);
            case 4 -> rewrite(lines, "ld", "sd", 0, change);
            default -> rewrite(lines, "lw", "sw", 0, (int) change);
        }
    }

    private static void rewrite(List<Line> lines, String load, String store, int offset, long change) {
        lines.add(bits(load, Layout.HELPER, Layout.ADDRESS, 0, offset));
        lines.addAll(li(Layout.OTHER_HELPER, change));
        lines.add(bits("xor", Layout.HELPER, Layout.HELPER, Layout.OTHER_HELPER, 0));
        lines.add(store(store, Layout.HELPER, Layout.ADDRESS, offset));
    }

    /** Not in each round: what is expensive, or leads away. */
    private Piece guarded(int depth, List<Line> lines) {
        if (depth == 0 && chance(50)) {
            return Piece.of(lines);
        }
        int behind = newLabel();
        int counter = depth == 0 ? data() : Layout.COUNTERS[Math.min(depth, Layout.COUNTERS.length) - 1];
        List<Line> all = new ArrayList<>();
        all.add(bits("andi", Layout.OTHER_HELPER, counter, 0, any(List.of(1, 3, 7, 7, 15, 15, 31))));
        all.add(new Branch(InstructionTable.get(Opcode.BNE), Layout.OTHER_HELPER, 0, behind, false));
        all.addAll(lines);
        all.add(new Label(behind));
        return Piece.of(all);
    }

    private Piece fault(int depth) {
        boolean load = chance(50);
        Instruction row = any(load ? LOADS : STORES);
        List<Line> lines = new ArrayList<>();
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> lines.addAll(li(Layout.ADDRESS, Layout.LAZY + random.nextInt(Layout.LAZY_PAGES * 4096)));
            case 3 -> lines.addAll(li(Layout.ADDRESS, Layout.READ_ONLY + random.nextInt(4096)));
            case 4 ->
                lines.addAll(li(Layout.ADDRESS, any(List.of(Layout.NOWHERE, Layout.NOTHING)) + random.nextInt(4096)));
            // Across the edge of two pages, of which the second one cannot be accessed in the same way.
            case 5 ->
                lines.addAll(li(
                        Layout.ADDRESS,
                        any(List.of(Layout.READ_ONLY, Layout.LAZY, Layout.DEVICE, Layout.NOWHERE, Layout.STACK_TOP))
                                - 1
                                - random.nextInt(7)));
            case 6 -> lines.addAll(li(Layout.ADDRESS, random.nextLong()));
            default -> {
                lines.add(bits("addi", Layout.ADDRESS, 0, 0, -1));
                lines.add(bits("srli", Layout.ADDRESS, Layout.ADDRESS, 0, 10 + random.nextInt(20)));
            }
        }
        lines.add(memory(row, load ? destination() : source(), Layout.ADDRESS, 0));
        return chance(40) ? Piece.of(lines) : guarded(depth, lines);
    }

    private Piece device() {
        boolean load = chance(50);
        Instruction row = any(load ? LOADS : STORES);
        List<Line> lines = new ArrayList<>(li(Layout.ADDRESS, Layout.DEVICE));
        lines.add(memory(
                row, load ? destination() : source(), Layout.ADDRESS, 8 * random.nextInt(8) + (chance(5) ? 1 : 0)));
        return Piece.of(lines);
    }

    private Line illegal() {
        return switch (random.nextInt(5)) {
            case 0 -> new Bits(0, 0, 2);
            case 1 -> new4(-1);
            case 2 -> bits("ebreak", 0, 0, 0, 0);
            case 3 -> new Bits(0x9002, 0x9002, 2);
            default -> new4(0xC0001073);
        };
    }

    /** Into the middle of instructions, too. */
    private List<Line> wildJump() {
        return List.of(
                new Address(Layout.ADDRESS, random.nextInt(nextLabel), 0),
                bits("andi", Layout.HELPER, source(), 0, any(List.of(2, 6, 0x3F, 0x3FF))),
                bits("add", Layout.ADDRESS, Layout.ADDRESS, Layout.HELPER, 0),
                bits("jalr", chance(50) ? 0 : Layout.RA, Layout.ADDRESS, 0, offset(-16, 16)));
    }

    /** The same code at another address, and back. */
    private List<Line> jumpToAlias() {
        int there = newLabel();
        List<Line> lines = new ArrayList<>();
        lines.add(new Address(Layout.ADDRESS, there, 0));
        lines.addAll(li(Layout.HELPER, Layout.CODE_ALIAS - Layout.CODE));
        lines.add(bits("xor", Layout.ADDRESS, Layout.ADDRESS, Layout.HELPER, 0));
        lines.add(bits("jalr", 0, Layout.ADDRESS, 0, 0));
        lines.add(new Label(there));
        return lines;
    }

    private Piece sweep() {
        int head = newLabel();
        boolean load = chance(60);
        Instruction row = any(load ? LOADS : STORES);
        List<Line> lines = new ArrayList<>(li(Layout.ADDRESS, Layout.SWEEP + 8L * random.nextInt(400)));
        lines.addAll(li(Layout.HELPER, 1 + random.nextInt(Layout.SWEEP_PAGES)));
        lines.addAll(li(Layout.OTHER_HELPER, 4096));
        lines.add(new Label(head));
        lines.add(memory(row, load ? data() : source(), Layout.ADDRESS, 0));
        lines.add(compressible(bits("add", Layout.ADDRESS, Layout.ADDRESS, Layout.OTHER_HELPER, 0)));
        lines.add(compressible(bits("addi", Layout.HELPER, Layout.HELPER, 0, -1)));
        lines.add(new Branch(InstructionTable.get(Opcode.BNE), Layout.HELPER, 0, head, false));
        return Piece.of(lines);
    }

    /** More than fits into a method. */
    private Piece longBlock() {
        List<Line> lines = new ArrayList<>();
        int count = 60 + random.nextInt(600);
        for (int n = 0; n < count; n++) {
            lines.add(chance(20) ? access().before().get(0) : computing());
        }
        return Piece.of(lines);
    }

    private int newLabel() {
        return nextLabel++;
    }

    private static Bits bits(String mnemonic, int rd, int rs1, int rs2, int immediate) {
        return new4(Code.word(mnemonic, rd, rs1, rs2, immediate));
    }

    private static Bits store(String mnemonic, int rs2, int rs1, int immediate) {
        return bits(mnemonic, 0, rs1, rs2, immediate);
    }

    private static Bits memory(Instruction row, int register, int base, int offset) {
        return row.format() == Format.LOAD
                ? new4(row.encode(register, base, 0, offset))
                : new4(row.encode(0, base, register, offset));
    }

    private static Bits new4(int bits) {
        return new Bits(bits, bits, 4);
    }

    private static List<Line> li(int register, long value) {
        List<Line> lines = new ArrayList<>();
        for (int word : new Code().li(register, value).words()) {
            lines.add(new4(word));
        }
        return lines;
    }

    private Line compressible(Bits line) {
        int bits = compressed() ? CompressedTable.compress(line.bits()) : 0;
        return bits == 0 ? line : new Bits(bits, bits, 2);
    }

    private boolean compressed() {
        return has(Feature.COMPRESSED) && chance(80);
    }

    private boolean has(Feature feature) {
        return features.contains(feature);
    }

    /** Among them the ends, more often than chance would have it. */
    private int offset(int first, int last) {
        return switch (random.nextInt(10)) {
            case 0 -> first;
            case 1 -> last;
            case 2 -> Math.max(first, Math.min(last, random.nextInt(16) - 8));
            default -> first + random.nextInt(last - first + 1);
        };
    }

    private int data() {
        return Layout.DATA_REGISTERS[random.nextInt(Layout.DATA_REGISTERS.length)];
    }

    private int destination() {
        return chance(4) ? 0 : data();
    }

    private int source() {
        return chance(8) ? random.nextInt(32) : data();
    }

    private boolean chance(int percentage) {
        return random.nextInt(100) < percentage;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static List<Instruction> rows(Predicate<Instruction> wanted) {
        return InstructionTable.all().stream().filter(wanted).toList();
    }
}
