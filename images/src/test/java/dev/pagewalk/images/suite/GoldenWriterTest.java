package dev.pagewalk.images.suite;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoldenWriterTest {
    private static final Map<String, Map<String, Long>> GOLDEN = golden("cycles", 5L, "instructions", 7L);

    @ParameterizedTest
    @CsvSource({
        "'','golden: {cycles: 5, instructions: 7}\n'",
        "'args: []','args: []\ngolden: {cycles: 5, instructions: 7}\n'",
        "'# a\ngolden: {cycles: 1}   # exact\nargs: [] # b\n','# a\ngolden: {cycles: 5, instructions: 7}   # exact\nargs: [] # b\n'",
        "'golden:\n  cycles: 1\n\n  faults.cow: 2 # gone\nargs: []\n','golden: {cycles: 5, instructions: 7}\nargs: []\n'",
        "'golden: {\n  cycles: 1, # } no end\n  b: 2\n}\nargs: []\n','golden: {cycles: 5, instructions: 7}\nargs: []\n'",
        "'golden:\n\n# args follow\nargs: []\n','golden: {cycles: 5, instructions: 7}\n\n# args follow\nargs: []\n'",
        "'args: []\ngolden: {}','args: []\ngolden: {cycles: 5, instructions: 7}'",
        "'expect:\n  console: \"golden: no\"\n','expect:\n  console: \"golden: no\"\ngolden: {cycles: 5, instructions: 7}\n'",
    })
    void onlyTheGoldenCountersChange(String before, String after) throws ExpectationException {
        String updated = GoldenWriter.update(before, GOLDEN);

        assertThat(updated).isEqualTo(after);
        assertThat(ExpectationReader.parse("guest.yaml", updated, Path.of(".")).golden())
                .isEqualTo(GOLDEN);
        assertThat(GoldenWriter.update(updated, GOLDEN)).isEqualTo(updated);
    }

    @Test
    void lineEndsOfTheFileAreKept() {
        assertThat(GoldenWriter.update("args: []\r\ngolden:\r\n  a: 1\r\nstdin: x\r\n", GOLDEN))
                .isEqualTo("args: []\r\ngolden: {cycles: 5, instructions: 7}\r\nstdin: x\r\n");
    }

    @Test
    void manyCountersStandOnLinesOfTheirOwn() throws ExpectationException {
        Map<String, Long> counters = new LinkedHashMap<>();
        for (int i = 0; i < 20; i++) {
            counters.put("counter.number." + i, (long) i);
        }
        Map<String, Map<String, Long>> golden = Map.of("", counters);
        String updated = GoldenWriter.update("golden: {a: 1}\nargs: []\n", golden);

        assertThat(updated.lines().mapToInt(String::length).max().orElseThrow()).isLessThan(60);
        assertThat(ExpectationReader.parse("guest.yaml", updated, Path.of(".")).golden())
                .isEqualTo(golden);
        assertThat(GoldenWriter.update(updated, GOLDEN)).isEqualTo("golden: {cycles: 5, instructions: 7}\nargs: []\n");
    }

    @Test
    void eachMachineOfAMatrixHasCountersOfItsOwn() throws ExpectationException {
        String text = "matrix: {harts: [1, 16], fork: [cow]}\n";
        Map<String, Map<String, Long>> golden = new LinkedHashMap<>();
        golden.put("harts=1,fork=cow", GOLDEN.get(""));
        golden.put("harts=16,fork=cow", Map.of("cycles", 6L));

        String updated = GoldenWriter.update(text + "golden: {cycles: 1}\nargs: []\n", golden);

        assertThat(updated).isEqualTo(text + """
                golden: {
                  "harts=1,fork=cow": {cycles: 5, instructions: 7},
                  "harts=16,fork=cow": {cycles: 6}
                  }
                args: []
                """);
        Expectation expectation = ExpectationReader.parse("guest.yaml", updated, Path.of("."));
        assertThat(expectation.golden()).isEqualTo(golden);
        assertThat(expectation.variants().get(1).golden()).containsExactly(Map.entry("cycles", 6L));
        assertThat(GoldenWriter.update(updated, golden)).isEqualTo(updated);
    }

    private static Map<String, Map<String, Long>> golden(
            String first, Long firstValue, String second, Long secondValue) {
        Map<String, Long> golden = new LinkedHashMap<>();
        golden.put(first, firstValue);
        golden.put(second, secondValue);
        return Map.of("", golden);
    }
}
