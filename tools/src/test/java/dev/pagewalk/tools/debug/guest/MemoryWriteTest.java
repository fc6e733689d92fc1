package dev.pagewalk.tools.debug.guest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.tools.debug.target.StopReport;
import dev.pagewalk.tools.debug.target.StopReport.ProcessExited;
import dev.pagewalk.tools.debug.target.StopReport.Reason;
import dev.pagewalk.tools.debug.target.StopReport.ThreadStopped;
import dev.pagewalk.tools.debug.target.ThreadAction;
import dev.pagewalk.tools.testing.DebuggedTestGuest;
import dev.pagewalk.tools.testing.TestedEngine;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a debugger writes is seen by those who would see the guest's own store, and by no one else. */
@ParameterizedClass
@EnumSource(TestedEngine.class)
class MemoryWriteTest {
    @Parameter
    TestedEngine engine;

    private static final long WORK = 0x11000;
    private static final long DATA = 0x400000000L;

    /** Two processes, each of which ends with the byte at DATA plus 1; the page has another owner when they fork. */
    private static String twoProcesses(int mapFlags, boolean touches) {
        return """
                        .globl  _start
                _start: li      a0, 0x400000000
                        li      a1, 4096
                        li      a2, 3
                        li      a3, %d
                        li      a4, -1
                        li      a5, 0
                        li      a7, 222
                        ecall
                        li      s0, 0x400000000
                        %s
                        li      a0, 17
                        li      a1, 0
                        li      a2, 0
                        li      a3, 0
                        li      a4, 0
                        li      a7, 220
                        ecall
                        j       work
                        .balign 4096
                work:   lbu     a0, (s0)
                        addi    a0, a0, 1
                        li      a7, 93
                        ecall
                """.formatted(mapFlags, touches ? "li t0, 10\n        sb t0, (s0)" : "");
    }

    private static final int PRIVATE = 0x32;
    private static final int SHARED = 0x31;

    private static KernelConfig kernel(String policy) {
        return KernelConfig.quiet().withSanitizer(true).withShootdownPolicy(policy);
    }

    private DebuggedTestGuest atFork(String source, String policy) {
        DebuggedTestGuest guest =
                DebuggedTestGuest.assembled(source, DebuggedRunTest.machineOf(2, 0), engine.options(), kernel(policy));
        assertThat(((ThreadStopped) guest.resume()).reason()).isInstanceOf(Reason.Forked.class);
        return guest;
    }

    /** Runs to the end; statuses by pid. */
    private static Map<Integer, Integer> statuses(DebuggedTestGuest guest, String source, String policy) {
        Map<Integer, Integer> statuses = new TreeMap<>();
        for (StopReport report = guest.resume(); report != null; report = guest.resume()) {
            if (report instanceof ProcessExited exit) {
                statuses.put(exit.pid(), exit.status());
            }
        }
        assertThat(guest.finish()).isEqualTo(RunStop.POWERED_OFF);
        assertThat(guest.kernel().sanitizer().reports()).isEmpty();
        assertThat(guest.kernel().frames().freeFrames())
                .isEqualTo(guest.kernel().freeFramesAtBoot());
        DebuggedTestGuest again =
                DebuggedTestGuest.assembled(source, DebuggedRunTest.machineOf(2, 0), kernel(policy), guest.inputs());
        assertThat(again.finish()).isEqualTo(RunStop.POWERED_OFF);
        assertThat(again.statistics()).as("replayed").isEqualTo(guest.statistics());
        return statuses;
    }

