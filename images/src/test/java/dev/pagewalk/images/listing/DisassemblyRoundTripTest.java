package dev.pagewalk.images.listing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.isa.Decoder;
import dev.pagewalk.emulator.isa.Disassembler;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.InstructionTable;
import dev.pagewalk.images.asm.Assembler;
import dev.pagewalk.images.asm.AssemblyException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DisassemblyRoundTripTest {
    private static final int WORDS = 100_000;
    private static final long BASE = 0x10000;

    @Test
    void whatTheDisassemblerPrintsAssemblesToTheSameWord() throws AssemblyException {
        Random random = new Random(20);
        int[] words = new int[WORDS];
        for (int i = 0; i < WORDS; i++) {
            words[i] = i % 2 == 0 ? random.nextInt() | 3 : instruction(random);
        }
        int data = assertSameAfterAssembly(words);
        // Both kinds must have been there: otherwise this test shows nothing.
        assertThat(data).isBetween(WORDS / 20, WORDS * 3 / 4);
    }

    @Test
    void everyEncodingOfTwoBytesDoesToo() throws AssemblyException {
        int[] words = IntStream.range(0, 65536).filter(raw -> (raw & 3) != 3).toArray();
        assertThat(assertSameAfterAssembly(words)).isBetween(10_000, 11_000);
    }

    /** Gives how many of the instructions were printed as data. */
    private static int assertSameAfterAssembly(int[] words) throws AssemblyException {
        StringBuilder source = new StringBuilder("_start:\n");
        int data = 0;
        long address = BASE;
        for (int word : words) {
            String text = Disassembler.disassemble(address, word);
            data += text.startsWith(".") ? 1 : 0;
            source.append(text).append('\n');
            address += Decoder.lengthBytes(word);
        }

        ByteBuffer bytes = Assembler.assemble("words.s", source.toString())
                .segments()
                .get(0)
                .bytes();

        for (int word : words) {
            String text = Disassembler.disassemble(BASE + bytes.position(), word);
            int again = Decoder.lengthBytes(word) == 4 ? bytes.getInt() : Short.toUnsignedInt(bytes.getShort());
            assertThat(again).as(text).isEqualTo(word);
        }
        assertThat(bytes.hasRemaining()).isFalse();
        return data;
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
