package dev.pagewalk.tools.bench.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.testing.ExternalTool;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class EngineKernelTest {
    private static final int ROUNDS = 2;

    private static String printed(EngineKernel kernel, int rounds) {
        return String.format("%016x\n", ExpectedChecksums.of(kernel, rounds));
    }

    private static String onPagewalk(EngineKernel kernel, long rounds, EngineKind engine) throws UserErrorException {
        KernelMachine machine = new KernelMachine(kernel, rounds, engine, "u74");
        machine.runToEnd();
        return machine.output();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FORK_STORM")
    void aKernelComputesWhatItsSourceSaysOnEveryEngine(EngineKernel kernel) throws UserErrorException {
        for (EngineKind engine : EngineKind.values()) {
            assertThat(onPagewalk(kernel, ROUNDS, engine)).as(engine.name()).isEqualTo(printed(kernel, ROUNDS));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "FORK_STORM")
    void withoutRoundsItComputesNothing(EngineKernel kernel) throws UserErrorException {
        assertThat(onPagewalk(kernel, 0, EngineKind.AUTO)).isEqualTo("0000000000000000\n");
    }

    @Test
    void theForkStormIsTheCatalogs() throws UserErrorException {
        for (EngineKind engine : EngineKind.values()) {
            assertThat(onPagewalk(EngineKernel.FORK_STORM, ROUNDS, engine)).startsWith("2 waves of 8 children: ");
        }
    }

    static Stream<Arguments> underQemu() {
        return EngineKernel.computing().stream()
                .flatMap(kernel -> Stream.of(Peer.QEMU_SYSTEM, Peer.QEMU_USER).map(peer -> Arguments.of(kernel, peer)));
    }

    @ParameterizedTest
    @MethodSource("underQemu")
    void qemuComputesTheSame(EngineKernel kernel, Peer peer) throws UserErrorException {
        ExternalTool.require(peer == Peer.QEMU_USER ? "qemu-riscv64" : "qemu-system-riscv64");
        if (peer == Peer.QEMU_SYSTEM) {
            ExternalTool.require("riscv64-linux-gnu-gcc");
        }
        try (QemuPrograms programs = new QemuPrograms()) {
            String output =
                    HostProgram.run(programs.command(kernel, peer, ROUNDS)).output();
            assertThat(output + "\n").isEqualTo(printed(kernel, ROUNDS));
        }
    }

    @Test
    void allHaveATitleAndSayWhatTheyDo() {
        assertThat(EngineKernel.titles())
                .startsWith("sieve", "matmul")
                .endsWith("fault-storm", "fork-storm")
                .allSatisfy(title -> assertThat(
                                EngineKernel.find(title).orElseThrow().title())
                        .isEqualTo(title));
        assertThat(EngineKernel.values())
                .extracting(EngineKernel::summary)
                .allSatisfy(summary -> assertThat(summary).endsWith("."));
        assertThat(EngineKernel.find("nosuch")).isEmpty();
    }

    @Test
    void aRoundOfTheChaseIsFourInstructionsAStep() throws UserErrorException {
        RoundCount count = RoundCount.of(EngineKernel.CHASE, "ideal");

        assertThat(count.instructionsPerRound()).isCloseTo(100_000 * HostChase.INSTRUCTIONS_PER_STEP, within(10.0));
        assertThat(count.setupInstructions()).isBetween(16_000_000L, 20_000_000L);
        assertThat(count.output()).isEqualTo(printed(EngineKernel.CHASE, (int) count.checkedRounds()));
    }

    @Test
    void theHostChasesInTheGuestsOrder() {
        HostChase chase = new HostChase();
        chase.advance(60_000);
        chase.advance(40_000);

        assertThat(chase.checksum()).isEqualTo(ExpectedChecksums.of(EngineKernel.CHASE, 1));
        assertThat(chase.instructions()).isEqualTo(400_000);
    }
}
