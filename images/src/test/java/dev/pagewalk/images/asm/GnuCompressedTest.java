package dev.pagewalk.images.asm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.isa.Decoder;
import dev.pagewalk.emulator.isa.Disassembler;
import dev.pagewalk.emulator.isa.Format;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.InstructionTable;
import dev.pagewalk.images.ExternalTool;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Holds compressed instructions against the GNU tools, where they are installed: all 49,152 encodings, both ways. */
class GnuCompressedTest {
    private static final String PREFIX = "riscv64-linux-gnu-";
    private static final Pattern LINE = Pattern.compile("(?m)^ *[0-9a-f]+:\t([0-9a-f]{4}) +\t([^#<\n]*)");
    private static final Pattern NUMBER = Pattern.compile("\\b0x[0-9a-f]+\\b");
    private static final long SEED = 4;
    private static final int INSTRUCTIONS = 50_000;

    @TempDir
    private Path folder;

    /** What they stand for shows where the GNU disassembler may use the base instructions' names. */
    @Test
    void everyEncodingHasTheTextAndTheExpansionOfTheGnuDisassembler() throws Exception {
        ExternalTool.require(PREFIX + "objdump");
        ByteBuffer encodings = ByteBuffer.allocate(65536 * 2).order(ByteOrder.LITTLE_ENDIAN);
        for (int raw = 0; raw < 65536; raw++) {
            if (Decoder.lengthBytes(raw) == 2) {
                encodings.putShort((short) raw);
            }
        }
        byte[] bytes = new byte[encodings.position()];
        encodings.flip().get(bytes);
        Files.write(folder.resolve("encodings"), bytes);
        Map<Integer, String> names = disassemble("-M", "no-aliases");
        Map<Integer, String> expansions = disassemble();
        assertThat(names).hasSize(49152);
        assertThat(expansions).hasSize(49152);
        int hints = 0;

        for (int i = 0; i < bytes.length / 2; i++) {
            int raw = Short.toUnsignedInt(encodings.getShort(2 * i));
            boolean legal = Decoder.expand(raw) != 0;
            assertThat(Disassembler.disassemble(2L * i, raw))
                    .as("%04x", raw)
                    .isEqualTo(legal ? names.get(raw) : String.format(".2byte 0x%04x", raw));
            boolean isHint = legal && expansions.get(raw).startsWith("c.");
            if (isHint) {
                hints++;
            } else if (legal) {
                assertThat(unaliased(Disassembler.disassemble(2L * i, Decoder.expand(raw)), "addi $1, $2, 0"))
                        .as("%04x", raw)
                        .isEqualTo(unaliased(expansions.get(raw), "add $1, zero, $2"));
            } else {
                // The manual reserves c.addi16sp of 0; the GNU disassembler (2.40) prints it.
                assertThat(names.get(raw))
                        .matches("(c\\.addi16sp sp, 0|\\.2byte|c\\.unimp|c\\.f(ld|sd|ldsp|sdsp)\\b).*");
            }
        }
        // They have no name but that of two bytes.
        assertThat(hints).isEqualTo(363);
    }

