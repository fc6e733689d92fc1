package dev.pagewalk.tools.debug.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ThreadPacketsTest {
    private final Conversation debugger = Conversation.withGdb();

    @Test
    void threadsAreListed() {
        assertThat(debugger.ask("qfThreadInfo")).isEqualTo("mp1.1,p1.2");
        assertThat(debugger.ask("qsThreadInfo")).isEqualTo("l");
    }

    @Test
    void aLongListIsToldInPieces() {
        debugger.target.process(0x100, 300);
        debugger.ask("vAttach;100");
        StringBuilder all = new StringBuilder(debugger.ask("qfThreadInfo"));
        int pieces = 1;
        for (String next = debugger.ask("qsThreadInfo"); !next.equals("l"); next = debugger.ask("qsThreadInfo")) {
            assertThat(next).startsWith("m").hasSizeLessThanOrEqualTo(Conversation.PACKET_SIZE_BYTES);
            all.append(',').append(next.substring(1));
            pieces++;
        }

        assertThat(pieces).isGreaterThan(2);
        assertThat(all.toString().split(",")).hasSize(302).doesNotHaveDuplicates();
    }

    @Test
    void theSelectedThreadIsNamed() {
        assertThat(debugger.ask("qC")).isEqualTo("QCp1.1");
        assertThat(debugger.ask("Hgp1.2")).isEqualTo("OK");
        assertThat(debugger.ask("qC")).isEqualTo("QCp1.2");
        assertThat(debugger.ask("Hg0")).isEqualTo("OK");
        assertThat(debugger.ask("Hgp0.0")).isEqualTo("OK");
        assertThat(debugger.ask("qC")).as("any is the one that was").isEqualTo("QCp1.2");
    }

    @Test
    void aThreadThatIsNotThereIsNotSelected() {
        for (String packet : new String[] {"Hgp1.3", "Hgp7.7", "Hgp9.9", "Hcp9.-1", "Hg3"}) {
            assertThat(debugger.ask(packet)).as(packet).isEqualTo("E03");
        }
        assertThat(debugger.ask("qC")).isEqualTo("QCp1.1");
    }

    @Test
    void nonsenseIsNotSelected() {
        for (String packet : new String[] {"H", "Hg", "Hgp", "Hgp1.", "Hg-2", "Hxp1.1", "Hgp1.1x", "Hgpffffffff.1"}) {
            assertThat(debugger.ask(packet)).as(packet).isEqualTo("E16");
        }
    }

    @Test
    void whetherAThreadLivesIsTold() {
        assertThat(debugger.ask("Tp1.2")).isEqualTo("OK");
        assertThat(debugger.ask("Tp1.3")).isEqualTo("E03");
        assertThat(debugger.ask("Tp1.-1")).isEqualTo("E16");
        assertThat(debugger.ask("T")).isEqualTo("E16");
    }

    @Test
    void whatAThreadDoesIsTold() {
        assertThat(Conversation.textOf(debugger.ask("qThreadExtraInfo,p1.2"))).isEqualTo("hello<&>: running on hart 2");
        assertThat(debugger.ask("qThreadExtraInfo,p7.7")).isEqualTo("E03");
        assertThat(debugger.ask("qThreadExtraInfo")).isEqualTo("E16");
    }

    @Test
    void aClientThatKnowsOneProcessNamesThreadsAlone() {
        Conversation simple = Conversation.begun();

        assertThat(simple.ask("qfThreadInfo")).isEqualTo("m1,2");
        assertThat(simple.ask("Hg2")).isEqualTo("OK");
        assertThat(simple.ask("qC")).isEqualTo("QC2");
    }

    @Test
    void aSelectedThreadThatEndsIsReplacedByOneOfItsProcess() {
        debugger.ask("Hgp1.2");
        debugger.target.processes.put(1, debugger.target.processes.get(1).subList(0, 1));

        assertThat(debugger.ask("qC")).isEqualTo("QCp1.1");
    }

    @Test
    void whenTheSelectedProcessEndsNoOtherIsMeantInItsPlace() {
        debugger.ask("vAttach;7");
        debugger.target.end(7);

        assertThat(debugger.ask("qC")).isEqualTo("E03");
        assertThat(debugger.ask("M1000,1:00")).isEqualTo("E03");
        assertThat(debugger.ask("Hgp0.0")).isEqualTo("OK");
        assertThat(debugger.ask("qC")).isEqualTo("QCp1.1");
    }
}
