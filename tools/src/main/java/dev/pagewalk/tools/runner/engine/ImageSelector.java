package dev.pagewalk.tools.runner.engine;

import org.junit.platform.engine.DiscoverySelector;

/**
 * Selects one image, on all of its machines.
 *
 * @param name without its ending
 */
record ImageSelector(FolderSelector folder, String name) implements DiscoverySelector {
    static final String SEGMENT = "image";
}
