package dev.pagewalk.images.asm;

import dev.pagewalk.emulator.isa.CompressedInstruction;
import dev.pagewalk.emulator.isa.CompressedTable;
import dev.pagewalk.emulator.isa.Format;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.InstructionTable;
import dev.pagewalk.emulator.isa.RegisterNames;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Assembles instructions of the {@link InstructionTable} and the {@link CompressedTable}; {@link PseudoInstructions} are
 * built from them.
 */
final class Instructions {
    private static final int AQ_BIT = 1 << 26;
    private static final int RL_BIT = 1 << 25;
    /** The instruction that {@code add a0, a0, 1} means: register forms with an immediate in the last place. */
    private static final Map<String, String> IMMEDIATE_FORMS = Map.ofEntries(
            Map.entry("add", "addi"),
            Map.entry("and", "andi"),
            Map.entry("or", "ori"),
            Map.entry("xor", "xori"),
            Map.entry("slt", "slti"),
            Map.entry("sltu", "sltiu"),
            Map.entry("sll", "slli"),
            Map.entry("srl", "srli"),
            Map.entry("sra", "srai"),
            Map.entry("addw", "addiw"),
            Map.entry("sllw", "slliw"),
            Map.entry("srlw", "srliw"),
            Map.entry("sraw", "sraiw"));

    private final Pass pass;
    private final PseudoInstructions pseudoInstructions = new PseudoInstructions(this);

    Instructions(Pass pass) {
        this.pass = pass;
    }

    /** Assembles the instruction {@code mnemonic}, whose operands stand next. */
    void assemble(Token mnemonic, Statement statement) {
        Operands operands = new Operands(pass, mnemonic, statement);
        checkPlace(mnemonic);
        if (pseudoInstructions.assemble(mnemonic.text(), operands)) {
            return;
        }
        String name = mnemonic.text();
        CompressedInstruction compressed = CompressedTable.find(name);
        if (compressed != null) {
            assemble(compressed, operands);
            return;
        }
        Instruction row = InstructionTable.find(name);
        int ordering = 0;
        if (row == null) {
            ordering = orderingBits(name);
            row = ordering == 0 ? null : InstructionTable.find(name.substring(0, name.lastIndexOf('.')));
            boolean atomic = row != null && (row.format() == Format.ATOMIC || row.format() == Format.LOAD_RESERVED);
            if (!atomic) {
                throw new StatementException(
                        mnemonic.column(), Token.quoted(name) + " is no instruction" + NearNames.hint(name, names()));
            }
        }
        assemble(row, ordering, operands);
    }

    private void checkPlace(Token mnemonic) {
        Section section = pass.section();
        if ((Math.max(section.wantedAddress, 0) + section.offset) % 2 != 0) {
            throw new StatementException(
                    mnemonic.column(), "an instruction must begin at a multiple of 2: put .balign 2 before it");
        }
        if (section.noBits) {
            throw new StatementException(mnemonic.column(), section.name + " holds zeros only: code belongs in .text");
        }
    }

    private static int orderingBits(String name) {
        if (name.endsWith(".aqrl")) {
            return AQ_BIT | RL_BIT;
        }
        return name.endsWith(".aq") ? AQ_BIT : name.endsWith(".rl") ? RL_BIT : 0;
    }

    private static List<String> names() {
        List<String> names = new ArrayList<>(PseudoInstructions.names());
        InstructionTable.all().forEach(row -> names.add(row.mnemonic()));
        CompressedTable.all().forEach(row -> names.add(row.mnemonic()));
        return names;
    }

    private void assemble(Instruction row, int ordering, Operands operands) {
        switch (row.format()) {
            case R -> register(row, operands);
            case I -> {
                int rd = operands.register();
                int rs1 = operands.nextRegister();
                operands.comma();
                emit(row, rd, rs1, 0, operands.lowImmediate(false), operands);
            }
            case SHIFT, SHIFT_WORD -> {
                int rd = operands.register();
                int rs1 = operands.nextRegister();
                operands.comma();
                emit(row, rd, rs1, 0, intNumber(operands), operands);
            }
            case LOAD -> load(row, operands);
            case STORE -> store(row, operands);
            case JUMP_REGISTER -> jumpRegister(row, operands);
            case BRANCH -> {
                int rs1 = operands.register();
                int rs2 = operands.nextRegister();
                operands.comma();
                branch(row, rs1, rs2, operands);
            }
            case UPPER -> {
                int rd = operands.register();
                operands.comma();
                emit(row, rd, 0, 0, operands.highImmediate(row.mnemonic().equals("auipc")), operands);
            }
            case JUMP -> {
                int rd = 1;
                if (operands.nextIsRegister()) {
                    rd = operands.register();
                    operands.comma();
                }
                jump(rd, operands);
            }
            case FENCE -> {
                int predecessors = 15;
                int successors = 15;
                if (!operands.atEnd()) {
                    predecessors = operands.fenceSet();
                    operands.comma();
                    successors = operands.fenceSet();
                }
                emit(row, 0, 0, 0, predecessors << 4 | successors, operands);
            }
            case NONE -> emit(row, 0, 0, 0, 0, operands);
            case CSR -> csr(row, operands);
            case CSR_IMMEDIATE -> {
                int rd = operands.register();
                operands.comma();
                int csr = operands.csr();
                operands.comma();
                emit(row, rd, csrImmediate(operands), 0, csr, operands);
            }
            case LOAD_RESERVED -> {
                int rd = operands.register();
                operands.comma();
                pass.emit(row.encode(rd, operands.atomicAddress(), 0, 0) | ordering, 4, operands.mnemonicColumn());
            }
            case ATOMIC -> {
                int rd = operands.register();
                int rs2 = operands.nextRegister();
                operands.comma();
                pass.emit(row.encode(rd, operands.atomicAddress(), rs2, 0) | ordering, 4, operands.mnemonicColumn());
            }
        }
    }