    @ParameterizedTest
    @ValueSource(strings = {"broadcast", "targeted", "lazy", "latr", "early-ack", "hardware-broadcast", "batched"})
    void aCopiedOnWritePageBecomesTheProcessesOwn(String policy) {
        String source = twoProcesses(PRIVATE, true);
        for (int pid = 1; pid <= 2; pid++) {
            DebuggedTestGuest guest = atFork(source, policy);
            assertThat(guest.debugger().writeMemory(pid, DATA, new byte[] {70})).isTrue();

            assertThat(guest.debugger().readMemory(pid, DATA, 1)).containsExactly(70);
            assertThat(guest.debugger().readMemory(3 - pid, DATA, 1)).containsExactly(10);
            assertThat(statuses(guest, source, policy))
                    .containsExactlyInAnyOrderEntriesOf(Map.of(pid, 71, 3 - pid, 11));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"targeted", "latr"})
    void aPageThatNobodyHasTouchedComesIntoBeing(String policy) {
        String source = twoProcesses(PRIVATE, false);
        DebuggedTestGuest guest = atFork(source, policy);
        assertThat(guest.debugger().writeMemory(2, DATA, new byte[] {70})).isTrue();

        assertThat(statuses(guest, source, policy)).containsExactlyInAnyOrderEntriesOf(Map.of(1, 1, 2, 71));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aSharedPageIsWrittenForAllWhoShareIt(boolean touched) {
        String source = twoProcesses(SHARED, touched);
        DebuggedTestGuest guest = atFork(source, "targeted");
        assertThat(guest.debugger().writeMemory(2, DATA, new byte[] {70})).isTrue();

        assertThat(guest.debugger().readMemory(1, DATA, 1)).containsExactly(70);
        assertThat(statuses(guest, source, "targeted")).containsExactlyInAnyOrderEntriesOf(Map.of(1, 71, 2, 71));
    }

    /** Program text is shared by both and by the page cache, and may not be written by the guest. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void textIsChangedForOneProcess(int pid) {
        String source = twoProcesses(PRIVATE, true);
        DebuggedTestGuest guest = atFork(source, "targeted");
        // addi a0, a0, 5 in the place of addi a0, a0, 1
        assertThat(guest.debugger().writeMemory(pid, WORK + 4, new byte[] {0x13, 0x05, 0x55, 0x00}))
                .isTrue();

        assertThat(statuses(guest, source, "targeted"))
                .containsExactlyInAnyOrderEntriesOf(Map.of(pid, 15, 3 - pid, 11));
    }

    /** A thread reads a page on another hart all the time, while a child owns it too: it must not go on with the old frame. */
    @ParameterizedTest
    @ValueSource(strings = {"broadcast", "targeted", "lazy", "latr", "early-ack", "hardware-broadcast", "batched"})
    void aHartThatHasTheOldFrameInItsTlbSeesTheNewOne(String policy) {
        String source = """
                        .globl  _start
                _start: li      a0, 0x400000000
                        li      a1, 8192
                        li      a2, 3
                        li      a3, 0x32
                        li      a4, -1
                        li      a5, 0
                        li      a7, 222
                        ecall
                        li      s0, 0x400000000
                        sb      zero, (s0)
                        li      t0, 4096
                        add     s1, s0, t0
                        li      a0, 17                  # a child that stays, and owns the page
                        li      a1, 0
                        li      a2, 0
                        li      a3, 0
                        li      a4, 0
                        li      a7, 220
                        ecall
                        beqz    a0, wait
                        li      a0, 0x10f00             # a thread
                        addi    a1, s1, 2000
                        li      a7, 220
                        ecall
                        bnez    a0, wait
                spin:   lbu     a0, (s0)
                        beqz    a0, spin
                        li      a7, 94                  # ends the process
                        ecall
                wait:   li      t0, 400000
                1:      addi    t0, t0, -1
                        bnez    t0, 1b
                        li      a0, 0
                        li      a7, 93
                        ecall
                """;
        DebuggedTestGuest guest =
                DebuggedTestGuest.assembled(source, DebuggedRunTest.machineOf(3, 0), engine.options(), kernel(policy));
        assertThat(((ThreadStopped) guest.resume()).reason()).isInstanceOf(Reason.Forked.class);
        while (guest.debugger().threads().size() < 3) {
            guest.resume(Map.of(DebuggedTestGuest.FIRST, new ThreadAction.Step(ThreadAction.NO_SIGNAL)));
        }
        for (int step = 0; step < 20_000; step++) {
            guest.resume(Map.of(DebuggedTestGuest.FIRST, new ThreadAction.Step(ThreadAction.NO_SIGNAL)));
        }
        assertThat(guest.debugger().writeMemory(1, DATA, new byte[] {70})).isTrue();

        Map<Integer, Integer> statuses = new TreeMap<>();
        for (StopReport report = guest.resume(); report != null; report = guest.resume()) {
            if (report instanceof ProcessExited exit) {
                statuses.put(exit.pid(), exit.status());
            }
        }
        assertThat(statuses).containsExactlyInAnyOrderEntriesOf(Map.of(1, 70, 2, 0));
        assertThat(guest.kernel().sanitizer().reports()).isEmpty();
        assertThat(guest.kernel().sanitizer().staleHitsInWindow()).isZero();
    }
}
