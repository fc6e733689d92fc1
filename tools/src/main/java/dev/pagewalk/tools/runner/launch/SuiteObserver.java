package dev.pagewalk.tools.runner.launch;

import dev.pagewalk.tools.runner.report.TestRecord;

/** Is told how a run goes, as it goes; one call at a time. */
public interface SuiteObserver {
    /** @param tests how many there will be */
    void planned(int tests);

    /** Not of tests that are skipped. */
    void started();

    /** As the tests end, which is in no certain order where several run at a time. */
    void finished(TestRecord test);
}
