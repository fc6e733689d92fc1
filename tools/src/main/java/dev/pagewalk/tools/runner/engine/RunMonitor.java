package dev.pagewalk.tools.runner.engine;

import dev.pagewalk.tools.runner.TestCase;
import dev.pagewalk.tools.runner.report.TestRecord;
import java.util.Map;
import org.junit.platform.engine.UniqueId;

/** Is told of each test of a run, by whatever thread runs it. */
public interface RunMonitor {
    /** For runs whose results only JUnit's listeners want. */
    RunMonitor NONE = new RunMonitor() {
        @Override
        public void planned(Map<UniqueId, TestCase> tests) {}

        @Override
        public void started(UniqueId id) {}

        @Override
        public void finished(UniqueId id, TestRecord result) {}
    };

    /** All tests of the run, in their order, before the first begins. */
    void planned(Map<UniqueId, TestCase> tests);

    /** Not of tests that are skipped. */
    void started(UniqueId id);

    /** A test has ended, or was skipped. */
    void finished(UniqueId id, TestRecord result);
}
