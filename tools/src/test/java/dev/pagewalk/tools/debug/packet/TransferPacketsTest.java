package dev.pagewalk.tools.debug.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class TransferPacketsTest {
    private final Conversation debugger = Conversation.withGdb();

    private String whole(String object) {
        StringBuilder whole = new StringBuilder();
        String piece;
        do {
            piece = debugger.ask("qXfer:%s:%x,200".formatted(object, whole.length()));
            assertThat(piece).matches("(?s)[ml].*");
            whole.append(piece, 1, piece.length());
        } while (piece.startsWith("m"));
        return whole.toString();
    }

    private static Document parsed(String xml) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return factory.newDocumentBuilder().parse(new ByteArrayInputStream(xml.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void theTargetIsDescribed() throws Exception {
        Document target = parsed(whole("features:read:target.xml"));
        NodeList registers = target.getElementsByTagName("reg");

        assertThat(target.getElementsByTagName("architecture").item(0).getTextContent())
                .isEqualTo("riscv:rv64");
        assertThat(target.getElementsByTagName("osabi").item(0).getTextContent())
                .isEqualTo("GNU/Linux");
        assertThat(registers.getLength()).isEqualTo(33 + 3);
        Element pc = (Element) registers.item(32);
        assertThat(pc.getAttribute("name")).isEqualTo("pc");
        assertThat(pc.getAttribute("regnum")).isEqualTo("32");
        Element instret = (Element) registers.item(35);
        assertThat(instret.getAttribute("name")).isEqualTo("instret");
        assertThat(instret.getAttribute("regnum")).isEqualTo(Integer.toString(65 + 0xC02));
        assertThat(debugger.ask("qXfer:features:read:other.xml:0,100")).isEqualTo("E06");
    }

    @Test
    void theThreadsAreListed() throws Exception {
        NodeList threads = parsed(whole("threads:read:")).getElementsByTagName("thread");

        assertThat(threads.getLength()).isEqualTo(2);
        Element second = (Element) threads.item(1);
        assertThat(second.getAttribute("id")).isEqualTo("p1.2");
        assertThat(second.getAttribute("core")).isEqualTo("2");
        assertThat(second.getAttribute("name")).isEqualTo("hello<&>");
        assertThat(second.getTextContent()).isEqualTo("running on hart 2");
    }

    @Test
    void processesAreListedAttachedOrNot() throws Exception {
        assertThat(parsed(whole("osdata:read:processes")).getDocumentElement().getTextContent())
                .contains("1/bin/hello", "7/bin/hello");
        assertThat(parsed(whole("osdata:read:")).getDocumentElement().getTextContent())
                .contains("processes");
        assertThat(debugger.ask("qXfer:osdata:read:files:0,100")).isEqualTo("E06");
    }

    @Test
    void allMemoryIsRam() throws Exception {
        Element memory = (Element)
                parsed(whole("memory-map:read:")).getElementsByTagName("memory").item(0);

        assertThat(memory.getAttribute("type")).isEqualTo("ram");
        assertThat(memory.getAttribute("start")).isEqualTo("0x0");
    }

    @Test
    void theProgramIsNamed() {
        assertThat(whole("exec-file:read:7")).isEqualTo("/bin/hello");
        assertThat(whole("exec-file:read:")).isEqualTo("/bin/hello");
        assertThat(debugger.ask("qXfer:exec-file:read:9:0,100")).isEqualTo("E03");
        assertThat(debugger.ask("qXfer:exec-file:read:x:0,100")).isEqualTo("E16");
    }

    @Test
    void theAuxiliaryVectorIsBytes() {
        assertThat(whole("auxv:read:")).hasSize(16).contains("#");
    }

    @Test
    void theSignalsInformationIsThereWhenASignalIs() {
        assertThat(debugger.ask("qXfer:siginfo:read::0,80")).isEqualTo("E06");
        debugger.target.signalInformation = new byte[128];
        assertThat(whole("siginfo:read:")).hasSize(128);
    }

    @Test
    void nonsenseIsAnError() {
        for (String packet : new String[] {
            "qXfer:threads:read::", "qXfer:threads:read::0", "qXfer:threads:read::0,", "qXfer:threads:read::x,1",
            "qXfer:threads:read::ffffffffffffffff,1", "qXfer:threads:read::7fffffff,1", "qXfer:threads:read:0,1",
                    "qXfer"
        }) {
            assertThat(debugger.ask(packet)).as(packet).isEqualTo("E16");
        }
        assertThat(debugger.ask("qXfer:nothing:read::0,1")).isEmpty();
        assertThat(debugger.ask("qXfer:siginfo:write::0:x")).isEmpty();
    }
}
