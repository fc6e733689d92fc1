package dev.pagewalk.tools.runner.engine;

import dev.pagewalk.tools.runner.TestCase;
import dev.pagewalk.tools.runner.TestExecution;
import dev.pagewalk.tools.runner.TestOptions;
import dev.pagewalk.tools.runner.TestOutcome;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.platform.engine.EngineExecutionListener;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.hierarchical.EngineExecutionContext;

/** One run of the engine: what its tests share. Any thread. */
final class RunContext implements EngineExecutionContext {
    private final RunParameters parameters;
    private final EngineExecutionListener listener;
    private final RunMonitor monitor;
    private final Map<UniqueId, Integer> places = new HashMap<>();
    /** Held to write by a test that has to run alone. */
    private final ReadWriteLock memory = new ReentrantReadWriteLock();

    private final AtomicInteger firstFailure = new AtomicInteger(Integer.MAX_VALUE);

    RunContext(RunParameters parameters, EngineExecutionListener listener, RunMonitor monitor, TestDescriptor root) {
        this.parameters = parameters;
        this.listener = listener;
        this.monitor = monitor;
        Map<UniqueId, TestCase> tests = new LinkedHashMap<>();
        root.accept(descriptor -> {
            if (descriptor instanceof TestNode node) {
                places.put(node.getUniqueId(), places.size());
                tests.put(node.getUniqueId(), node.test());
            }
        });
        monitor.planned(tests);
    }

    /**
     * Runs a test beside others, and where the host's memory does not suffice for all of them, once more alone: how a test
     * ends is not to depend on its neighbours.
     */
    TestOutcome run(TestCase test) {
        memory.readLock().lock();
        try {
            return TestExecution.execute(test, options());
        } catch (OutOfMemoryError e) {
            // Its machine is garbage by now.
        } finally {
            memory.readLock().unlock();
        }
        memory.writeLock().lock();
        try {
            return TestExecution.execute(test, options());
        } catch (OutOfMemoryError e) {
            return TestOutcome.notRun(
                    test, "the host has not enough memory for this guest; give the JVM more, or the guest less ram");
        } finally {
            memory.writeLock().unlock();
        }
    }

    TestOptions options() {
        return parameters.tests();
    }

    EngineExecutionListener listener() {
        return listener;
    }

    RunMonitor monitor() {
        return monitor;
    }

    void failed(TestDescriptor test) {
        firstFailure.accumulateAndGet(places.get(test.getUniqueId()), Math::min);
    }

    /**
     * Whether the run is not to come so far: the test stands after one that has failed. So what is left out does not depend on
     * which test ends first.
     */
    boolean leavesOut(TestDescriptor test) {
        return parameters.failsFast() && places.get(test.getUniqueId()) > firstFailure.get();
    }
}
