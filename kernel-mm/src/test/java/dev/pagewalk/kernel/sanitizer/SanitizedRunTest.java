package dev.pagewalk.kernel.sanitizer;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import dev.pagewalk.emulator.MachineSnapshot;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.testing.BrokenInvalidation;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The sanitizer only watches: a machine runs the same with it and without, and reports the same when it is restored. */
class SanitizedRunTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;

    /** Maps, touches, narrows and unmaps in a loop, from code in two pages; writes now and then where it may not. */
    private static String source() {
        Guest guest = new Guest();
        for (int round = 0; round < 4; round++) {
            guest.mmap(AT, 90 * PAGE, RW, ANON | FIXED)
                    .line("li t0, " + AT)
                    .line("li t1, 90")
                    .line("li t2, 4096")
                    .line("6: sd t1, 0(t0)")
                    .line("ld t3, 0(t0)")
                    .line("add t0, t0, t2")
                    .line("addi t1, t1, -1")
                    .line("bnez t1, 6b")
                    .mprotect(AT, 20 * PAGE, R)
                    .load(AT)
                    .mprotect(AT, 20 * PAGE, RW)
                    .store(AT, round)
                    .munmap(AT + 4 * PAGE, (60 + 10 * round) * PAGE)
                    .load(AT + 3 * PAGE)
                    .brk(0)
                    .line("li t3, 0x3000")
                    .line("add a0, a0, t3")
                    .brk("a0")
                    .line("sd a0, -8(a0)")
                    .line("j 7f")
                    .line(".zero 1200")
                    .line("7:");
        }
        return guest.source();
    }

    private static String state(TestMachine test) {
        Hasher memory = Hashing.sha256().newHasher();
        test.machine()
                .bus()
                .memory()
                .forEachNonZeroFrame(
                        (frame, chunk, offset) -> memory.putLong(frame).putBytes(chunk, offset, (int) PAGE));
        var kernel = test.kernel();
        return List.of(
                        test.exitStatus(),
                        test.console(),
                        test.machine().longestCycle(),
                        test.hart().retired,
                        test.hart().mmu().counters(),
                        kernel.faultCounters().demandZero,
                        kernel.faultCounters().spurious,
                        kernel.systemCallCounts(),
                        kernel.frames().peak(FrameUse.USER),
                        kernel.frames().peak(FrameUse.PAGE_TABLE),
                        memory.hash())
                .toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"ideal", "rocket", "u74", "p550", "skylake", "neoverse-n1", "thunderx2"})
    void aMachineRunsTheSameWithAndWithout(String profile) {
        TestMachine with = TestMachine.options().profile(profile).run(source());
        TestMachine without =
                TestMachine.options().profile(profile).unsanitized().run(source());
        assertThat(with.exitStatus()).isZero();
        assertThat(without.kernel().sanitizer()).isNull();
        assertThat(state(with)).isEqualTo(state(without));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ideal", "rocket", "u74", "skylake"})
    void aBrokenKernelRunsTheSameWithAndWithout(String profile) {
        TestMachine.Options options = TestMachine.options().profile(profile).invalidations(BrokenInvalidation::oneLate);
        TestMachine with = options.boot(source());
        assertThat(with.finishBroken()).isNotEmpty();
        TestMachine without = options.unsanitized().boot(source());
        assertThat(without.finishBroken()).isEmpty();
        assertThat(state(with)).isEqualTo(state(without));
    }

    private static TestMachine broken() {
        return TestMachine.options()
                .invalidations(BrokenInvalidation::ofAnotherPage)
                .boot(source());
    }

    @Test
    void aRestoredMachineReportsTheSame() {
        TestMachine through = broken();
        List<String> expected = through.finishBroken();
        assertThat(expected).isNotEmpty();
        long cycles = through.machine().longestCycle();
        List<Integer> reportsAtPause = new ArrayList<>();
        for (int part = 1; part < 12; part++) {
            TestMachine paused = broken();
            if (!paused.pauseAt(cycles * part / 12)) {
                continue;
            }
            MachineSnapshot snapshot = paused.machine().snapshot();
            reportsAtPause.add(paused.kernel().sanitizer().reports().size());
            TestMachine restored = broken();
            restored.machine().restore(snapshot);
            assertThat(restored.machine().snapshot().state()).isEqualTo(snapshot.state());
            assertThat(restored.finishBroken()).as("pause %d", part).isEqualTo(expected);
            assertThat(restored.kernel().sanitizer().violations())
                    .isEqualTo(through.kernel().sanitizer().violations());
        }
        assertThat(reportsAtPause).hasSizeGreaterThan(5).isSorted().contains(0);
    }

    @Test
    void aSnapshotBelongsToAMachineWithASanitizerOrToOneWithout() {
        MachineSnapshot with = TestMachine.options().boot(source()).machine().snapshot();
        TestMachine without = TestMachine.options().unsanitized().boot(source());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> without.machine().restore(with))
                .withMessageContaining("sanitizer");
    }
}
