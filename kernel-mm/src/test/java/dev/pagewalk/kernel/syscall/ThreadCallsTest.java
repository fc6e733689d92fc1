package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessTable;
import dev.pagewalk.kernel.space.ThreadStack;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads as guests see them: how they begin, what they share, and how they and their processes end. */
class ThreadCallsTest {
    private static final long AT = 0x2000_0000L;
    private static final long PAGE = 4096;

    /** What siblings of a thread that ends them all may be doing. */
    private static final String SPINS = "spins";

    private static final String SLEEPS = "sleeps";
    private static final String READS = "reads";
    private static final String WAITS = "waits";

    private static TestMachine run(Guest guest) {
        guest.words("status", "first", "second", "third", "word", "ready", "ends", "action");
        TestMachine.options().harts(4).run(guest);
        return TestMachine.options().run(guest);
    }

    @Test
    @Tag("S25")
    void aThreadSharesMemoryAndHasAStackAThreadPointerAndATidOfItsOwn() {
        Guest guest = new Guest()
                .line("li s1, 5")
                .call(GETTID)
                .expect(1)
                .thread("thread", "first")
                .expect(2)
                .join("first")
                .loadWord("=word")
                .expect(77)
                .loadWord("=first")
                .expect(0)
                .exit(0)
                .text("thread:")
                .call(GETTID)
                .expect(2)
                .call(GETPID)
                .expect(1)
                .line("mv a0, tp")
                .expect("=first")
                .loadWord("=first")
                .expect(2)
                .line("mv a0, sp")
                .expect("=first_stack_top")
                .line("mv a0, s1")
                .expect(5)
                .line("sd a0, -8(sp)")
                .storeWord("=word", 77)
                .exitThread(9);
        TestMachine test = run(guest);
        assertThat(test.kernel().processes()).hasSize(1);
        assertThat(test.process().tasks()).isEmpty();
        assertThat(test.process().leader().tid()).isEqualTo(1);
    }

    @Test
    @Tag("S25")
    void aThreadThatOverrunsItsStackHitsTheGuard() {
        ThreadStack stack = new ThreadStack(AT, 4 * PAGE);
        Guest guest = new Guest()
                .mmap(AT, stack.lengthBytes(), PROT_NONE, ANON | FIXED)
                .mprotect(stack.usableStart(), stack.usableBytes(), RW)
                .call(CLONE, THREAD, stack.top(), "=first", "=first", "=first")
                .line("beqz a0, thread")
                .join("first")
                .exit(1)
                .text("""
                        thread:
                            addi sp, sp, -16
                            sd   sp, 0(sp)
                            j    thread
                        """)
                .words("first");
        TestMachine test = TestMachine.options().run(guest.source());
        assertThat(test.console()).isEqualTo(String.format("[KERN] perm fault at 0x%016x%n", stack.usableStart() - 16));
        assertThat(test.exitStatus()).isEqualTo(128 + SIGSEGV);
    }

    @Test
    void aThreadStartsOnItsMakersStackWhereItIsGivenNone() {
        Guest guest = new Guest()
                .line("mv s1, sp")
                .call(CLONE, THREAD & ~0x8_0000, 0, "=first", "=word", "=first")
                .line("beqz a0, thread")
                .join("first")
                .exit(0)
                .text("thread:")
                .line("mv a0, sp")
                .expect("s1")
                .line("mv a0, tp")
                .expect(0)
                .exitThread(0);
        run(guest);
    }

    @Test
    void aProcessGoesOnWithoutItsLeaderAndEndsAsThatHasEnded() {
        Guest guest = new Guest()
                .fork("child")
                .wait4(-1, "status")
                .expect(2)
                .load("=status")
                .expect(5 << 8)
                .loadWord("=word")
                .expect(0)
                .exit(0)
                .text("child:")
                .thread("thread", "first")
                .exitThread(5)
                .text("thread:")
                .line("li s1, 100000")
                .text("1: addi s1, s1, -1\n bnez s1, 1b")
                .call(GETPID)
                .expect(2)
                .exitThread(7);
        run(guest);
    }

