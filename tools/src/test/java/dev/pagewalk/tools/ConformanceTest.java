package dev.pagewalk.tools;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.isa.CompressedInstruction;
import dev.pagewalk.emulator.isa.CompressedTable;
import dev.pagewalk.emulator.isa.Format;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.InstructionTable;
import dev.pagewalk.images.conformance.ConformanceSuite;
import dev.pagewalk.images.suite.Expectation;
import dev.pagewalk.images.suite.ExpectationReader;
import dev.pagewalk.tools.testing.TestGuest;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every instruction does at its corners what the manual says. */
class ConformanceTest {
    private static final List<Format> EXCHANGEABLE = List.of(
            Format.R,
            Format.I,
            Format.SHIFT,
            Format.SHIFT_WORD,
            Format.LOAD,
            Format.STORE,
            Format.BRANCH,
            Format.UPPER,
            Format.LOAD_RESERVED,
            Format.ATOMIC);

    /** Of these, compressed instructions have immediates that fit no other one. */
    private static final List<Format> OWN_IMMEDIATES = List.of(Format.LOAD, Format.STORE, Format.UPPER);

    static List<String> instructions() {
        return ConformanceSuite.names();
    }

    @ParameterizedTest
    @MethodSource("instructions")
    void anInstructionDoesWhatTheManualSays(String name) throws Exception {
        Expectation expectation =
                ExpectationReader.parse(name, ConformanceSuite.expectation(name).orElseThrow(), Path.of(""));
        TestGuest guest = TestGuest.assembled(ConformanceSuite.source(name).orElseThrow(), TestGuest.config());

        int status = guest.finish();

        assertThat(guest.console()).isEqualTo(expectation.console().orElseThrow());
        assertThat(status).isEqualTo(expectation.exit());
    }

    /** Each instruction whose operands are written as those of another one, and the next such. */
    static List<Arguments> impostors() {
        List<Arguments> pairs = new ArrayList<>();
        for (Format format : EXCHANGEABLE) {
            List<String> alike = InstructionTable.all().stream()
                    .filter(row -> row.format() == format)
                    .map(Instruction::mnemonic)
                    .toList();
            addNeighbours(pairs, alike);
        }
        CompressedTable.all().stream()
                .filter(row -> !OWN_IMMEDIATES.contains(row.base().format()))
                .collect(Collectors.groupingBy(
                        CompressedInstruction::operands,
                        LinkedHashMap::new,
                        Collectors.mapping(CompressedInstruction::mnemonic, Collectors.toList())))
                .values()
                .forEach(alike -> addNeighbours(pairs, alike));
        return pairs;
    }

    private static void addNeighbours(List<Arguments> pairs, List<String> alike) {
        for (int i = 0; i < alike.size() && alike.size() > 1; i++) {
            pairs.add(Arguments.of(alike.get(i), alike.get((i + 1) % alike.size())));
        }
    }

    @ParameterizedTest
    @MethodSource("impostors")
    void anInstructionThatDoesWhatAnotherOneShouldIsFound(String name, String impostor) {
        TestGuest guest = TestGuest.assembled(
                exchanged(ConformanceSuite.source(name).orElseThrow(), name, impostor), TestGuest.config());

        int status = guest.finish();

        assertThat(guest.console()).startsWith("wrong: case ");
        assertThat(status).isEqualTo(1);
    }

    /** The guest with another instruction in its cases; what checks them stays. */
    private static String exchanged(String source, String name, String impostor) {
        int cases = source.indexOf("cases:\n");
        String exchanged = source.substring(cases)
                .lines()
                .map(line -> line.contains("right_") || line.contains("wrong_")
                        ? line
                        : line.replaceFirst("^( +(\\w+: )?)" + name + "(?=( |$|\\.(aq|rl|aqrl) ))", "$1" + impostor))
                .collect(Collectors.joining("\n", "", "\n"));
        return source.substring(0, cases) + exchanged;
    }
}
