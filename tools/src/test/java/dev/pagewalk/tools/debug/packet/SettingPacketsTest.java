package dev.pagewalk.tools.debug.packet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SettingPacketsTest {
    private final Conversation debugger = Conversation.begun();

    @Test
    void whatAClientAsksForIsAgreed() {
        assertThat(debugger.ask(Conversation.GDB).split(";"))
                .startsWith("PacketSize=400")
                .contains("multiprocess+", "fork-events+", "vfork-events+", "exec-events+", "swbreak+", "hwbreak+")
                .contains("QStartNoAckMode+", "vContSupported+", "ReverseStep+", "ReverseContinue+", "no-resumed+")
                .contains(
                        "qXfer:features:read+",
                        "qXfer:siginfo:read+",
                        "qXfer:memory-map:read+",
                        "QCatchSyscalls+",
                        "QPassSignals+")
                .doesNotContain("QThreadEvents+", "memory-tagging+", "qRelocInsn+")
                .doesNotHaveDuplicates();
    }

    @Test
    void whatAClientDoesNotAskForIsNotAgreed() {
        assertThat(debugger.ask("qSupported:swbreak+;multiprocess-;;+;fork-events")
                        .split(";"))
                .contains("swbreak+", "QStartNoAckMode+")
                .doesNotContain("multiprocess+", "fork-events+");
        assertThat(debugger.ask("qC")).isEqualTo("QC1");
    }

    @Test
    void lldbIsNotOfferedTheMemoryMap() {
        assertThat(debugger.ask("qSupported:xmlRegisters=i386,arm,mips,arc;multiprocess+")
                        .split(";"))
                .contains("multiprocess+", "qXfer:features:read+")
                .doesNotContain("qXfer:memory-map:read+");
    }

    @Test
    void lldbIsToldTheKindOfMachine() {
        assertThat(debugger.ask("qHostInfo").split(";"))
                .contains("triple:" + Conversation.hex("riscv64-unknown-linux-gnu"), "ptrsize:8", "endian:little");
        assertThat(debugger.ask("qProcessInfo")).startsWith("pid:1;triple:");
        debugger.ask("D");
        assertThat(debugger.ask("qProcessInfo")).isEqualTo("E03");
    }

    @Test
    void anUnknownPacketIsAnsweredByNothing() {
        assertThat(debugger.ask("vMustReplyEmpty")).isEmpty();
        assertThat(debugger.ask("")).isEmpty();
        assertThat(debugger.ask("w")).isEmpty();
        assertThat(debugger.ask("qTStatus")).isEmpty();
        assertThat(debugger.ask("\u0000\u00FF")).isEmpty();
    }

    @Test
    void acknowledgementsMayBeGivenUpAndNonStopMayNotBegin() {
        assertThat(debugger.ask("QStartNoAckMode")).isEqualTo("OK");
        assertThat(debugger.ask("QNonStop:0")).isEqualTo("OK");
        assertThat(debugger.ask("QNonStop:1")).isEqualTo("E01");
    }

    @Test
    void systemCallsAreCaughtInTheSelectedProcess() {
        assertThat(debugger.ask("QCatchSyscalls:1")).isEqualTo("OK");
        assertThat(debugger.ask("QCatchSyscalls:1;40;dc")).isEqualTo("OK");
        assertThat(debugger.ask("QCatchSyscalls:0")).isEqualTo("OK");
        assertThat(debugger.calls()).containsExactly("catch 1 []", "catch 1 [64, 220]", "catch 1 null");
        assertThat(debugger.ask("QCatchSyscalls:2")).isEqualTo("E16");
        assertThat(debugger.ask("QCatchSyscalls:1;-1")).isEqualTo("E16");
    }

    @Test
    void signalsArePassedByLinuxsNumbers() {
        assertThat(debugger.ask("QPassSignals:e;1e;97;")).isEqualTo("OK");
        assertThat(debugger.ask("QPassSignals:")).isEqualTo("OK");
        assertThat(debugger.calls()).containsExactly("pass [14, 10]", "pass []");
        assertThat(debugger.ask("QPassSignals:x")).isEqualTo("E16");
        assertThat(debugger.ask("QProgramSignals:0;1;3")).isEqualTo("OK");
        assertThat(debugger.calls()).isEmpty();
    }
}
