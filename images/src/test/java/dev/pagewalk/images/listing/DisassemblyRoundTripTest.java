package dev.pagewalk.images.listing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.isa.Disassembler;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.InstructionTable;
import dev.pagewalk.images.asm.Assembler;
import dev.pagewalk.images.asm.AssemblyException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;

class DisassemblyRoundTripTest {
    private static final int WORDS = 100_000;
    private static final long BASE = 0x10000;

    @Test
    void whatTheDisassemblerPrintsAssemblesToTheSameWord() throws AssemblyException {
        Random random = new Random(20);
        int[] words = new int[WORDS];
        StringBuilder source = new StringBuilder("_start:\n");
        int data = 0;
        for (int i = 0; i < WORDS; i++) {
            words[i] = i % 2 == 0 ? random.nextInt() : instruction(random);
            String text = Disassembler.disassemble(BASE + 4L * i, words[i]);
            data += text.startsWith(".4byte") ? 1 : 0;
            source.append(text).append('\n');
        }

        ByteBuffer bytes = Assembler.assemble("words.s", source.toString())
                .segments()
                .get(0)
                .bytes();

        for (int i = 0; i < WORDS; i++) {
            assertThat(bytes.getInt(4 * i))
                    .as("%s of word %d", Disassembler.disassemble(BASE + 4L * i, words[i]), i)
                    .isEqualTo(words[i]);
        }
        // Both kinds must have been there: otherwise this test shows nothing.
        assertThat(data).isBetween(WORDS / 20, WORDS * 3 / 4);
    }

    /** A row of the table with random operands; a quarter with few bits set, as aliases and reserved bits want them. */
    private static int instruction(Random random) {
        Instruction row =
                InstructionTable.all().get(random.nextInt(InstructionTable.all().size()));
        int operands = random.nextInt();
        if (random.nextInt(4) == 0) {
            operands &= random.nextInt() & random.nextInt() & random.nextInt();
        }
        return row.match() | operands & ~row.mask();
    }
}
