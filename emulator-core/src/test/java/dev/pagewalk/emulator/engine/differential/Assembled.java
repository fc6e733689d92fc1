package dev.pagewalk.emulator.engine.differential;

import dev.pagewalk.emulator.engine.differential.Line.Address;
import dev.pagewalk.emulator.engine.differential.Line.AlignTo;
import dev.pagewalk.emulator.engine.differential.Line.Bits;
import dev.pagewalk.emulator.engine.differential.Line.Branch;
import dev.pagewalk.emulator.engine.differential.Line.Distance;
import dev.pagewalk.emulator.engine.differential.Line.Jump;
import dev.pagewalk.emulator.engine.differential.Line.Label;
import dev.pagewalk.emulator.isa.CompressedTable;
import dev.pagewalk.emulator.isa.Decoder;
import dev.pagewalk.emulator.isa.Disassembler;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.InstructionTable;
import dev.pagewalk.emulator.isa.Opcode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A program's bytes. Branches are as short as they can be, and grow until their labels are within reach. */
final class Assembled {
    private static final int PAGE_BYTES = 4096;

    private final List<Line> lines;
    private final int[] sizes;
    private final int[] offsets;
    private final Map<Integer, Integer> labels = new HashMap<>();
    private final int lengthBytes;
    private final byte[] bytes;
    private final byte[] otherBytes;

    /** @param endLabel what labels that are nowhere mean */
    Assembled(List<Line> lines, int endLabel) {
        this.lines = lines;
        this.sizes = new int[lines.size()];
        this.offsets = new int[lines.size()];
        int length;
        do {
            length = place();
        } while (grow(endLabel));
        lengthBytes = length;
        bytes = encode(endLabel, false);
        otherBytes = encode(endLabel, true);
    }

    int lengthBytes() {
        return lengthBytes;
    }

    /** A whole number of pages, zeroes behind the program. */
    byte[] bytes() {
        return bytes.clone();
    }

    /** The same for the other address space. */
    byte[] otherBytes() {
        return otherBytes.clone();
    }

    /** Where a label is, in bytes from the program's start; -1 where it is nowhere. */
    int offset(int label) {
        return labels.getOrDefault(label, -1);
    }

    private int place() {
        int offset = 0;
        for (int n = 0; n < sizes.length; n++) {
            offsets[n] = offset;
            Line line = lines.get(n);
            if (line instanceof Label label) {
                labels.put(label.label(), offset);
            } else if (line instanceof AlignTo align) {
                int gap = align.pageOffset() - offset & PAGE_BYTES - 1;
                sizes[n] = gap == 0 || gap >= 4 ? gap : gap + PAGE_BYTES;
            } else {
                sizes[n] = Math.max(sizes[n], smallest(line));
            }
            offset += sizes[n];
        }
        return offset;
    }

    private static int smallest(Line line) {
        if (line instanceof Bits data) {
            return data.lengthBytes();
        } else if (line instanceof Branch branch) {
            return branch.compressed() ? 2 : 4;
        } else if (line instanceof Jump jump) {
            return jump.compressed() ? 2 : 4;
        } else {
            return line instanceof Address ? 8 : 4;
        }
    }

    private boolean grow(int endLabel) {
        boolean grown = false;
        for (int n = 0; n < sizes.length; n++) {
            Line line = lines.get(n);
            if (line instanceof Branch || line instanceof Jump) {
                while (words(n, endLabel, false) == null) {
                    sizes[n] = sizes[n] == 2 ? 4 : 8;
                    grown = true;
                }
            }
        }
        return grown;
    }

    private byte[] encode(int endLabel, boolean other) {
        ByteBuffer buffer = ByteBuffer.allocate((lengthBytes + PAGE_BYTES - 1) / PAGE_BYTES * PAGE_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN);
        for (int n = 0; n < sizes.length; n++) {
            if (sizes[n] != 0) {
                int[] words = words(n, endLabel, other);
                for (int at = 0; at < sizes[n] && at < 4 * words.length; at += 4) {
                    if (sizes[n] - at == 2) {
                        buffer.putShort(offsets[n] + at, (short) words[at / 4]);
                    } else {
                        buffer.putInt(offsets[n] + at, words[at / 4]);
                    }
                }
            }
        }
        return buffer.array();
    }

