package dev.pagewalk.tools.runner.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClasspathResource;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectDirectory;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectFile;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUniqueId;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectUri;

import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.conformance.ConformanceSuite;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.DiscoverySelector;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestEngine;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.engine.support.descriptor.ClasspathResourceSource;
import org.junit.platform.engine.support.descriptor.FileSource;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.testkit.engine.EngineExecutionResults;
import org.junit.platform.testkit.engine.EngineTestKit;
import org.junit.platform.testkit.engine.Event;
import org.opentest4j.AssertionFailedError;

/** What JUnit's tools see of guest images. */
class PagewalkTestEngineTest {
    private static final String PASSING = "expect: {exit: 0, console: \"hello, world\\n\"}\n";
    private static final String FAILING = "expect: {exit: 0, console: \"good bye\\n\"}\n";

    @TempDir
    Path folder;

    @BeforeEach
    void writeImages() throws IOException {
        add("hello", "tags: [quick]\n" + PASSING);
        add("inner/failing", FAILING);
        add("inner/many", "tags: [slow]\nmatrix: {harts: [1, 2], fork: [cow, eager]}\n" + PASSING);
    }

    @Test
    void theEngineIsAService() {
        assertThat(ServiceLoader.load(TestEngine.class))
                .extracting(TestEngine::getId)
                .contains(PagewalkTestEngine.ID);
    }

    @Test
    void aDirectoryIsAContainerForEachOfItsFoldersAndATestForEachImageAndMachine() {
        List<String> ids = ids(selectDirectory(folder.toString()));

        String top = "[engine:pagewalk]/[folder:" + encoded(folder) + "]";
        String inner = "[engine:pagewalk]/[folder:" + encoded(folder.resolve("inner")) + "]";
        assertThat(ids)
                .containsExactly(
                        "[engine:pagewalk]",
                        top,
                        top + "/[image:hello]",
                        inner,
                        inner + "/[image:failing]",
                        inner + "/[image:many]",
                        inner + "/[image:many]/[machine:harts=1,fork=cow]",
                        inner + "/[image:many]/[machine:harts=1,fork=eager]",
                        inner + "/[image:many]/[machine:harts=2,fork=cow]",
                        inner + "/[image:many]/[machine:harts=2,fork=eager]");
    }

    @Test
    void everyNodeIsFoundAgainByItsUniqueId() {
        for (String id : ids(selectDirectory(folder.toString()))) {
            if (!id.equals("[engine:pagewalk]")) {
                assertThat(ids(selectUniqueId(id))).as(id).contains(id);
            }
        }
        String many = "[engine:pagewalk]/[folder:" + encoded(folder.resolve("inner")) + "]/[image:many]";
        assertThat(ids(selectUniqueId(many + "/[machine:harts=2,fork=cow]"))).hasSize(4);
        assertThat(ids(selectUniqueId(many))).hasSize(7);
        assertThat(ids(selectUniqueId(many + "/[machine:harts=3]"))).containsExactly("[engine:pagewalk]");
    }

    @Test
    void anImageIsFoundByItsFileAndByThatOfItsExpectation() {
        for (String name : List.of("hello.s", "hello.yaml")) {
            assertThat(ids(selectFile(folder.resolve(name).toString())))
                    .hasSize(3)
                    .last()
                    .asString()
                    .endsWith("[image:hello]");
        }
        assertThat(ids(selectFile(folder.resolve("hello.txt").toString()))).containsExactly("[engine:pagewalk]");
    }

