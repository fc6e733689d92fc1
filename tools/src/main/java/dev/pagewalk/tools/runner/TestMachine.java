package dev.pagewalk.tools.runner;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.tools.machine.MachineOptions;
import dev.pagewalk.tools.run.GuestsUnderTest;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A machine, its kernel, and when to give up on its guest.
 *
 * @param options of {@code boot} that describe it, without their hyphens
 * @param maxCycles at least 1
 * @param isOwn whether it is the machine that the test asks for: only there do its golden counters hold
 */
record TestMachine(
        Map<String, String> options,
        MachineConfig config,
        EngineOptions engine,
        KernelConfig kernel,
        long maxCycles,
        boolean isOwn) {
    private static final String SANITIZE = "sanitize";
    private static final String MAX_CYCLES = "max-cycles";

    /**
     * Decides which machine a test runs on.
     *
     * @param image for messages
     * @param wanted the options that its expectation has
     * @param given the options that win over those
     * @throws UserErrorException USAGE where there is no such option or value
     */
    static TestMachine choose(String image, Map<String, String> wanted, Map<String, String> given)
            throws UserErrorException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put(SANITIZE, "true");
        all.put(MAX_CYCLES, Long.toString(GuestsUnderTest.MOST_CYCLES));
        all.putAll(wanted);
        try {
            // Neither the sanitizer nor a limit nor the engine is among them: they do not change what a guest costs.
            ObjectNode own = MachineOptions.of(all).resolved();
            all.putAll(given);
            MachineOptions machine = MachineOptions.of(all);
            boolean isOwn = machine.resolved().equals(own);
            return new TestMachine(
                    all,
                    machine.config(),
                    machine.engineOptions(),
                    machine.kernelConfig(),
                    machine.maxCycles().orElseThrow(),
                    isOwn);
        } catch (UserErrorException e) {
            throw new UserErrorException(e.status(), image + ": machine: " + e.getMessage());
        }
    }
}