    /** A line's bits, in its present size; null where it does not fit. */
    private int[] words(int n, int endLabel, boolean other) {
        Line line = lines.get(n);
        if (line instanceof Bits data) {
            return new int[] {other ? data.otherBits() : data.bits()};
        } else if (line instanceof Branch branch) {
            return branchWords(branch, sizes[n], distance(branch.label(), endLabel, n));
        } else if (line instanceof Jump jump) {
            int raw = encode(Opcode.JAL, jump.rd(), 0, 0, distance(jump.label(), endLabel, n));
            return sizes[n] == 4 ? new int[] {raw} : compressed(raw);
        } else if (line instanceof Address address) {
            int distance = distance(address.label(), endLabel, n) + address.plus();
            int high = distance + 0x800 & -4096;
            return new int[] {
                encode(Opcode.AUIPC, address.rd(), 0, 0, high),
                encode(Opcode.ADDI, address.rd(), address.rd(), 0, distance - high)
            };
        } else if (line instanceof Distance data) {
            return new int[] {place(data.label(), endLabel) - place(data.from(), endLabel)};
        } else {
            return new int[] {encode(Opcode.JAL, 0, 0, 0, sizes[n])};
        }
    }

    private static int[] branchWords(Branch branch, int size, int distance) {
        Instruction row = branch.row();
        if (size == 8) {
            // Conditions come in pairs that differ in one bit of funct3, which is the lowest of the dense number's.
            int opposite = (row.opcode() - Opcode.BEQ ^ 1) + Opcode.BEQ;
            return new int[] {
                encode(opposite, 0, branch.rs1(), branch.rs2(), 8), encode(Opcode.JAL, 0, 0, 0, distance - 4)
            };
        }
        if (distance < -4096 || distance > 4094) {
            return null;
        }
        int raw = row.encode(0, branch.rs1(), branch.rs2(), distance);
        return size == 4 ? new int[] {raw} : compressed(raw);
    }

    private static int[] compressed(int raw) {
        int bits = CompressedTable.compress(raw);
        return bits == 0 ? null : new int[] {bits};
    }

    private static int encode(int opcode, int rd, int rs1, int rs2, int immediate) {
        return InstructionTable.get(opcode).encode(rd, rs1, rs2, immediate);
    }

    private int distance(int label, int endLabel, int from) {
        return place(label, endLabel) - offsets[from];
    }

    private int place(int label, int endLabel) {
        Integer place = labels.get(label);
        return place != null ? place : labels.getOrDefault(endLabel, 0);
    }

    /** The program as a listing, as if it stood at {@code address}. */
    String listing(long address) {
        StringBuilder text = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int n = 0; n < sizes.length; n++) {
            Line line = lines.get(n);
            if (line instanceof Label label) {
                text.append("label_").append(label.label()).append(":\n");
            }
            int end = line instanceof AlignTo && sizes[n] != 0 ? offsets[n] + 4 : offsets[n] + sizes[n];
            for (int at = offsets[n]; at < end; ) {
                int raw = buffer.getShort(at) & 0xFFFF;
                int length = Decoder.lengthBytes(raw);
                if (length == 4) {
                    raw = buffer.getInt(at);
                }
                String code = line instanceof Distance
                        ? ".4byte %d".formatted(raw)
                        : Disassembler.disassemble(address + at, raw, place -> "0x%x".formatted(place));
                text.append("  %x: %s".formatted(address + at, code));
                if (line instanceof Bits data && data.otherBits() != data.bits()) {
                    text.append("    # in the other space ")
                            .append(Disassembler.disassemble(address + at, data.otherBits()));
                }
                text.append('\n');
                at += line instanceof Distance ? 4 : length;
            }
        }
        return text.toString();
    }
}
