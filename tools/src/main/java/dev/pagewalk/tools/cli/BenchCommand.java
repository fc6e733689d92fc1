package dev.pagewalk.tools.cli;

import dev.pagewalk.tools.bench.InterpreterBenchmark;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "bench",
        mixinStandardHelpOptions = true,
        description = "Measures the emulator's own speed with JMH; 'bench engines' compares it with QEMU's, and"
                + " 'bench shootdown' measures a guest's.",
        subcommands = {BenchEnginesCommand.class, BenchShootdownCommand.class, BenchEngineTrialCommand.class},
        footer = {
            "",
            "Score: for the engines, with one core and with many, millions of guest instructions per host",
            "second; for the kernel's memory subsystem page faults per second (ops/s), and the time of a fork",
            "(us/op), of an mmap with its munmap and of a brk (ns/op). gc.alloc.rate.norm: bytes allocated per",
            "operation.",
            "",
            "Examples:",
            "  pagewalk bench Interpreter --profile u74",
            "  pagewalk bench 'Fault|Fork|Mapping|Break'",
            "  pagewalk bench engines --help",
            "  pagewalk bench shootdown --help"
        })
final class BenchCommand implements Callable<Integer> {
    @Parameters(
            arity = "0..1",
            paramLabel = "PATTERN",
            description = "which benchmarks, a regular expression (default: all)")
    String pattern = InterpreterBenchmark.class.getPackageName();

    @Option(
            names = "--profile",
            paramLabel = "NAME",
            description = "one timing profile for the interpreter (default: two)")
    String profile;

    @Override
    public Integer call() throws UserErrorException {
        ChainedOptionsBuilder options = new OptionsBuilder().include(pattern).addProfiler(GCProfiler.class);
        if (profile != null) {
            options = options.param("profile", profile);
        }
        try {
            new Runner(options.build()).run();
        } catch (NoBenchmarksException e) {
            throw new UserErrorException(ExitStatus.USAGE, "no benchmark matches '" + pattern + "'");
        } catch (RunnerException e) {
            throw new UserErrorException(ExitStatus.USAGE, e.getMessage());
        }
        return 0;
    }
}
