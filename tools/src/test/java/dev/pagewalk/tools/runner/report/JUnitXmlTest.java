package dev.pagewalk.tools.runner.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.run.UserErrorException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The XML report says of every test what CI systems show. */
class JUnitXmlTest {
    @TempDir
    Path folder;

    @Test
    void eachSuiteIsAnElementWithItsCounts() throws Exception {
        Element root = report(
                SampleRecords.passed("one", "a"),
                SampleRecords.failed("one/two", "b", "broken"),
                SampleRecords.passed("one", "c"),
                SampleRecords.skipped("one/two", "d", "no engine"));

        assertThat(root.getTagName()).isEqualTo("testsuites");
        assertThat(counts(root)).containsExactly("4", "1", "0", "1", "4.936");
        List<Element> suites = children(root, "testsuite");
        assertThat(suites).extracting(suite -> suite.getAttribute("name")).containsExactly("one", "one/two");
        assertThat(counts(suites.get(0))).containsExactly("2", "0", "0", "0", "2.468");
        assertThat(counts(suites.get(1))).containsExactly("2", "1", "0", "1", "2.468");
    }

    @Test
    void aTestCaseHasItsVariantItsFileAndItsTime() throws Exception {
        Element test = children(
                        report(SampleRecords.passed("a/b", "c", "harts=2", SampleRecords.statistics(77))), "testcase")
                .get(0);

        assertThat(test.getAttribute("classname")).isEqualTo("a.b");
        assertThat(test.getAttribute("name")).isEqualTo("c[harts=2]");
        assertThat(test.getAttribute("file")).isEqualTo("c.s");
        assertThat(test.getAttribute("time")).isEqualTo("1.234");
        assertThat(children(test, "system-out").get(0).getTextContent()).isEqualTo("cycles: 77\ninstructions: 38\n");
        assertThat(children(test, "failure")).isEmpty();
        assertThat(children(test, "skipped")).isEmpty();
    }

    /** A CI system would link to it. */
    @Test
    void whatComesWithPagewalkIsNoFileEvenWithADotInItsName() throws Exception {
        for (String image : List.of("hello", "conformance/c.addi", "conformance/fence.i")) {
            assertThat(fileOf(image)).as(image).isEmpty();
        }
        for (String image : List.of("guests/a.s", "guests/b.S", "c.elf", "guests/imageless.yaml")) {
            assertThat(fileOf(image)).isEqualTo(image);
        }
    }

    private String fileOf(String image) throws Exception {
        TestRecord test = new TestRecord("s/t", "s", "t", "", image, TestRecord.Status.PASSED, List.of(), null, 1);
        return children(report(test), "testcase").get(0).getAttribute("file");
    }

    @Test
    void failuresAndReasonsAreTextWhateverTheGuestHasPrinted() throws Exception {
        Element root = report(
                SampleRecords.failed("s", "a", "first <&\"]]>\nsecond", "third\u0000\u001b\ufffe\ud800 \ud83d\ude00"),
                SampleRecords.skipped("s", "b", "not \"here\""));

        Element failure = children(root, "failure").get(0);
        assertThat(failure.getAttribute("message")).isEqualTo("first <&\"]]>");
        assertThat(failure.getTextContent())
                .isEqualTo("first <&\"]]>\nsecond\nthird\\x00\\x1b\\ufffe\\ud800 \ud83d\ude00");
        assertThat(children(root, "skipped").get(0).getAttribute("message")).isEqualTo("not \"here\"");
    }

    private Element report(TestRecord... tests)
            throws UserErrorException, IOException, ParserConfigurationException, SAXException {
        ReportFolder.open(folder).write(new Results(null, List.of(tests)));
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(folder.resolve("TEST-pagewalk.xml").toFile())
                .getDocumentElement();
    }

    private static List<String> counts(Element element) {
        return List.of("tests", "failures", "errors", "skipped", "time").stream()
                .map(element::getAttribute)
                .toList();
    }

    private static List<Element> children(Element parent, String tag) {
        NodeList nodes = parent.getElementsByTagName(tag);
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }
}
