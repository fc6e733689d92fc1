package dev.pagewalk.kernel.oom;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.frame.FailurePlan;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A guest that uses everything runs while an allocation fails: whatever becomes of it and its children, the machine ends,
 * every frame is back, and no TLB has kept anything.
 */
@Tag("S31")
class OutOfMemoryGuestTest {
    private static final long PAGE = 4096;
    private static final long HUGE = 2 << 20;

    /** So much that huge pages can be copied as such. */
    private static final long RAM_BYTES = 64 << 20;

    private static final long A = 0x2000_0000L;
    private static final long B = 0x3000_0000L;
    private static final long C = 0x4000_0000L;
    private static final long STACK = 0x5000_0000L;
    private static final int MAYMOVE = 1;
    private static final int MADV_DONTNEED = 4;
    private static final int MADV_HUGEPAGE = 14;

    private static final ElfImage IMAGE = TestMachine.assemble(everything().source());

    /** What fails is passed over; so it ends in any case. */
    private static Guest everything() {
        Guest guest = new Guest().line("ld t0, 0(sp)").line("li t1, 2").line("beq t0, t1, executed");
        signals(guest);
        memory(guest);
        files(guest);
        families(guest);
        return guest.exit(0)
                .text("executed:")
                .line("li t0, 40000")
                .line("sub t0, sp, t0")
                .line("sd t0, 0(t0)")
                .mmap(A, 3 * PAGE, RW, ANON | FIXED | POPULATE)
                .exit(3)
                .text("paging:")
                .text(count("pagings", 40))
                .line("ld a0, 16(a1)")
                .line("li t0, -4096")
                .line("and a0, a0, t0")
                .call(MPROTECT, "a0", PAGE, RW)
                .line("ret")
                .text("counting:")
                .line("la t0, caught")
                .line("sd a0, 0(t0)")
                .line("ret")
                .string("path", "/tmp/file")
                .string("self", "/proc/self/exe")
                .words("action", "status", "caught", "pagings", "ends", "stack")
                .data("        .data\nargv: .dword self, path, 0\nvector: .dword " + A + ", 6000, " + B + ", 5000");
    }

    /** Ends the guest where it comes by for the n-th time. */
    private static String count(String word, int most) {
        return String.format("""
                        la t0, %s
                        ld t1, 0(t0)
                        addi t1, t1, 1
                        sd t1, 0(t0)
                        li t2, %d
                        bgt t1, t2, check_failed
                """, word, most);
    }

    /** Handlers on a stack of their own, which is lazy, as the memory is that a handler makes accessible. */
    private static void signals(Guest guest) {
        guest.mmap(STACK, 4 * PAGE, RW, ANON | FIXED)
                .store("=stack", STACK)
                .line("la t0, stack")
                .line("li t1, 4096*4")
                .line("sd t1, 16(t0)")
                .call(SIGALTSTACK, "=stack", 0)
                .onSignal(SIGSEGV, "paging", SA_SIGINFO | SA_ONSTACK)
                .onSignal(SIGUSR1, "counting", 0)
                .mmap(A, 3 * PAGE, PROT_NONE, ANON | FIXED)
                .store(A, 1)
                .store(A + 2 * PAGE, 2)
                .call(GETPID)
                .call(KILL, "a0", SIGUSR1);
    }

    private static void memory(Guest guest) {
        guest.mmap(B, 2 * HUGE, RW, ANON | FIXED)
                .madvise(B, 2 * HUGE, MADV_HUGEPAGE)
                .store(B, 3)
                .store(B + HUGE + PAGE, 4)
                .munmap(B + PAGE, PAGE)
                .mremap(B + HUGE, HUGE, HUGE, MAYMOVE | 2, C + PAGE)
                .mmap(C + 2 * HUGE, 3 * PAGE, RW, SHARED | ANONYMOUS | FIXED | POPULATE)
                .madvise(B, PAGE, MADV_DONTNEED)
                .munmap(B + 4 * PAGE, HUGE - 4 * PAGE)
                .munmap(C + 5 * PAGE, HUGE - 4 * PAGE)
                .store(C + PAGE, 4)
                .mmap(B + 4 * HUGE, HUGE, RW, ANON | FIXED)
                .madvise(B + 4 * HUGE, HUGE, MADV_HUGEPAGE)
                .store(B + 4 * HUGE, 4)
                .brk(0)
                .line("li t0, 20000")
                .line("add a0, a0, t0")
                .brk("a0")
                .line("sd a0, -8(a0)")
                .line("li t0, 60000")
                .line("sub t0, sp, t0")
                .line("sd t0, 0(t0)")
                .call(MLOCK, A, 3 * PAGE)
                .call(MINCORE, A, 3 * PAGE, A + 100)
                .call(CLOCK_GETTIME, 0, "=status");
    }

    private static void files(Guest guest) {
        guest.open("path", O_CREAT | O_RDWR, "s1")
                .call(WRITE, "s1", B, 2 * PAGE + 50)
                .call(LSEEK, "s1", 0, 0)
                .call(READV, "s1", "=vector", 2)
                .call(PWRITE64, "s1", A, 300, 30_000)
                .call(MMAP, C + HUGE, 3 * PAGE, RW, SHARED | FIXED, "s1", 0)
                .store(C + HUGE, 5)
                .store(C + HUGE + PAGE, 6)
                .call(MMAP, C + HUGE + 4 * PAGE, 3 * PAGE, RW, PRIVATE | FIXED, "s1", 0)
                .store(C + HUGE + 4 * PAGE, 7)
                .load(C + HUGE + 5 * PAGE)
                .call(FTRUNCATE, "s1", 5000)
                .call(PREAD64, "s1", A, 5000, 0);
    }

