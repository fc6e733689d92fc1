package dev.pagewalk.tools.debug.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.tools.testing.TestGuest;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nothing that is asked leaves a trace in the machine, and keeping events leaves none either. */
class InvisibilityTest {
    private static final long SEED = 1234;
    private static final int MOMENTS = 12;

    @ParameterizedTest
    @CsvSource({
        "shootdown-storm, targeted",
        "shootdown-storm, latr",
        "shootdown-storm, early-ack",
        "shootdown-storm, batched",
        "cow-race, lazy",
        "fork-storm, hardware-broadcast",
        "mprotect-race, broadcast",
        "exec-chain, targeted",
        "file-map, targeted",
        "stack-growth, targeted",
        "huge-page, targeted"
    })
    void noCommandChangesAnything(String name, String policy) {
        Random random = new Random(SEED + name.hashCode());
        KernelConfig kernel = KernelConfig.quiet().withShootdownPolicy(policy);
        TestGuest undisturbed = TestGuest.booted(name, TestGuest.config(), kernel);
        undisturbed.finish();
        long cycles = undisturbed.assembly().machine().longestCycle();
        Monitored watched = Monitored.booted(name, TestGuest.config(), kernel);

        List<Long> moments = random.longs(MOMENTS, 0, cycles).sorted().boxed().toList();
        for (long moment : moments) {
            watched.at(moment);
            byte[] before = watched.state();
            for (Process process : watched.kernel().processes()) {
                for (String line : lines(process)) {
                    String answer = watched.monitor.execute(process.pid(), line);
                    assertThat(answer).as(line).endsWith("\n").doesNotContain("kernel is wrong");
                    assertThat(watched.state())
                            .as("seed %d, %s, cycle %d, %s of process %d", SEED, name, moment, line, process.pid())
                            .isEqualTo(before);
                }
            }
        }

        assertThat(watched.guest.assembly().machine().run()).isEqualTo(RunStop.POWERED_OFF);
        assertThat(watched.guest.statistics()).isEqualTo(undisturbed.statistics());
        assertThat(watched.ask("stats")).contains("exit 0");
    }

    private static List<String> lines(Process process) {
        Stream<String> addresses = GuestView.hasMemory(process)
                ? process.space().regions().all().stream()
                        .limit(6)
                        .flatMap(region -> Stream.of(
                                "walk " + region.start(), "cow " + region.start(), "walk " + (region.end() - 1)))
                : Stream.of("walk 0x10000");
        return Stream.concat(
                        addresses,
                        Stream.of(
                                "help",
                                "help walk",
                                "walk pc",
                                "walk sp",
                                "tlb",
                                "tlb 0",
                                "tlb 3",
                                "maps",
                                "frames",
                                "shootdowns",
                                "stats",
                                "sanitizer",
                                "events",
                                "events 500",
                                "harts",
                                "nonsense"))
                .toList();
    }
}