    private void assemble(CompressedInstruction row, Operands operands) {
        Map<String, Integer> values = new HashMap<>();
        for (String operand : row.operands()) {
            if (CompressedInstruction.isImmediate(operand)) {
                values.put(operand, compressedImmediate(row.base().format(), operands));
            } else if (",()".contains(operand)) {
                operands.sign(operand);
            } else if (RegisterNames.number(operand) < 0) {
                values.put(operand, operands.register());
            } else {
                operands.register(operand);
            }
        }
        int bits = 0;
        if (pass.isSecond() || operands.areKnown()) {
            try {
                bits = row.encode(values);
            } catch (IllegalArgumentException e) {
                throw new StatementException(operands.immediateColumn(), e.getMessage());
            }
        }
        pass.emitCompressed(bits, operands.mnemonicColumn());
    }

    private int compressedImmediate(Format format, Operands operands) {
        int column = operands.column();
        return switch (format) {
            case BRANCH, JUMP -> Operands.toInt(distance(operands.expression()), column);
            case UPPER -> operands.highImmediate(false);
            default -> operands.nextIsBase() ? 0 : intNumber(operands);
        };
    }

    private void register(Instruction row, Operands operands) {
        int rd = operands.register();
        int rs1 = operands.nextRegister();
        operands.comma();
        String immediateForm = IMMEDIATE_FORMS.get(row.mnemonic());
        if (immediateForm != null && !operands.nextIsRegister() && !operands.atEnd()) {
            Instruction immediate = InstructionTable.find(immediateForm);
            boolean shift = immediate.format() != Format.I;
            emit(immediate, rd, rs1, 0, shift ? intNumber(operands) : operands.lowImmediate(false), operands);
        } else {
            emit(row, rd, rs1, operands.register(), 0, operands);
        }
    }

    private void load(Instruction row, Operands operands) {
        int rd = operands.register();
        operands.comma();
        if (operands.nextIsBase()) {
            emit(row, rd, operands.base(), 0, 0, operands);
        } else if (operands.nextIsRelocation()) {
            int immediate = operands.lowImmediate(false);
            emit(row, rd, operands.base(), 0, immediate, operands);
        } else {
            int column = operands.column();
            Value address = operands.expression();
            if (operands.atEnd()) {
                emitFull(row, rd, rd, 0, relativeHigh(rd, address, column), operands);
            } else {
                emit(row, rd, operands.base(), 0, Operands.toInt(numberOrZero(address), column), operands);
            }
        }
    }

    private void store(Instruction row, Operands operands) {
        int rs2 = operands.register();
        operands.comma();
        if (operands.nextIsBase()) {
            emit(row, 0, operands.base(), rs2, 0, operands);
        } else if (operands.nextIsRelocation()) {
            int immediate = operands.lowImmediate(true);
            emit(row, 0, operands.base(), rs2, immediate, operands);
        } else {
            int column = operands.column();
            Value address = operands.expression();
            if (operands.acceptComma()) {
                int helper = operands.register();
                emitFull(row, 0, helper, rs2, relativeHigh(helper, address, column), operands);
            } else {
                emit(row, 0, operands.base(), rs2, Operands.toInt(numberOrZero(address), column), operands);
            }
        }
    }

    private void jumpRegister(Instruction row, Operands operands) {
        if (operands.nextIsBase()) {
            emit(row, 1, operands.base(), 0, 0, operands);
        } else if (!operands.nextIsRegister()) {
            int immediate = operands.lowImmediate(false);
            emit(row, 1, operands.base(), 0, immediate, operands);
        } else {
            int first = operands.register();
            if (!operands.acceptComma()) {
                emit(row, 1, first, 0, 0, operands);
            } else if (operands.nextIsBase()) {
                emit(row, first, operands.base(), 0, 0, operands);
            } else if (operands.nextIsRegister()) {
                int rs1 = operands.register();
                int immediate = operands.acceptComma() ? operands.lowImmediate(false) : 0;
                emit(row, first, rs1, 0, immediate, operands);
            } else {
                int immediate = operands.lowImmediate(false);
                emit(row, first, operands.base(), 0, immediate, operands);
            }
        }
    }

