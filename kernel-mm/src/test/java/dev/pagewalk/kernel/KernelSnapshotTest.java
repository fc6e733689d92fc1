package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineSnapshot;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A machine restored from a snapshot at any pause ends exactly as the one that ran through. */
class KernelSnapshotTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;

    private static String source() {
        Guest guest = new Guest()
                .call(READ, 0, "=buffer", 100)
                .call(WRITE, 1, "=buffer", 4)
                .call(999);
        for (int round = 0; round < 3; round++) {
            guest.mmap(AT, 70 * PAGE, RW, ANON | FIXED)
                    .line("li t0, " + AT)
                    .line("li t1, 70")
                    .line("li t2, 4096")
                    .line("6: sd t1, 0(t0)")
                    .line("add t0, t0, t2")
                    .line("addi t1, t1, -1")
                    .line("bnez t1, 6b")
                    .mprotect(AT, 10 * PAGE, R)
                    .munmap(AT + 4 * PAGE, 3 * PAGE)
                    .brk(0)
                    .line("li t3, 0x3000")
                    .line("add a0, a0, t3")
                    .brk("a0")
                    .line("sd a0, -8(a0)")
                    .line("li t3, 0x4000")
                    .line("sub t3, sp, t3")
                    .line("sd a0, 0(t3)")
                    .call(WRITE, 1, "=buffer", 4);
        }
        return guest.call(READ, 0, "=buffer", 100)
                .expect(5)
                .call(WRITE, 1, "=buffer", 5)
                .data("        .bss\nbuffer: .zero 200")
                .source();
    }

    private static List<Object> statistics(TestMachine test) {
        var kernel = test.kernel();
        return List.of(
                test.exitStatus(),
                test.console(),
                test.machine().longestCycle(),
                test.hart().retired,
                test.hart().mmu().counters(),
                kernel.faultCounters().demandZero,
                kernel.faultCounters().stack,
                kernel.faultCounters().spurious,
                kernel.systemCallCounts(),
                kernel.frames().peak(FrameUse.USER),
                kernel.frames().peak(FrameUse.PAGE_TABLE),
                test.process().space().peakUserPages(),
                test.process().space().pageTable().peakTablePages(),
                test.process().space().regions().peakSize());
    }

    private static TestMachine.Options options(String profile) {
        return TestMachine.options().profile(profile).input("one\nfour\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"u74", "ideal"})
    void aRestoredMachineEndsAsTheOneThatRanThrough(String profile) {
        TestMachine through = options(profile).run(source());
        assertThat(through.exitStatus()).isZero();
        List<Object> expected = statistics(through);
        long cycles = through.machine().longestCycle();
        Random random = new Random(7);
        for (int i = 0; i < 25; i++) {
            long pause = (long) (random.nextDouble() * cycles);
            TestMachine paused = options(profile).boot(source());
            if (!paused.pauseAt(pause)) {
                continue;
            }
            MachineSnapshot snapshot = paused.machine().snapshot();
            paused.finish();
            assertThat(statistics(paused)).as("paused at %d", pause).isEqualTo(expected);

            TestMachine fresh = options(profile).build();
            fresh.machine().restore(snapshot);
            assertThat(fresh.machine().snapshot().state()).as("pause %d", pause).isEqualTo(snapshot.state());
            fresh.finish();
            assertThat(statistics(fresh)).as("restored at %d", pause).isEqualTo(expected);
            assertThat(fresh.log()).hasSizeLessThanOrEqualTo(1);

            // Into a machine that has gone elsewhere meanwhile.
            paused.machine().restore(snapshot);
            paused.finish();
            assertThat(statistics(paused)).as("restored again at %d", pause).isEqualTo(expected);
        }
    }

    @Test
    void aSnapshotBeforeTheFirstInstructionHoldsTheBootedProcess() {
        TestMachine booted = options("u74").boot(source());
        MachineSnapshot snapshot = booted.machine().snapshot();
        TestMachine fresh = options("u74").build();
        fresh.machine().restore(snapshot);
        assertThat(statistics(fresh.finish())).isEqualTo(statistics(booted.finish()));
    }

    @Test
    void aSnapshotOfAnEmptyKernelTakesTheProcessAway() {
        MachineSnapshot empty = options("u74").build().machine().snapshot();
        TestMachine test = options("u74").boot(source());
        test.machine().restore(empty);
        assertThat(test.kernel().processes()).isEmpty();
        assertThat(test.kernel().frames().freeFrames()).isEqualTo(test.kernel().freeFramesAtBoot());
    }

    @Test
    void twoRunsAreEqualToTheCycle() {
        assertThat(statistics(options("u74").run(source())))
                .isEqualTo(statistics(options("u74").run(source())));
    }
}
