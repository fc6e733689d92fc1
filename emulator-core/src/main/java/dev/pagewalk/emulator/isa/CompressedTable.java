package dev.pagewalk.emulator.isa;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The compressed instructions: RV64C without floating point, every one a second, shorter encoding of an instruction of the
 * {@link InstructionTable}. A row says how assembly writes it, where its operands stand, and what it stands for.
 *
 * <p>What the manual marks as HINT executes as what it stands for, which changes nothing; what it marks as RES (reserved) and
 * what floating point would take is illegal.
 *
 * <p>Source: RISC-V Unprivileged ISA, "RVC Instruction Set Listings".
 */
public final class CompressedTable {
    /** Columns are separated by two spaces; {@link CompressedFormat} explains the one in the middle. */
    private static final String LISTING = """
            c.addi4spn rd', sp, uimm  000 nzuimm[5:4|9:6|2|3] rd' 00          addi rd', sp, uimm
            c.lw rd', uimm(rs1')      010 uimm[5:3] rs1' uimm[2|6] rd' 00     lw rd', uimm(rs1')
            c.ld rd', uimm(rs1')      011 uimm[5:3] rs1' uimm[7:6] rd' 00     ld rd', uimm(rs1')
            c.sw rs2', uimm(rs1')     110 uimm[5:3] rs1' uimm[2|6] rs2' 00    sw rs2', uimm(rs1')
            c.sd rs2', uimm(rs1')     111 uimm[5:3] rs1' uimm[7:6] rs2' 00    sd rs2', uimm(rs1')

            c.nop                     000 0 00000 00000 01                    addi zero, zero, 0
            c.addi rd, imm            000 imm[5] rd imm[4:0] 01               addi rd, rd, imm
            c.addiw rd, imm           001 imm[5] rd!=0 imm[4:0] 01            addiw rd, rd, imm
            c.li rd, imm              010 imm[5] rd imm[4:0] 01               addi rd, zero, imm
            c.addi16sp sp, imm        011 nzimm[9] 00010 nzimm[4|6|8:7|5] 01  addi sp, sp, imm
            c.lui rd, imm             011 nzimm[17] rd!=2 nzimm[16:12] 01     lui rd, imm
            c.srli rd', uimm          100 uimm[5] 00 rd' uimm[4:0] 01         srli rd', rd', uimm
            c.srai rd', uimm          100 uimm[5] 01 rd' uimm[4:0] 01         srai rd', rd', uimm
            c.andi rd', imm           100 imm[5] 10 rd' imm[4:0] 01           andi rd', rd', imm
            c.sub rd', rs2'           100 0 11 rd' 00 rs2' 01                 sub rd', rd', rs2'
            c.xor rd', rs2'           100 0 11 rd' 01 rs2' 01                 xor rd', rd', rs2'
            c.or rd', rs2'            100 0 11 rd' 10 rs2' 01                 or rd', rd', rs2'
            c.and rd', rs2'           100 0 11 rd' 11 rs2' 01                 and rd', rd', rs2'
            c.subw rd', rs2'          100 1 11 rd' 00 rs2' 01                 subw rd', rd', rs2'
            c.addw rd', rs2'          100 1 11 rd' 01 rs2' 01                 addw rd', rd', rs2'
            c.j imm                   101 imm[11|4|9:8|10|6|7|3:1|5] 01       jal zero, imm
            c.beqz rs1', imm          110 imm[8|4:3] rs1' imm[7:6|2:1|5] 01   beq rs1', zero, imm
            c.bnez rs1', imm          111 imm[8|4:3] rs1' imm[7:6|2:1|5] 01   bne rs1', zero, imm

            c.slli rd, uimm           000 uimm[5] rd uimm[4:0] 10             slli rd, rd, uimm
            c.lwsp rd, uimm(sp)       010 uimm[5] rd!=0 uimm[4:2|7:6] 10      lw rd, uimm(sp)
            c.ldsp rd, uimm(sp)       011 uimm[5] rd!=0 uimm[4:3|8:6] 10      ld rd, uimm(sp)
            c.jr rs1                  100 0 rs1!=0 00000 10                   jalr zero, 0(rs1)
            c.mv rd, rs2              100 0 rd rs2!=0 10                      add rd, zero, rs2
            c.ebreak                  100 1 00000 00000 10                    ebreak
            c.jalr rs1                100 1 rs1!=0 00000 10                   jalr ra, 0(rs1)
            c.add rd, rs2             100 1 rd rs2!=0 10                      add rd, rd, rs2
            c.swsp rs2, uimm(sp)      110 uimm[5:2|7:6] rs2 10                sw rs2, uimm(sp)
            c.sdsp rs2, uimm(sp)      111 uimm[5:3|8:6] rs2 10                sd rs2, uimm(sp)
            """;