    /** A child that fills a pipe, stores and executes; one that dies of a store; one that a signal ends. */
    private static void families(Guest guest) {
        guest.call(PIPE2, "=ends", 0)
                .line("la t0, ends")
                .line("lw s2, 0(t0)")
                .line("lw s3, 4(t0)")
                .fork("writing")
                .call(CLOSE, "s3")
                .text("1:")
                .call(READ, "s2", A + 50, 2 * PAGE)
                .line("bgtz a0, 1b")
                .store(A, 8)
                .fork("faulting")
                .store(C + PAGE, 9)
                .call(WAIT4, -1, "=status", 0, A)
                .fork("sleeping")
                .call(KILL, "a0", SIGTERM)
                .text("2:")
                .call(WAIT4, -1, "=status", 0, 0)
                .line("bgtz a0, 2b")
                .line("j families_end")
                .text("writing:")
                .call(WRITE, "s3", A, 3 * PAGE)
                .store(A + PAGE, 10)
                .store(C + PAGE, 11)
                .store(B + 4 * HUGE + PAGE, 11)
                .store(C + 2 * HUGE + PAGE, 12)
                .call(EXECVE, "=self", "=argv", 0)
                .exit(4)
                .text("faulting:")
                .store(A + 2 * PAGE, 13)
                .fork("grandchild")
                .line("sd zero, 8(zero)")
                .exit(5)
                .text("grandchild:")
                .store(C + PAGE + 8, 14)
                .exit(6)
                .text("sleeping:")
                .call(RT_SIGSUSPEND, "=caught", 8)
                .exit(7)
                .text("families_end:");
    }

    private static TestMachine boot(ForkStrategy strategy) {
        return TestMachine.options().ramBytes(RAM_BYTES).fork(strategy).boot(IMAGE);
    }

    /** Runs to the end with failures; returns whether there were any. */
    private static boolean survives(ForkStrategy strategy, Injection injection) {
        TestMachine test = boot(strategy);
        test.kernel().frames().setFailurePlan(injection);
        finish(test, injection);
        return injection.hasHit();
    }

    private static void finish(TestMachine test, Object failures) {
        try {
            test.finish();
        } catch (AssertionError | RuntimeException wrong) {
            throw new AssertionError(failures + ": " + wrong.getMessage() + "\n" + test.console(), wrong);
        }
    }

    /** Lets every n-th allocation fail. */
    private static int sweep(ForkStrategy strategy, int step) {
        int failures = 0;
        for (boolean lasting : new boolean[] {false, true}) {
            int n = 1;
            while (survives(strategy, new Injection(n, lasting))) {
                n += step;
                failures++;
            }
        }
        return failures;
    }

    private static void runRandomly(int seeds) {
        IntStream.range(0, seeds).forEach(seed -> {
            Random random = new Random(seed);
            double share = Math.pow(0.5, 1 + random.nextInt(8));
            TestMachine test = boot(ForkStrategy.values()[seed % 2]);
            FailurePlan plan = () -> random.nextDouble() < share;
            test.kernel().frames().setFailurePlan(plan);
            finish(test, "seed " + seed);
        });
    }

    @Test
    void withEnoughMemoryTheGuestDoesAllThatItIsMeantTo() {
        TestMachine test = boot(ForkStrategy.COPY_ON_WRITE).finish();
        assertThat(test.exitStatus()).isZero();
        assertThat(test.kernel().processes()).hasSize(5);
        assertThat(test.kernel().processes().get(1).exitStatus()).isEqualTo(3);
        assertThat(test.kernel().systemCallCounts()).hasSizeGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource
    void theMachineEndsCleanlyWhicheverOfSomeAllocationsFails(ForkStrategy strategy) {
        assertThat(sweep(strategy, 9)).as("failures injected").isGreaterThan(20);
    }

    @ParameterizedTest
    @EnumSource
    @Tag("nightly")
    void theMachineEndsCleanlyWhicheverAllocationFails(ForkStrategy strategy) {
        assertThat(sweep(strategy, 1)).as("failures injected").isGreaterThan(200);
    }

    /** Runs with so little RAM that it is used up, page cache included. */
    private static int runInLittleRam(long stepBytes) {
        int killed = 0;
        for (long ramBytes = 128 << 10; ramBytes < 8 << 20; ramBytes += stepBytes) {
            for (ForkStrategy strategy : ForkStrategy.values()) {
                TestMachine test =
                        TestMachine.options().ramBytes(ramBytes).fork(strategy).bootUnlessRefused(IMAGE);
                if (test != null) {
                    finish(test, ramBytes + " bytes, " + strategy);
                    killed += test.exitStatus() == 0 ? 0 : 1;
                }
            }
        }
        return killed;
    }

    @Test
    void theMachineEndsCleanlyInLittleRam() {
        assertThat(runInLittleRam(132 << 10)).as("runs that failed").isPositive();
    }

    @Test
    @Tag("nightly")
    void theMachineEndsCleanlyHoweverLittleRamThereIs() {
        assertThat(runInLittleRam(4 << 10)).as("runs that failed").isPositive();
    }

    @Test
    void theMachineEndsCleanlyWhenAllocationsFailAtRandom() {
        runRandomly(20);
    }

    @Test
    @Tag("nightly")
    void theMachineEndsCleanlyWhenAllocationsFailAtRandomAgainAndAgain() {
        runRandomly(1000);
    }
}
