package dev.pagewalk.tools.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineStudyTest {
    private static final List<Peer> PEERS =
            List.of(Peer.TRANSLATOR, Peer.INTERPRETER, Peer.QEMU_SYSTEM, Peer.QEMU_USER);

    /** Peers of known speeds, whose samples differ by a tenth; the crc is twice as fast as the rest. */
    private static final class FakeMeter implements SpeedMeter {
        private final List<String> asked = new ArrayList<>();
        private int samples;

        @Override
        public RoundCount count(EngineKernel kernel) {
            return new RoundCount(1000, kernel == EngineKernel.FAULT_STORM ? 2560 : 400_000, 3, kernel.title() + "\n");
        }

        @Override
        public String output(EngineKernel kernel, Peer peer, long rounds) {
            return (rounds == 3 ? kernel.title() : "another number of rounds") + "\n";
        }

        @Override
        public SpeedSample measure(EngineKernel kernel, Peer peer, RoundCount count) {
            asked.add(kernel.title() + " " + peer.title());
            return sample(peer, kernel == EngineKernel.CRC ? 2 : 1);
        }

        @Override
        public SpeedSample measureHarts(int harts, Peer engine) {
            asked.add(harts + " " + engine.title());
            return sample(engine, harts == 1 ? 1 : 0.5);
        }

        private SpeedSample sample(Peer peer, double factor) {
            double mips = switch (peer) {
                case TRANSLATOR -> 2000;
                case AUTO -> 1900;
                case INTERPRETER -> 200;
                case QEMU_SYSTEM -> 1600;
                case QEMU_USER -> 4000;
                case HOST -> 40;
            };
            double noise = 1 + samples++ % 3 * 0.1;
            if (!peer.isEngine()) {
                return SpeedSample.of(mips * factor * noise, mips);
            }
            RegionFigures regions = peer == Peer.INTERPRETER
                    ? null
                    : new RegionFigures(7, 5, 120, 4800, 99, 0.998, 1, Map.of("deadline", 1234L, "jump", 5L));
            return new SpeedSample(
                    mips * factor * noise, mips, 0.75, regions, new MemoryFigures(90L << 20, 8L << 20, 3L << 20));
        }
    }

    private final FakeMeter meter = new FakeMeter();

    private EngineResults run(EngineStudy study) throws UserErrorException {
        return study.run(meter, (what, done, all) -> assertThat(done).isLessThan(all));
    }

    private static EngineStudy study(List<EngineKernel> kernels, List<Peer> peers, int repeats, int harts) {
        return new EngineStudy(kernels, peers, "u74", 1, repeats, harts);
    }

    @Test
    void thePeersTakeTurnsAndTheChaseIsAlsoTheHosts() throws UserErrorException {
        run(study(List.of(EngineKernel.CHASE, EngineKernel.FORK_STORM), PEERS, 2, 0));

        String turn = "chase translator, chase interpreter, chase qemu-system, chase qemu-user, chase host";
        String storm = "fork-storm translator, fork-storm interpreter";
        assertThat(String.join(", ", meter.asked)).isEqualTo(String.join(", ", turn, turn, storm, storm));
    }

    @Test
    void ratiosAreThoseOfTheMediansAndTheirMeanIsGeometric() throws UserErrorException {
        EngineResults results =
                run(study(List.of(EngineKernel.CRC, EngineKernel.FIB), List.of(Peer.QEMU_SYSTEM, Peer.AUTO), 3, 0));

        assertThat(results.kernels().get(EngineKernel.CRC).median(Peer.AUTO).mips())
                .isCloseTo(1900 * 2 * 1.1, within(1e-6));
        assertThat(results.ratio(EngineKernel.CRC, Peer.QEMU_SYSTEM).orElseThrow())
                .isCloseTo(1900.0 / 1600, within(1e-9));
        assertThat(results.meanRatio(Peer.QEMU_SYSTEM).orElseThrow()).isCloseTo(1900.0 / 1600, within(1e-9));
        assertThat(results.meanMips(Peer.AUTO).orElseThrow()).isCloseTo(1900 * 1.1 * Math.sqrt(2), within(1e-6));
        assertThat(results.meanMips(Peer.QEMU_USER)).isEmpty();
    }

    @Test
    void theTablesShowEverything() throws UserErrorException {
        EngineResults results =
                run(study(List.of(EngineKernel.FIB, EngineKernel.CHASE, EngineKernel.FAULT_STORM), PEERS, 1, 16));

        assertThat(EngineTables.text(results)).isEqualTo("""
                Millions of guest instructions a second, profile u74, and how many times as fast translator is
                kernel          translator  interpreter  qemu-system  qemu-user  / interpreter  / qemu-system  / qemu-user
                fib                  2,000          220        1,920      4,000           9.09           1.04         0.50
                chase                2,200          240        1,600      4,400           9.17           1.38         0.50
                geometric mean       2,098          230        1,753      4,195           9.13           1.20         0.50

                A step of the chase, in nanoseconds; host: the same in Java on an array, which is what the host's memory takes
                kernel  translator  interpreter  qemu-system  qemu-user  host
                chase          1.8         16.7          2.5        0.9  83.3

                Thousands a second of what the guest's kernel has to do
                kernel               translator  interpreter  / interpreter
                fault-storm, faults   200,000.0     22,000.0           9.09

                Seconds from the guest's start until half of its speed is reached; looked at every quarter of a second
                kernel       translator  interpreter
                fib                0.75         0.75
                chase              0.75         0.75
                fault-storm        0.75         0.75

                What translator has translated: regions made and live; of the live ones their instructions, bytes of bytecode and entries; \
                the share of all that was executed
                kernel       made  live  instructions  bytecode  entered     share  refused                 left by
                fib             7     5           120     4,800       99  99.800 %        1  deadline 1,234, jump 5
                chase           7     5           120     4,800       99  99.800 %        1  deadline 1,234, jump 5
                fault-storm     7     5           120     4,800       99  99.800 %        1  deadline 1,234, jump 5

                Memory, in MiB: of the process, in the heap with the guest's RAM, for classes
                kernel       translator  interpreter
                fib            90, 8, 3     90, 8, 3
                chase          90, 8, 3     90, 8, 3
                fault-storm    90, 8, 3     90, 8, 3

                Busy harts, all together, with the quantum of profile u74: millions of instructions a second
                engine       1 hart  16 harts  ratio  translated                 left by
                translator    2,400     1,000   0.42      99.8 %  deadline 1,234, jump 5
                interpreter     220       120   0.55           -                       -
                """);
    }

    @Test
    void aStudyWithoutAnEngineOfOursHasNoRatios() throws UserErrorException {
        EngineResults results = run(study(List.of(EngineKernel.FIB), List.of(Peer.QEMU_USER), 1, 0));

        assertThat(EngineTables.text(results)).isEqualTo("""
                Millions of guest instructions a second, profile u74
                kernel          qemu-user
                fib                 4,000
                geometric mean      4,000
                """);
    }

    @Test
    void theFileHasAllSamplesAndRatios() throws UserErrorException, JsonProcessingException {
        EngineResults results = run(study(List.of(EngineKernel.FIB, EngineKernel.CHASE), PEERS, 3, 16));

        JsonNode file = new ObjectMapper()
                .readTree(EngineFile.text(results, Map.of(Peer.QEMU_SYSTEM, "QEMU emulator version 7.2")));

        assertThat(file.path("format").intValue()).isEqualTo(1);
        assertThat(file.path("profile").textValue()).isEqualTo("u74");
        assertThat(file.at("/host/qemu_system").textValue()).isEqualTo("QEMU emulator version 7.2");
        assertThat(file.at("/host/java").textValue()).isNotEmpty();
        JsonNode fib = file.at("/kernels/0");
        assertThat(fib.path("kernel").textValue()).isEqualTo("fib");
        assertThat(fib.at("/count/instructions_per_round").doubleValue()).isEqualTo(400_000);
        assertThat(fib.at("/peers/translator/samples")).hasSize(3);
        JsonNode sample = fib.at("/peers/translator/samples/0");
        assertThat(sample.fieldNames())
                .toIterable()
                .containsExactly("mips", "wall_mips", "seconds_to_half_speed", "regions", "memory");
        assertThat(sample.at("/regions/exits/deadline").intValue()).isEqualTo(1234);
        assertThat(sample.at("/regions/translated_share").doubleValue()).isEqualTo(0.998);
        assertThat(sample.at("/memory/resident_bytes").longValue()).isEqualTo(90L << 20);
        assertThat(fib.at("/peers/qemu_user/samples/0/regions").isNull()).isTrue();
        assertThat(fib.at("/ratios/qemu_system").doubleValue()).isPositive();
        assertThat(file.at("/kernels/1/ratios").fieldNames())
                .toIterable()
                .containsExactly("interpreter", "qemu_system", "qemu_user", "host");
        assertThat(file.path("geometric_mean_ratios").fieldNames())
                .toIterable()
                .containsExactly("interpreter", "qemu_system", "qemu_user");
        assertThat(file.at("/busy_harts/harts").intValue()).isEqualTo(16);
        assertThat(file.at("/busy_harts/translator/ratio").doubleValue()).isPositive();
        assertThat(file.at("/busy_harts/interpreter/many/mips").doubleValue()).isPositive();
    }

    @Test
    void aSampleComesBackFromAnotherProcessAsItWas() throws JsonProcessingException {
        SpeedSample sample = new FakeMeter().sample(Peer.TRANSLATOR, 1);

        assertThat(new ObjectMapper().readValue(HostSpeedMeter.write(sample), SpeedSample.class))
                .isEqualTo(sample);
    }

    @Test
    void aPeerThatComputesSomethingElseIsAnError() {
        SpeedMeter wrong = new SpeedMeter() {
            @Override
            public RoundCount count(EngineKernel kernel) {
                return meter.count(kernel);
            }

            @Override
            public String output(EngineKernel kernel, Peer peer, long rounds) {
                return peer == Peer.QEMU_USER ? "0bad\n" : meter.output(kernel, peer, rounds);
            }

            @Override
            public SpeedSample measure(EngineKernel kernel, Peer peer, RoundCount count) {
                return meter.measure(kernel, peer, count);
            }

            @Override
            public SpeedSample measureHarts(int harts, Peer engine) {
                return meter.measureHarts(harts, engine);
            }
        };

        assertThatThrownBy(() -> study(List.of(EngineKernel.FIB), PEERS, 1, 0).run(wrong, (what, done, all) -> {}))
                .isInstanceOf(UserErrorException.class)
                .hasMessage("fib, 3 rounds: qemu-user prints '0bad', not 'fib'");
        assertThat(meter.asked).isEmpty();
    }
}
