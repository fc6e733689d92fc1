package dev.pagewalk.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pagewalk.tools.bench.engine.EngineKernel;
import dev.pagewalk.tools.bench.engine.Peer;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.testing.CommandResult;
import dev.pagewalk.tools.testing.ExternalTool;
import dev.pagewalk.tools.testing.InProcess;
import dev.pagewalk.tools.testing.PagewalkProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BenchEnginesTest {
    @TempDir
    Path folder;

    @Test
    void ourEnginesAreMeasuredInProcessesOfTheirOwn() throws IOException {
        Path json = folder.resolve("figures.json");

        CommandResult result = PagewalkProcess.run(
                "bench",
                "engines",
                "--kernels=fib,fib",
                "--peers=translator,interpreter",
                "--seconds=0.2",
                "--repeats=1",
                "--harts=2",
                "--json=" + json);

        assertThat(result.status()).as(result.error()).isZero();
        assertThat(result.output())
                .startsWith("Millions of guest instructions a second, profile u74, ")
                .containsSubsequence("fib", "geometric mean", "Seconds from the guest's start", "What translator has")
                .containsSubsequence("Memory, in MiB", "Busy harts", "2 harts");
        assertThat(result.errorLines())
                .contains("pagewalk: 0 of 6: fib, translator", "pagewalk: 1 of 6: fib, interpreter");
        JsonNode file = new ObjectMapper().readTree(Files.readString(json));
        assertThat(file.at("/kernels/0/peers/translator/mips").doubleValue()).isPositive();
        assertThat(file.at("/kernels/0/ratios/interpreter").doubleValue()).isPositive();
        assertThat(file.at("/busy_harts/interpreter/ratio").doubleValue()).isPositive();
    }

    @Test
    void qemuIsMeasuredByManyRoundsAndFew() {
        ExternalTool.require("qemu-riscv64");
        ExternalTool.require("qemu-system-riscv64");

        CommandResult result = PagewalkProcess.run(
                "bench", "engines", "--kernels=fib", "--peers=qemu-system,qemu-user", "--seconds=0.2", "--repeats=1");

        assertThat(result.status()).as(result.error()).isZero();
        assertThat(result.output()).containsPattern("kernel +qemu-system +qemu-user\nfib +[0-9,]+ +[0-9,]+\n");
    }

    @Test
    void whatIsNotInstalledIsLeftOutAndSaidSo() {
        CommandResult result = PagewalkProcess.run(
                Map.of("PATH", folder.toString()),
                "bench",
                "engines",
                "--kernels=fib",
                "--peers=interpreter,qemu-system,qemu-user",
                "--seconds=0.1",
                "--repeats=1");

        assertThat(result.status()).as(result.error()).isZero();
        assertThat(result.errorLines())
                .contains(
                        "pagewalk: qemu-system is left out: qemu-system-riscv64 is not installed",
                        "pagewalk: qemu-user is left out: qemu-riscv64 is not installed");
        assertThat(result.output()).contains("interpreter").doesNotContain("qemu");
    }

    @Test
    void withNothingLeftThereIsNothingToMeasure() {
        CommandResult result =
                PagewalkProcess.run(Map.of("PATH", folder.toString()), "bench", "engines", "--peers=qemu-user");

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.errorLines())
                .containsExactly(
                        "pagewalk: qemu-user is left out: qemu-riscv64 is not installed",
                        "pagewalk: there is nothing to measure");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--kernels=nosuch | no kernel 'nosuch'; there are sieve, matmul, ",
                "--kernels= | no kernel ''",
                "--peers=host | no peer 'host'; there are translator, auto, interpreter, qemu-system, qemu-user",
                "--profile=nosuch | nosuch",
                "--seconds=0 | --seconds takes 0.1 to 600, not 0.0",
                "--seconds=601 | --seconds takes 0.1 to 600, not 601.0",
                "--seconds=NaN | --seconds takes 0.1 to 600, not NaN",
                "--seconds=x | '--seconds'",
                "--repeats=0 | --repeats takes 1 to 99, not 0",
                "--harts=1 | --harts takes 2 to 64, not 1",
                "--harts=65 | --harts takes 2 to 64, not 65",
                "--json=/nosuch/file | cannot write figures to /nosuch/file",
                "more | more",
            })
    void wrongUsageIsOneLineBeforeAnythingRuns(String option, String reason) {
        CommandResult result = InProcess.pagewalk("bench", "engines", "--peers=interpreter", option);

        assertThat(result.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(result.errorLines()).hasSize(1);
        assertThat(result.error()).contains(reason);
        assertThat(result.output()).isEmpty();
    }

    @Test
    void helpNamesTheOptionsTheKernelsAndThePeers() {
        CommandResult help = InProcess.pagewalk("bench", "engines", "--help");

        assertThat(help.status()).isZero();
        assertThat(help.output())
                .contains("--kernels", "--peers", "--seconds", "--repeats", "--profile", "--harts", "--json")
                .contains(EngineKernel.titles())
                .contains(Peer.choices().stream().map(Peer::title).toList());
        assertThat(help.output().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(100));
        assertThat(InProcess.pagewalk("bench", "--help").output())
                .contains("engines")
                .doesNotContain("engine-trial");
    }
}