    @ParameterizedTest
    @ValueSource(strings = {SPINS, SLEEPS, READS, WAITS})
    void exitGroupEndsSiblingsWhateverTheyDo(String activity) {
        Guest guest = new Guest()
                .fork("child")
                .wait4(-1, "status")
                .expect(2)
                .load("=status")
                .expect(3 << 8)
                .exit(0)
                .text("child:")
                .call(PIPE2, "=ends", 0)
                .expect(0)
                .thread("sibling", "first")
                .thread("ender", "second")
                .line("j sibling")
                .text("ender:")
                .line("li s1, 300000")
                .text("1: addi s1, s1, -1\n bnez s1, 1b")
                .exit(3)
                .text("sibling:");
        doSomething(guest, activity);
        TestMachine test = run(guest);
        assertThat(test.kernel().processes()).hasSize(2);
        assertThat(test.kernel().processes().get(1).tasks()).isEmpty();
    }

    /** Does something that never ends. */
    private static void doSomething(Guest guest, String activity) {
        switch (activity) {
            case SPINS -> guest.text("2: j 2b");
            case SLEEPS -> guest.call(NANOSLEEP, "=long_time", 0).exit(1);
            case READS -> guest.line("lw s1, ends").call(READ, "s1", "=word", 1).exit(1);
            default -> guest.call(FUTEX, "=word", FUTEX_WAIT, 0, 0).exit(1);
        }
        guest.data("        .data\n        .balign 8\nlong_time: .dword 1000000, 0");
    }

