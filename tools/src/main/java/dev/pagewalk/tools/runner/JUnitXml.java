package dev.pagewalk.tools.runner;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes a suite's results as JUnit XML, which CI systems read. */
final class JUnitXml {
    private static final String SUITE = "pagewalk";

    /** The report's name within its folder. */
    static final String FILE_NAME = "TEST-" + SUITE + ".xml";

    private JUnitXml() {}

    /** The report's text, in UTF-8. */
    static byte[] of(List<TestResult> results) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
            xml.writeStartDocument("UTF-8", "1.0");
            xml.writeStartElement("testsuite");
            xml.writeAttribute("name", SUITE);
            xml.writeAttribute("tests", Integer.toString(results.size()));
            long failed = results.stream().filter(result -> !result.passed()).count();
            xml.writeAttribute("failures", Long.toString(failed));
            xml.writeAttribute("errors", "0");
            xml.writeAttribute("skipped", "0");
            for (TestResult result : results) {
                writeTest(xml, result);
            }
            xml.writeEndElement();
            xml.writeEndDocument();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("elements and printable text can be written", e);
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void writeTest(XMLStreamWriter xml, TestResult result) throws XMLStreamException {
        xml.writeStartElement("testcase");
        xml.writeAttribute("classname", printable(result.test().suite()));
        xml.writeAttribute("name", printable(result.test().name()));
        if (!result.test().isOfCatalog()) {
            xml.writeAttribute("file", printable(result.test().image()));
        }
        xml.writeAttribute("time", String.format(Locale.ROOT, "%.3f", result.durationNanos() / 1e9));
        if (!result.passed()) {
            xml.writeStartElement("failure");
            xml.writeAttribute("message", printable(result.failures().get(0)));
            xml.writeCharacters(printable(String.join("\n", result.failures())));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    /** XML 1.0 has no way to write most control characters; a guest's console has them. */
    private static String printable(String text) {
        return text.replaceAll("[^\\x09\\x0A\\x20-\\uD7FF\\uE000-\\uFFFD]", "?");
    }
}
