package dev.pagewalk.tools.meters;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.tools.metrics.Statistics;
import dev.pagewalk.tools.testing.TestGuest;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SuiteMetersTest {
    private final SuiteMeters meters = new SuiteMeters();
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private static ObjectNode statistics(String image) {
        TestGuest guest = TestGuest.booted(image, TestGuest.config());
        return new Statistics(guest.assembly()).collect(image, guest.finish());
    }

    private Scrape scrape() {
        return Scrape.parse(registry.scrape());
    }

    @Test
    void testsAreCountedByHowTheyEnded() {
        meters.bindTo(registry);
        assertThat(registry.scrape())
                .contains(
                        "pagewalk_tests_finished_total{status=\"failed\"} 0.0\n",
                        "pagewalk_tests_finished_total{status=\"passed\"} 0.0\n",
                        "pagewalk_tests_running 0.0\n");

        meters.started();
        meters.started();
        meters.started();
        assertThat(scrape().value("pagewalk_tests_running")).isEqualTo(3);

        meters.finished(true, null);
        meters.finished(false, null);
        assertThat(scrape().value("pagewalk_tests_running")).isEqualTo(1);
        meters.finished(true, null);
        assertThat(scrape().value("pagewalk_tests_finished_total{status=\"passed\"}"))
                .isEqualTo(2);
        assertThat(scrape().value("pagewalk_tests_finished_total{status=\"failed\"}"))
                .isEqualTo(1);
        assertThat(scrape().value("pagewalk_tests_running")).isZero();
    }

    @Test
    void countersOfFinishedTestsAddUp() {
        ObjectNode hello = statistics("hello");
        ObjectNode fork = statistics("fork-cow");
        meters.bindTo(registry);
        meters.started();
        meters.finished(true, hello);
        meters.started();
        meters.finished(false, fork);

        Scrape scrape = scrape();
        assertThat(scrape.value("pagewalk_instructions_total")).isEqualTo(sum(hello, fork, "/instructions"));
        assertThat(scrape.value("pagewalk_page_walks_total")).isEqualTo(sum(hello, fork, "/tlb/walks"));
        assertThat(scrape.value("pagewalk_tlb_misses_total{tlb=\"dtlb\"}"))
                .isEqualTo(sum(hello, fork, "/tlb/dtlb/misses"));
        assertThat(scrape.value("pagewalk_faults_total{kind=\"cow\"}"))
                .isEqualTo(sum(hello, fork, "/faults/cow"))
                .isPositive();
        assertThat(scrape.value("pagewalk_syscalls_total{name=\"write\"}"))
                .isEqualTo(sum(hello, fork, "/syscalls/write"));
        assertThat(scrape.value("pagewalk_processes_started_total")).isEqualTo(sum(hello, fork, "/process_count"));
    }

    private static double sum(ObjectNode first, ObjectNode second, String pointer) {
        return first.at(pointer).asDouble() + second.at(pointer).asDouble();
    }

    /** The registry is read by others meanwhile. */
    @Test
    void manyThreadsLoseNothing() {
        ObjectNode fork = statistics("fork-cow");
        meters.bindTo(registry);
        int tests = 400;
        IntStream.range(0, tests).parallel().forEach(test -> {
            meters.started();
            meters.finished(test % 4 != 0, fork);
            assertThat(registry.scrape()).isNotEmpty();
        });

        Scrape scrape = scrape();
        assertThat(scrape.value("pagewalk_tests_finished_total{status=\"failed\"}"))
                .isEqualTo(tests / 4.0);
        assertThat(scrape.value("pagewalk_tests_running")).isZero();
        assertThat(scrape.value("pagewalk_instructions_total"))
                .isEqualTo(fork.get("instructions").asDouble() * tests);
    }
}
