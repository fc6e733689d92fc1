package dev.pagewalk.tools.debug.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PointPacketsTest {
    private final Conversation debugger = Conversation.withGdb();

    @Test
    void eachKindIsInsertedAndRemoved() {
        for (int kind = 0; kind < 5; kind++) {
            assertThat(debugger.ask("Z" + kind + ",1000,4")).isEqualTo("OK");
            assertThat(debugger.ask("z" + kind + ",1000,4")).isEqualTo("OK");
        }
        assertThat(debugger.calls())
                .containsExactly(
                        "insert 1 SOFTWARE_BREAKPOINT 1000 4",
                        "remove 1 SOFTWARE_BREAKPOINT 1000 4",
                        "insert 1 HARDWARE_BREAKPOINT 1000 4",
                        "remove 1 HARDWARE_BREAKPOINT 1000 4",
                        "insert 1 WRITE_WATCHPOINT 1000 4",
                        "remove 1 WRITE_WATCHPOINT 1000 4",
                        "insert 1 READ_WATCHPOINT 1000 4",
                        "remove 1 READ_WATCHPOINT 1000 4",
                        "insert 1 ACCESS_WATCHPOINT 1000 4",
                        "remove 1 ACCESS_WATCHPOINT 1000 4");
    }

    @Test
    void conditionsAndCommandsAreTheClients() {
        assertThat(debugger.ask("Z0,1000,4;X3,220027;cmds:1,X2,2200")).isEqualTo("OK");
        assertThat(debugger.calls()).containsExactly("insert 1 SOFTWARE_BREAKPOINT 1000 4");
    }

    @Test
    void aPointThatIsNotPossibleIsAnError() {
        assertThat(debugger.ask("Z0,bad,4")).isEqualTo("E01");
    }

    @Test
    void aKindThatIsNotKnownIsUnsupported() {
        assertThat(debugger.ask("Z5,1000,4")).isEmpty();
        assertThat(debugger.ask("z9,1000,4")).isEmpty();
    }

    @Test
    void nonsenseIsAnError() {
        for (String packet : new String[] {
            "Z",
            "Z0",
            "Z0,",
            "Z0,1000",
            "Z0,1000,",
            "Zx,1000,4",
            "Z2,1000,0",
            "Z2,1000,ffffffffffffffff",
            "Z2,fffffffffffffffe,4",
            "z0,1000",
            "Z0,1000,4,4",
            "Z3,1000,8000000000000000"
        }) {
            assertThat(debugger.ask(packet)).as(packet).isEqualTo("E16");
        }
        assertThat(debugger.calls()).isEmpty();
    }

    @Test
    void pointsBelongToTheSelectedProcess() {
        debugger.ask("vAttach;7");
        debugger.calls();
        debugger.ask("Z1,1000,2");
        debugger.ask("Hgp1.2");
        debugger.ask("Z1,1000,2");

        assertThat(debugger.calls())
                .containsExactly("insert 7 HARDWARE_BREAKPOINT 1000 2", "insert 1 HARDWARE_BREAKPOINT 1000 2");
    }
}
