package dev.pagewalk.kernel.syscall;

import static dev.pagewalk.kernel.testing.Guest.*;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clocks, and waiting for them. */
class TimeCallsTest {
    private static final long EPOCH_SECONDS = 1_767_225_600L;
    private static final int REALTIME = 0;
    private static final int MONOTONIC = 1;
    private static final int BOOTTIME = 7;
    private static final int TIMER_ABSTIME = 1;

    private static TestMachine run(Guest guest) {
        guest.words("status", "now", "rest", "first", "ready", "action")
                .data("        .data\n        .balign 8\nfive_milliseconds: .dword 0, 5000000\nno_time: .dword 0, 0\n"
                        + "negative: .dword -1, 0\nbelow: .dword 0, -1\nwrong: .dword 0, 1000000000\n"
                        + "forever: .dword 0x7FFFFFFFFFFFFFFF, 999999999\nlong_time: .dword 3, 0\none_second: .dword 1, 0\n"
                        + "wall: .dword " + EPOCH_SECONDS + ", 5000000\nbefore: .dword 5, 5");
        TestMachine.options().harts(2).run(guest);
        return TestMachine.options().run(guest);
    }

    /** The time since power-on in nanoseconds, in a0. */
    private static Guest now(Guest guest) {
        return guest.call(CLOCK_GETTIME, MONOTONIC, "=now").line("la t0, now").line("ld a0, 8(t0)");
    }

    @Test
    void nanosleepSleepsForAsLongAsItIsTold() {
        Guest guest = now(new Guest())
                .keep("s1")
                .call(NANOSLEEP, "=five_milliseconds", "=rest")
                .expect(0);
        now(guest)
                .line("sub a0, a0, s1")
                .line("li t0, 5000000")
                .line("sltu a0, a0, t0")
                .expect(0);
        // What remains is written only where it was interrupted.
        guest.load("=rest").expect(0).call(NANOSLEEP, "=no_time", 0).expect(0);
        TestMachine test = run(guest);
        long cycles = test.machine().config().profile().clockHz() / 1_000 * 5;
        assertThat(test.machine().longestCycle()).isBetween(cycles, cycles + cycles / 10);
        // The hart has nothing to do meanwhile.
        assertThat(test.hart().idleCycles(test.machine().longestCycle())).isGreaterThan(cycles * 9 / 10);
    }

    @ParameterizedTest
    @ValueSource(ints = {REALTIME, MONOTONIC, BOOTTIME})
    void clockNanosleepSleepsUntilATime(int clock) {
        String until = clock == REALTIME ? "=wall" : "=five_milliseconds";
        Guest guest = new Guest()
                .call(CLOCK_NANOSLEEP, clock, TIMER_ABSTIME, until, "=rest")
                .expect(0);
        now(guest).line("li t0, 5000000").line("sltu a0, a0, t0").expect(0);
        now(guest).line("li t0, 6000000").line("sltu a0, a0, t0").expect(1);
        guest.call(CLOCK_NANOSLEEP, clock, TIMER_ABSTIME, "=no_time", 0)
                .expect(0)
                .call(CLOCK_NANOSLEEP, REALTIME, TIMER_ABSTIME, "=before", 0)
                .expect(0)
                .call(CLOCK_NANOSLEEP, clock, 0, "=five_milliseconds", 0)
                .expect(0);
        now(guest).line("li t0, 10000000").line("sltu a0, a0, t0").expect(0);
        run(guest);
    }

