package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Test;

/** Calls about harts, and what else the libraries of threads ask for at their start. */
class HartCallsTest {
    private static TestMachine run(int harts, Guest guest) {
        return TestMachine.options().harts(harts).run(guest.words("mask", "old", "status", "first", "buffer", "again"));
    }

    @Test
    void aTaskMayRunOnAllHartsAtFirst() {
        for (int harts : new int[] {1, 4, 64}) {
            run(
                    harts,
                    new Guest()
                            .call(SCHED_GETAFFINITY, 0, 128, "=old")
                            .expect(8)
                            .load("=old")
                            .expect(harts == 64 ? -1L : (1L << harts) - 1));
        }
    }

    @Test
    void aTaskRunsWhereItMay() {
        Guest guest = new Guest();
        for (int hart : new int[] {3, 0, 2, 1}) {
            guest.store("=mask", 1L << hart)
                    .call(SCHED_SETAFFINITY, 0, 8, "=mask")
                    .expect(0)
                    .call(GETCPU, "=old", "=status")
                    .expect(0)
                    .loadWord("=old")
                    .expect(hart)
                    .loadWord("=status")
                    .expect(0)
                    .call(SCHED_GETAFFINITY, 1, 8, "=old")
                    .expect(8)
                    .load("=old")
                    .expect(1L << hart);
        }
        run(4, guest);
    }

    @Test
    void aTaskMayMoveAnother() {
        Guest guest = new Guest()
                .thread("thread", "first")
                .store("=mask", 4)
                .call(SCHED_SETAFFINITY, 2, 8, "=mask")
                .expect(0)
                .join("first")
                .exit(0)
                .text("thread:")
                .text("6:")
                .call(GETCPU, "=old", 0)
                .loadWord("=old")
                .line("li t0, 2")
                .line("bne a0, t0, 6b")
                .exitThread(0);
        run(4, guest);
    }

    @Test
    void childrenAndThreadsInheritWhereTheyMayRun() {
        Guest guest = new Guest()
                .store("=mask", 0b110)
                .call(SCHED_SETAFFINITY, 0, 8, "=mask")
                .thread("thread", "first")
                .join("first")
                .fork("child")
                .wait4(-1, "status")
                .load("=status")
                .expect(0)
                .exit(0)
                .text("thread:")
                .call(SCHED_GETAFFINITY, 0, 8, "=old")
                .load("=old")
                .expect(0b110)
                .exitThread(0)
                .text("child:")
                .call(SCHED_GETAFFINITY, 0, 8, "=old")
                .load("=old")
                .expect(0b110)
                .exit(0);
        run(4, guest);
    }

    @Test
    void masksAreReadAsFarAsTheyGo() {
        Guest guest = new Guest()
                .store("=mask", 0xFF02)
                .call(SCHED_SETAFFINITY, 0, 1, "=mask")
                .expect(0)
                .call(SCHED_GETAFFINITY, 0, 8, "=old")
                .load("=old")
                .expect(2)
                // Of harts that there are not, nothing is kept; what no machine has is not looked at.
                .store("=mask", 0xFF01)
                .call(SCHED_SETAFFINITY, 0, 1 << 20, "=mask")
                .expect(0)
                .call(SCHED_GETAFFINITY, 0, 8, "=old")
                .load("=old")
                .expect(1);
        run(4, guest);
    }

    @Test
    void masksThatMakeNoSenseAreRefused() {
        Guest guest = new Guest()
                .store("=mask", 0xF0)
                .call(SCHED_SETAFFINITY, 0, 8, "=mask")
                .expect(EINVAL)
                .call(SCHED_SETAFFINITY, 0, 0, "=mask")
                .expect(EINVAL)
                .call(SCHED_SETAFFINITY, 0, 8, 8)
                .expect(EFAULT)
                .call(SCHED_SETAFFINITY, 77, 8, "=mask")
                .expect(ESRCH)
                .call(SCHED_SETAFFINITY, -1, 8, "=mask")
                .expect(ESRCH)
                .call(SCHED_GETAFFINITY, 0, 4, "=old")
                .expect(EINVAL)
                .call(SCHED_GETAFFINITY, 0, 0, "=old")
                .expect(EINVAL)
                .call(SCHED_GETAFFINITY, 0, 12, "=old")
                .expect(EINVAL)
                .call(SCHED_GETAFFINITY, 0, 8, 8)
                .expect(EFAULT)
                .call(SCHED_GETAFFINITY, 77, 8, "=old")
                .expect(ESRCH);
        run(4, guest);
    }

