package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessStage;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** fork, wait4, exit, kill: families of processes on one hart. */
class ProcessCallsTest {
    private static final long AT = 0x2000_0000L;

    private static TestMachine run(Guest guest) {
        return TestMachine.options().run(guest);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("S19")
    @Tag("S38")
    void parentAndChildSeeTheirOwnStoresAndNotEachOthers(ForkStrategy strategy) {
        Guest guest = new Guest()
                .mmap(AT, 3 * 4096, RW, ANON | FIXED)
                .store(AT, 11)
                .fork("child")
                .expect(2)
                .store(AT, 22)
                .wait4(-1, "status")
                .expect(2)
                .load("=status")
                .expect(0)
                .load(AT)
                .expect(22)
                .exit(0)
                .text("child:")
                .load(AT)
                .expect(11)
                .store(AT, 33)
                .store(AT + 4096, 44)
                .load(AT)
                .expect(33)
                .words("status");
        TestMachine test = TestMachine.options().fork(strategy).run(guest);
        assertThat(test.kernel().processes()).extracting(Process::pid).containsExactly(1, 2);
        long copies = test.kernel().faultCounters().copyOnWrite;
        if (strategy == ForkStrategy.EAGER) {
            assertThat(copies).isZero();
        } else {
            assertThat(copies).isPositive();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Tag("S38")
    void theBreakIsInheritedEvenWhereNothingWasTouched(ForkStrategy strategy) {
        Guest guest = new Guest()
                .brk(0)
                .keep("s1")
                .line("li t0, 0x5000")
                .line("add a0, s1, t0")
                .brk("a0")
                .keep("s2")
                .fork("child")
                .wait4(2, "status")
                .load("=status")
                .expect(0)
                .exit(0)
                .text("child:")
                .brk(0)
                .expect("s2")
                .line("ld a0, 0(s1)")
                .expect(0)
                .words("status");
        TestMachine.options().fork(strategy).run(guest);
    }

    @Test
    @Tag("S42")
    @Tag("S43")
    void theLastOwnerOfAPageWritesItWithoutACopy() {
        Guest guest = new Guest()
                .mmap(AT, 4096, RW, ANON | FIXED)
                .store(AT, 1)
                .fork("child")
                .wait4(-1, "status")
                .store(AT, 2)
                .exit(0)
                .text("child:")
                .exit(0)
                .words("status");
        TestMachine test = run(guest);
        // The stack and the data page are copied or reused too, according to who stores first.
        assertThat(test.kernel().faultCounters().copyOnWriteReuse).isPositive();
    }

    @Test
    @Tag("S35")
    @Tag("S37")
    void wait4GivesTheStatusWordsOfLinux() {
        Guest guest = new Guest()
                .fork("exits")
                .wait4("a0", "status")
                .load("=status")
                .expect(7 << 8)
                .fork("faults")
                .keep("s1")
                .wait4("s1", "status")
                .expect("s1")
                .load("=status")
                .expect(SIGSEGV)
                .fork("exits")
                .call(WAIT4, -1, 0, 0, 0)
                .expect(4)
                .exit(0)
                .text("exits:")
                .exit(0x107)
                .text("faults:")
                .load(0)
                .words("status");
        TestMachine test = run(guest);
        assertThat(test.console()).isEqualTo("[KERN] invalid uva at 0x0000000000000000\n");
    }

    @Test
    @Tag("S37")
    void aZombieStaysUntilItsParentWaitsAndItsPidIsTakenUntilThen() {
        Guest guest = new Guest()
                .fork("child")
                .keep("s1")
                .line("li s2, 300000")
                .text("1: addi s2, s2, -1\n bnez s2, 1b")
                .call(KILL, "s1", 0)
                .expect(0)
                .wait4("s1", "status")
                .expect("s1")
                .call(KILL, "s1", 0)
                .expect(ESRCH)
                .wait4("s1", "status")
                .expect(ECHILD)
                .exit(0)
                .text("child:")
                .exit(3)
                .words("status");
        TestMachine test = run(guest);
        assertThat(test.kernel().processes()).allMatch(process -> process.stage() == ProcessStage.REAPED);
    }

    @Test
    void waitingWithoutHangingReturnsAtOnce() {
        Guest guest = new Guest()
                .call(WAIT4, -1, 0, 1, 0)
                .expect(ECHILD)
                .fork("child")
                .call(WAIT4, -1, 0, 1, 0)
                .expect(0)
                .call(WAIT4, 77, 0, 0, 0)
                .expect(ECHILD)
                .call(WAIT4, -1, 0, 0x40, 0)
                .expect(EINVAL)
                .wait4(0, "status")
                .expect(2)
                .exit(0)
                .text("child:")
                .exit(0)
                .words("status");
        run(guest);
    }

    @Test
    void aBadStatusPointerLosesNoChild() {
        Guest guest = new Guest()
                .fork("child")
                .call(WAIT4, -1, 8, 0, 0)
                .expect(EFAULT)
                .call(WAIT4, -1, 0, 0, 8)
                .expect(EFAULT)
                .wait4(-1, "status")
                .expect(2)
                .load("=status")
                .expect(5 << 8)
                .exit(0)
                .text("child:")
                .exit(5)
                .words("status");
        run(guest);
    }

    @Test
    @Tag("S37")
    void orphansGoToTheFirstProcess() {
        Guest guest = new Guest()
                .mmap(AT, 4096, RW, SHARED | ANONYMOUS | FIXED)
                .fork("child")
                .wait4(2, "status")
                .expect(2)
                .wait4(-1, "status")
                .expect(3)
                .load("=status")
                .expect(9 << 8)
                .exit(0)
                .text("child:")
                .fork("grandchild")
                .exit(0)
                .text("grandchild:")
                .text("1:")
                .call(GETPPID)
                .line("li t0, 1")
                .line("bne a0, t0, 1b")
                .exit(9)
                .words("status");
        run(guest);
    }

    @Test
    void theMachineRunsOnUntilTheLastProcessHasEndedAndGivesTheStatusOfTheFirst() {
        Guest guest = new Guest()
                .fork("child")
                .exit(42)
                .text("child:")
                .call(WRITE, 1, "=text", 5)
                .exit(1)
                .data("        .data\ntext: .ascii \"late\\n\"");
        TestMachine test = TestMachine.options().run(guest.source());
        assertThat(test.exitStatus()).isEqualTo(42);
        assertThat(test.console()).isEqualTo("late\n");
    }

    @Test
    void theTimerSharesTheHartBetweenBusyProcesses() {
        // A counter that the parent moves on where it is even, the child where it is odd.
        Guest guest = new Guest()
                .mmap(AT, 4096, RW, SHARED | ANONYMOUS | FIXED)
                .fork("child")
                .line("li s1, " + AT)
                .line("li s2, 0")
                .line("j spin")
                .text("""
                        child:
                            li   s1, 0x20000000
                            li   s2, 1
                        spin:
                            ld   t0, 0(s1)
                            li   t1, 10
                            bge  t0, t1, done
                            andi t1, t0, 1
                            bne  t1, s2, spin
                            addi t0, t0, 1
                            sd   t0, 0(s1)
                            j    spin
                        done:
                        """);
        TestMachine test = run(guest);
        // Ten turns of a millisecond each.
        assertThat(test.machine().longestCycle()).isBetween(10 * 1_200_000L, 13 * 1_200_000L);
    }

    @Test
    void aLoneProcessIsNeverInterrupted() {
        Guest guest = new Guest().line("li s1, 3000000").text("1: addi s1, s1, -1\n bnez s1, 1b");
        TestMachine test = run(guest);
        Guest shorter = new Guest().line("li s1, 1500000").text("1: addi s1, s1, -1\n bnez s1, 1b");
        long perLoop = (test.machine().longestCycle() - run(shorter).machine().longestCycle()) / 1_500_000;
        assertThat(perLoop).isEqualTo(2);
        assertThat((test.machine().longestCycle() - run(shorter).machine().longestCycle()) % 1_500_000)
                .isZero();
    }

    @Test
    void forkAndCloneRefuseWhatTheyDoNotKnow() {
        Guest guest = new Guest()
                .call(CLONE, SIGUSR1, 0, 0, 0, 0)
                .expect(EINVAL)
                // Handlers without memory, descriptors without a thread, a new user namespace.
                .call(CLONE, 0x800 | SIGCHLD, 0, 0, 0, 0)
                .expect(EINVAL)
                .call(CLONE, 0x400 | SIGCHLD, 0, 0, 0, 0)
                .expect(EINVAL)
                .call(CLONE, 0x1000_0000 | SIGCHLD, 0, 0, 0, 0)
                .expect(EINVAL)
                // Threads without memory, handlers, or descriptors in common.
                .call(CLONE, 0x1_0000, 0, 0, 0, 0)
                .expect(EINVAL)
                .call(CLONE, 0x1_0100, 0, 0, 0, 0)
                .expect(EINVAL)
                .call(CLONE, 0x1_0900, 0, 0, 0, 0)
                .expect(EINVAL)
                .call(CLONE, 0x1_4D00, 0, 0, 0, 0)
                .expect(EINVAL)
                .call(CLONE, 0x1_8D00, 0, 0, 0, 0)
                .expect(EINVAL);
        run(guest);
    }

    @Test
    void cloneTellsParentAndChildThePid() {
        Guest guest = new Guest()
                .call(CLONE, 0x0110_0000 | SIGCHLD, 0, "=parent", 0, "=child")
                .line("beqz a0, child_process")
                .load("=parent")
                .expect(2)
                .load("=child")
                .expect(0)
                .wait4(-1, "status")
                .load("=status")
                .expect(0)
                .exit(0)
                .text("child_process:")
                .load("=child")
                .expect(2)
                .words("status", "parent", "child");
        run(guest);
    }

    @Test
    void aDeadlockNamesWhoWaitsForWhat() {
        Guest guest = new Guest().call(RT_SIGSUSPEND, "=mask", 8).words("mask");
        TestMachine test = TestMachine.options().boot(guest.source());
        assertThat(test.deadlock()).containsExactly("process 1 waits for a signal");
    }
}
