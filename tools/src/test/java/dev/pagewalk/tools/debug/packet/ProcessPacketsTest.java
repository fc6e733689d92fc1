package dev.pagewalk.tools.debug.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.debug.target.StopReport.ProcessExited;
import org.junit.jupiter.api.Test;

class ProcessPacketsTest {
    private final Conversation debugger = Conversation.withGdb();

    @Test
    void connectingAttachesToTheLowestProcess() {
        Conversation fresh = new Conversation();
        fresh.target.process(9, 1);
        fresh.target.process(4, 1);
        fresh.session.connected();

        assertThat(fresh.calls()).containsExactly("attach 4");
        assertThat(fresh.session.holdsGuest()).isTrue();
    }

    @Test
    void withNoProcessThereIsNothingToHold() {
        Conversation fresh = new Conversation();
        fresh.session.connected();

        assertThat(fresh.session.holdsGuest()).isFalse();
        assertThat(fresh.ask("?")).isEqualTo("W00");
    }

    @Test
    void howThingsAreIsAStopOfTheSelectedThread() {
        assertThat(debugger.ask("?")).startsWith("T05").contains("thread:p1.1;").contains("core:1;");
        assertThat(debugger.ask("!")).isEqualTo("OK");
    }

    @Test
    void anotherProcessIsAttached() {
        assertThat(debugger.ask("vAttach;7")).startsWith("T05").contains("thread:p7.7;");
        assertThat(debugger.ask("qfThreadInfo")).isEqualTo("mp1.1,p1.2,p7.7");
        assertThat(debugger.ask("vAttach;7")).isEqualTo("E01");
        assertThat(debugger.ask("vAttach;9")).isEqualTo("E03");
        assertThat(debugger.ask("vAttach;")).isEqualTo("E16");
        assertThat(debugger.ask("vAttach")).isEqualTo("E16");
        assertThat(debugger.ask("vAttach;-1")).isEqualTo("E16");
    }

    @Test
    void processesAreGivenUp() {
        debugger.ask("vAttach;7");
        debugger.calls();

        assertThat(debugger.ask("D;7")).isEqualTo("OK");
        assertThat(debugger.ask("D;7")).isEqualTo("E03");
        assertThat(debugger.ask("D7")).isEqualTo("E16");
        assertThat(debugger.session.holdsGuest()).isTrue();
        assertThat(debugger.ask("D")).isEqualTo("OK");
        assertThat(debugger.session.holdsGuest()).isFalse();
        assertThat(debugger.calls()).containsExactly("detach 7", "detach 1");
    }

    @Test
    void aProcessIsKilledAndNotHeardOfAgain() {
        assertThat(debugger.ask("vKill;1")).isEqualTo("OK");
        assertThat(debugger.calls()).containsExactly("kill 1", "detach 1");
        assertThat(debugger.ask("vKill;9")).isEqualTo("E03");
        assertThat(debugger.ask("vKill;x")).isEqualTo("E16");
        assertThat(debugger.ask("?")).isEqualTo("W00");
        assertThat(debugger.session.holdsGuest()).isFalse();
    }

    @Test
    void allAreKilledWithoutAnAnswer() {
        debugger.ask("vAttach;7");
        debugger.calls();
        debugger.say("k");

        assertThat(debugger.heard()).isEmpty();
        assertThat(debugger.calls()).containsExactly("kill 1", "detach 1", "kill 7", "detach 7");
    }

    @Test
    void theGuestStartsAnewWithArguments() {
        assertThat(debugger.ask("qAttached:1")).isEqualTo("1");
        assertThat(debugger.ask("vRun;" + Conversation.hex("/bin/x") + ";" + Conversation.hex("a b") + ";"))
                .startsWith("T05")
                .contains("thread:p1.1;");
        assertThat(debugger.calls()).containsExactly("restart [a b, ]");
        assertThat(debugger.ask("qAttached:1")).isEqualTo("0");
    }

    @Test
    void theGuestStartsAnewAsItWas() {
        assertThat(debugger.ask("vRun;")).startsWith("T05");
        debugger.say("R00");
        assertThat(debugger.heard()).isEmpty();
        assertThat(debugger.calls()).containsExactly("restart null", "restart null");
        assertThat(debugger.ask("vRun")).isEqualTo("E16");
        assertThat(debugger.ask("vRun;zz")).isEqualTo("E16");
        assertThat(debugger.ask("vRun;;f")).isEqualTo("E16");
    }

    @Test
    void afterTheEndThereIsAnEndToReport() {
        debugger.say("vCont;c");
        debugger.target.end(1);

        assertThat(debugger.stopped(new ProcessExited(1, 3))).isEqualTo("W03;process:1");
        assertThat(debugger.session.holdsGuest()).isFalse();
        assertThat(debugger.ask("?")).isEqualTo("W03;process:1");
        assertThat(debugger.ask("vCont;c")).isEqualTo("E03");
    }
}