    private void csr(Instruction row, Operands operands) {
        int rd = operands.register();
        operands.comma();
        int csr = operands.csr();
        operands.comma();
        csr(row.mnemonic(), rd, csr, operands);
    }

    /** Emits {@code csrrw} and the like with a register or a 5-bit number, whichever stands next. */
    void csr(String mnemonic, int rd, int csr, Operands operands) {
        if (operands.nextIsRegister()) {
            emit(mnemonic, rd, operands.register(), 0, csr, operands);
        } else {
            emit(mnemonic + "i", rd, csrImmediate(operands), 0, csr, operands);
        }
    }

    /** The 5-bit number of {@code csrrwi}. */
    int csrImmediate(Operands operands) {
        int column = operands.column();
        long number = operands.number();
        if (number < 0 || number > 31) {
            throw new StatementException(column, "immediate " + number + " is outside 0 to 31");
        }
        return (int) number;
    }

    /** Emits a branch to the target that stands next. */
    void branch(Instruction row, int rs1, int rs2, Operands operands) {
        int column = operands.column();
        long distance = distance(operands.expression());
        checkReach(distance, 12, "a branch", "branch around a jump instead", column);
        emitFull(row, 0, rs1, rs2, (int) distance, operands);
    }

    /** Emits {@code jal} to the target that stands next. */
    void jump(int rd, Operands operands) {
        int column = operands.column();
        long distance = distance(operands.expression());
        checkReach(distance, 20, "a jump", "use call or tail instead", column);
        emitFull(InstructionTable.find("jal"), rd, 0, 0, (int) distance, operands);
    }

    private long distance(Value target) {
        Long address = pass.isSecond() ? pass.number(target) : null;
        return address == null ? 0 : address - pass.address();
    }

    private static void checkReach(long distance, int bits, String what, String remedy, int column) {
        long reach = 1L << bits;
        if (distance < -reach || distance >= reach) {
            throw new StatementException(
                    column,
                    "the target is " + distance + " bytes away: " + what + " reaches " + -reach + " to " + (reach - 2)
                            + " (" + remedy + ")");
        }
        if (distance % 2 != 0) {
            throw new StatementException(
                    column, "the target is " + distance + " bytes away: the distance must be even");
        }
    }

    /** Emits {@code auipc rd} for {@code address} and gives the immediate that the next instruction must add. */
    int relativeHigh(int rd, Value address, int column) {
        long distance = distance(address);
        Instruction row = InstructionTable.find("auipc");
        pass.emit(row.encode(rd, 0, 0, Operands.highPart(distance, column)), 4, column);
        return Immediates.low(distance);
    }

    /** Emits an instruction, a short one where the source wants that and both passes know that there is one. */
    void emit(String mnemonic, int rd, int rs1, int rs2, int immediate, Operands operands) {
        emit(InstructionTable.find(mnemonic), rd, rs1, rs2, immediate, operands);
    }

    private void emit(Instruction row, int rd, int rs1, int rs2, int immediate, Operands operands) {
        int bits = pass.options().compresses() && operands.areKnown()
                ? CompressedTable.compress(encode(row, rd, rs1, rs2, immediate, operands))
                : 0;
        if (bits != 0) {
            pass.emitCompressed(bits, operands.mnemonicColumn());
        } else {
            emitFull(row, rd, rs1, rs2, immediate, operands);
        }
    }

    /** Emits the instruction that adds what {@link #relativeHigh} leaves, for which the first pass must choose a length. */
    void emitLow(String mnemonic, int rd, int rs1, int low, Operands operands) {
        emitFull(InstructionTable.find(mnemonic), rd, rs1, 0, low, operands);
    }

    private void emitFull(Instruction row, int rd, int rs1, int rs2, int immediate, Operands operands) {
        int word = encode(row, rd, rs1, rs2, immediate, operands);
        pass.emit(word & 0xFFFFFFFFL, 4, operands.mnemonicColumn());
    }

    private static int encode(Instruction row, int rd, int rs1, int rs2, int immediate, Operands operands) {
        try {
            return row.encode(rd, rs1, rs2, immediate);
        } catch (IllegalArgumentException e) {
            throw new StatementException(operands.immediateColumn(), e.getMessage());
        }
    }

    Pass pass() {
        return pass;
    }

    private static int intNumber(Operands operands) {
        int column = operands.column();
        return Operands.toInt(operands.number(), column);
    }

    private long numberOrZero(Value value) {
        Long number = pass.number(value);
        return number == null ? 0 : number;
    }
}
