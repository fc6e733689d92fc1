package dev.pagewalk.tools.runner.launch;

import dev.pagewalk.tools.runner.engine.RunParameters;
import java.util.List;

/**
 * What {@code pagewalk test} is to do.
 *
 * @param paths folders, files, and names of suites that are built in
 * @param parameters of the engine
 * @param jobs how many tests run at a time, 1 at least
 */
public record SuiteOptions(List<String> paths, SuiteSelection selection, RunParameters parameters, int jobs) {
    public SuiteOptions {
        paths = List.copyOf(paths);
    }
}