    @Test
    void imagesStandOnTheClassPathUnpackedOrInAJar() throws Exception {
        Path jar = folder.resolve("guests.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                ZipOutputStream zip = new ZipOutputStream(file)) {
            write(zip, "guests/", "");
            write(zip, "guests/defaults.yaml", "expect: {exit: 0}\n");
            write(zip, "guests/hello.s", source());
            write(zip, "guests/hello.yaml", "expect: {console: \"hello, world\\n\"}\n");
            write(zip, "guests/deeper/again.s", source());
            write(zip, "guests/deeper/again.yaml", FAILING);
        }
        ClassLoader before = Thread.currentThread().getContextClassLoader();
        for (Path root : List.of(jar, folder)) {
            try (URLClassLoader loader =
                    new URLClassLoader(new URL[] {root.toUri().toURL()}, before)) {
                Thread.currentThread().setContextClassLoader(loader);
                String resource = root == jar ? "guests" : "inner";
                EngineExecutionResults results = execute(Map.of(), selectClasspathResource(resource));
                results.testEvents()
                        .assertStatistics(
                                events -> events.succeeded(root == jar ? 1 : 4).failed(1));
                assertThat(throwable(results.testEvents().failed().list().get(0)))
                        .hasMessageContaining("last events")
                        .message()
                        .as("no command finds what stands on the class path")
                        .doesNotContain("pagewalk test", "pagewalk boot", "again");
                assertThat(results.testEvents().list())
                        .extracting(
                                event -> event.getTestDescriptor().getSource().orElseThrow())
                        .allSatisfy(source -> assertThat(source).isInstanceOf(ClasspathResourceSource.class));
            } finally {
                Thread.currentThread().setContextClassLoader(before);
            }
        }
    }

    @Test
    void whatComesWithPagewalkHasUris() {
        assertThat(ids(selectUri("pagewalk:catalog")))
                .hasSizeGreaterThan(2 + ImageCatalog.names().size())
                .contains("[engine:pagewalk]/[suite:catalog]/[image:fork-storm]/[machine:harts=1,fork=eager]");
        assertThat(ids(selectUri("pagewalk:conformance")))
                .hasSize(2 + ConformanceSuite.names().size());
        assertThat(ids(selectUri("pagewalk:nothing"))).containsExactly("[engine:pagewalk]");
        assertThat(ids(selectUri("http://catalog"))).containsExactly("[engine:pagewalk]");
        assertThat(ids(selectClasspathResource("dev/pagewalk/images/catalog/hello.s")))
                .hasSize(3);
    }

    @Test
    void aFailureHasBothTextsTheLastEventsAndNoStackTrace() {
        EngineExecutionResults results = execute(Map.of(), selectDirectory(folder.toString()));

        results.testEvents()
                .assertStatistics(events -> events.started(6).succeeded(5).failed(1));
        Event failed = results.testEvents().failed().list().get(0);
        AssertionFailedError error = (AssertionFailedError) throwable(failed);
        assertThat(error.getExpected().getStringRepresentation()).isEqualTo("good bye\n");
        assertThat(error.getActual().getStringRepresentation()).isEqualTo("hello, world\n");
        assertThat(error)
                .hasMessageContaining("console differs")
                .hasMessageContaining("hart 0   exit")
                .hasMessageContaining("pagewalk test " + folder.resolve("inner").resolve("failing.s"));
        assertThat(error.getStackTrace()).isEmpty();
        assertThat(failed.getTestDescriptor().getSource())
                .contains(FileSource.from(
                        folder.resolve("inner").resolve("failing.s").toFile()));
        assertThat(results.testEvents().reportingEntryPublished().list()).hasSize(6);
    }

    @Test
    void aFailuresMessageDoesNothingToATerminalAndItsTextsAreWhatTheyAre() throws IOException {
        add("inner/failing", "expect: {console: \"\\e[2J\\u202E\"}\n");

        Event failed = execute(
                        Map.of(),
                        selectFile(folder.resolve("inner").resolve("failing.s").toString()))
                .testEvents()
                .failed()
                .list()
                .get(0);

        AssertionFailedError error = (AssertionFailedError) throwable(failed);
        assertThat(error).hasMessageContaining("expected \"\\x1b[2J\\u202e\"");
        assertThat(error.getMessage()).doesNotContain("\u001b", "\u202e");
        assertThat(error.getExpected().getStringRepresentation()).isEqualTo("\u001b[2J\u202e");
    }