    private static final int NOP = 0x00000013;

    private static final List<CompressedInstruction> ROWS = rows();
    private static final Map<String, CompressedInstruction> BY_MNEMONIC = byMnemonic();
    /** Rows by funct3 (bits 15..13) and quadrant (bits 1..0). */
    private static final CompressedInstruction[][] CANDIDATES = candidates();

    private CompressedTable() {}

    /** Every compressed instruction, in the manual's order. Where two encode the same bits (c.nop), the first is meant. */
    public static List<CompressedInstruction> all() {
        return ROWS;
    }

    /** The row of a mnemonic in lower case, {@code c.addi}; null where there is none. */
    public static CompressedInstruction find(String mnemonic) {
        return BY_MNEMONIC.get(mnemonic);
    }

    /** The row that the low sixteen bits of {@code raw} encode, or null where they are illegal or not compressed. */
    public static CompressedInstruction decode(int raw) {
        for (CompressedInstruction candidate : CANDIDATES[bucket(raw)]) {
            if (candidate.matches(raw)) {
                return candidate;
            }
        }
        return null;
    }

    /** What the low sixteen bits of {@code raw} stand for: a 4-byte encoding, or 0, which is illegal, where they are. */
    public static int expand(int raw) {
        CompressedInstruction row = decode(raw);
        return row == null ? 0 : row.expand(raw);
    }

    /**
     * The sixteen bits that do what the 4-byte encoding {@code raw} does, or 0 where there are none. They are those that the GNU
     * assembler takes, which makes no hint of what need not be one.
     */
    public static int compress(int raw) {
        Instruction base = Decoder.decode(raw);
        if (base == null || isHint(base, raw)) {
            return 0;
        }
        int same = sameWithOtherOperands(base, raw);
        for (CompressedInstruction row : ROWS) {
            int bits = row.compress(same);
            if (bits != 0) {
                return bits;
            }
        }
        return 0;
    }

    /** Arithmetic without an effect: software may mean something by it. */
    private static boolean isHint(Instruction base, int raw) {
        boolean shiftsByZero = base.format() == Format.SHIFT && Format.SHIFT.immediate(raw) == 0;
        return raw != NOP && base.kind() == InstructionClass.ALU && (Format.rd(raw) == 0 || shiftsByZero);
    }

    /** A move is an addi in the base ISA and an add here; sums and the like may have their destination second. */
    private static int sameWithOtherOperands(Instruction base, int raw) {
        int rd = Format.rd(raw);
        int rs1 = Format.rs1(raw);
        return switch (base.opcode()) {
            case Opcode.ADDI ->
                rs1 != 0 && Format.I.immediate(raw) == 0
                        ? InstructionTable.get(Opcode.ADD).encode(rd, 0, rs1, 0)
                        : raw;
            case Opcode.ADD, Opcode.ADDW, Opcode.AND, Opcode.OR, Opcode.XOR ->
                rd == Format.rs2(raw) && rs1 != 0 ? base.encode(rd, rd, rs1, 0) : raw;
            default -> raw;
        };
    }

    private static int bucket(int raw) {
        return raw >>> 11 & 0x1C | raw & 3;
    }

    private static List<CompressedInstruction> rows() {
        List<CompressedInstruction> rows = new ArrayList<>();
        LISTING.lines().filter(line -> !line.isEmpty()).forEach(line -> {
            String[] columns = line.split(" {2,}");
            rows.add(new CompressedInstruction(columns[0], columns[1], columns[2]));
        });
        return Collections.unmodifiableList(rows);
    }

    private static Map<String, CompressedInstruction> byMnemonic() {
        Map<String, CompressedInstruction> map = new HashMap<>();
        ROWS.forEach(row -> map.put(row.mnemonic(), row));
        return map;
    }

    /** Every row fixes the bits that number the buckets. */
    private static CompressedInstruction[][] candidates() {
        CompressedInstruction[][] table = new CompressedInstruction[8 * 4][];
        for (int bucket = 0; bucket < table.length; bucket++) {
            int number = bucket;
            table[bucket] = ROWS.stream()
                    .filter(row -> bucket(row.fixedBits()) == number)
                    .toArray(CompressedInstruction[]::new);
        }
        return table;
    }
}
