package dev.pagewalk.tools.bench;

import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.MachineAssembly;
import java.util.List;
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
 * Guest instructions per host second: the catalog's sieve with the TLB model on. One operation is 10^6 instructions, so
 * the score in operations per second is millions of instructions per second (MIPS).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 3, time = 3)
@Fork(3)
public class InterpreterBenchmark {
    private static final long INSTRUCTIONS_PER_OPERATION = 1_000_000;
    private static final long RAM_BYTES = 64 << 20;

    /** FIFO and LRU first-level TLBs: the second one must stamp its hits. */
    @Param({"u74", "skylake"})
    public String profile;

    private Machine machine;

    /** A sieve that repeats more often than any benchmark lasts. */
    @Setup(Level.Iteration)
    public void boot() throws ProgramException {
        MachineConfig config = new MachineConfig(1, RAM_BYTES, PagingMode.SV48, TimingProfiles.find(profile));
        MachineAssembly assembly = new MachineAssembly(
                config, KernelConfig.quiet(), new BytesConsoleInput(new byte[0]), new CapturedConsoleOutput(1 << 10));
        assembly.kernel()
                .boot(
                        ImageCatalog.image("sieve").orElseThrow(),
                        ProgramArguments.of(List.of("sieve", "1000000000"), List.of()));
        machine = assembly.machine();
    }

    @Benchmark
    public long millionInstructions() {
        long target = machine.harts().get(0).retired + INSTRUCTIONS_PER_OPERATION;
        while (machine.harts().get(0).retired < target) {
            long missing = target - machine.harts().get(0).retired;
            machine.run(Long.MAX_VALUE, machine.harts().get(0).cycle + missing);
        }
        return machine.harts().get(0).cycle;
    }
}
