package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.PagewalkProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code boot --metrics}, as a user has it. */
class MetricsOptionTest {
    private static final Pattern ANNOUNCEMENT = Pattern.compile("metrics: (http://127\\.0\\.0\\.1:[0-9]+/metrics)");
    private static final Pattern INSTRUCTIONS =
            Pattern.compile("(?s).*\npagewalk_instructions_total\\{hart=\"0\"\\} ([0-9.E]+)\n.*");

    private static String scrape(String url) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString())
                .body();
    }

    private static double instructions(String scrape) {
        var matcher = INSTRUCTIONS.matcher(scrape);
        return matcher.matches() ? Double.parseDouble(matcher.group(1)) : 0;
    }

    @Test
    void figuresGrowWhileTheGuestRuns(@TempDir Path folder) throws Exception {
        Path guest = Files.writeString(folder.resolve("endless.s"), "        .globl _start\n_start: j _start\n");
        try (PagewalkProcess boot = PagewalkProcess.start("boot", guest.toString(), "--metrics", "0")) {
            String url = boot.awaitErrorLine(ANNOUNCEMENT).group(1);
            double first = 0;
            while (first == 0) {
                first = instructions(scrape(url));
            }
            double later = first;
            while (later == first) {
                later = instructions(scrape(url));
            }

            assertThat(later).isGreaterThan(first);
            assertThat(scrape(url))
                    .contains("pagewalk_machine_info{engine=\"auto\",harts=\"4\",image=\"" + guest + "\"");
        }
    }

    /** A debugger that holds the guest before its first instruction: what has been is there to see. */
    @Test
    void figuresAreThoseOfTheGuestThatIsHeld() throws Exception {
        try (PagewalkProcess boot =
                PagewalkProcess.start("boot", "hello", "--metrics", "0", "--gdb", "0", "--wait-gdb")) {
            String url = boot.awaitErrorLine(ANNOUNCEMENT).group(1);
            String scrape = "";
            while (scrape.isEmpty()) {
                scrape = scrape(url);
            }

            assertThat(scrape)
                    .contains("pagewalk_instructions_total{hart=\"0\"} 0.0\n", "pagewalk_processes_alive 1.0\n");
        }
    }

    @Test
    void theRunIsTheSameWithAndWithout(@TempDir Path folder) throws IOException {
        Path with = folder.resolve("with.json");
        Path without = folder.resolve("without.json");
        CommandResult watched = PagewalkProcess.run(
                "boot", "fork-cow", "--metrics", "0", "--no-host-stats", "--stats-file", with.toString());
        CommandResult alone =
                PagewalkProcess.run("boot", "fork-cow", "--no-host-stats", "--stats-file", without.toString());

        assertThat(watched.status()).isEqualTo(alone.status());
        assertThat(watched.output()).isEqualTo(alone.output());
        assertThat(watched.errorLines())
                .hasSize(1)
                .allMatch(line -> ANNOUNCEMENT.matcher(line).matches());
        assertThat(with).hasSameTextualContentAs(without);
    }

    @Test
    void whoeverIsNotThisComputerIsWarnedOf() {
        CommandResult result = PagewalkProcess.run("boot", "hello", "--metrics", "0.0.0.0:0");

        assertThat(result.status()).isZero();
        assertThat(result.error())
                .contains("pagewalk: warning: whoever can reach 0.0.0.0 can use this guest's metrics")
                .contains("metrics: http://0.0.0.0:");
    }
}
