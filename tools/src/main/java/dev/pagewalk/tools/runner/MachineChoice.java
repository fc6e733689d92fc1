package dev.pagewalk.tools.runner;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.Map;

/** Decides which machine a test runs on. */
public interface MachineChoice {
    /**
     * @param image for messages
     * @param options of boot, without their hyphens, as the expectation file gives them
     * @throws UserErrorException where there is no such option or value
     */
    Chosen choose(String image, Map<String, String> options) throws UserErrorException;

    /**
     * A machine, its kernel, and when to give up on its guest.
     *
     * @param maxCycles at least 1
     * @param isOwn whether it is the machine that the test asks for: only there do its golden counters hold
     */
    record Chosen(MachineConfig config, KernelConfig kernel, long maxCycles, boolean isOwn) {}
}
