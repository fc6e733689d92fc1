package dev.pagewalk.tools.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TraceFileTest {
    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("trace.json");
    }

    private TraceFile open(int harts, long clockHz) throws UserErrorException {
        return new TraceFile(file(), "a guest", harts, clockHz);
    }

    private List<JsonNode> events() throws IOException {
        List<JsonNode> events = new ArrayList<>();
        new ObjectMapper().readTree(file().toFile()).forEach(events::add);
        return events;
    }

    private List<JsonNode> events(String phase) throws IOException {
        return events().stream()
                .filter(event -> event.get("ph").textValue().equals(phase))
                .toList();
    }

    @Test
    void everyHartIsATrackWithItsNameAndPlace() throws IOException, UserErrorException {
        open(3, 1000).close();

        assertThat(events("M"))
                .extracting(event -> event.get("name").textValue() + event.get("tid") + event.get("args"))
                .containsExactly(
                        "process_namenull{\"name\":\"a guest\"}",
                        "thread_name1{\"name\":\"hart 0\"}",
                        "thread_sort_index1{\"sort_index\":0}",
                        "thread_name2{\"name\":\"hart 1\"}",
                        "thread_sort_index2{\"sort_index\":1}",
                        "thread_name3{\"name\":\"hart 2\"}",
                        "thread_sort_index3{\"sort_index\":2}");
    }

    @Test
    void spansInstantsAndArrowsAreEventsOfTheirTracks() throws IOException, UserErrorException {
        TraceFile trace = open(2, 1_000_000);
        trace.span(1, TraceCategory.SYSTEM_CALL, "munmap", 10, 25);
        trace.instant(0, TraceCategory.LOCK, "taken", 7);
        trace.arrow(0, 12, 1, 14, "interrupt");
        trace.arrow(1, 13, 0, 15, "acknowledgement");
        trace.close();

        assertThat(Files.readString(file())).contains("""
                {"name":"munmap","ph":"X","pid":1,"cat":"system_call","tid":2,"ts":10.000,"dur":15.000}
                ,{"name":"taken","ph":"i","pid":1,"cat":"lock","tid":1,"ts":7.000,"s":"t"}
                ,{"name":"interrupt","ph":"s","pid":1,"id":1,"cat":"arrow","tid":1,"ts":12.000}
                ,{"name":"interrupt","ph":"f","pid":1,"id":1,"cat":"arrow","tid":2,"ts":14.000}
                ,{"name":"acknowledgement","ph":"s","pid":1,"id":2,"cat":"arrow","tid":2,"ts":13.000}
                ,{"name":"acknowledgement","ph":"f","pid":1,"id":2,"cat":"arrow","tid":1,"ts":15.000}
                ]""");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1500000000, 0.000",
        "1, 1500000000, 0.000",
        "2, 1500000000, 0.001",
        "1499999999, 1500000000, 999999.999",
        "1500000000, 1500000000, 1000000.000",
        "7, 3, 2333333.333",
        "9223372036854775807, 100000000000, 92233720368547.758",
        "9223372036854775807, 1000000000, 9223372036854775.807",
    })
    void timesAreMicrosecondsRoundedDown(long cycle, long clockHz, String microseconds) throws Exception {
        TraceFile trace = open(1, clockHz);
        trace.instant(0, TraceCategory.TRAP, "now", cycle);
        trace.close();
        assertThat(Files.readString(file())).contains("\"ts\":" + microseconds + ",");
    }

    @Test
    void roundingLeavesNeitherGapsNorOverlaps() throws IOException, UserErrorException {
        TraceFile trace = open(1, 3_700_000_000L);
        for (long cycle = 0; cycle < 1000; cycle += 7) {
            trace.span(0, TraceCategory.TRAP, "x", cycle, cycle + 7);
        }
        trace.close();
        BigDecimal end = BigDecimal.ZERO.setScale(3);
        for (JsonNode span : events("X")) {
            assertThat(span.get("ts").decimalValue()).isEqualByComparingTo(end);
            end = end.add(new BigDecimal(span.get("dur").asText()));
        }
        assertThat(end.doubleValue()).isBetween(0.27, 0.271);
    }

    @Test
    void anyNameIsValid() throws IOException, UserErrorException {
        String name = "a \"quoted\\\" \u0000\n\u00e9 \ud800 name";
        TraceFile trace = open(1, 1000);
        trace.span(0, TraceCategory.SCHEDULE, name, 0, 1);
        trace.close();
        assertThat(events("X").get(0).get("name").textValue()).isEqualTo(name);
    }

    @Test
    void closingTwiceAndWritingAfterwardsIsNoError() throws IOException, UserErrorException {
        TraceFile trace = open(1, 1000);
        trace.close();
        trace.span(0, TraceCategory.TRAP, "late", 0, 1);
        trace.close();
        assertThat(events("X")).isEmpty();
    }

    @Test
    void aLongTraceIsInTheFileBeforeItsEnd() throws IOException, UserErrorException {
        TraceFile trace = open(1, 1000);
        for (int n = 0; n < 100_000; n++) {
            trace.span(0, TraceCategory.WALK, "load walk", n, n + 1);
        }
        assertThat(Files.size(file())).isGreaterThan(5_000_000);
        trace.close();
        assertThat(events("X")).hasSize(100_000);
    }

    @Test
    void aFileThatCannotBeMadeIsNamed() {
        Path missing = folder.resolve("missing").resolve("trace.json");
        assertThatThrownBy(() -> new TraceFile(missing, "a guest", 1, 1000))
                .isInstanceOf(UserErrorException.class)
                .hasMessage("cannot write the trace to " + missing + ": no such file or folder");
    }

    @Test
    void aFullDiskIsToldAtTheEnd() throws UserErrorException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.isWritable(full), "a host with /dev/full");
        TraceFile trace = new TraceFile(full, "a guest", 1, 1000);
        for (int n = 0; n < 100_000; n++) {
            trace.span(0, TraceCategory.WALK, "load walk", n, n + 1);
        }
        assertThatThrownBy(trace::close)
                .isInstanceOf(UserErrorException.class)
                .hasMessageStartingWith("cannot write the trace to /dev/full: ");
    }
}