    @Test
    void getcpuWritesWhatItIsAskedFor() {
        Guest guest = new Guest()
                .call(GETCPU, 0, 0)
                .expect(0)
                .call(GETCPU, 8, 0)
                .expect(EFAULT)
                .call(GETCPU, 0, 8)
                .expect(EFAULT);
        run(1, guest);
    }

    @Test
    void aTaskThatYieldsLetsOthersGoFirst() {
        Guest guest = new Guest()
                .call(SCHED_YIELD)
                .expect(0)
                .thread("thread", "first")
                .call(SCHED_YIELD)
                .expect(0)
                .loadWord("=first")
                .expect(0)
                .exit(0)
                .text("thread:")
                .exitThread(0);
        TestMachine test = run(1, guest);
        // No time slice has to end for that.
        assertThat(test.machine().longestCycle())
                .isLessThan(test.machine().config().profile().clockHz() / 1000);
    }

    @Test
    void randomBytesDifferFromCallToCallAndNotFromRunToRun() {
        Guest guest = new Guest()
                .call(GETRANDOM, "=buffer", 13, 0)
                .expect(13)
                .line("lb a0, buffer + 13")
                .expect(0)
                .call(GETRANDOM, "=again", 13, 1)
                .expect(13)
                .line("ld t0, buffer")
                .line("ld a0, again")
                .line("sub a0, a0, t0")
                .line("snez a0, a0")
                .expect(1)
                .call(WRITE, 1, "=buffer", 13);
        assertThat(run(1, guest).console())
                .isEqualTo(TestMachine.options().run(guest.source()).console());
    }

    @Test
    void getrandomRefusesWhatMakesNoSense() {
        Guest guest = new Guest()
                .call(GETRANDOM, "=buffer", 8, 8)
                .expect(EINVAL)
                .call(GETRANDOM, "=buffer", 8, 6)
                .expect(EINVAL)
                .call(GETRANDOM, 8, 8, 0)
                .expect(EFAULT)
                .call(GETRANDOM, -8, 8, 0)
                .expect(EFAULT)
                .call(GETRANDOM, 8, 0, 0)
                .expect(0)
                .mmap(0x2000_0000L, 2 * 4096, RW, ANON | FIXED)
                .munmap(0x2000_1000L, 4096)
                .call(GETRANDOM, 0x2000_0FF8L, 100, 0)
                .expect(8)
                .call(GETRANDOM, 0x2000_0000L, 10_000, 4)
                .expect(4096);
        run(1, guest);
    }

    @Test
    void membarrierSaysWhatItCanAndDoesIt() {
        Guest guest = new Guest()
                .call(MEMBARRIER, 0, 0, 0)
                .expect(1 | 8 | 16)
                .call(MEMBARRIER, 1, 0, 0)
                .expect(0)
                .call(MEMBARRIER, 8, 0, 0)
                .expect(EPERM)
                .call(MEMBARRIER, 16, 0, 0)
                .expect(0)
                .call(MEMBARRIER, 8, 0, 0)
                .expect(0)
                .call(MEMBARRIER, 2, 0, 0)
                .expect(EINVAL)
                .call(MEMBARRIER, 0, 1, 0)
                .expect(EINVAL);
        run(2, guest);
    }

    @Test
    void robustListsAreTakenNoteOf() {
        Guest guest = new Guest()
                .call(SET_ROBUST_LIST, "=buffer", 24)
                .expect(0)
                .call(SET_ROBUST_LIST, "=buffer", 16)
                .expect(EINVAL);
        run(1, guest);
    }