    @ParameterizedTest
    @ValueSource(strings = {SPINS, SLEEPS, READS, WAITS})
    void aFatalFaultInOneThreadEndsThemAll(String activity) {
        Guest guest = new Guest()
                .call(PIPE2, "=ends", 0)
                .expect(0)
                .thread("sibling", "first")
                .thread("faulty", "second")
                .line("j sibling")
                .text("faulty:")
                .line("li s1, 30000")
                .text("1: addi s1, s1, -1\n bnez s1, 1b")
                .store(8, 1)
                .text("sibling:");
        doSomething(guest, activity);
        guest.words("status", "first", "second", "word", "ends");
        TestMachine test = TestMachine.options().run(guest.source());
        assertThat(test.exitStatus()).isEqualTo(128 + SIGSEGV);
        assertThat(test.console()).isEqualTo("[KERN] invalid uva at 0x0000000000000008\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {SPINS, SLEEPS, READS, WAITS})
    @Tag("S23")
    void anotherThreadThanTheLeaderExecutesAProgramAndBecomesTheLeader(String activity) {
        Guest guest = new Guest()
                .line("ld s0, 0(sp)")
                .line("li t0, 2")
                .line("beq s0, t0, again")
                .call(PIPE2, "=ends", 0)
                .expect(0)
                .thread("sibling", "first")
                .thread("executor", "second")
                .line("j sibling")
                .text("executor:")
                .line("li s1, 30000")
                .text("1: addi s1, s1, -1\n bnez s1, 1b")
                .call(EXECVE, "=self", "=arguments", 0)
                .exit(1)
                .text("again:")
                .call(GETPID)
                .expect(1)
                .call(GETTID)
                .expect(1)
                .call(TGKILL, 1, 2, 0)
                .expect(ESRCH)
                .call(TGKILL, 1, 3, 0)
                .expect(ESRCH)
                .line("mv a0, tp")
                .expect(0)
                .thread("after", "third")
                .expect(4)
                .join("third")
                .exit(0)
                .text("after:")
                .exitThread(0)
                .text("sibling:");
        doSomething(guest, activity);
        guest.string("self", "/proc/self/exe")
                .data("        .data\n        .balign 8\narguments: .dword self, self, 0");
        TestMachine test = run(guest);
        assertThat(test.kernel().processes()).extracting(Process::pid).containsExactly(1);
    }

    @Test
    void anExecveThatFailsLeavesTheSiblingsAlone() {
        Guest guest = new Guest()
                .thread("sibling", "first")
                .call(EXECVE, "=missing", 0, 0)
                .expect(ENOENT)
                .call(EXECVE, "=data", 0, 0)
                .expect(ENOEXEC)
                .awaitWord("ready", 1)
                .nap()
                .call(FUTEX, "=word", FUTEX_WAKE, 1)
                .expect(1)
                .join("first")
                .loadWord("=second")
                .expect(1)
                .exit(0)
                .text("sibling:")
                .storeWord("=ready", 1)
                .call(FUTEX, "=word", FUTEX_WAIT, 0, 0)
                .storeWord("=second", 1)
                .exitThread(0)
                .string("missing", "/bin/missing")
                .string("data", "/data")
                .words("status", "first", "second", "word", "ready");
        TestMachine.options().file("/data", "no program").run(guest);
    }

    @Test
    void aVforkedChildRunsInItsParentsMemoryWhichWaitsUntilItEnds() {
        Guest guest = new Guest()
                .storeWord("=word", 1)
                .call(CLONE, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0)
                .line("beqz a0, child")
                .expect(2)
                .loadWord("=word")
                .expect(2)
                .wait4(-1, "status")
                .expect(2)
                .load("=status")
                .expect(4 << 8)
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .expect(AT)
                .exit(0)
                .text("child:")
                .call(GETPID)
                .expect(2)
                .call(GETPPID)
                .expect(1)
                .line("li s1, 3000000")
                .text("1: addi s1, s1, -1\n bnez s1, 1b")
                .storeWord("=word", 2)
                .exit(4);
        TestMachine test = run(guest);
        assertThat(test.kernel().processes()).hasSize(2);
    }

    @Test
    void aVforkedChildThatExecutesAProgramLetsItsParentGoOn() {
        Guest guest = new Guest()
                .line("ld s0, 0(sp)")
                .line("li t0, 2")
                .line("beq s0, t0, again")
                .call(PIPE2, "=ends", 0)
                .call(CLONE, CLONE_VM | CLONE_VFORK | SIGCHLD, "=stack", 0, 0, 0)
                .line("beqz a0, child")
                .expect(2)
                // The program reads what only its parent writes, so this one did not wait for its end.
                .line("lw s1, ends + 4")
                .call(WRITE, "s1", "=word", 1)
                .expect(1)
                .wait4(-1, "status")
                .load("=status")
                .expect(6 << 8)
                .exit(0)
                .text("child:")
                .call(EXECVE, "=self", "=arguments", 0)
                .exit(1)
                .text("again:")
                .call(READ, 3, "=word", 1)
                .expect(1)
                .exit(6)
                .string("self", "/proc/self/exe")
                .data(
                        "        .data\n        .balign 8\narguments: .dword self, self, 0\n        .bss\n        .balign 16\n"
                                + "        .zero 4096\nstack:");
        TestMachine test = run(guest);
        assertThat(test.kernel().processes()).hasSize(2);
    }

    @Test
    void onlySigkillMovesAParentThatWaitsForItsVforkedChild() {
        Guest guest = new Guest()
                .fork("parent")
                .keep("s1")
                .call(NANOSLEEP, "=ten_milliseconds", 0)
                .expect(0)
                .call(KILL, "s1", SIGUSR1)
                .expect(0)
                .call(NANOSLEEP, "=ten_milliseconds", 0)
                .expect(0)
                .call(WAIT4, "s1", "=status", 1, 0)
                .expect(0)
                .call(KILL, "s1", SIGKILL)
                .wait4("s1", "status")
                .expect("s1")
                .load("=status")
                .expect(SIGKILL)
                // The child goes on, adopted.
                .call(KILL, 3, SIGKILL)
                .expect(0)
                .wait4(3, "status")
                .expect(3)
                .exit(0)
                .text("parent:")
                .onSignal(SIGUSR1, "never", 0)
                .call(CLONE, CLONE_VM | CLONE_VFORK | SIGCHLD, 0, 0, 0, 0)
                .text("2: j 2b")
                .text("never:")
                .exit(1)
                .data("        .data\n        .balign 8\nten_milliseconds: .dword 0, 10000000");
        run(guest);
    }

    @Test
    void aCloneWithoutVforkRunsBesideItsParentInOneMemory() {
        Guest guest = new Guest()
                .call(CLONE, CLONE_VM | SIGCHLD, "=stack", 0, 0, 0)
                .line("beqz a0, child")
                .expect(2)
                .storeWord("=word", 1)
                .awaitWord("second", 1)
                .wait4(2, "status")
                .expect(2)
                .load("=status")
                .expect(0)
                .load(AT)
                .expect(12)
                .munmap(AT, PAGE)
                .expect(0)
                .exit(0)
                .text("child:")
                .awaitWord("word", 1)
                .mmap(AT, PAGE, RW, ANON | FIXED)
                .expect(AT)
                .store(AT, 12)
                .storeWord("=second", 1)
                .exit(0)
                .data("        .bss\n        .balign 16\n        .zero 4096\nstack:");
        run(guest);
    }

    @Test
    void theLastProcessInAMemoryTakesItDown() {
        // The parent ends first; TestMachine finds whether all frames come back.
        Guest guest = new Guest()
                .fork("parent")
                .wait4(-1, "status")
                .expect(2)
                .wait4(-1, "status")
                .expect(3)
                .exit(0)
                .text("parent:")
                .mmap(AT, 20 * PAGE, RW, ANON | FIXED | POPULATE)
                .call(CLONE, CLONE_VM | SIGCHLD, "=stack", 0, 0, 0)
                .line("beqz a0, child")
                .exit(0)
                .text("child:")
                .line("li s1, 3000000")
                .text("1: addi s1, s1, -1\n bnez s1, 1b")
                .store(AT, 12)
                .load(AT + PAGE)
                .expect(0)
                .exit(0)
                .data("        .bss\n        .balign 16\n        .zero 4096\nstack:");
        run(guest);
    }

    @Test
    void setTidAddressSaysWhereTheEndIsTold() {
        Guest guest = new Guest()
                .storeWord("=second", 5)
                .thread("thread", "first")
                .join("second")
                .loadWord("=first")
                .expect(2)
                .exit(0)
                .text("thread:")
                .call(SET_TID_ADDRESS, "=second")
                .expect(2)
                .exitThread(0);
        run(guest);
    }

    @Test
    void aTidAddressThatIsNowhereIsNoMistake() {
        Guest guest = new Guest()
                .call(SET_TID_ADDRESS, 1)
                .expect(1)
                .thread("thread", "first")
                .awaitWord("word", 1)
                .call(TGKILL, 1, 2, 0)
                .text("1:")
                .call(SCHED_YIELD)
                .call(TGKILL, 1, 2, 0)
                .line("beqz a0, 1b")
                .expect(ESRCH)
                .exit(0)
                .text("thread:")
                .call(SET_TID_ADDRESS, -8)
                .storeWord("=word", 1)
                .exitThread(0);
        run(guest);
    }

    @Test
    void tidsAndPidsComeFromOneCounter() {
        Guest guest = new Guest()
                .thread("thread", "first")
                .expect(2)
                .fork("child")
                .expect(3)
                .join("first")
                .thread("thread", "second")
                .expect(4)
                .join("second")
                .wait4(-1, "status")
                .expect(3)
                .exit(0)
                .text("thread:")
                .exitThread(0)
                .text("child:")
                .call(GETTID)
                .expect(3)
                .exit(0);
        run(guest);
    }

    @Test
    void aForkInAThreadCopiesThatThreadAlone() {
        Guest guest = new Guest()
                .thread("thread", "first")
                .join("first")
                .exit(0)
                .text("thread:")
                .fork("child")
                .expect(3)
                .wait4(3, "status")
                .expect(3)
                .load("=status")
                .expect(8 << 8)
                .exitThread(0)
                .text("child:")
                .call(GETPID)
                .expect(3)
                .call(GETTID)
                .expect(3)
                .line("mv a0, tp")
                .expect("=first")
                // The last task of the process, whatever the word of its maker says.
                .exitThread(8);
        run(guest);
    }

    @Test
    void aGuestThatMakesThreadsWithoutEndGetsAnError() {
        Guest guest = new Guest()
                .line("li s1, 0")
                .text("1:")
                .call(CLONE, THREAD & ~0x38_0000, 0, 0, 0, 0)
                .line("beqz a0, thread")
                .line("addi s1, s1, 1")
                .line("bgtz a0, 1b")
                .expect(EAGAIN)
                .line("mv a0, s1")
                .expect(ProcessTable.MOST_TASKS)
                .exit(0)
                .text("thread:")
                .call(FUTEX, "=word", FUTEX_WAIT, 0, 0);
        run(guest);
    }
}
