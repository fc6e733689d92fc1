package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** futex, as guests see it. */
class FutexCallsTest {
    private static final long AT = 0x2000_0000L;
    private static final long OTHER_AT = 0x3000_0000L;
    private static final long PAGE = 4096;
    private static final int MOST = Integer.MAX_VALUE;

    private static TestMachine run(Guest guest) {
        withData(guest);
        TestMachine.options().harts(4).run(guest);
        return TestMachine.options().run(guest);
    }

    private static Guest withData(Guest guest) {
        return guest.words("status", "first", "second", "third", "word", "other", "order", "ready", "action")
                .data("        .data\n        .balign 8\nshort_time: .dword 0, 300000\nno_time: .dword 0, 0\n"
                        + "long_time: .dword 1000, 0\nnegative: .dword -1, 0\nwrong: .dword 0, 1000000000\n"
                        + "past: .dword 0, 1\nwall_past: .dword 1767225600, 1\nlong_ago: .dword 1, 0");
    }

    /** Threads {@code first}, {@code second} and {@code third}, each of which says that it is about to wait, and how it woke. */
    private static Guest threeWaiters(Guest guest) {
        for (String name : new String[] {"first", "second", "third"}) {
            // Each blocks before the next one.
            guest.thread("waiter", name).nap();
        }
        return guest.awaitWord("ready", 3);
    }

    /** Where the three begin: they wait, with the bit of their tid in s2, and add that to the digits of a number. */
    private static Guest waiter(Guest guest, Object... call) {
        guest.text("waiter:").call(GETTID).line("li s2, 1").line("sllw s2, s2, a0");
        guest.line("la t0, ready").line("li t1, 1").line("amoadd.w t1, t1, (t0)");
        guest.call(FUTEX, call).keep("s1").call(GETTID);
        return guest.text("""
                    la   t0, order
                    ld   t1, 0(t0)
                    li   t2, 10
                    mul  t1, t1, t2
                    add  t1, t1, a0
                    sd   t1, 0(t0)
                    mv   a0, s1
                """).expect(0).exitThread(0);
    }

    @Test
    void aWordThatHasChangedIsNotWaitedFor() {
        Guest guest = new Guest()
                .storeWord("=word", 4)
                .call(FUTEX, "=word", FUTEX_WAIT, 3, 0)
                .expect(EAGAIN)
                .call(FUTEX, "=word", FUTEX_WAIT, 3, "=past")
                .expect(EAGAIN)
                .call(FUTEX, "=word", FUTEX_WAIT_BITSET, 3, "=past", 0, 1)
                .expect(EAGAIN)
                .call(FUTEX, "=word", FUTEX_CMP_REQUEUE, 1, 1, "=other", 5)
                .expect(EAGAIN);
        run(guest);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {FUTEX_WAIT, FUTEX_WAKE, FUTEX_REQUEUE, FUTEX_CMP_REQUEUE, FUTEX_WAIT_BITSET, FUTEX_WAKE_BITSET})
    void badAddressesAreRefused(int operation) {
        boolean touches = operation == FUTEX_WAIT || operation == FUTEX_WAIT_BITSET || operation == FUTEX_CMP_REQUEUE;
        boolean moves = operation == FUTEX_REQUEUE || operation == FUTEX_CMP_REQUEUE;
        Guest guest = new Guest();
        for (int flag : new int[] {0, FUTEX_PRIVATE}) {
            guest.line("la s1, word")
                    .line("addi s1, s1, 2")
                    .call(FUTEX, "s1", operation | flag, 0, 0, "=other", 1)
                    .expect(EINVAL)
                    .call(FUTEX, -4, operation | flag, 0, 0, "=other", 1)
                    .expect(EFAULT)
                    .call(FUTEX, 1L << 47, operation | flag, 0, 0, "=other", 1)
                    .expect(EFAULT)
                    .call(FUTEX, AT, operation | flag, 0, 0, "=other", 1)
                    // A private word need not exist to be woken.
                    .expect(touches || flag == 0 ? EFAULT : 0);
            if (moves) {
                guest.call(FUTEX, "=word", operation | flag, 0, 0, "s1", 0)
                        .expect(EINVAL)
                        .call(FUTEX, "=word", operation | flag, 0, 0, -4, 0)
                        .expect(EFAULT);
            }
        }
        run(guest);
    }