    @Test
    void allOfThemAreTraced() {
        String source = new Guest()
                .store("=mask", 1)
                .call(SCHED_SETAFFINITY, 0, 8, "=mask")
                .call(SCHED_GETAFFINITY, 0, 8, "=old")
                .call(GETCPU, "=old", 0, 0)
                .call(SCHED_YIELD)
                .call(SET_ROBUST_LIST, 0, 24)
                .call(MEMBARRIER, 0, 0, 0)
                .call(GETRANDOM, 0, 0, 3)
                .call(CLOCK_GETRES, 1, "=old")
                .call(NANOSLEEP, "=time", 0)
                .call(CLOCK_NANOSLEEP, 1, 1, "=time", 0)
                .call(CLOCK_NANOSLEEP, 99, 0, 0, 0)
                .call(FUTEX, 4, FUTEX_WAIT, 1, 0)
                .call(FUTEX, "=old", FUTEX_WAIT | FUTEX_PRIVATE, 1, "=time")
                .call(FUTEX, "=old", FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 1, "=time", 0, -1)
                .call(FUTEX, 4, FUTEX_WAIT_BITSET, 1, 0, 0, 3)
                .call(FUTEX, 4, FUTEX_WAKE | FUTEX_PRIVATE, 5)
                .call(FUTEX, 4, FUTEX_WAKE_BITSET | FUTEX_PRIVATE, 1, 0, 0, 3)
                .call(FUTEX, 4, FUTEX_REQUEUE | FUTEX_PRIVATE, 1, 2, 8)
                .call(FUTEX, 4, FUTEX_CMP_REQUEUE | FUTEX_PRIVATE, 1, 2, 8, 9)
                .call(FUTEX, 4, 77, 1, 2, 8, 9)
                .call(SET_TID_ADDRESS, 0)
                .call(TKILL, 77, 10)
                .call(GETTIMEOFDAY, 0, 0)
                .call(CLONE, THREAD, 0, 0, 0, 0)
                .words("mask", "old")
                .data("        .data\n        .balign 8\ntime: .dword 0, 0")
                .source();
        assertThat(TestMachine.options().traced().run(source).trace())
                .map(line -> line.replaceFirst("0x1[0-9a-f]{4}", "ADDRESS"))
                .containsSequence(
                        "1 sched_setaffinity(0, 8, [0]) = 0",
                        "1 sched_getaffinity(0, 8, [0]) = 8",
                        "1 getcpu([0], NULL, NULL) = 0",
                        "1 sched_yield() = 0",
                        "1 set_robust_list(NULL, 24) = 0",
                        "1 membarrier(MEMBARRIER_CMD_QUERY, 0, 0) = 25",
                        "1 getrandom(NULL, 0, GRND_NONBLOCK|GRND_RANDOM) = 0",
                        "1 clock_getres(CLOCK_MONOTONIC, {tv_sec=0, tv_nsec=1}) = 0",
                        "1 nanosleep({tv_sec=0, tv_nsec=0}, NULL) = 0",
                        "1 clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, {tv_sec=0, tv_nsec=0}, NULL) = 0",
                        "1 clock_nanosleep(99, 0, NULL, NULL) = -1 EINVAL",
                        "1 futex(0x4, FUTEX_WAIT, 1, NULL) = -1 EFAULT",
                        "1 futex(ADDRESS, FUTEX_WAIT_PRIVATE, 1, {tv_sec=0, tv_nsec=0}) = -1 EAGAIN",
                        "1 futex(ADDRESS, FUTEX_WAIT_BITSET|FUTEX_CLOCK_REALTIME, 1, {tv_sec=0, tv_nsec=0}, "
                                + "FUTEX_BITSET_MATCH_ANY) = -1 EAGAIN",
                        "1 futex(0x4, FUTEX_WAIT_BITSET, 1, NULL, 0x3) = -1 EFAULT",
                        "1 futex(0x4, FUTEX_WAKE_PRIVATE, 5) = 0",
                        "1 futex(0x4, FUTEX_WAKE_BITSET_PRIVATE, 1, 0x3) = 0",
                        "1 futex(0x4, FUTEX_REQUEUE_PRIVATE, 1, 2, 0x8) = 0",
                        "1 futex(0x4, FUTEX_CMP_REQUEUE_PRIVATE, 1, 2, 0x8, 9) = -1 EFAULT",
                        "1 futex(0x4, 0x4d, 1, 2, 0x8, 0x9) = -1 ENOSYS",
                        "1 set_tid_address(NULL) = 1",
                        "1 tkill(77, SIGUSR1) = -1 ESRCH",
                        "1 gettimeofday(NULL, NULL) = 0",
                        "1 clone(CLONE_VM|CLONE_FS|CLONE_FILES|CLONE_SIGHAND|CLONE_THREAD|CLONE_SYSVSEM|CLONE_SETTLS|"
                                + "CLONE_PARENT_SETTID|CLONE_CHILD_CLEARTID, NULL, NULL, NULL, NULL) = 2");
    }
}
