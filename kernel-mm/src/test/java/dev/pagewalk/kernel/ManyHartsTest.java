package dev.pagewalk.kernel;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.kernel.space.LockWaits;
import dev.pagewalk.kernel.space.SpaceLock;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tasks on several harts: who runs where, who waits for whom. */
class ManyHartsTest {
    private static final long PAGE = 4096;
    private static final long AT = 0x2000_0000L;
    private static final int SPINS = 300_000;

    /** Children that compute, one after the other started, all waited for. */
    private static Guest computingChildren(int children) {
        Guest guest = new Guest();
        for (int child = 0; child < children; child++) {
            guest.fork("compute");
        }
        for (int child = 0; child < children; child++) {
            guest.wait4(-1, "status");
        }
        return guest.exit(0)
                .text("compute:")
                .line("li t0, " + SPINS)
                .line("6: addi t0, t0, -1")
                .line("bnez t0, 6b")
                .exit(0)
                .words("status");
    }

    @Test
    void processesRunAtOnceOnAsManyHartsAsThereAre() {
        long alone = TestMachine.options()
                .harts(1)
                .run(computingChildren(4))
                .machine()
                .longestCycle();
        TestMachine four = TestMachine.options().harts(4).run(computingChildren(4));
        assertThat(four.machine().longestCycle()).isLessThan(alone / 3);
        assertThat(four.machine().harts()).allMatch(hart -> hart.retired >= 2 * SPINS);
    }

    @Test
    void moreTasksThanHartsTakeTurns() {
        TestMachine two = TestMachine.options().harts(2).run(computingChildren(5));
        long busiest = two.machine().harts().stream()
                .mapToLong(hart -> hart.retired)
                .max()
                .orElseThrow();
        assertThat(busiest).isLessThan(7L * SPINS);
        TestMachine one = TestMachine.options().harts(1).run(computingChildren(5));
        assertThat(two.machine().longestCycle()).isLessThan(one.machine().longestCycle() * 2 / 3);
    }

    @Test
    void hartsWithNothingToDoChangeNothing() {
        Guest guest =
                new Guest().mmap(AT, 4 * PAGE, RW, ANON | FIXED).store(AT, 1).munmap(AT, 4 * PAGE);
        TestMachine one = TestMachine.options().harts(1).run(guest);
        TestMachine many = TestMachine.options().harts(64).run(guest);
        assertThat(many.machine().longestCycle()).isEqualTo(one.machine().longestCycle());
        List<Hart> others = many.machine().harts().subList(1, 64);
        assertThat(others).allMatch(hart -> hart.retired == 0 && hart.phase() == HartPhase.IDLE);
    }

    @Test
    void aTaskComesBackToTheHartThatItHad() {
        Guest guest = new Guest()
                .call(CLONE, SIGCHLD, 0, 0, 0, 0)
                .line("beqz a0, child")
                .call(PIPE2, "=ends", 0)
                .exit(0)
                .text("child:")
                .nap()
                .nap()
                .nap()
                .exit(0)
                .words("ends");
        TestMachine test = TestMachine.options().harts(8).run(guest);
        long used =
                test.machine().harts().stream().filter(hart -> hart.retired > 0).count();
        assertThat(used).isEqualTo(2);
    }

    /** One thread maps and unmaps, the others bring pages of their own: the lock is what they meet at. */
    private static Guest contenders() {
        return new Guest()
                .mmap(AT, 64 * PAGE, RW, ANON | FIXED)
                .thread("touch", "first")
                .thread("touch", "second")
                .line("li s1, 40")
                .line("7:")
                .mmap(AT + 256 * PAGE, 16 * PAGE, RW, ANON | FIXED | POPULATE)
                .munmap(AT + 256 * PAGE, 16 * PAGE)
                .line("addi s1, s1, -1")
                .line("bnez s1, 7b")
                .join("first")
                .join("second")
                .exit(0)
                .text("touch:")
                .line("li s1, 40")
                .line("7:")
                .line("li s2, " + AT)
                .line("li s3, 64")
                .line("li s4, 4096")
                .line("6: sd s1, 0(s2)")
                .line("ld a0, 0(s2)")
                .line("add s2, s2, s4")
                .line("addi s3, s3, -1")
                .line("bnez s3, 6b")
                .madvise(AT, 64 * PAGE, 4)
                .line("addi s1, s1, -1")
                .line("bnez s1, 7b")
                .exitThread(0)
                .words("first", "second");
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 8})
    void whoNeedsTheSpaceAloneMakesOthersWait(int harts) {
        TestMachine test = TestMachine.options().harts(harts).run(contenders());
        LockWaits waits = test.process().lockWaits();
        assertThat(waits.count()).isPositive();
        assertThat(waits.cycles()).isGreaterThanOrEqualTo(waits.longestCycles());
        assertThat(waits.longestCycles()).isPositive();
        SpaceLock lock = test.process().space().lock();
        for (Hart hart : test.machine().harts()) {
            assertThat(lock.isHeldBy(hart.id())).isFalse();
        }
    }

    @Test
    void nobodyWaitsForALockAlone() {
        TestMachine test = TestMachine.options().harts(1).run(contenders());
        assertThat(test.process().lockWaits().count()).isZero();
    }

    /** A writer against one who takes its page away as fast as he can: without a lock neither would get on. */
    @ParameterizedTest
    @ValueSource(strings = {"broadcast", "targeted", "lazy", "early-ack", "hardware-broadcast"})
    void afterAFaultTheInstructionGetsOn(String policy) {
        Guest guest = new Guest()
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .thread("discard", "first")
                .line("li s1, 200")
                .line("li s2, " + AT)
                .line("7: sd s1, 0(s2)")
                .line("addi s1, s1, -1")
                .line("bnez s1, 7b")
                .storeWord("=stop", 1)
                .join("first")
                .exit(0)
                .text("discard:")
                .madvise(AT, PAGE, 4)
                .line("lw t0, stop")
                .line("beqz t0, discard")
                .exitThread(0)
                .words("first", "stop");
        TestMachine.options().harts(2).shootdown(policy).run(guest);
    }

    /** Its walk cache may lead into a table that is parked: a hart that faults looks for notes. */
    @Test
    void aParkedTableMakesNobodyFaultUntilTheNextTick() {
        TestMachine test = TestMachine.options()
                .harts(16)
                .shootdown("latr")
                .arguments(List.of("shootdown-storm", "3", "10", "8"))
                .boot(ImageCatalog.image("shootdown-storm").orElseThrow())
                .finish();
        assertThat(test.exitStatus()).isZero();
        assertThat(test.kernel().faultCounters().spurious).isLessThan(500);
    }

    @Test
    void aSpaceThatNobodyElseRunsIsChangedWithoutInterrupts() {
        TestMachine test = TestMachine.options().harts(4).run(computingChildren(1));
        assertThat(test.kernel().shootdowns().statistics().ipis)
                .as("but for the parent's, which its child's fork has left on one hart")
                .isLessThanOrEqualTo(2);
    }
}
