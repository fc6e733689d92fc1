package dev.pagewalk.tools.differential;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.isa.CompressedInstruction;
import dev.pagewalk.emulator.isa.CompressedTable;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.InstructionTable;
import dev.pagewalk.tools.differential.Comparison.Difference;
import dev.pagewalk.tools.testing.ExternalTool;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Our machine computes what QEMU computes. */
class DifferentialTest {
    private static final long SEED = Long.getLong("pagewalk.differential.seed", 1);
    private static final int PROGRAMS = 1_000;
    private static final int NIGHTLY_PROGRAMS = Integer.getInteger("pagewalk.differential.programs", 100_000);

    @Test
    void randomProgramsEndAsUnderQemu(@TempDir Path folder) {
        compareWithQemu(SEED, PROGRAMS, folder);
    }

    @Test
    @Tag("nightly")
    void veryManyRandomProgramsEndAsUnderQemu(@TempDir Path folder) {
        compareWithQemu(SEED + PROGRAMS, NIGHTLY_PROGRAMS, folder);
    }

    private static void compareWithQemu(long seed, int programs, Path folder) {
        ExternalTool.require(Qemu.COMMAND);

        assertThat(new Comparison(new Emulator(), new Qemu(folder)).firstDifference(seed, programs))
                .isEmpty();
    }

    @Test
    void everyInstructionOccursInTheProgramsButThoseThatSpeakToTheSupervisor() {
        Set<String> occurring = LongStream.range(SEED, SEED + 300)
                .boxed()
                .flatMap(seed -> Piece.all(RandomProgram.of(seed)))
                .flatMap(piece -> piece.lines(0).stream())
                .map(line -> line.replaceFirst("^\\w+: ", ""))
                .map(line -> line.split(" ")[0].replaceFirst("\\.(aq|rl|aqrl)$", ""))
                .collect(Collectors.toSet());
        Stream<String> mnemonics = InstructionTable.all().stream().map(Instruction::mnemonic);
        Stream<String> compressed = CompressedTable.all().stream().map(CompressedInstruction::mnemonic);

        assertThat(Stream.concat(mnemonics, compressed))
                .filteredOn(mnemonic -> !occurring.contains(mnemonic))
                .containsExactlyInAnyOrderElementsOf(RandomProgram.leftOut());
    }

    @Test
    void aBrokenInstructionIsFoundAndItsProgramMadeSmall() {
        Computer broken = Computer.confusing(new Emulator(), "mulhsu", "mulhu");

        Difference difference = new Comparison(broken, new Emulator())
                .firstDifference(SEED, PROGRAMS)
                .orElseThrow();

        // Values for two registers, and the instruction.
        assertThat(difference.program()).hasSizeBetween(2, 3);
        assertThat(difference.toString()).contains("seed " + difference.seed(), "mulhsu");
        assertThat(difference.effects()).singleElement().asString().matches("x\\d+: 0x[0-9a-f]{16} and 0x[0-9a-f]{16}");
    }

    @Test
    void aBrokenBranchIsFoundAmongTheOthers() {
        Computer broken = Computer.confusing(new Emulator(), "bltu", "blt");

        Difference difference = new Comparison(broken, new Emulator())
                .firstDifference(SEED, PROGRAMS)
                .orElseThrow();

        assertThat(difference.toString()).contains("bltu");
        assertThat(Minimiser.size(difference.program())).isLessThanOrEqualTo(5);
    }
}
