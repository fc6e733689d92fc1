package dev.pagewalk.tools.meters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.tools.testing.TestGuest;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Grafana's dashboard asks for what there is, and for all of it. */
class DashboardTest {
    private static final Path FILE = Path.of("grafana", "pagewalk.json");
    private static final Pattern METRIC = Pattern.compile("pagewalk_[a-z0-9_]+");

    private final MachineMeters machine = new MachineMeters("guest", TestGuest.config());
    private JsonNode dashboard;

    @BeforeEach
    void read() throws IOException {
        dashboard = new ObjectMapper().readTree(FILE.toFile());
    }

    private Set<String> asked() {
        return dashboard.findValuesAsText("expr").stream()
                .flatMap(query -> METRIC.matcher(query).results().map(MatchResult::group))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyMetricThatIsAskedForIsInAScrapeAndTheOtherWayRound() {
        TestGuest guest = TestGuest.booted(
                "fork-cow", TestGuest.config(), KernelConfig.quiet().withSanitizer(true));
        guest.finish();
        machine.onPause(guest.assembly());
        Set<String> told = new TreeSet<>();
        for (Scrape scrape : List.of(Scrape.of(machine), Scrape.of(new SuiteMeters()))) {
            scrape.samples.keySet().forEach(series -> told.add(series.replaceFirst("\\{.*", "")));
        }

        assertThat(asked()).isEqualTo(told).hasSizeGreaterThan(20);
    }

    @Test
    void everyPanelIsThereOnceWithAPlaceOfItsOwn() {
        Set<Integer> ids = new HashSet<>();
        Set<String> cells = new HashSet<>();
        for (JsonNode panel : dashboard.get("panels")) {
            assertThat(ids.add(panel.get("id").asInt())).as(panel.toString()).isTrue();
            assertThat(panel.get("title").asText()).isNotBlank();
            JsonNode place = panel.get("gridPos");
            assertThat(place.get("x").asInt() + place.get("w").asInt()).isLessThanOrEqualTo(24);
            for (int x = 0; x < place.get("w").asInt(); x++) {
                for (int y = 0; y < place.get("h").asInt(); y++) {
                    String cell =
                            place.get("x").asInt() + x + "," + (place.get("y").asInt() + y);
                    assertThat(cells.add(cell)).as(panel.toString()).isTrue();
                }
            }
            if (!panel.get("type").asText().equals("row")) {
                assertThat(panel.get("targets")).as(panel.toString()).isNotEmpty();
                assertThat(panel.at("/datasource/uid").asText()).isEqualTo("${datasource}");
            }
        }
    }

    @Test
    void everyQueryIsOfTheChosenInstanceAndClosesWhatItOpens() {
        for (String query : dashboard.findValuesAsText("expr")) {
            assertThat(METRIC.matcher(query).results().count())
                    .as(query)
                    .isEqualTo(query.split("instance=~\"\\$instance\"", -1).length - 1L);
            for (String pair : List.of("()", "{}", "[]")) {
                assertThat(query.chars().filter(c -> c == pair.charAt(0)).count())
                        .as(query)
                        .isEqualTo(
                                query.chars().filter(c -> c == pair.charAt(1)).count());
            }
        }
    }
}
