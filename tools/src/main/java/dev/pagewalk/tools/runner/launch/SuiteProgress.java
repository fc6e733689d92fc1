package dev.pagewalk.tools.runner.launch;

import dev.pagewalk.tools.runner.TestCase;
import dev.pagewalk.tools.runner.engine.RunMonitor;
import dev.pagewalk.tools.runner.report.TestRecord;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.platform.engine.UniqueId;

/**
 * Brings the results of a run into the order of its plan, and shows each as soon as all before it are there. So what is
 * shown does not depend on how many tests run at a time. Any thread.
 */
final class SuiteProgress implements RunMonitor {
    private final ResultTree tree;
    private final List<SuiteObserver> observers;
    private final boolean failsFast;

    /** The tests whose turn has not been, in their order. */
    private final Map<UniqueId, TestCase> waiting = new LinkedHashMap<>();

    /** Those of them that have ended before their turn. */
    private final Map<UniqueId, TestRecord> early = new HashMap<>();

    private final List<TestRecord> results = new ArrayList<>();
    private boolean hasFailed;

    SuiteProgress(ResultTree tree, List<SuiteObserver> observers, boolean failsFast) {
        this.tree = tree;
        this.observers = List.copyOf(observers);
        this.failsFast = failsFast;
    }

    @Override
    public synchronized void planned(Map<UniqueId, TestCase> tests) {
        waiting.putAll(tests);
        observers.forEach(observer -> observer.planned(tests.size()));
    }

    @Override
    public synchronized void started(UniqueId id) {
        observers.forEach(SuiteObserver::started);
    }

    @Override
    public synchronized void finished(UniqueId id, TestRecord result) {
        early.put(id, result);
        while (!waiting.isEmpty()) {
            UniqueId next = waiting.keySet().iterator().next();
            TestRecord ended = early.remove(next);
            if (ended == null) {
                break;
            }
            TestCase test = waiting.remove(next);
            results.add(counted(test, ended));
            tree.add(test, results.get(results.size() - 1));
        }
        observers.forEach(observer -> observer.finished(result));
    }

    /** Where tests run side by side, some may have begun behind the first failure; then nobody is to see that. */
    private TestRecord counted(TestCase test, TestRecord ended) {
        TestRecord counted = failsFast && hasFailed ? test.leftOut() : ended;
        hasFailed |= counted.status() == TestRecord.Status.FAILED;
        return counted;
    }

    /** All tests of the plan; where the run is not over, those that have not ended have failed. */
    synchronized List<TestRecord> results() {
        List<TestRecord> all = new ArrayList<>(results);
        waiting.forEach((id, test) -> all.add(early.getOrDefault(id, test.interrupted())));
        return all;
    }
}