    @Test
    void badArgumentsAreRefused() {
        Guest guest = new Guest()
                .call(FUTEX, "=word", FUTEX_WAIT_BITSET, 0, 0, 0, 0)
                .expect(EINVAL)
                .call(FUTEX, "=word", FUTEX_WAKE_BITSET, 0, 0, 0, 0)
                .expect(EINVAL)
                .call(FUTEX, "=word", FUTEX_REQUEUE, -1, 0, "=other", 0)
                .expect(EINVAL)
                .call(FUTEX, "=word", FUTEX_REQUEUE, 0, -1, "=other", 0)
                .expect(EINVAL)
                .call(FUTEX, "=word", FUTEX_WAIT, 0, "=negative")
                .expect(EINVAL)
                .call(FUTEX, "=word", FUTEX_WAIT, 0, "=wrong")
                .expect(EINVAL)
                .call(FUTEX, "=word", FUTEX_WAIT, 0, 8)
                .expect(EFAULT)
                .call(FUTEX, "=word", FUTEX_WAIT | FUTEX_CLOCK_REALTIME, 0, "=past")
                .expect(ENOSYS)
                .call(FUTEX, "=word", FUTEX_WAKE | FUTEX_CLOCK_REALTIME, 1)
                .expect(ENOSYS);
        for (int operation : new int[] {2, 5, 6, 7, 8, 11, 12, 13, 14, 0x7F, -1}) {
            guest.call(FUTEX, "=word", operation, 0, 0, 0, 0).expect(ENOSYS);
        }
        run(guest);
    }

    @Test
    void nobodyIsWokenWhereNobodyWaits() {
        Guest guest = new Guest()
                .call(FUTEX, "=word", FUTEX_WAKE, MOST)
                .expect(0)
                .call(FUTEX, "=word", FUTEX_WAKE_BITSET | FUTEX_PRIVATE, MOST, 0, 0, 1)
                .expect(0)
                .call(FUTEX, "=word", FUTEX_REQUEUE, 1, MOST, "=other", 0)
                .expect(0);
        run(guest);
    }

    @Test
    void waitersAreWokenInTheOrderInWhichTheyCame() {
        Guest guest = threeWaiters(new Guest())
                .call(FUTEX, "=word", FUTEX_WAKE, 1)
                .expect(1)
                .join("first")
                .load("=order")
                .expect(2)
                // Linux wakes one where none or fewer are asked for.
                .call(FUTEX, "=word", FUTEX_WAKE, 0)
                .expect(1)
                .join("second")
                .load("=order")
                .expect(23)
                .call(FUTEX, "=word", FUTEX_WAKE, MOST)
                .expect(1)
                .join("third")
                .load("=order")
                .expect(234)
                .exit(0);
        run(waiter(guest, "=word", FUTEX_WAIT, 0, 0));
    }

    @Test
    void bitsSelectWhoIsWoken() {
        Guest guest = threeWaiters(new Guest())
                .call(FUTEX, "=word", FUTEX_WAKE_BITSET, MOST, 0, 0, 1 << 5)
                .expect(0)
                .call(FUTEX, "=word", FUTEX_WAKE_BITSET, MOST, 0, 0, 1 << 4)
                .expect(1)
                .join("third")
                .call(FUTEX, "=word", FUTEX_WAKE_BITSET, 1, 0, 0, 1 << 3 | 1 << 2)
                .expect(1)
                .join("first")
                .call(FUTEX, "=word", FUTEX_WAKE, MOST)
                .expect(1)
                .join("second")
                .load("=order")
                .expect(423)
                .exit(0);
        // Each waits for the bit that its tid names.
        run(waiter(guest, "=word", FUTEX_WAIT_BITSET, 0, 0, 0, "s2"));
    }

