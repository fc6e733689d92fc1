package dev.pagewalk.images.elf;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.images.AllocatedMemory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ElfFuzzTest {
    private static final int ROUNDS = 50_000;
    private static final long MAX_BYTES_PER_READ = 4 << 20;
    private static final long[] LIES = {
        0,
        1,
        2,
        3,
        7,
        0xFF,
        0xFFF,
        0x1000,
        0xFFFF,
        0x10000,
        0x7FFFFFFF,
        0x80000000L,
        0xFFFFFFFFL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        -1,
        -56,
        -4096
    };

    @Test
    void aDamagedImageIsReadOrRefusedWithLittleMemory() {
        int refused = 0;
        for (int seed = 0; seed < ROUNDS; seed++) {
            byte[] file = damaged(new Random(seed));
            ElfImage image = null;
            String reason = null;
            long before = AllocatedMemory.ofThisThread();
            try {
                image = ElfReader.read(file);
            } catch (ImageFormatException e) {
                refused++;
                reason = e.getMessage();
            } catch (RuntimeException e) {
                throw new AssertionError("seed " + seed, e);
            }
            long allocated = AllocatedMemory.ofThisThread() - before;
            assertThat(allocated).as("seed %d", seed).isLessThan(MAX_BYTES_PER_READ);
            if (image == null) {
                assertThat(reason).as("seed %d", seed).isNotBlank().doesNotContain("\n");
            } else {
                image.segments()
                        .forEach(segment ->
                                assertThat((long) segment.bytes().remaining()).isEqualTo(segment.fileSizeBytes()));
            }
        }
        assertThat(refused).isBetween(ROUNDS / 10, ROUNDS - ROUNDS / 10);
    }

    @Test
    void manySymbolsThatShareALongNameCostLittle() throws ImageFormatException {
        int count = 20_000;
        List<ElfSymbol> symbols = new ArrayList<>();
        symbols.add(new ElfSymbol("x".repeat(4000), 0, 0, ElfSymbol.Kind.UNSPECIFIED, false, ""));
        for (int i = 0; i < count; i++) {
            symbols.add(new ElfSymbol("s" + i, 0, 0, ElfSymbol.Kind.UNSPECIFIED, false, ""));
        }
        byte[] file = ElfWriter.write(
                0x10000, List.of(new ElfWriter.Section(".text", 0x10000, new byte[4], 4, false, true)), symbols);
        int symbolTable = 0x1008;
        for (int i = 1; i <= count + 1; i++) {
            ElfFiles.view(file).putInt(symbolTable + 24 * i, 1);
        }

        long before = AllocatedMemory.ofThisThread();
        ElfImage image = ElfReader.read(file);

        assertThat(AllocatedMemory.ofThisThread() - before).isLessThan(16L * file.length);
        assertThat(image.symbols().get(1).name()).hasSize(4000);
    }

    private static byte[] damaged(Random random) {
        byte[] file = ElfFiles.valid();
        int changes = 1 + random.nextInt(3);
        for (int i = 0; i < changes; i++) {
            switch (random.nextInt(3)) {
                case 0 -> {
                    if (random.nextInt(4) == 0) {
                        file = Arrays.copyOf(file, random.nextInt(file.length + 1));
                    }
                }
                case 1 -> {
                    if (file.length > 0) {
                        file[interesting(random, file.length)] ^= (byte) (1 << random.nextInt(8));
                    }
                }
                default -> lie(random, file);
            }
        }
        return file;
    }

    private static void lie(Random random, byte[] file) {
        int size = 2 << random.nextInt(3);
        int offset = interesting(random, Math.max(1, file.length - 8)) & -size;
        long value = LIES[random.nextInt(LIES.length)];
        for (int i = 0; i < size && offset + i < file.length; i++) {
            file[offset + i] = (byte) (value >>> 8 * i);
        }
    }

    /** A place in the headers at the front or in the tables at the end: damage to the bytes between shows nothing. */
    private static int interesting(Random random, int length) {
        int fromEdge = random.nextInt(Math.min(length, 700));
        return random.nextBoolean() ? Math.min(fromEdge, length - 1) : length - 1 - fromEdge;
    }
}
