package dev.pagewalk.tools.meters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.tools.testing.TestGuest;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MachineMetersTest {
    private final MachineMeters meters = new MachineMeters("guest", TestGuest.config());
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    @ParameterizedTest
    @ValueSource(strings = {"fork-cow", "shootdown-storm", "tlb-flush2"})
    void theFiguresAtTheEndAreThoseOfTheStatistics(String image) throws IOException {
        TestGuest guest =
                TestGuest.booted(image, TestGuest.config(), KernelConfig.quiet().withSanitizer(true));
        guest.finish();
        meters.onPause(guest.assembly());
        JsonNode statistics = new ObjectMapper().readTree(guest.statistics());
        Scrape scrape = Scrape.of(meters);

        for (JsonNode hart : statistics.get("harts")) {
            String label = "hart=\"" + hart.get("id") + "\"";
            assertThat(scrape.value("pagewalk_cycles_total{" + label + "}"))
                    .isEqualTo(hart.get("cycles").asDouble());
            assertThat(scrape.value("pagewalk_idle_cycles_total{" + label + "}"))
                    .isEqualTo(hart.get("idle_cycles").asDouble());
            assertThat(scrape.value("pagewalk_instructions_total{" + label + "}"))
                    .isEqualTo(hart.get("instructions").asDouble());
            assertThat(scrape.value("pagewalk_page_walks_total{" + label + "}"))
                    .isEqualTo(hart.get("walks").asDouble());
            assertThat(scrape.value("pagewalk_page_walk_reads_total{" + label + "}"))
                    .isEqualTo(hart.get("walk_reads").asDouble());
            for (String tlb : new String[] {"itlb", "dtlb", "l2tlb"}) {
                String labels = "{" + label + ",tlb=\"" + tlb + "\"}";
                assertThat(scrape.value("pagewalk_tlb_accesses_total" + labels))
                        .isEqualTo(hart.get(tlb).get("accesses").asDouble());
                assertThat(scrape.value("pagewalk_tlb_misses_total" + labels))
                        .isEqualTo(hart.get(tlb).get("misses").asDouble());
            }
        }
        assertLabelled(scrape, "pagewalk_faults_total", "kind", statistics.get("faults"));
        assertLabelled(scrape, "pagewalk_syscalls_total", "name", statistics.get("syscalls"));
        Map<String, String> single = Map.ofEntries(
                Map.entry("pagewalk_shootdowns_total", "/shootdowns/count"),
                Map.entry("pagewalk_shootdown_ipis_total", "/shootdowns/ipis"),
                Map.entry("pagewalk_shootdown_acks_total", "/shootdowns/acks"),
                Map.entry("pagewalk_shootdown_flushes_total{extent=\"range\"}", "/shootdowns/range_flushes"),
                Map.entry("pagewalk_shootdown_flushes_total{extent=\"full\"}", "/shootdowns/full_flushes"),
                Map.entry("pagewalk_shootdown_flushes_total{extent=\"skipped\"}", "/shootdowns/skipped"),
                Map.entry("pagewalk_shootdown_wait_cycles_total", "/shootdowns/wait_cycles/total"),
                Map.entry("pagewalk_shootdown_longest_wait_cycles", "/shootdowns/wait_cycles/max"),
                Map.entry("pagewalk_stale_hits_in_window_total", "/shootdowns/stale_hits_in_window"),
                Map.entry("pagewalk_asid_roll_overs_total", "/shootdowns/asid_roll_overs"),
                Map.entry("pagewalk_lock_waits_total", "/lock/waits"),
                Map.entry("pagewalk_lock_wait_cycles_total", "/lock/wait_cycles"),
                Map.entry("pagewalk_processes_started_total", "/process_count"),
                Map.entry("pagewalk_sanitizer_violations_total", "/sanitizer/violations"),
                Map.entry("pagewalk_frames{state=\"free\"}", "/frames/free_at_exit"));
        single.forEach((series, pointer) -> {
            assertThat(statistics.at(pointer).isIntegralNumber()).as(pointer).isTrue();
            assertThat(scrape.value(series))
                    .as(series)
                    .isEqualTo(statistics.at(pointer).asDouble());
        });
        assertThat(scrape.value("pagewalk_processes_alive")).isZero();
        assertThat(scrape.sum("pagewalk_frames"))
                .isEqualTo(statistics.at("/frames/total").asDouble());
    }

    private static void assertLabelled(Scrape scrape, String metric, String label, JsonNode values) {
        assertThat(values).isNotEmpty();
        double sum = 0;
        for (Map.Entry<String, JsonNode> field : values.properties()) {
            assertThat(scrape.value(metric + "{" + label + "=\"" + field.getKey() + "\"}"))
                    .isEqualTo(field.getValue().asDouble());
            sum += field.getValue().asDouble();
        }
        assertThat(scrape.sum(metric)).isEqualTo(sum);
    }

    /** Also of registries that were there before the guest's first system call. */
    @Test
    void aScrapeSeesTheLastPauseAndNothingLater() {
        meters.bindTo(registry);
        assertThat(scrape()).isEmpty();
        TestGuest guest = TestGuest.booted("fork-cow", TestGuest.config());
        meters.onPause(guest.assembly());
        assertThat(scrape())
                .contains("pagewalk_instructions_total{hart=\"0\"} 0.0\n")
                .contains("pagewalk_processes_alive 1.0\n")
                .doesNotContain("pagewalk_syscalls_total{");

        assertThat(guest.pauseAt(20_000)).isEqualTo(RunStop.PAUSED);
        assertThat(scrape()).contains("pagewalk_instructions_total{hart=\"0\"} 0.0\n");
        meters.onPause(guest.assembly());
        Scrape halfway = Scrape.parse(scrape());
        assertThat(halfway.value("pagewalk_cycles_total{hart=\"0\"}")).isGreaterThanOrEqualTo(20_000);
        assertThat(halfway.sum("pagewalk_frames")).isEqualTo(64 << 8);

        guest.finish();
        meters.onPause(guest.assembly());
        assertThat(scrape()).contains("pagewalk_syscalls_total{name=\"clone\"}");
    }

    private String scrape() {
        meters.beforeScrape();
        return registry.scrape();
    }

    @Test
    void whatAScrapeReadsStaysTheSameWhileTheMachineGoesOn() {
        meters.bindTo(registry);
        TestGuest guest = TestGuest.booted("fork-cow", TestGuest.config());
        guest.pauseAt(20_000);
        meters.onPause(guest.assembly());
        String before = scrape();
        guest.finish();
        meters.onPause(guest.assembly());

        assertThat(registry.scrape()).isEqualTo(before);
        assertThat(scrape()).isNotEqualTo(before);
    }

    @Test
    void whatRunsIsToldInLabels() {
        meters.onPause(TestGuest.booted("hello", TestGuest.config()).assembly());

        assertThat(Scrape.of(meters).samples.keySet())
                .contains(
                        "pagewalk_machine_info{engine=\"interpreter\",harts=\"4\",image=\"guest\",paging=\"sv48\",profile=\"u74\","
                                + "ram_bytes=\"67108864\",shootdown=\"targeted\"}");
    }

    @Test
    void lookingChangesNothing() {
        TestGuest watched = TestGuest.booted("shootdown-storm", TestGuest.config());
        TestGuest alone = TestGuest.booted("shootdown-storm", TestGuest.config());
        long cycle = 0;
        RunStop stop;
        do {
            cycle += 10_000;
            stop = watched.pauseAt(cycle);
            meters.onPause(watched.assembly());
        } while (stop == RunStop.PAUSED);
        alone.finish();

        assertThat(watched.statistics()).isEqualTo(alone.statistics());
    }
}
