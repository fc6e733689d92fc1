package dev.pagewalk.tools.machine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.shootdown.policy.ShootdownPolicies;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** What a machine's options come to. */
class MachineOptionsTest {
    private static MachineOptions options(String... arguments) {
        MachineOptions options = new MachineOptions();
        new CommandLine(options).parseArgs(arguments);
        return options;
    }

    @Test
    void withoutOptionsTheProfileDecidesAndNothingVaries() throws UserErrorException {
        MachineConfig machine = options("--profile=skylake").config();
        KernelConfig kernel = options().kernelConfig();

        assertThat(machine.quantumCycles()).isEqualTo(2000);
        assertThat(machine.seed()).isEmpty();
        assertThat(kernel.shootdownPolicy()).isEqualTo("targeted");
        assertThat(kernel.asidBits()).isEqualTo(16);
    }

    @Test
    void quantumAndSeedAreTheMachines() throws UserErrorException {
        MachineConfig machine =
                options("--quantum=77", "--seed=-9223372036854775808").config();

        assertThat(machine.quantumCycles()).isEqualTo(77);
        assertThat(machine.seed()).hasValue(Long.MIN_VALUE);
    }

    @Test
    void policyAndAsidBitsAreTheKernels() {
        for (String policy : ShootdownPolicies.names()) {
            assertThat(options("--shootdown", policy).kernelConfig().shootdownPolicy())
                    .isEqualTo(policy);
        }
        assertThat(options("--asid-bits", "4").kernelConfig().asidBits()).isEqualTo(4);
    }

    @Test
    void theEngineIsNothingOnWhichItDependsHowAGuestGoes() throws UserErrorException {
        assertThat(options().engineOptions()).isEqualTo(EngineOptions.of(EngineKind.AUTO));
        for (EngineKind kind : EngineKind.values()) {
            MachineOptions options = options("--engine", kind.name().toLowerCase(Locale.ROOT));

            assertThat(options.engineOptions()).isEqualTo(EngineOptions.of(kind));
            assertThat(options.resolved()).isEqualTo(options().resolved());
        }
    }
}