    /** By the encoding, in our disassembler's style. */
    private Map<Integer, String> disassemble(String... options) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(PREFIX + "objdump", "-b", "binary", "-m", "riscv:rv64", "-D", "-z"));
        command.addAll(List.of(options));
        command.add("encodings");
        Map<Integer, String> texts = new HashMap<>();
        LINE.matcher(ExternalTool.run(folder, command.toArray(new String[0])))
                .results()
                .forEach(line -> texts.put(Integer.parseInt(line.group(1), 16), ourStyle(line.group(2))));
        return texts;
    }

    private static String ourStyle(String gnu) {
        String text = gnu.strip().replace('\t', ' ').replace(",", ", ");
        if (text.equals("c.addi zero, 0")) {
            return "c.nop";
        }
        if (text.matches("c\\.s..i64 .*")) {
            return text.replace("i64", "i") + ", 0";
        }
        boolean isAddressOrUpper = text.matches("(c\\.j|c\\.b|j|b|c\\.lui|lui)[a-z]* .*");
        return isAddressOrUpper
                ? text
                : NUMBER.matcher(text)
                        .replaceAll((MatchResult n) -> Long.decode(n.group()).toString());
    }

    /** Without the aliases that one of the two does not use, or uses for something else. */
    private static String unaliased(String text, String move) {
        return text.replaceFirst("^(add|and|sll|srl|sra)(w?) (\\w+, \\w+, -?\\d+)$", "$1i$2 $3")
                .replaceFirst("^mv (\\w+), (\\w+)$", move)
                .replaceFirst("^sext.w (\\w+), (\\w+)$", "addiw $1, $2, 0");
    }

    @Test
    void whatIsCompressedIsWhatTheGnuAssemblerCompresses() throws Exception {
        ExternalTool.require(PREFIX + "as", PREFIX + "objcopy");
        Random random = new Random(SEED);
        List<String> source = new ArrayList<>(List.of(".option norelax", ".option rvc", "_start:"));
        for (int i = 0; i < INSTRUCTIONS; i++) {
            source.add(Disassembler.disassemble(0, instruction(random)));
        }
        Files.write(folder.resolve("source.s"), source);
        ExternalTool.run(
                folder, PREFIX + "as", "-march=rv64imac_zicsr_zifencei", "-mabi=lp64", "-o", "gnu.o", "source.s");
        ExternalTool.run(folder, PREFIX + "objcopy", "-O", "binary", "-j", ".text", "gnu.o", "gnu.bin");
        ByteBuffer gnus =
                ByteBuffer.wrap(Files.readAllBytes(folder.resolve("gnu.bin"))).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer ours = Assembler.assemble("source.s", String.join("\n", source))
                .segments()
                .get(0)
                .bytes();

        int compressed = 0;
        for (String instruction : source.subList(3, source.size())) {
            int our = instruction(ours);
            assertThat(our).as("%s, seed %d", instruction, SEED).isEqualTo(instruction(gnus));
            compressed += Decoder.lengthBytes(our) == 2 ? 1 : 0;
        }
        assertThat(compressed).isBetween(INSTRUCTIONS / 10, INSTRUCTIONS / 2);
    }

    private static int instruction(ByteBuffer bytes) {
        int low = Short.toUnsignedInt(bytes.getShort());
        return Decoder.lengthBytes(low) == 2 ? low : bytes.getShort() << 16 | low;
    }

    /** One that needs no label, with operands that two bytes often can hold. */
    private static int instruction(Random random) {
        for (; ; ) {
            Instruction row = InstructionTable.all()
                    .get(random.nextInt(InstructionTable.all().size()));
            int rd = register(random);
            int rs1 = random.nextInt(3) == 0 ? register(random) : rd;
            int rs2 = random.nextInt(4) == 0 ? rd : register(random);
            int immediate = random.nextInt(4) == 0 ? random.nextInt(2048) - 1024 : 4 * random.nextInt(16) - 16;
            switch (row.format()) {
                case R -> {
                    return row.encode(rd, rs1, rs2, 0);
                }
                case I -> {
                    return row.encode(rd, rs1, 0, immediate);
                }
                case LOAD -> {
                    return row.encode(rd, random.nextInt(3) == 0 ? 2 : rs1, 0, immediate);
                }
                case STORE -> {
                    return row.encode(0, random.nextInt(3) == 0 ? 2 : rs1, rs2, immediate);
                }
                case JUMP_REGISTER -> {
                    return row.encode(random.nextInt(2), rs1, 0, random.nextInt(2) * immediate);
                }
                case SHIFT, SHIFT_WORD -> {
                    return row.encode(rd, rs1, 0, immediate & (row.format() == Format.SHIFT ? 63 : 31));
                }
                case UPPER -> {
                    return row.encode(rd, 0, 0, immediate << 12);
                }
                case NONE -> {
                    return row.match();
                }
                default -> {
                    // Another one.
                }
            }
        }
    }

    /** Those that three bits can name, those that mean something special, and others. */
    private static int register(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> random.nextInt(3);
            case 1 -> random.nextInt(32);
            default -> 8 + random.nextInt(8);
        };
    }
}