    @ParameterizedTest
    @ValueSource(ints = {FUTEX_REQUEUE, FUTEX_CMP_REQUEUE, FUTEX_REQUEUE | FUTEX_PRIVATE})
    void waitersAreMovedToAnotherWord(int operation) {
        Guest guest = threeWaiters(new Guest())
                .call(FUTEX, "=word", operation, 1, 1, "=other", 0)
                .expect(2)
                .join("first")
                .call(FUTEX, "=word", FUTEX_WAKE | operation & FUTEX_PRIVATE, MOST)
                .expect(1)
                .join("third")
                .load("=order")
                .expect(24)
                .call(FUTEX, "=other", FUTEX_WAKE | operation & FUTEX_PRIVATE, MOST)
                .expect(1)
                .join("second")
                .load("=order")
                .expect(243)
                .exit(0);
        run(waiter(guest, "=word", FUTEX_WAIT | operation & FUTEX_PRIVATE, 0, 0));
    }

    @Test
    void waitersMovedToTheirOwnWordStayWhereTheyAre() {
        Guest guest = threeWaiters(new Guest())
                .call(FUTEX, "=word", FUTEX_REQUEUE, 0, 2, "=word", 0)
                .expect(2)
                .call(FUTEX, "=word", FUTEX_WAKE, MOST)
                .expect(3)
                .join("first")
                .join("second")
                .join("third")
                .load("=order")
                .expect(234)
                .exit(0);
        run(waiter(guest, "=word", FUTEX_WAIT, 0, 0));
    }

    @Test
    void aMutexProtectsACounter() {
        int rounds = 200;
        Guest guest = new Guest()
                .thread("count", "first")
                .thread("count", "second")
                .thread("count", "third")
                .join("first")
                .join("second")
                .join("third")
                .load("=order")
                .expect(3 * rounds)
                .exit(0)
                .text("count:")
                .line("li s1, " + rounds)
                .text("""
                        next:                           # Drepper's second mutex
                            la   s2, word
                            li   t0, 1
                        try:
                            lr.w t1, (s2)
                            bnez t1, taken
                            sc.w t2, t0, (s2)
                            bnez t2, try
                            j    held
                        taken:
                            li   t0, 2
                            amoswap.w t1, t0, (s2)
                            beqz t1, held
                            mv   a0, s2
                            li   a1, 128
                            li   a2, 2
                            li   a3, 0
                            li   a7, 98
                            ecall
                            j    taken
                        held:
                            la   t0, order
                            ld   t1, 0(t0)
                        """)
                .call(SCHED_YIELD)
                .text("""
                            la   t0, order
                            addi t1, t1, 1
                            sd   t1, 0(t0)
                            amoswap.w t1, zero, (s2)
                            li   t0, 2
                            bne  t1, t0, 1f
                            mv   a0, s2
                            li   a1, 129
                            li   a2, 1
                            li   a7, 98
                            ecall
                        1:  addi s1, s1, -1
                            bnez s1, next
                        """)
                .exitThread(0);
        TestMachine test = run(guest);
        assertThat(test.kernel().systemCallCounts().get("futex")).isGreaterThan(rounds);
    }

