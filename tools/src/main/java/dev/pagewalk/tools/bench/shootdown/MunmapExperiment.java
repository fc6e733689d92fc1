package dev.pagewalk.tools.bench.shootdown;

import dev.pagewalk.tools.run.UserErrorException;

/** Finds out what munmap costs; {@link MunmapMachine} by running it. */
@FunctionalInterface
public interface MunmapExperiment {
    /** @throws UserErrorException where there is no such machine, or its guest fails */
    MunmapCost measure(MunmapPoint point) throws UserErrorException;
}
