package dev.pagewalk.tools.runner.launch;

import dev.pagewalk.tools.runner.TestCase;
import dev.pagewalk.tools.runner.engine.PagewalkTestEngine;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.launcher.PostDiscoveryFilter;

/** Takes out of the plan what the user did not choose. The launcher asks about each test once, in the order of the plan. */
final class SelectionFilter implements PostDiscoveryFilter {
    private final SuiteSelection selection;
    private int matched;

    SelectionFilter(SuiteSelection selection) {
        this.selection = selection;
    }

    @Override
    public FilterResult apply(TestDescriptor descriptor) {
        TestCase test = PagewalkTestEngine.testOf(descriptor);
        if (test == null) {
            return FilterResult.included("no test");
        }
        boolean chosen = selection.matches(test) && selection.isInShard(matched++);
        return FilterResult.includedIf(chosen);
    }
}
