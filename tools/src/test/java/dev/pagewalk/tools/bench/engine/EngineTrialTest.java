package dev.pagewalk.tools.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.tools.run.UserErrorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That what is measured is what is said, however fast it goes. */
class EngineTrialTest {
    private static final double SECONDS = 0.1;

    @Test
    void theTranslatorTellsWhatItHasTranslated() throws UserErrorException {
        SpeedSample sample = EngineTrial.ofKernel(EngineKernel.FIB, Peer.TRANSLATOR, "u74", SECONDS, 0);

        assertThat(sample.mips()).isPositive();
        assertThat(sample.wallMips()).isPositive();
        assertThat(sample.secondsToHalfSpeed()).isPositive();
        assertThat(sample.regions().live()).isPositive();
        assertThat(sample.regions().guestInstructions()).isPositive();
        assertThat(sample.regions().entered()).isPositive();
        assertThat(sample.regions().translatedShare()).isBetween(0.5, 1.0);
        assertThat(sample.regions().exits()).containsKey("deadline");
        assertThat(sample.memory().heapBytes()).isPositive();
        assertThat(sample.memory().metaspaceBytes()).isPositive();
    }

    @Test
    void theInterpreterAndTheHostTranslateNothing() throws UserErrorException {
        SpeedSample interpreted = EngineTrial.ofKernel(EngineKernel.FIB, Peer.INTERPRETER, "u74", SECONDS, 0);
        SpeedSample host = EngineTrial.ofKernel(EngineKernel.CHASE, Peer.HOST, "u74", SECONDS, 0);

        assertThat(interpreted.mips()).isPositive();
        assertThat(interpreted.regions()).isNull();
        assertThat(host.mips()).isPositive();
        assertThat(host.regions()).isNull();
    }

    @Test
    void busyHartsAreMeasuredTogether() {
        SpeedSample sample = EngineTrial.ofHarts(16, Peer.TRANSLATOR, "u74", SECONDS);

        assertThat(sample.mips()).isPositive();
        assertThat(sample.regions().translatedShare()).isBetween(0.5, 1.0);
    }

    @ParameterizedTest
    @EnumSource
    void anOperationOfTheBenchmarkIsAMillionInstructions(EngineKernel kernel) throws UserErrorException {
        EngineBenchmark benchmark = new EngineBenchmark();
        benchmark.kernel = kernel;
        benchmark.engine = EngineKind.INTERPRETER;
        benchmark.profile = "u74";
        benchmark.boot();

        for (int operation = 1; operation <= 2; operation++) {
            assertThat(benchmark.millionInstructions())
                    .isBetween(
                            operation * EngineBenchmark.INSTRUCTIONS_PER_OPERATION,
                            operation * EngineBenchmark.INSTRUCTIONS_PER_OPERATION + 100);
        }
    }
}
