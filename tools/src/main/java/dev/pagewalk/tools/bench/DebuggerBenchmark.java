package dev.pagewalk.tools.bench;

import dev.pagewalk.tools.debug.target.DebugPoint;
import dev.pagewalk.tools.debug.target.PointKind;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a debugger that is attached and does nothing costs the guest: the catalog's sieve as in {@link InterpreterBenchmark}, so that
 * the score is in millions of instructions per second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
@Fork(3)
public class DebuggerBenchmark {
    private static final long INSTRUCTIONS_PER_OPERATION = 1_000_000;

    /** Where the sieve has been before, in the page of its loops; and where it never is. */
    private static final long HOT_PAGE = 0x10000;

    private static final long OTHER_PAGE = 0x20000;

    /** None, one that is attached, and one with a breakpoint that is not hit. */
    @Param({"none", "idle", "breakpointInHotPage", "breakpointElsewhere"})
    public String debugger;

    private DebuggedSieve sieve;

    @Setup(Level.Iteration)
    public void boot() throws UserErrorException {
        sieve = new DebuggedSieve(!debugger.equals("none"));
        sieve.run(INSTRUCTIONS_PER_OPERATION);
        switch (debugger) {
            case "breakpointInHotPage" -> sieve.insert(new DebugPoint(PointKind.HARDWARE_BREAKPOINT, HOT_PAGE, 4));
            case "breakpointElsewhere" -> sieve.insert(new DebugPoint(PointKind.HARDWARE_BREAKPOINT, OTHER_PAGE, 4));
            default -> {
                // Nothing more.
            }
        }
    }

    @Benchmark
    public long millionInstructions() {
        return sieve.run(INSTRUCTIONS_PER_OPERATION);
    }
}
