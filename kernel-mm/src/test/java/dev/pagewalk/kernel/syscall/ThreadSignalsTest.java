package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Signals to processes of several threads, and to single ones. */
class ThreadSignalsTest {
    private static final int WUNTRACED = 2;
    private static final int WCONTINUED = 8;

    private static TestMachine run(Guest guest) {
        withData(guest);
        TestMachine.options().harts(4).run(guest);
        return TestMachine.options().run(guest);
    }

    private static Guest withData(Guest guest) {
        return guest.words("status", "first", "second", "word", "ready", "seen", "other", "action", "ends", "set")
                .data("        .data\n        .balign 8\nusr1: .dword 1 << 9\nusr2: .dword 1 << 11\nnone: .dword 0\n"
                        + "long_time: .dword 1000000, 0");
    }

    /** A handler that notes in {@code seen} which task it runs in. */
    private static Guest noteTask(Guest guest) {
        return guest.text("note:")
                .call(GETTID)
                .line("la t0, seen")
                .line("sw a0, 0(t0)")
                .line("ret");
    }

    @Test
    void aSignalForTheProcessGoesToAThreadThatDoesNotBlockIt() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "note", 0)
                .thread("sleeper", "first")
                .thread("sleeper", "second")
                .call(RT_SIGPROCMASK, 0, "=usr1", 0, 8)
                .expect(0)
                .nap()
                .call(KILL, 1, SIGUSR1)
                .expect(0)
                .join("first")
                .loadWord("=seen")
                .expect(2)
                .loadWord("=second")
                .expect(3)
                .call(RT_SIGPENDING, "=set", 8)
                .load("=set")
                .expect(0)
                .exit(0)
                .text("sleeper:")
                .call(NANOSLEEP, "=long_time", 0)
                .expect(EINTR)
                .exitThread(0);
        run(noteTask(guest));
    }

    @Test
    void theLeaderComesFirst() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "note", 0)
                .thread("sender", "first")
                .call(NANOSLEEP, "=long_time", 0)
                .expect(EINTR)
                .loadWord("=seen")
                .expect(1)
                .exit(0)
                .text("sender:")
                .nap()
                .call(KILL, 1, SIGUSR1)
                .expect(0)
                .exitThread(0);
        run(noteTask(guest));
    }

    @Test
    void aSignalThatAllBlockWaitsForTheFirstThatUnblocksIt() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "note", 0)
                .call(RT_SIGPROCMASK, 0, "=usr1", 0, 8)
                .thread("thread", "first")
                .call(KILL, 1, SIGUSR1)
                .expect(0)
                .call(RT_SIGPENDING, "=set", 8)
                .load("=set")
                .expect(1 << 9)
                .loadWord("=seen")
                .expect(0)
                .storeWord("=ready", 1)
                .join("first")
                .loadWord("=seen")
                .expect(2)
                .exit(0)
                .text("thread:")
                .awaitWord("ready", 1)
                .call(RT_SIGPENDING, "=other", 8)
                .load("=other")
                .expect(1 << 9)
                .call(RT_SIGPROCMASK, 1, "=usr1", 0, 8)
                .expect(0)
                .loadWord("=seen")
                .expect(2)
                .exitThread(0);
        run(noteTask(guest));
    }

    @Test
    void aSignalForOneThreadWaitsForThatOneAlone() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "note", 0)
                .call(RT_SIGPROCMASK, 0, "=usr1", 0, 8)
                .thread("thread", "first")
                .call(TGKILL, 1, 2, SIGUSR1)
                .expect(0)
                .call(RT_SIGPENDING, "=set", 8)
                .load("=set")
                .expect(0)
                .call(RT_SIGPROCMASK, 1, "=usr1", 0, 8)
                .loadWord("=seen")
                .expect(0)
                .storeWord("=ready", 1)
                .join("first")
                .exit(0)
                .text("thread:")
                .awaitWord("ready", 1)
                .call(RT_SIGPENDING, "=other", 8)
                .load("=other")
                .expect(1 << 9)
                .call(RT_SIGPROCMASK, 1, "=usr1", 0, 8)
                .loadWord("=seen")
                .expect(2)
                .exitThread(0);
        run(noteTask(guest));
    }

    @Test
    void aSignalThatItsTakerComesToBlockGoesToASibling() {
        // Both are for the leader; the first one's handler blocks the second, and waits for somebody to take it.
        Guest guest = new Guest()
                .set("t0", "=action")
                .line("la t1, first_handler")
                .line("sd t1, 0(t0)")
                .line("li t1, 1 << 11")
                .line("sd t1, 16(t0)")
                .call(RT_SIGACTION, SIGUSR1, "=action", 0, 8)
                .expect(0)
                .onSignal(SIGUSR2, "note", 0)
                .call(RT_SIGPROCMASK, 0, "=both", 0, 8)
                .thread("sleeper", "first")
                .nap()
                .call(KILL, 1, SIGUSR1)
                .call(KILL, 1, SIGUSR2)
                .call(RT_SIGPROCMASK, 1, "=both", 0, 8)
                .loadWord("=seen")
                .expect(2)
                .join("first")
                .exit(0)
                .text("sleeper:")
                // The one for the leader would come here too, were it not for this mask.
                .call(RT_SIGPROCMASK, 2, "=usr1", 0, 8)
                .call(NANOSLEEP, "=long_time", 0)
                .expect(EINTR)
                .exitThread(0)
                .text("first_handler:")
                .line("addi sp, sp, -16")
                .line("sd ra, 0(sp)")
                .awaitWord("seen", 2)
                .line("ld ra, 0(sp)")
                .line("addi sp, sp, 16")
                .line("ret")
                .data("        .data\n        .balign 8\nboth: .dword 1 << 9 | 1 << 11");
        run(noteTask(guest));
    }

    @Test
    void aHandlerOfAFaultRunsInTheThreadThatFaults() {
        Guest guest = new Guest()
                .onSignal(SIGSEGV, "skip", SA_SIGINFO)
                .thread("thread", "first")
                .join("first")
                .loadWord("=seen")
                .expect(2)
                .load(8)
                .loadWord("=seen")
                .expect(1)
                .exit(0)
                .text("thread:")
                .load(16)
                .exitThread(0)
                .text("skip:")
                .line("mv s9, a2")
                .call(GETTID)
                .line("la t0, seen")
                .line("sw a0, 0(t0)")
                .line("ld t1, 176(s9)")
                .line("addi t1, t1, 4")
                .line("sd t1, 176(s9)")
                .line("ret");
        run(guest);
    }

    @Test
    void tgkillTellsItsHandlerThatItWasForTheThread() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "handler", SA_SIGINFO)
                .call(TGKILL, 1, 1, SIGUSR1)
                .expect(0)
                .loadWord("=seen")
                .expect(-6)
                .loadWord("=other")
                .expect(1)
                .call(TKILL, 1, SIGUSR1)
                .expect(0)
                .loadWord("=seen")
                .expect(-6)
                .call(KILL, 1, SIGUSR1)
                .loadWord("=seen")
                .expect(0)
                .exit(0)
                .text("""
                        handler:
                            lw   t0, 8(a1)
                            la   t1, seen
                            sw   t0, 0(t1)
                            lw   t0, 16(a1)
                            la   t1, other
                            sw   t0, 0(t1)
                            ret
                        """);
        run(guest);
    }

    @Test
    void tgkillAndTkillRefuseWhatIsNotThere() {
        Guest guest = new Guest()
                .call(TGKILL, 0, 1, SIGUSR1)
                .expect(EINVAL)
                .call(TGKILL, 1, 0, SIGUSR1)
                .expect(EINVAL)
                .call(TGKILL, -1, 1, SIGUSR1)
                .expect(EINVAL)
                .call(TGKILL, 1, 1, 65)
                .expect(EINVAL)
                .call(TGKILL, 1, 1, -1)
                .expect(EINVAL)
                .call(TGKILL, 1, 2, SIGUSR1)
                .expect(ESRCH)
                .call(TGKILL, 2, 1, SIGUSR1)
                .expect(ESRCH)
                .call(TGKILL, 1, 1, 0)
                .expect(0)
                .call(TKILL, 0, SIGUSR1)
                .expect(EINVAL)
                .call(TKILL, 2, SIGUSR1)
                .expect(ESRCH)
                .call(TKILL, 1, 65)
                .expect(EINVAL)
                .call(TKILL, 1, 0)
                .expect(0);
        run(guest);
    }

    @ParameterizedTest
    @ValueSource(ints = {SIGTERM, SIGKILL})
    void aSignalThatNobodyCatchesEndsAllThreads(int signal) {
        Guest guest = new Guest()
                .fork("child")
                .nap()
                .call(KILL, 2, signal)
                .expect(0)
                .wait4(2, "status")
                .expect(2)
                .load("=status")
                .expect(signal)
                .exit(0)
                .text("child:")
                .thread("spin", "first")
                .thread("sleep", "second")
                .text("spin: j spin")
                .text("sleep:")
                .call(NANOSLEEP, "=long_time", 0)
                .exit(1);
        run(guest);
    }

    @Test
    void stoppingAndGoingOnIsForAllThreads() {
        Guest guest = new Guest()
                .mmap(0x2000_0000L, 4096, RW, SHARED | ANONYMOUS | FIXED)
                .line("li s3, 0x20000000")
                .fork("child")
                .nap()
                .call(KILL, 2, SIGSTOP)
                .call(WAIT4, 2, "=status", WUNTRACED, 0)
                .expect(2)
                .load("=status")
                .expect(SIGSTOP << 8 | 0x7F)
                .line("ld s1, 0(s3)")
                .line("ld s2, 8(s3)")
                .nap()
                .line("ld a0, 0(s3)")
                .expect("s1")
                .line("ld a0, 8(s3)")
                .expect("s2")
                .call(WAIT4, 2, "=status", WUNTRACED | 1, 0)
                .expect(0)
                .call(KILL, 2, SIGCONT)
                .call(WAIT4, 2, "=status", WCONTINUED, 0)
                .expect(2)
                .load("=status")
                .expect(0xFFFF)
                .call(NANOSLEEP, "=ten_milliseconds", 0)
                .line("ld a0, 0(s3)")
                .line("sltu a0, s1, a0")
                .expect(1)
                .line("ld a0, 8(s3)")
                .line("sltu a0, s2, a0")
                .expect(1)
                // Stopped again, it can still be killed.
                .call(KILL, 2, SIGSTOP)
                .call(WAIT4, 2, "=status", WUNTRACED, 0)
                .expect(2)
                .call(KILL, 2, SIGKILL)
                .wait4(2, "status")
                .expect(2)
                .load("=status")
                .expect(SIGKILL)
                .exit(0)
                .text("child:")
                .thread("counter", "first")
                .thread("sleep", "second")
                .text("""
                            addi s3, s3, 8
                        counter:
                            ld   t0, 0(s3)
                            addi t0, t0, 1
                            sd   t0, 0(s3)
                            j    counter
                        """)
                .text("sleep:")
                .call(NANOSLEEP, "=long_time", 0)
                .exit(1)
                .data("        .data\n        .balign 8\nten_milliseconds: .dword 0, 10000000");
        run(guest);
    }

    @Test
    void aStopMakesNoWaitEndEarly() {
        Guest guest = new Guest()
                .fork("child")
                .nap()
                .call(KILL, 2, SIGSTOP)
                .call(WAIT4, 2, "=status", WUNTRACED, 0)
                .call(NANOSLEEP, "=ten_milliseconds", 0)
                .call(KILL, 2, SIGCONT)
                .wait4(2, "status")
                .load("=status")
                .expect(0)
                .exit(0)
                .text("child:")
                .thread("waiter", "first")
                // Its time comes while it is stopped.
                .call(FUTEX, "=word", FUTEX_WAIT, 0, "=millisecond")
                .expect(ETIMEDOUT)
                .call(FUTEX, "=other", FUTEX_WAKE, 1)
                .expect(1)
                .join("first")
                .exit(0)
                .text("waiter:")
                .call(FUTEX, "=other", FUTEX_WAIT, 0, 0)
                .expect(0)
                .exitThread(0)
                .data(
                        "        .data\n        .balign 8\nten_milliseconds: .dword 0, 10000000\nmillisecond: .dword 0, 1000000");
        run(guest);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4})
    void aStopIsToldWhateverTheThreadsAreAboutToDo(int harts) {
        Guest guest = withData(new Guest()
                .fork("child")
                .line("li s1, 40")
                .text("next:")
                .call(KILL, 2, SIGSTOP)
                .call(WAIT4, 2, "=status", WUNTRACED, 0)
                .expect(2)
                .load("=status")
                .expect(SIGSTOP << 8 | 0x7F)
                .call(KILL, 2, SIGCONT)
                .line("slli s2, s1, 6")
                .text("2: addi s2, s2, -1\n bnez s2, 2b")
                .line("addi s1, s1, -1")
                .line("bnez s1, next")
                .call(KILL, 2, SIGKILL)
                .wait4(2, "status")
                .load("=status")
                .expect(SIGKILL)
                .exit(0)
                .text("child:")
                .thread("waiter", "first")
                .thread("waiter", "second")
                .text("waker:")
                .call(FUTEX, "=word", FUTEX_WAKE, 2)
                .line("j waker")
                .text("waiter:")
                .call(FUTEX, "=word", FUTEX_WAIT, 0, 0)
                .line("j waiter"));
        for (int seed = 0; seed < 10; seed++) {
            TestMachine.options().harts(harts).seed(seed).run(guest);
        }
    }

    @Test
    void aNewThreadHasItsMakersMaskAndNoAlternateStack() {
        Guest guest = new Guest()
                .set("t0", "=set")
                .line("la t1, alternate")
                .line("sd t1, 0(t0)")
                .line("li t1, 4096")
                .line("sd t1, 16(t0)")
                .call(SIGALTSTACK, "=set", 0)
                .expect(0)
                .call(RT_SIGPROCMASK, 0, "=usr1", 0, 8)
                .thread("thread", "first")
                .join("first")
                .call(SIGALTSTACK, 0, "=other")
                .line("la t0, other")
                .line("ld a0, 16(t0)")
                .expect(4096)
                .exit(0)
                .text("thread:")
                .call(RT_SIGPROCMASK, 0, 0, "=seen", 8)
                .load("=seen")
                .expect(1 << 9)
                .call(SIGALTSTACK, 0, "=seen")
                .line("la t0, seen")
                .line("lw a0, 8(t0)")
                .expect(2)
                .exitThread(0)
                .data("        .bss\nalternate: .zero 4096");
        run(guest);
    }

    @Test
    void aBrokenPipeIsForTheThreadThatWrites() {
        Guest guest = new Guest()
                .onSignal(SIGPIPE, "note", 0)
                .call(PIPE2, "=ends", 0)
                .line("lw s1, ends")
                .line("lw s2, ends + 4")
                .call(CLOSE, "s1")
                .thread("thread", "first")
                .join("first")
                .loadWord("=seen")
                .expect(2)
                .exit(0)
                .text("thread:")
                .call(WRITE, "s2", "=word", 1)
                .expect(EPIPE)
                .exitThread(0);
        run(noteTask(guest));
    }

    @Test
    void tracesNameTheTask() {
        Guest guest = withData(new Guest()
                .onSignal(SIGUSR1, "note", 0)
                .thread("thread", "first")
                .join("first")
                .exit(0)
                .text("thread:")
                .call(TGKILL, 1, 2, SIGUSR1)
                .exitThread(7));
        noteTask(guest);
        assertThat(TestMachine.options().traced().run(guest).trace())
                .contains(
                        "2 --- SIGUSR1 {si_code=SI_TKILL, si_pid=1} ---",
                        "2 tgkill(1, 2, SIGUSR1) = 0",
                        "2 gettid() = 2",
                        "2 exit(7) = ?",
                        "2 +++ exited with 7 +++",
                        "1 +++ exited with 0 +++");
    }
}