    @Test
    void sleepersWakeInTheOrderOfTheirTimes() {
        Guest guest = new Guest()
                .thread("sleeper", "first")
                .call(NANOSLEEP, "=one_second", 0)
                .expect(0)
                .loadWord("=ready")
                .expect(1)
                .exit(0)
                .text("sleeper:")
                .call(NANOSLEEP, "=five_milliseconds", 0)
                .storeWord("=ready", 1)
                .exitThread(0);
        run(guest);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, SA_RESTART})
    void aHandlerEndsASleepAndTheCallerLearnsWhatRemains(long flags) {
        Guest guest = new Guest()
                .onSignal(SIGUSR1, "handler", flags)
                .thread("sleeper", "first")
                .call(NANOSLEEP, "=five_milliseconds", 0)
                .call(TGKILL, 1, 2, SIGUSR1)
                .call(NANOSLEEP, "=five_milliseconds", 0)
                .call(TGKILL, 1, 2, SIGUSR1)
                .call(NANOSLEEP, "=five_milliseconds", 0)
                .call(TGKILL, 1, 2, SIGUSR1)
                .join("first")
                .exit(0)
                .text("sleeper:")
                .call(NANOSLEEP, "=long_time", "=rest")
                .expect(EINTR)
                .load("=rest")
                .expect(2)
                .line("la t0, rest")
                .line("ld a0, 8(t0)")
                .line("li t0, 996000000")
                .line("sltu a0, a0, t0")
                .expect(1)
                .line("la t0, rest")
                .line("ld a0, 8(t0)")
                .line("li t0, 990000000")
                .line("sltu a0, a0, t0")
                .expect(0)
                .store("=rest", 77)
                .call(CLOCK_NANOSLEEP, MONOTONIC, TIMER_ABSTIME, "=long_time", "=rest")
                .expect(EINTR)
                .load("=rest")
                .expect(77)
                // Where it cannot be told.
                .call(NANOSLEEP, "=long_time", 8)
                .expect(EFAULT)
                .exitThread(0)
                .text("handler: ret");
        run(guest);
    }

    @Test
    void sleepsThatMakeNoSenseAreRefused() {
        Guest guest = new Guest();
        for (String time : new String[] {"=negative", "=below", "=wrong"}) {
            guest.call(NANOSLEEP, time, 0)
                    .expect(EINVAL)
                    .call(CLOCK_NANOSLEEP, MONOTONIC, 0, time, 0)
                    .expect(EINVAL)
                    .call(CLOCK_NANOSLEEP, MONOTONIC, TIMER_ABSTIME, time, 0)
                    .expect(EINVAL);
        }
        guest.call(NANOSLEEP, 0, 0)
                .expect(EFAULT)
                .call(NANOSLEEP, -16, 0)
                .expect(EFAULT)
                .call(CLOCK_NANOSLEEP, MONOTONIC, 0, 8, 0)
                .expect(EFAULT)
                .call(CLOCK_NANOSLEEP, -1, 0, "=no_time", 0)
                .expect(EINVAL)
                .call(CLOCK_NANOSLEEP, 99, 0, "=no_time", 0)
                .expect(EINVAL)
                .call(CLOCK_NANOSLEEP, 3, 0, "=no_time", 0)
                .expect(EINVAL)
                .call(CLOCK_NANOSLEEP, 2, 0, "=no_time", 0)
                .expect(EOPNOTSUPP)
                .call(CLOCK_NANOSLEEP, 4, 0, "=no_time", 0)
                .expect(EOPNOTSUPP);
        run(guest);
    }

    @Test
    void whoSleepsForLongerThanTimeLastsNeverWakes() {
        String source = new Guest()
                .call(NANOSLEEP, "=forever", 0)
                .data("        .data\n        .balign 8\nforever: .dword 0x7FFFFFFFFFFFFFFF, 999999999")
                .source();
        assertThat(TestMachine.options().boot(source).deadlock()).containsExactly("process 1 waits for a time to come");
    }

    @Test
    void clocksHaveAResolution() {
        Guest guest = new Guest();
        for (int clock = 0; clock <= BOOTTIME; clock++) {
            guest.call(CLOCK_GETRES, clock, "=now")
                    .expect(0)
                    .load("=now")
                    .expect(0)
                    .line("ld a0, now + 8")
                    .expect(1);
        }
        guest.call(CLOCK_GETRES, MONOTONIC, 0)
                .expect(0)
                .call(CLOCK_GETRES, 99, 0)
                .expect(EINVAL)
                .call(CLOCK_GETRES, MONOTONIC, 8)
                .expect(EFAULT);
        run(guest);
    }

    @Test
    void gettimeofdayIsTheWallClock() {
        Guest guest = new Guest()
                .call(NANOSLEEP, "=five_milliseconds", 0)
                .call(GETTIMEOFDAY, "=now", "=rest")
                .expect(0)
                .load("=now")
                .expect(EPOCH_SECONDS)
                .line("ld a0, now + 8")
                .line("li t0, 1000")
                .line("divu a0, a0, t0")
                .expect(5)
                .load("=rest")
                .expect(0)
                .call(GETTIMEOFDAY, 0, 0)
                .expect(0)
                .call(GETTIMEOFDAY, 8, 0)
                .expect(EFAULT)
                .call(GETTIMEOFDAY, 0, 8)
                .expect(EFAULT);
        run(guest);
    }
}