    @Test
    void aWaitEndsWithItsTimeOut() {
        Guest guest = new Guest()
                .call(FUTEX, "=word", FUTEX_WAIT, 0, "=short_time")
                .expect(ETIMEDOUT)
                .call(FUTEX, "=word", FUTEX_WAIT | FUTEX_PRIVATE, 0, "=no_time")
                .expect(ETIMEDOUT)
                // Nobody is there any more to be woken.
                .call(FUTEX, "=word", FUTEX_WAKE, 1)
                .expect(0);
        TestMachine test = run(guest);
        long cycles = test.machine().config().profile().clockHz() / 1_000_000 * 300;
        assertThat(test.machine().longestCycle()).isBetween(cycles, 2 * cycles);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, FUTEX_CLOCK_REALTIME})
    void aBitsetWaitsUntilATimeOnAClock(int clockFlag) {
        long epoch = clockFlag == 0 ? 0 : 1_767_225_600L;
        Guest guest = new Guest()
                .call(FUTEX, "=word", FUTEX_WAIT_BITSET | clockFlag, 0, "=until", 0, -1)
                .expect(ETIMEDOUT)
                .call(CLOCK_GETTIME, clockFlag == 0 ? 1 : 0, "=status")
                .load("=status")
                .expect(epoch)
                .line("ld a0, status + 8")
                .line("li t0, 5000000")
                .line("sltu a0, a0, t0")
                .expect(0)
                // What is over already ends at once.
                .call(FUTEX, "=word", FUTEX_WAIT_BITSET | clockFlag, 0, "=until", 0, -1)
                .expect(ETIMEDOUT)
                .call(FUTEX, "=word", FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 0, "=long_ago", 0, -1)
                .expect(ETIMEDOUT)
                .data("        .data\n        .balign 8\nuntil: .dword " + epoch + ", 5000000");
        run(guest);
    }

    @Test
    void aWakeBeforeTheTimeOutDecidesTheWait() {
        Guest guest = new Guest()
                .thread("thread", "first")
                .awaitWord("ready", 1)
                .nap()
                .call(FUTEX, "=word", FUTEX_WAKE, 1)
                .expect(1)
                // The waiter has not run since then when its time is over.
                .line("li s1, 400000")
                .text("1: addi s1, s1, -1\n bnez s1, 1b")
                .join("first")
                .exit(0)
                .text("thread:")
                .storeWord("=ready", 1)
                .call(FUTEX, "=word", FUTEX_WAIT, 0, "=short_time")
                .expect(0)
                .exitThread(0);
        run(guest);
    }

    @Test
    void aHandlerInterruptsAWait() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "handler", 0)
                .thread("thread", "first")
                .awaitWord("ready", 1)
                .nap()
                .call(TGKILL, 1, 2, SIGUSR1)
                .expect(0)
                .join("first")
                .loadWord("=other")
                .expect(1)
                .call(FUTEX, "=word", FUTEX_WAKE, 1)
                .expect(0)
                .exit(0)
                .text("thread:")
                .storeWord("=ready", 1)
                .call(FUTEX, "=word", FUTEX_WAIT, 0, 0)
                .expect(EINTR)
                .exitThread(0)
                .text("handler:")
                .storeWord("=other", 1)
                .line("ret");
        run(guest);
    }

    @Test
    void aWaitGoesOnAfterAHandlerThatRestartsCallsUnlessItHasATimeOut() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "handler", SA_RESTART)
                .thread("thread", "first")
                .awaitWord("ready", 1)
                .nap()
                .call(TGKILL, 1, 2, SIGUSR1)
                .awaitWord("other", 1)
                .nap()
                .call(FUTEX, "=word", FUTEX_WAKE, 1)
                .expect(1)
                .awaitWord("ready", 2)
                .nap()
                .call(TGKILL, 1, 2, SIGUSR1)
                .join("first")
                .exit(0)
                .text("thread:")
                .storeWord("=ready", 1)
                .call(FUTEX, "=word", FUTEX_WAIT, 0, 0)
                .expect(0)
                .storeWord("=ready", 2)
                .call(FUTEX, "=word", FUTEX_WAIT, 0, "=long_time")
                .expect(EINTR)
                .exitThread(0)
                .text("handler:")
                .storeWord("=other", 1)
                .line("ret");
        run(guest);
    }

    @Test
    void aWakeBeforeASignalDecidesTheWait() {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "handler", 0)
                .thread("thread", "first")
                .awaitWord("ready", 1)
                .nap()
                .call(FUTEX, "=word", FUTEX_WAKE, 1)
                .expect(1)
                .call(TGKILL, 1, 2, SIGUSR1)
                .expect(0)
                .join("first")
                .loadWord("=other")
                .expect(1)
                .exit(0)
                .text("thread:")
                .storeWord("=ready", 1)
                .call(FUTEX, "=word", FUTEX_WAIT, 0, 0)
                .expect(0)
                .exitThread(0)
                .text("handler:")
                .storeWord("=other", 1)
                .line("ret");
        run(guest);
    }

    @Test
    void processesMeetAtASharedWordWhereverTheyHaveIt() {
        Guest guest = new Guest()
                .open("file", O_RDWR, "s1")
                .call(MMAP, AT, 2 * PAGE, RW, SHARED | FIXED, "s1", 0)
                .expect(AT)
                .fork("child")
                .line("li s2, " + (AT + PAGE))
                .text("1:")
                .call(SCHED_YIELD)
                .call(FUTEX, "s2", FUTEX_WAKE, 1)
                .line("beqz a0, 1b")
                .expect(1)
                .wait4(-1, "status")
                .load("=status")
                .expect(0)
                .exit(0)
                .text("child:")
                .call(MMAP, OTHER_AT, PAGE, RW, SHARED | FIXED, "s1", PAGE)
                .expect(OTHER_AT)
                .call(FUTEX, OTHER_AT, FUTEX_WAIT, 0, 0)
                .expect(0)
                .exit(0)
                .string("file", "/data");
        TestMachine.options().file("/data", new byte[(int) (2 * PAGE)]).run(withData(guest));
    }

    @Test
    void sharedAnonymousMemoryIsAsGoodAsAFile() {
        Guest guest = new Guest()
                .mmap(AT, PAGE, RW, SHARED | ANONYMOUS | FIXED)
                .fork("child")
                .text("1:")
                .call(SCHED_YIELD)
                .call(FUTEX, AT + 8, FUTEX_WAKE, 1)
                .line("beqz a0, 1b")
                .wait4(-1, "status")
                .load("=status")
                .expect(0)
                .exit(0)
                .text("child:")
                .call(FUTEX, AT + 8, FUTEX_WAIT, 0, 0)
                .expect(0)
                .exit(0);
        run(guest);
    }

    @Test
    void aPrivateWordOfAnotherProcessIsAnother() {
        Guest guest = new Guest()
                .fork("child")
                .line("li s1, 100")
                .text("1:")
                .call(SCHED_YIELD)
                .call(FUTEX, "=word", FUTEX_WAKE, MOST)
                .expect(0)
                .line("addi s1, s1, -1")
                .line("bnez s1, 1b")
                .wait4(-1, "status")
                .load("=status")
                .expect(0)
                .exit(0)
                .text("child:")
                .call(FUTEX, "=word", FUTEX_WAIT, 0, "=short_time")
                .expect(ETIMEDOUT)
                .exit(0);
        run(guest);
    }

    @Test
    void threadsThatWaitForNothingAreADeadlockThatSaysForWhat() {
        Guest guest = withData(new Guest()
                .thread("waiter", "first")
                .thread("reader", "second")
                .call(PIPE2, "=order", 0)
                .storeWord("=ready", 1)
                .call(FUTEX, "=first", FUTEX_WAIT, 2, 0)
                .exit(1)
                .text("waiter:")
                .call(FUTEX, 4096 * 20, FUTEX_WAIT, 0, 0)
                .call(FUTEX, "=word", FUTEX_WAIT, 0, 0)
                .exit(1)
                .text("reader:")
                .awaitWord("ready", 1)
                .line("lw s1, order")
                .call(READ, "s1", "=other", 1)
                .exit(1));
        TestMachine test = TestMachine.options().boot(guest.source());
        assertThat(test.deadlock()).hasSize(3).first().asString().startsWith("task 1 of process 1 waits for futex 0x1");
        assertThat(test.kernel().describeBlocked().get(1)).startsWith("task 2 of process 1 waits for futex 0x1");
        assertThat(test.kernel().describeBlocked().get(2))
                .isEqualTo("task 3 of process 1 waits for the other end of a pipe");
    }
}
