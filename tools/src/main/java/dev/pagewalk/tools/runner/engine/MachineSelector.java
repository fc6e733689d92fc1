package dev.pagewalk.tools.runner.engine;

import org.junit.platform.engine.DiscoverySelector;

/**
 * Selects an image on one machine of its matrix.
 *
 * @param label of the machine
 */
record MachineSelector(ImageSelector image, String label) implements DiscoverySelector {
    static final String SEGMENT = "machine";
}