    @Test
    void parallelRunsHaveTheSameResults() {
        Map<String, String> parallel = Map.of(
                "pagewalk.execution.parallel.enabled", "true",
                "pagewalk.execution.parallel.config.strategy", "fixed",
                "pagewalk.execution.parallel.config.fixed.parallelism", "4");

        EngineExecutionResults alone = execute(Map.of(), selectDirectory(folder.toString()));
        EngineExecutionResults together = execute(parallel, selectDirectory(folder.toString()));

        assertThat(entries(together)).containsExactlyInAnyOrderElementsOf(entries(alone));
        together.testEvents().assertStatistics(events -> events.succeeded(5).failed(1));
    }

    @Test
    void tagsOfTheExpectationAreJUnits() {
        EngineExecutionResults results = EngineTestKit.engine(PagewalkTestEngine.ID)
                .selectors(selectDirectory(folder.toString()))
                .filters(TagFilter.includeTags("slow"))
                .execute();

        results.testEvents().assertStatistics(events -> events.succeeded(4).failed(0));
    }

    @Test
    void configurationParametersAreTheCommandLinesOptions() throws IOException {
        add("inner/failing", "expect: {counters: {frames.total: 1024}}\n");
        assertThat(execute(Map.of("pagewalk.machine.ram", "4M"), selectDirectory(folder.toString()))
                        .testEvents()
                        .failed()
                        .count())
                .isZero();
        assertThat(execute(Map.of(), selectDirectory(folder.toString()))
                        .testEvents()
                        .failed()
                        .count())
                .isOne();
        assertThat(execute(
                                Map.of("pagewalk.repeat", "3"),
                                selectFile(folder.resolve("hello.s").toString()))
                        .testEvents()
                        .succeeded()
                        .count())
                .isOne();

        execute(
                Map.of("pagewalk.golden.update", "true"),
                selectFile(folder.resolve("hello.s").toString()));
        assertThat(folder.resolve("hello.yaml")).content().contains("golden: {cycles: 19988, instructions: 7}");

        Event refused = execute(Map.of("pagewalk.repeat", "0"), selectDirectory(folder.toString()))
                .allEvents()
                .failed()
                .list()
                .get(0);
        assertThat(throwable(refused)).rootCause().hasMessageContaining("a test runs once at least, not 0 times");
    }

    @Test
    void afterAFailureNoTestIsBegunThatStandsBehindIt() {
        EngineExecutionResults results =
                execute(Map.of("pagewalk.fail-fast", "true"), selectDirectory(folder.toString()));

        results.testEvents()
                .assertStatistics(events -> events.succeeded(1).failed(1).skipped(4));
    }

    private List<String> ids(DiscoverySelector... selectors) {
        TestDescriptor root = EngineTestKit.engine(PagewalkTestEngine.ID)
                .selectors(selectors)
                .discover()
                .getEngineDescriptor();
        List<String> ids = new ArrayList<>();
        root.accept(node -> ids.add(node.getUniqueId().toString()));
        return ids;
    }

    private static EngineExecutionResults execute(Map<String, String> parameters, DiscoverySelector... selectors) {
        return EngineTestKit.engine(PagewalkTestEngine.ID)
                .selectors(selectors)
                .configurationParameters(parameters)
                .execute();
    }

    /** What the tests have published, with their names. */
    private static List<String> entries(EngineExecutionResults results) {
        return results.testEvents()
                .reportingEntryPublished()
                .map(event -> event.getTestDescriptor().getUniqueId() + " "
                        + event.getRequiredPayload(ReportEntry.class).getKeyValuePairs())
                .toList();
    }

    private static Throwable throwable(Event event) {
        return event.getRequiredPayload(TestExecutionResult.class)
                .getThrowable()
                .orElseThrow();
    }

    private static String encoded(Path path) {
        return path.toString().replace("/", "%2F");
    }

    private static String source() {
        return ImageCatalog.source("hello").orElseThrow();
    }

    private static void write(ZipOutputStream zip, String name, String content) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(content.getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
    }

    private void add(String name, String expectation) throws IOException {
        Files.createDirectories(folder.resolve(name).getParent());
        Files.writeString(folder.resolve(name + ".s"), source());
        Files.writeString(folder.resolve(name + ".yaml"), expectation);
    }
}
