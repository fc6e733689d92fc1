package dev.pagewalk.tools.debug.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RegisterPacketsTest {
    private final Conversation debugger = Conversation.withGdb();

    @Test
    void allRegistersAreThirtyThreeLittleEndianNumbers() {
        String all = debugger.ask("g");

        assertThat(all).hasSize(33 * 16).startsWith("0000000000000000" + "0101000000000000" + "0102000000000000");
        assertThat(all).endsWith("1010000000000000");
    }

    @Test
    void writingAllRegistersWritesThoseThatDiffer() {
        String all = debugger.ask("g");

        assertThat(debugger.ask("G" + all.substring(0, 16) + "efcdab8967452301" + all.substring(32)))
                .isEqualTo("OK");
        assertThat(debugger.calls()).containsExactly("set 1.1 1=123456789abcdef");
    }

    @Test
    void writingAllRegistersOfAnotherNumberIsRefused() {
        String all = debugger.ask("g");

        assertThat(debugger.ask("G")).isEqualTo("E16");
        assertThat(debugger.ask("G" + all.substring(1))).isEqualTo("E16");
        assertThat(debugger.ask("G" + all + "00")).isEqualTo("E16");
        assertThat(debugger.ask("G" + all.replace('0', 'z'))).isEqualTo("E16");
        assertThat(debugger.calls()).isEmpty();
    }

    @Test
    void oneRegisterIsReadAndWritten() {
        assertThat(debugger.ask("p20")).isEqualTo("1010000000000000");
        assertThat(debugger.ask("P20=0020000000000000")).isEqualTo("OK");
        assertThat(debugger.ask("p20")).isEqualTo("0020000000000000");
        assertThat(debugger.calls()).containsExactly("set 1.1 32=2000");
    }

    @Test
    void aCounterIsReadAndNotWritten() {
        assertThat(debugger.ask("pc41")).isEqualTo("3930000000000000");
        assertThat(debugger.ask("Pc41=0020000000000000")).isEqualTo("E01");
    }

    @Test
    void aRegisterThatDoesNotExistIsAnError() {
        assertThat(debugger.ask("pffff")).isEqualTo("E06");
        assertThat(debugger.ask("pffffffffffffffff")).isEqualTo("E16");
        assertThat(debugger.ask("p")).isEqualTo("E16");
        assertThat(debugger.ask("p-1")).isEqualTo("E16");
        assertThat(debugger.ask("P5=12")).isEqualTo("E16");
        assertThat(debugger.ask("P5")).isEqualTo("E16");
    }

    @Test
    void registersAreTheSelectedThreads() {
        debugger.ask("Hgp1.2");

        assertThat(debugger.ask("p20")).isEqualTo("2010000000000000");
    }
}
