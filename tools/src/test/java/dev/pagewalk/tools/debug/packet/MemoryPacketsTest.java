package dev.pagewalk.tools.debug.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MemoryPacketsTest {
    private final Conversation debugger = Conversation.withGdb();

    @Test
    void memoryIsWrittenAndReadAsDigits() {
        assertThat(debugger.ask("M1010,3:a1B2c3")).isEqualTo("OK");
        assertThat(debugger.ask("m100f,5")).isEqualTo("00a1b2c300");
        assertThat(debugger.calls()).containsExactly("write 1 1010 3 bytes");
    }

    @Test
    void memoryIsWrittenAndReadAsBytes() {
        assertThat(debugger.ask("X1000,4:#$}*")).isEqualTo("OK");
        assertThat(debugger.ask("x1000,5")).isEqualTo("b#$}*\0");
        assertThat(debugger.ask("X1000,0:")).isEqualTo("OK");
    }

    @Test
    void memoryIsReadAsFarAsItIsMapped() {
        assertThat(debugger.ask("m1ffe,10")).isEqualTo("0000");
        assertThat(debugger.ask("m2000,1")).isEqualTo("E0e");
        assertThat(debugger.ask("xfff,1")).isEqualTo("E0e");
    }

    @Test
    void aHugeReadIsCutToAPacket() {
        assertThat(debugger.ask("m1000,ffffffffffffffff")).hasSize(Conversation.PACKET_SIZE_BYTES);
        assertThat(debugger.ask("m1000,8000000000000000")).hasSize(Conversation.PACKET_SIZE_BYTES);
        assertThat(debugger.ask("x1000,7fffffffffffffff")).hasSize(Conversation.PACKET_SIZE_BYTES);
    }

    @Test
    void bytesThatNeedEscapesStillFitAPacket() {
        Arrays.fill(debugger.target.memory.get(1), (byte) '}');

        assertThat(debugger.ask("x1000,1000")).hasSize(1 + (Conversation.PACKET_SIZE_BYTES - 1) / 2);
    }

    @Test
    void addressesDoNotWrap() {
        assertThat(debugger.ask("mffffffffffffffff,1000")).isEqualTo("E0e");
        assertThat(debugger.ask("Mffffffffffffffff,2:0000")).isEqualTo("E0e");
        assertThat(debugger.calls()).isEmpty();
    }

    @Test
    void lengthsThatDoNotAgreeAreRefused() {
        assertThat(debugger.ask("M1000,2:00")).isEqualTo("E16");
        assertThat(debugger.ask("M1000,1:0")).isEqualTo("E16");
        assertThat(debugger.ask("M1000,1:0g")).isEqualTo("E16");
        assertThat(debugger.ask("M1000,ffffffff:00")).isEqualTo("E16");
        assertThat(debugger.ask("X1000,5:abcd")).isEqualTo("E16");
        assertThat(debugger.calls()).isEmpty();
    }

    @Test
    void nonsenseIsAnError() {
        for (String packet :
                new String[] {"m", "m,", "m1000", "m1000,", "m-1,1", "m1000,-1", "m1000,4x", "mg,1", "m1 ,1"}) {
            assertThat(debugger.ask(packet)).as(packet).isEqualTo("E16");
        }
        assertThat(debugger.ask("m00000000000001000,1")).as("17 digits").isEqualTo("E16");
    }

    @Test
    void memoryIsTheSelectedProcesss() {
        debugger.ask("vAttach;7");
        debugger.target.memory.get(7)[0] = 0x77;

        assertThat(debugger.ask("m1000,1")).isEqualTo("77");
        debugger.ask("Hgp1.1");
        assertThat(debugger.ask("m1000,1")).isEqualTo("00");
    }

    @Test
    void withNoProcessThereIsNoMemory() {
        debugger.ask("D");

        assertThat(debugger.ask("m1000,1")).isEqualTo("E03");
        assertThat(debugger.ask("M1000,1:00")).isEqualTo("E03");
    }

    @Test
    void bytesThatAreNoTextAreKept() {
        byte[] packet = "X1000,2:..".getBytes(StandardCharsets.ISO_8859_1);
        packet[8] = (byte) 0xFF;
        packet[9] = 0;
        debugger.say(packet);

        assertThat(debugger.ask("m1000,2")).isEqualTo("ff00");
    }
}
