package dev.pagewalk.tools.runner.engine;

import dev.pagewalk.tools.runner.TestCase;
import org.junit.platform.engine.ConfigurationParameters;
import org.junit.platform.engine.EngineDiscoveryRequest;
import org.junit.platform.engine.ExecutionRequest;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.UniqueId;
import org.junit.platform.engine.support.config.PrefixedConfigurationParameters;
import org.junit.platform.engine.support.discovery.EngineDiscoveryRequestResolver;
import org.junit.platform.engine.support.hierarchical.ForkJoinPoolHierarchicalTestExecutorService;
import org.junit.platform.engine.support.hierarchical.HierarchicalTestEngine;
import org.junit.platform.engine.support.hierarchical.HierarchicalTestExecutorService;

/**
 * The JUnit Platform's engine for guest images, called {@value #ID}. It runs what directory, file, class-path resource, URI
 * ({@code pagewalk:catalog}, {@code pagewalk:conformance}) and unique-id selectors choose; {@link RunParameters} lists its configuration parameters.
 */
public final class PagewalkTestEngine extends HierarchicalTestEngine<RunContext> {
    public static final String ID = "pagewalk";

    /** Before JUnit's own names: {@code enabled}, {@code config.strategy}, {@code config.fixed.parallelism} and so on. */
    public static final String PARALLEL_PREFIX = "pagewalk.execution.parallel.";

    private final RunMonitor monitor;

    /** As a service, which nobody but JUnit's listeners hears. */
    public PagewalkTestEngine() {
        this(RunMonitor.NONE);
    }

    /** @param monitor is told all that there is to know of each test, which is more than JUnit's listeners are */
    public PagewalkTestEngine(RunMonitor monitor) {
        this.monitor = monitor;
    }

    /** The test behind a node of this engine's tree; null where the node is none. */
    public static TestCase testOf(TestDescriptor descriptor) {
        return descriptor instanceof TestNode node ? node.test() : null;
    }

    @Override
    public String getId() {
        return ID;
    }

    @Override
    public TestDescriptor discover(EngineDiscoveryRequest request, UniqueId uniqueId) {
        EngineNode root = new EngineNode(uniqueId);
        EngineDiscoveryRequestResolver.<EngineNode>builder()
                .addSelectorResolver(new ImageResolver())
                .build()
                .resolve(request, root);
        return root;
    }

    @Override
    protected RunContext createExecutionContext(ExecutionRequest request) {
        return new RunContext(
                RunParameters.read(request.getConfigurationParameters()),
                request.getEngineExecutionListener(),
                monitor,
                request.getRootTestDescriptor());
    }

    @Override
    protected HierarchicalTestExecutorService createExecutorService(ExecutionRequest request) {
        ConfigurationParameters parallel =
                new PrefixedConfigurationParameters(request.getConfigurationParameters(), PARALLEL_PREFIX);
        return parallel.getBoolean("enabled").orElse(false)
                ? new ForkJoinPoolHierarchicalTestExecutorService(
                        new PrefixedConfigurationParameters(parallel, "config."))
                : super.createExecutorService(request);
    }
}
