package dev.pagewalk.tools.debug.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.debug.target.StopReport.Reason;
import org.junit.jupiter.api.Test;

class ResumePacketsTest {
    private final Conversation debugger = Conversation.withGdb();

    private void goes(String packet) {
        debugger.say(packet);
        assertThat(debugger.heard()).as("answers to %s", packet).isEmpty();
        assertThat(debugger.session.holdsGuest()).isFalse();
    }

    @Test
    void theActionsAreTold() {
        assertThat(debugger.ask("vCont?")).isEqualTo("vCont;c;C;s;S;t;r");
    }

    @Test
    void ofEachThreadTheLeftmostActionIsTaken() {
        debugger.ask("vAttach;7");
        debugger.calls();

        goes("vCont;s:p1.2;t:p1.1;r1000,1010:p7.-1;c");

        assertThat(debugger.calls()).containsExactly("resume 1.2 s0", "resume 7.7 r1000,1010");
    }

    @Test
    void anActionForAllIsForAll() {
        goes("vCont;c");
        assertThat(debugger.calls()).containsExactly("resume 1.1 c0", "resume 1.2 c0");
    }

    @Test
    void anActionForAProcessIsForItsThreads() {
        debugger.ask("vAttach;7");
        debugger.calls();
        goes("vCont;c:p1.-1");
        assertThat(debugger.calls()).containsExactly("resume 1.1 c0", "resume 1.2 c0");
    }

    @Test
    void signalsAreDeliveredByLinuxsNumbers() {
        goes("vCont;C1e:p1.1;S0a:p1.2");
        assertThat(debugger.calls()).containsExactly("resume 1.1 c10", "resume 1.2 s7");
    }

    @Test
    void whatWouldLetNothingRunIsAnError() {
        assertThat(debugger.ask("vCont;c:p9.9")).isEqualTo("E03");
        assertThat(debugger.ask("vCont;t")).isEqualTo("E03");
        assertThat(debugger.session.holdsGuest()).isTrue();
    }

    @Test
    void nonsenseDoesNotResume() {
        for (String packet : new String[] {
            "vCont",
            "vCont;",
            "vCont;x",
            "vCont;c;",
            "vCont;C",
            "vCont;Cff",
            "vCont;r10",
            "vCont;r10,",
            "vCont;c:",
            "vCont;c:p",
            "vCont;c:p1.1x",
            "C",
            "S",
            "Cff",
            "czz",
            "C05;",
            "s10;"
        }) {
            assertThat(debugger.ask(packet)).as(packet).isEqualTo("E16");
        }
        assertThat(debugger.calls()).isEmpty();
    }

    @Test
    void theOldPacketsResumeAllOrTheOneThatIsMeant() {
        goes("c");
        assertThat(debugger.calls()).containsExactly("resume 1.1 c0", "resume 1.2 c0");
        debugger.stopped(1, 2, 5, new Reason.Plain());
        goes("s");
        assertThat(debugger.calls()).containsExactly("resume 1.1 c0", "resume 1.2 s0");
        debugger.stopped(1, 2, 5, new Reason.Plain());
        debugger.ask("Hcp1.1");
        goes("C0b");
        assertThat(debugger.calls()).containsExactly("resume 1.1 c11");
    }

    @Test
    void theOldPacketsMayNameAnAddress() {
        goes("s2000");
        assertThat(debugger.calls()).containsExactly("set 1.1 32=2000", "resume 1.1 s0", "resume 1.2 c0");
        debugger.stopped(1, 1, 5, new Reason.Plain());
        goes("S0b;3000");
        assertThat(debugger.calls()).containsExactly("set 1.1 32=3000", "resume 1.1 s11", "resume 1.2 c0");
    }

    @Test
    void theGuestGoesBackward() {
        debugger.ask("Hcp1.2");
        goes("bs");
        assertThat(debugger.calls()).containsExactly("reverse-step 1.2");
        debugger.stopped(1, 1, 5, new Reason.Plain());
        debugger.ask("Hcp1.0");
        goes("bc");
        assertThat(debugger.calls()).containsExactly("reverse-continue 1.1");
    }

    @Test
    void whileTheGuestRunsPacketsAreRefused() {
        goes("vCont;c");
        debugger.calls();

        for (String packet : new String[] {"?", "g", "m1000,4", "vCont;c", "Z0,1000,4", "k", "D;1", "nonsense", ""}) {
            assertThat(debugger.ask(packet)).as(packet).isEqualTo("E10");
        }
        assertThat(debugger.calls()).isEmpty();
    }

    @Test
    void anInterruptionWaitsForAReportOnlyWhileTheGuestRuns() {
        assertThat(debugger.session.interrupted()).isFalse();
        goes("vCont;c");
        assertThat(debugger.session.interrupted()).isTrue();
        assertThat(debugger.stopped(1, 2, 2, new Reason.Plain())).startsWith("T02");
        assertThat(debugger.session.interrupted()).isFalse();
    }
}
