package dev.pagewalk.tools.debug.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class MonitorPacketsTest {
    private final Conversation debugger = Conversation.withGdb();

    @Test
    void aCommandsTextIsTheAnswer() {
        debugger.target.monitorText = "Größe: 1\n";

        assertThat(Conversation.textOf(debugger.ask("qRcmd," + Conversation.hex("walk 0x1000"))))
                .isEqualTo("Größe: 1\n");
        assertThat(debugger.calls()).containsExactly("monitor walk 0x1000");
    }

    @Test
    void longTextGoesAheadInPieces() {
        debugger.target.monitorText = "0123456789".repeat(200);
        debugger.say("qRcmd," + Conversation.hex("tlb"));
        List<String> heard = debugger.heard();
        StringBuilder text = new StringBuilder();
        for (String packet : heard.subList(0, heard.size() - 1)) {
            assertThat(packet).startsWith("O").hasSizeLessThanOrEqualTo(Conversation.PACKET_SIZE_BYTES);
            text.append(Conversation.textOf(packet.substring(1)));
        }
        text.append(Conversation.textOf(heard.get(heard.size() - 1)));

        assertThat(heard).hasSizeGreaterThan(2);
        assertThat(text.toString()).isEqualTo(debugger.target.monitorText);
    }

    @Test
    void noTextIsFine() {
        assertThat(debugger.ask("qRcmd,")).isEqualTo("OK");
    }

    @Test
    void withNoProcessSelectedThereIsATextThatSaysSo() {
        debugger.ask("D");
        assertThat(Conversation.textOf(debugger.ask("qRcmd," + Conversation.hex("maps"))))
                .contains("No process");
    }

    @Test
    void nonsenseIsAnError() {
        assertThat(debugger.ask("qRcmd")).isEqualTo("E16");
        assertThat(debugger.ask("qRcmd,6")).isEqualTo("E16");
        assertThat(debugger.ask("qRcmd,walk")).isEqualTo("E16");
    }
}
