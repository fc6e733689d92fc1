package dev.pagewalk.tools.debug.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class FilePacketsTest {
    private final Conversation debugger = Conversation.withGdb();
    private final String open = "vFile:open:" + Conversation.hex("/bin/hello") + ",0,0";
    private final String program = new String(FakeTarget.PROGRAM, StandardCharsets.ISO_8859_1);

    @Test
    void aFileIsReadFromWhereItIsAsked() {
        assertThat(debugger.ask("vFile:setfs:7")).isEqualTo("F0");
        assertThat(debugger.ask(open)).isEqualTo("F1");
        assertThat(debugger.ask("vFile:pread:1,4,1")).isEqualTo("F4;ELF}");
        assertThat(debugger.ask("vFile:pread:1,ffffffffffffffff,0")).isEqualTo("Ff;" + program);
        assertThat(debugger.ask("vFile:pread:1,10,f")).isEqualTo("F0;");
        assertThat(debugger.ask("vFile:pread:1,10,8000000000000000")).isEqualTo("F0;");
        assertThat(debugger.ask("vFile:close:1")).isEqualTo("F0");
        assertThat(debugger.ask("vFile:close:1")).isEqualTo("F-1,9");
        assertThat(debugger.ask("vFile:pread:1,10,0")).isEqualTo("F-1,9");
    }

    @Test
    void aFilesSizeIsTold() {
        debugger.ask(open);
        debugger.say("vFile:fstat:1");
        byte[] reply = debugger.sent.get(0);
        ByteBuffer status = ByteBuffer.wrap(reply, 4, 64).slice();

        assertThat(debugger.heard().get(0)).startsWith("F40;").hasSize(4 + 64);
        assertThat(status.getInt(8)).isEqualTo(0100555);
        assertThat(status.getLong(28)).isEqualTo(program.length());
        assertThat(debugger.ask("vFile:stat:" + Conversation.hex("/bin/hello"))).hasSize(4 + 64);
        assertThat(debugger.ask("vFile:fstat:2")).isEqualTo("F-1,9");
    }

    @Test
    void filesAreNotWritten() {
        assertThat(debugger.ask(open.replace(",0,0", ",1,0"))).isEqualTo("F-1,1e");
        assertThat(debugger.ask(open.replace(",0,0", ",601,1ff"))).isEqualTo("F-1,1e");
        assertThat(debugger.ask("vFile:pwrite:1,0,abc")).isEqualTo("F-1,1e");
        assertThat(debugger.ask("vFile:unlink:2f")).isEqualTo("F-1,1e");
    }

    @Test
    void whatIsNotThereIsSaidNotToBe() {
        assertThat(debugger.ask("vFile:open:" + Conversation.hex("/nothing") + ",0,0"))
                .isEqualTo("F-1,2");
        assertThat(debugger.ask("vFile:setfs:63")).isEqualTo("F-1,2");
        assertThat(debugger.ask("vFile:nothing:1")).isEmpty();
    }

    @Test
    void aProcesssProgramIsALink() {
        assertThat(debugger.ask("vFile:readlink:" + Conversation.hex("/proc/7/exe")))
                .isEqualTo("Fa;/bin/hello");
        assertThat(debugger.ask("vFile:readlink:" + Conversation.hex("/proc/8/exe")))
                .isEqualTo("F-1,16");
    }

    @Test
    void openFilesAreFew() {
        for (int file = 1; file <= 16; file++) {
            assertThat(debugger.ask(open)).isEqualTo("F%x".formatted(file));
        }
        assertThat(debugger.ask(open)).isEqualTo("F-1,18");
        debugger.ask("vFile:close:3");
        assertThat(debugger.ask(open)).isEqualTo("F3");
    }

    @Test
    void filesAreThereWithoutAnAttachedProcess() {
        debugger.ask("D");
        assertThat(debugger.ask(open)).isEqualTo("F1");
    }

    @Test
    void nonsenseIsAnError() {
        for (String packet : new String[] {
            "vFile",
            "vFile:open:zz,0,0",
            "vFile:open:2f",
            "vFile:pread:1",
            "vFile:pread:-1,0,0",
            "vFile:close:",
            "vFile:fstat:1,1"
        }) {
            assertThat(debugger.ask(packet)).as(packet).isEqualTo("E16");
        }
    }
}
