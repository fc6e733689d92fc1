package dev.pagewalk.tools.debug.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.tools.debug.target.DebugPoint;
import dev.pagewalk.tools.debug.target.DebugTarget;
import dev.pagewalk.tools.debug.target.PointKind;
import dev.pagewalk.tools.debug.target.StopReport;
import dev.pagewalk.tools.debug.target.StopReport.Reason;
import dev.pagewalk.tools.debug.target.StopReport.ThreadStopped;
import dev.pagewalk.tools.testing.DebuggedTestGuest;
import dev.pagewalk.tools.testing.TestGuest;
import dev.pagewalk.tools.testing.TestedEngine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Breakpoints match address spaces and addresses, wherever the code comes from and whatever becomes of it. */
@ParameterizedClass
@EnumSource(TestedEngine.class)
class BreakpointPlacesTest {
    @Parameter
    TestedEngine engine;

    private static final long FUNCTION = 0x11000;
    private static final long CODE = 0x400000000L;
    private static final long ALIAS = 0x500000000L;
    private static final int RESULT_REGISTER = 10;

    private static final String FORK = """
                    li      a0, 17
                    li      a1, 0
                    li      a2, 0
                    li      a3, 0
                    li      a4, 0
                    li      a7, 220
                    ecall
            """;

    private static final String EXIT = """
                    li      a0, 0
                    li      a7, 93
                    ecall
            """;

    /** Of mmap at CODE; a3 has the flags. */
    private static final String MAP = """
                    li      a0, 0x400000000
                    li      a1, 4096
                    li      a2, 7
                    li      a4, -1
                    li      a5, 0
                    li      a7, 222
                    ecall
            """;

    /** Parent and child call a function so often each. */
    private static String calls(int count) {
        return "        .globl _start\n_start:\n" + FORK + """
                        li      s0, %d
                again:  call    function
                        addi    s0, s0, -1
                        bnez    s0, again
                """.formatted(count) + EXIT + """
                        .balign 4096
                function:
                        addi    s1, s1, 1
                        ret
                """;
    }

    private DebuggedTestGuest guest(String source, int harts) {
        return DebuggedTestGuest.assembled(
                source,
                DebuggedRunTest.machineOf(harts, 1),
                engine.options(),
                KernelConfig.quiet().withSanitizer(true));
    }

    /** Runs to the end; the pids of those that have stopped at breakpoints. */
    private static List<Integer> stops(DebuggedTestGuest guest, StopReport first) {
        List<Integer> pids = new ArrayList<>();
        for (StopReport report = first; report != null; report = guest.resume()) {
            if (report instanceof ThreadStopped stop && stop.reason() instanceof Reason.Breakpoint) {
                pids.add(stop.thread().pid());
            }
        }
        return pids;
    }

    private static void assertUndisturbed(DebuggedTestGuest guest, String source, int harts) {
        TestGuest undisturbed = TestGuest.assembled(
                source,
                DebuggedRunTest.machineOf(harts, 1),
                KernelConfig.quiet().withSanitizer(true));
        undisturbed.finish();
        assertThat(guest.finish()).isEqualTo(RunStop.POWERED_OFF);
        assertThat(guest.statistics()).isEqualTo(undisturbed.statistics());
    }

    private static DebugPoint breakpoint(long address) {
        return new DebugPoint(PointKind.SOFTWARE_BREAKPOINT, address, 4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void inTextThatProcessesShareOnlyOneStops(int harts) {
        String source = calls(5);
        for (int pid = 1; pid <= 2; pid++) {
            DebuggedTestGuest guest = guest(source, harts);
            StopReport fork = guest.resume();
            assertThat(((ThreadStopped) fork).reason()).isInstanceOf(Reason.Forked.class);
            guest.debugger().insert(pid, breakpoint(FUNCTION));

            assertThat(stops(guest, guest.resume())).containsExactly(pid, pid, pid, pid, pid);
            assertUndisturbed(guest, source, harts);
        }
    }

    @Test
    void anInstructionAfterAnotherAndAJumpTargetStopEachTime() {
        String source = calls(3);
        DebuggedTestGuest guest = guest(source, 2);
        guest.debugger().insert(1, breakpoint(FUNCTION));
        guest.debugger().insert(1, breakpoint(FUNCTION + 4));

        assertThat(stops(guest, guest.resume())).containsExactly(1, 1, 1, 1, 1, 1);
        assertUndisturbed(guest, source, 2);
    }

    /** A program that writes a function, calls it, changes it, and calls it again. */
    @Test
    void codeThatTheGuestRewritesIsStoppedAtAndExecutedAsItIsThen() {
        String source = "        .globl _start\n_start: li a3, 0x32\n" + MAP + """
                        li      s0, 0x400000000
                        li      t0, 0x00008067          # ret
                        sw      t0, 4(s0)
                        li      s1, 3
                        li      t1, 0x00100513          # li a0, 1
                again:  sw      t1, (s0)
                        fence.i
                        jalr    s0
                        add     s2, s2, a0
                        li      t0, 0x00100000          # the next one has a greater number
                        add     t1, t1, t0
                        addi    s1, s1, -1
                        bnez    s1, again
                        mv      a0, s2
                        li      a7, 93
                        ecall
                """;
        DebuggedTestGuest guest = guest(source, 1);
        guest.debugger().insert(1, breakpoint(CODE));
        for (int call = 1; call <= 3; call++) {
            ThreadStopped stop = (ThreadStopped) guest.resume();
            assertThat(guest.register(stop.thread(), DebugTarget.PC_REGISTER)).isEqualTo(CODE);
            guest.step(stop.thread());
            assertThat(guest.register(stop.thread(), RESULT_REGISTER)).isEqualTo(call);
        }
        assertThat(guest.resume()).isEqualTo(new StopReport.ProcessExited(1, 6));
        assertUndisturbed(guest, source, 1);
    }

    /** Both call the same physical instruction, the child at another address. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void codeThatAnotherSpaceHasElsewhereStopsWhereThePointIs(int harts) {
        String source = "        .globl _start\n_start: li a3, 0x31\n" + MAP + """
                        li      s0, 0x400000000
                        li      t0, 0x00008067          # ret
                        sw      t0, (s0)
                        fence.i
                """ + FORK + """
                        bnez    a0, begin
                        mv      a0, s0
                        li      a1, 4096
                        li      a2, 4096
                        li      a3, 3                   # MREMAP_MAYMOVE, MREMAP_FIXED
                        li      a4, 0x500000000
                        li      a7, 216
                        ecall
                        mv      s0, a0
                begin:  li      s1, 4
                again:  jalr    s0
                        addi    s1, s1, -1
                        bnez    s1, again
                """ + EXIT;
        for (int pid = 1; pid <= 2; pid++) {
            DebuggedTestGuest guest = guest(source, harts);
            assertThat(((ThreadStopped) guest.resume()).reason()).isInstanceOf(Reason.Forked.class);
            guest.debugger().insert(pid, breakpoint(pid == 1 ? CODE : ALIAS));
            guest.debugger().insert(3 - pid, breakpoint(pid == 1 ? CODE : ALIAS));

            assertThat(stops(guest, guest.resume())).containsExactly(pid, pid, pid, pid);
            assertUndisturbed(guest, source, harts);
        }
    }
}
