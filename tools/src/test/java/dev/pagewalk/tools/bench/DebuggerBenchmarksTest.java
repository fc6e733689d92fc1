package dev.pagewalk.tools.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.run.UserErrorException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That the debugger's benchmarks measure what they say, however long that takes. */
class DebuggerBenchmarksTest {
    @ParameterizedTest
    @ValueSource(strings = {"none", "idle", "breakpointInHotPage", "breakpointElsewhere"})
    void theSieveSievesInTheSameCycles(String debugger) throws UserErrorException {
        DebuggerBenchmark benchmark = new DebuggerBenchmark();
        benchmark.debugger = debugger;
        benchmark.boot();
        DebuggerBenchmark alone = new DebuggerBenchmark();
        alone.debugger = "none";
        alone.boot();

        assertThat(benchmark.millionInstructions()).isEqualTo(alone.millionInstructions());
    }

    @Test
    void aStepBackIsAnInstruction() throws UserErrorException {
        DebuggedSieve sieve = new DebuggedSieve(true);
        sieve.run(1_000_000);
        long cycle = sieve.run(1);
        long before = sieve.reverseStep();

        assertThat(before).isLessThan(cycle);
        assertThat(sieve.reverseStep()).isLessThan(before);
    }
}
