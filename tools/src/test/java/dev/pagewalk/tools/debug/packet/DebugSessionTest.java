package dev.pagewalk.tools.debug.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class DebugSessionTest {
    @Test
    void whoIsNotConnectedIsNotAnswered() {
        Conversation nobody = new Conversation();
        nobody.say("?");

        assertThat(nobody.heard()).isEmpty();
        assertThat(nobody.session.interrupted()).isFalse();
        assertThat(nobody.session.holdsGuest()).isFalse();
    }

    @Test
    void disconnectingGivesUpAllProcesses() {
        Conversation debugger = Conversation.withGdb();
        debugger.ask("vAttach;7");
        debugger.calls();
        debugger.session.disconnected();

        assertThat(debugger.calls()).containsExactly("detach 1", "detach 7");
        assertThat(debugger.session.holdsGuest()).isFalse();
    }

    @Test
    void theNextClientAgreesAnew() {
        Conversation debugger = Conversation.withGdb();
        debugger.ask("Hgp1.2");
        debugger.ask("vFile:open:" + Conversation.hex("/bin/hello") + ",0,0");
        debugger.say("vCont;c");
        debugger.session.disconnected();
        debugger.session.connected();

        assertThat(debugger.session.holdsGuest()).isTrue();
        assertThat(debugger.ask("qC")).isEqualTo("QC1");
        assertThat(debugger.ask("vFile:close:1")).isEqualTo("F-1,9");
    }

    @Test
    void aBugOfOursIsAnErrorAndALogLine() {
        Conversation debugger = Conversation.withGdb();
        debugger.target.bug = new IllegalStateException("a bug");
        StringBuilder logged = new StringBuilder();
        Logger logger = Logger.getLogger(DebugSession.class.getName());
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                logged.append(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        try {
            assertThat(debugger.ask("g")).isEqualTo("E05");
        } finally {
            logger.removeHandler(handler);
            logger.setUseParentHandlers(true);
        }

        assertThat(logged).contains("g");
        debugger.target.bug = null;
        assertThat(debugger.ask("g")).hasSize(33 * 16);
    }
}
