package dev.pagewalk.tools.debug.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.tools.debug.target.PointKind;
import dev.pagewalk.tools.debug.target.StopReport.NothingRuns;
import dev.pagewalk.tools.debug.target.StopReport.ProcessExited;
import dev.pagewalk.tools.debug.target.StopReport.ProcessKilled;
import dev.pagewalk.tools.debug.target.StopReport.Reason;
import dev.pagewalk.tools.debug.target.StopReport.ThreadStopped;
import dev.pagewalk.tools.debug.target.ThreadId;
import org.junit.jupiter.api.Test;

class StopRepliesTest {
    private final Conversation gdb = Conversation.withGdb();
    private final Conversation simple = Conversation.begun();

    private static String afterContinuing(Conversation client, int signal, Reason reason) {
        client.say("vCont;c");
        return client.stopped(1, 2, signal, reason);
    }

    @Test
    void aThreadStopsWithItsRegistersAndHart() {
        assertThat(afterContinuing(gdb, 11, new Reason.Plain()))
                .isEqualTo("T0b02:0202000000000000;08:0208000000000000;20:2010000000000000;thread:p1.2;core:2;");
        assertThat(gdb.ask("qC")).isEqualTo("QCp1.2");
        assertThat(gdb.ask("?")).startsWith("T0b").contains("thread:p1.2;");
    }

    @Test
    void signalsHaveGdbsNumbers() {
        assertThat(afterContinuing(gdb, 7, new Reason.Plain())).startsWith("T0a");
        assertThat(afterContinuing(gdb, 10, new Reason.Plain())).startsWith("T1e");
        assertThat(afterContinuing(gdb, 0, new Reason.Plain())).startsWith("T05");
    }

    @Test
    void breakpointsAreNamedToWhomAsked() {
        Reason software = new Reason.Breakpoint(PointKind.SOFTWARE_BREAKPOINT);
        Reason hardware = new Reason.Breakpoint(PointKind.HARDWARE_BREAKPOINT);

        assertThat(afterContinuing(gdb, 5, software)).startsWith("T05swbreak:;");
        assertThat(afterContinuing(gdb, 5, hardware)).startsWith("T05hwbreak:;");
        assertThat(afterContinuing(simple, 5, software)).startsWith("T0502:").contains("thread:2;");
    }

    @Test
    void watchpointsTellTheAddress() {
        assertThat(afterContinuing(gdb, 5, new Reason.Watchpoint(PointKind.WRITE_WATCHPOINT, 0x1008)))
                .startsWith("T05watch:1008;");
        assertThat(afterContinuing(gdb, 5, new Reason.Watchpoint(PointKind.READ_WATCHPOINT, -8)))
                .startsWith("T05rwatch:fffffffffffffff8;");
        assertThat(afterContinuing(simple, 5, new Reason.Watchpoint(PointKind.ACCESS_WATCHPOINT, 0)))
                .startsWith("T05awatch:0;");
    }

    @Test
    void processesForkAndExecute() {
        ThreadId child = new ThreadId(16, 17);

        assertThat(afterContinuing(gdb, 5, new Reason.Forked(child))).startsWith("T05fork:p10.11;");
        assertThat(afterContinuing(gdb, 5, new Reason.Vforked(child))).startsWith("T05vfork:p10.11;");
        assertThat(afterContinuing(gdb, 5, new Reason.VforkDone())).startsWith("T05vforkdone:;");
        assertThat(afterContinuing(gdb, 5, new Reason.Executed("/a;b"))).startsWith("T05exec:2f613b62;");
    }

    @Test
    void historyBegins() {
        gdb.say("bc");
        assertThat(gdb.stopped(1, 1, 5, new Reason.HistoryBegins())).startsWith("T05replaylog:begin;");
    }

    @Test
    void systemCallsAreNamedToWhomAskedByPacket() {
        assertThat(afterContinuing(gdb, 5, new Reason.CallEntered(64))).startsWith("T0502:");
        gdb.ask("QCatchSyscalls:1");
        assertThat(afterContinuing(gdb, 5, new Reason.CallEntered(64))).startsWith("T05syscall_entry:40;");
        assertThat(afterContinuing(gdb, 5, new Reason.CallReturned(220))).startsWith("T05syscall_return:dc;");
    }

    @Test
    void processesEnd() {
        gdb.say("vCont;c");
        assertThat(gdb.stopped(new ProcessExited(16, 255))).isEqualTo("Wff;process:10");
        gdb.say("vCont;c");
        assertThat(gdb.stopped(new ProcessKilled(16, 7))).isEqualTo("X0a;process:10");
        simple.say("vCont;c");
        assertThat(simple.stopped(new ProcessExited(16, 1))).isEqualTo("W01");
    }

    @Test
    void nothingRuns() {
        gdb.say("vCont;c");
        assertThat(gdb.stopped(new NothingRuns())).isEqualTo("N");
        simple.say("vCont;c");
        assertThat(simple.stopped(new NothingRuns())).startsWith("T05");
    }

    @Test
    void aClientThatDoesNotHearOfForksGoesOnWithoutTheChild() {
        simple.say("vCont;C0b:1;t:2");
        simple.calls();
        simple.target.process(9, 1);
        simple.target.attached.add(9);
        simple.target.attached.remove(9);
        simple.sent.clear();
        simple.session.stopped(new ThreadStopped(new ThreadId(1, 1), 5, new Reason.Forked(new ThreadId(9, 9))));

        assertThat(simple.heard()).isEmpty();
        assertThat(simple.calls()).containsExactly("detach 9", "resume 1.1 c0");
        assertThat(simple.session.holdsGuest()).isFalse();
    }

    @Test
    void threadsThatAreNewGoOnWhenOneForks() {
        simple.say("vCont;c");
        simple.calls();
        simple.target.process(1, 3);
        simple.session.stopped(new ThreadStopped(new ThreadId(1, 1), 5, new Reason.Executed("/bin/x")));

        assertThat(simple.calls()).containsExactly("resume 1.1 c0", "resume 1.2 c0", "resume 1.3 c0");
    }

    @Test
    void aStepThatForksEnds() {
        simple.say("vCont;s:1;c");

        assertThat(simple.stopped(1, 1, 5, new Reason.Forked(new ThreadId(9, 9))))
                .startsWith("T0502:");
    }

    @Test
    void reportsThatNobodyWaitsForAreForgotten() {
        gdb.sent.clear();
        gdb.session.stopped(new ProcessExited(7, 0));
        assertThat(gdb.heard()).isEmpty();
        gdb.say("vCont;c");
        gdb.session.disconnected();
        gdb.session.stopped(new ProcessExited(1, 0));
        assertThat(gdb.heard()).isEmpty();
    }
}
