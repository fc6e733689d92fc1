package dev.pagewalk.tools.runner.report;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pagewalk.tools.text.PrintableText;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Results as JUnit XML, which CI systems read: a {@code testsuite} for each suite, and in it a {@code testcase} for each
 * variant of each test. A suite's folders become the parts of a class's name, which CI systems show as a tree.
 */
final class JUnitXml {
    /** The report's name within its folder. */
    static final String FILE_NAME = "TEST-pagewalk.xml";

    private static final String TYPE = "expectation";

    /** Where an image is missing, it is the expectation that stands there. */
    private static final Pattern FILE = Pattern.compile(".*\\.(?:s|S|elf|yaml)", Pattern.DOTALL);

    /** What of a run's statistics stands with its test. */
    private static final List<String> COUNTERS = List.of("cycles", "instructions");

    private final XMLStreamWriter xml;

    private JUnitXml(XMLStreamWriter xml) {
        this.xml = xml;
    }

    /** The report's text, in UTF-8. */
    static byte[] of(Results results) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            new JUnitXml(xml).write(results);
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("elements and printable text can be written", e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void write(Results results) throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeCharacters("\n");
        xml.writeStartElement("testsuites");
        xml.writeAttribute("name", "pagewalk");
        writeCounts(results);
        Map<String, List<TestRecord>> suites = results.tests().stream()
                .collect(Collectors.groupingBy(TestRecord::suite, LinkedHashMap::new, Collectors.toList()));
        for (Map.Entry<String, List<TestRecord>> suite : suites.entrySet()) {
            xml.writeCharacters("\n");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", PrintableText.of(suite.getKey()));
            writeCounts(new Results(results.shard(), suite.getValue()));
            for (TestRecord test : suite.getValue()) {
                writeTest(test);
            }
            xml.writeCharacters("\n");
            xml.writeEndElement();
        }
        xml.writeCharacters("\n");
        xml.writeEndElement();
        xml.writeCharacters("\n");
        xml.writeEndDocument();
    }

    private void writeCounts(Results results) throws XMLStreamException {
        xml.writeAttribute("tests", Integer.toString(results.tests().size()));
        xml.writeAttribute("failures", Long.toString(results.count(TestRecord.Status.FAILED)));
        xml.writeAttribute("errors", "0");
        xml.writeAttribute("skipped", Long.toString(results.count(TestRecord.Status.SKIPPED)));
        writeTime(results.tests().stream().mapToLong(TestRecord::durationMillis).sum());
    }

    private void writeTime(long millis) throws XMLStreamException {
        xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", millis / 1e3));
    }

    private void writeTest(TestRecord test) throws XMLStreamException {
        xml.writeCharacters("\n");
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", PrintableText.of(test.suite().replace('/', '.')));
        xml.writeAttribute("name", PrintableText.of(test.title()));
        if (isFile(test.image())) {
            xml.writeAttribute("file", PrintableText.of(test.image()));
        }
        writeTime(test.durationMillis());
        if (test.status() == TestRecord.Status.FAILED) {
            String whole = PrintableText.of(String.join("\n", test.failures()));
            xml.writeStartElement("failure");
            xml.writeAttribute("message", whole.lines().findFirst().orElse(""));
            xml.writeAttribute("type", TYPE);
            xml.writeCharacters(whole);
            xml.writeEndElement();
        } else if (test.status() == TestRecord.Status.SKIPPED) {
            xml.writeEmptyElement("skipped");
            xml.writeAttribute("message", PrintableText.of(String.join(" ", test.failures())));
        }
        String counters = counters(test);
        if (!counters.isEmpty()) {
            xml.writeStartElement("system-out");
            xml.writeCharacters(counters);
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    /** What comes with Pagewalk is a name without such an ending, {@code conformance/c.addi} too, and no file to link to. */
    private static boolean isFile(String image) {
        return FILE.matcher(image).matches();
    }

    private static String counters(TestRecord test) {
        StringBuilder text = new StringBuilder();
        for (String counter : COUNTERS) {
            JsonNode value =
                    test.statistics() == null ? null : test.statistics().get(counter);
            if (value != null && value.isIntegralNumber()) {
                text.append(counter).append(": ").append(value).append('\n');
            }
        }
        return text.toString();
    }
}
