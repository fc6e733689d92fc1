package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.PagewalkProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code boot --trace}: a valid timeline however the run ends, and nothing else changes. */
class TimelineTest {
    @TempDir
    Path folder;

    private record Span(String name, double startMicroseconds, double endMicroseconds) {}

    private static List<Span> spans(Path file, int hartId) throws IOException {
        List<Span> spans = new ArrayList<>();
        for (JsonNode event : new ObjectMapper().readTree(file.toFile())) {
            if (event.get("ph").textValue().equals("X") && event.get("tid").intValue() == hartId + 1) {
                double start = event.get("ts").doubleValue();
                spans.add(new Span(
                        event.get("name").textValue(),
                        start,
                        start + event.get("dur").doubleValue()));
            }
        }
        return spans;
    }

    @ParameterizedTest
    @CsvSource({
        "fork-cow, 0, ''",
        "shootdown-storm, 0, ''",
        "cow-race --shootdown early-ack --seed 5, 0, ''",
        "wild-pointer, 139, ''",
        "sieve 1000000 --max-cycles 100000, 124, stopped after",
    })
    void aTimelineIsWrittenHoweverTheRunEnds(String guest, int status, String reason) throws IOException {
        Path file = folder.resolve("trace.json");

        CommandResult result =
                PagewalkProcess.run(("boot --no-host-stats --stats --trace " + file + " " + guest).split(" "));
        CommandResult without = PagewalkProcess.run(("boot --no-host-stats --stats " + guest).split(" "));

        assertThat(result.status()).as(result.error()).isEqualTo(status);
        assertThat(result.error()).contains(reason);
        assertThat(result).isEqualTo(without);
        assertThat(spans(file, 0)).extracting(Span::name).contains("instruction page fault", "fetch walk");
        for (int hartId = 0; hartId < 4; hartId++) {
            assertNested(spans(file, hartId));
        }
    }

    /** As viewers have it; rounding a sum of decimals is no overlap. */
    private static void assertNested(List<Span> spans) {
        Deque<Span> open = new ArrayDeque<>();
        List<Span> inOrder = new ArrayList<>(spans);
        inOrder.sort(Comparator.comparingDouble(Span::startMicroseconds)
                .thenComparing(Comparator.comparingDouble(Span::endMicroseconds).reversed()));
        for (Span span : inOrder) {
            while (!open.isEmpty() && open.peek().endMicroseconds() <= span.startMicroseconds() + 0.0005) {
                open.pop();
            }
            assertThat(span.endMicroseconds())
                    .as("%s within %s", span, open.peek())
                    .isLessThanOrEqualTo(
                            open.isEmpty() ? Double.MAX_VALUE : open.peek().endMicroseconds() + 0.0005);
            open.push(span);
        }
    }

    @Test
    void theSameRunGivesTheSameBytes() throws IOException {
        Path one = folder.resolve("one.json");
        Path other = folder.resolve("other.json");

        PagewalkProcess.run("boot", "fork-cow", "--trace", one.toString());
        PagewalkProcess.run("boot", "fork-cow", "--trace", other.toString());

        assertThat(one).hasSameBinaryContentAs(other);
    }

    @Test
    void aGuestThatCannotBeBootedLeavesAValidFile() throws IOException {
        Path file = folder.resolve("trace.json");
        Path inThePlaceOfTheProgram = Files.createFile(folder.resolve("empty"));

        CommandResult result = PagewalkProcess.run(
                "boot", "hello", "--file", "/bin/hello=" + inThePlaceOfTheProgram, "--trace", file.toString());

        assertThat(result.status()).as(result.error()).isEqualTo(ExitStatus.USAGE);
        assertThat(new ObjectMapper().readTree(file.toFile()).isArray()).isTrue();
    }

    @Test
    void aFullDiskIsOneLineAndTheStatisticsStillCome() {
        assumeTrue(Files.isWritable(Path.of("/dev/full")), "a host with /dev/full");
        Path stats = folder.resolve("stats.json");

        CommandResult result =
                PagewalkProcess.run("boot", "hello", "--trace", "/dev/full", "--stats-file", stats.toString());

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.output()).isEqualTo("hello, world\n");
        assertThat(result.errorLines())
                .singleElement()
                .asString()
                .startsWith("pagewalk: cannot write the trace to /dev/full: ")
                .satisfies(line -> assertThat(line.toLowerCase(Locale.ROOT)).contains("no space left"));
        assertThat(stats).exists();
    }
}
