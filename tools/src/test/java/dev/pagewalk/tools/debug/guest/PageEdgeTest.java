package dev.pagewalk.tools.debug.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.tools.debug.target.DebugPoint;
import dev.pagewalk.tools.debug.target.PointKind;
import dev.pagewalk.tools.debug.target.StopReport;
import dev.pagewalk.tools.debug.target.StopReport.Reason;
import dev.pagewalk.tools.debug.target.StopReport.ThreadStopped;
import dev.pagewalk.tools.debug.target.ThreadAction;
import dev.pagewalk.tools.debug.target.ThreadId;
import dev.pagewalk.tools.testing.DebuggedTestGuest;
import dev.pagewalk.tools.testing.TestGuest;
import dev.pagewalk.tools.testing.TestedEngine;
import java.util.Map;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Points at instructions whose fetch takes long, as the first one of a page does, of which there are more than a TLB knows. */
@ParameterizedClass
@EnumSource(TestedEngine.class)
class PageEdgeTest {
    @Parameter
    TestedEngine engine;

    private static final int PAGES = 80;
    private static final int ROUNDS = 6;
    private static final int MOST_STOPS = 2000;
    private static final long FIRST_PAGE = 0x11000;
    private static final int PAGE = 4096;
    private static final int QUANTUM_CYCLES = 20;

    /** Two processes that go from page to page, where each executes a load at once and a store last. */
    private static String source() {
        StringBuilder text = new StringBuilder("""
                        .globl  _start
                _start: li      a0, 17
                        li      a1, 0
                        li      a2, 0
                        li      a3, 0
                        li      a4, 0
                        li      a7, 220
                        ecall
                        la      s0, data
                        li      s1, %d
                        j       page0
                again:  addi    s1, s1, -1
                        bnez    s1, 1f
                        li      a0, 0
                        li      a7, 93
                        ecall
                1:      j       page0
                """.formatted(ROUNDS));
        for (int page = 0; page < PAGES; page++) {
            text.append("        .balign 4096\n");
            text.append("page%d: ld t0, (s0)\n".formatted(page));
            text.append("        addi t0, t0, 1\n");
            text.append("        j last%d\n".formatted(page));
            text.append("        .space 4096 - 16\n");
            text.append("last%d: sd t0, (s0)\n".formatted(page));
        }
        text.append("        j again\n");
        text.append("        .data\n        .balign 8\ndata:   .dword 0\n");
        return text.toString();
    }

    /** Slices are so short that many a one ends where an instruction has been fetched. */
    private static MachineConfig machine(long seed) {
        MachineConfig config = DebuggedRunTest.machineOf(2, seed);
        return new MachineConfig(
                config.harts(),
                config.ramBytes(),
                config.pagingMode(),
                config.profile(),
                QUANTUM_CYCLES,
                config.seed());
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 2})
    void watchedLoadsThere(long seed) {
        DebuggedTestGuest guest =
                DebuggedTestGuest.assembled(source(), machine(seed), engine.options(), KernelConfig.quiet());
        assertStopsChangeNothing(guest, seed, new DebugPoint(PointKind.ACCESS_WATCHPOINT, dataAddress(guest), 8));
    }

    /** What the la instruction loads. */
    private static long dataAddress(DebuggedTestGuest guest) {
        while (guest.register(DebuggedTestGuest.FIRST, 8) == 0) {
            guest.step(DebuggedTestGuest.FIRST);
        }
        guest.step(DebuggedTestGuest.FIRST);
        return guest.register(DebuggedTestGuest.FIRST, 8);
    }

    @ParameterizedTest
    @EnumSource(
            value = PointKind.class,
            names = {"SOFTWARE_BREAKPOINT", "HARDWARE_BREAKPOINT"})
    void breakpointsOnFirstInstructions(PointKind kind) {
        DebuggedTestGuest guest =
                DebuggedTestGuest.assembled(source(), machine(3), engine.options(), KernelConfig.quiet());
        assertStopsChangeNothing(guest, 3, new DebugPoint(kind, FIRST_PAGE + 5 * PAGE, 4));
    }

    @ParameterizedTest
    @EnumSource(
            value = PointKind.class,
            names = {"SOFTWARE_BREAKPOINT", "HARDWARE_BREAKPOINT"})
    void breakpointsOnLastInstructions(PointKind kind) {
        DebuggedTestGuest guest =
                DebuggedTestGuest.assembled(source(), machine(4), engine.options(), KernelConfig.quiet());
        assertStopsChangeNothing(guest, 4, new DebugPoint(kind, FIRST_PAGE + 6 * PAGE - 4, 4));
    }

    private static void assertStopsChangeNothing(DebuggedTestGuest guest, long seed, DebugPoint point) {
        TestGuest undisturbed = TestGuest.assembled(source(), machine(seed), KernelConfig.quiet());
        undisturbed.finish();
        guest.debugger().insert(1, point);
        int stops = 0;
        StopReport report = guest.resume();
        while (stops < MOST_STOPS && report instanceof ThreadStopped stop && !(stop.reason() instanceof Reason.Forked)
                || report instanceof ThreadStopped fork && fork.reason() instanceof Reason.Forked) {
            stops++;
            // One in three goes on by a step.
            Map<ThreadId, ThreadAction> step =
                    Map.of(((ThreadStopped) report).thread(), new ThreadAction.Step(ThreadAction.NO_SIGNAL));
            report = guest.resume(stops % 3 == 0 ? step : Map.of());
        }
        assertThat(stops).isGreaterThanOrEqualTo(ROUNDS);
        guest.debugger().remove(1, point);
        assertThat(guest.finish()).isEqualTo(RunStop.POWERED_OFF);
        assertThat(guest.statistics()).isEqualTo(undisturbed.statistics());
        assertThat(guest.position()).isEqualTo(undisturbed.assembly().machine().position());
    }
}
