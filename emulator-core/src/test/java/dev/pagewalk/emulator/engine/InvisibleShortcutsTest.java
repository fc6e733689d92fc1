package dev.pagewalk.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.MachineState;
import dev.pagewalk.emulator.testing.RandomGuest;
import dev.pagewalk.emulator.testing.TestProfiles;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * L0, decoded code and the places where the host cuts a run are invisible: random programs end in the same state with and
 * without them, to the last stamp of the last TLB entry.
 */
class InvisibleShortcutsTest {
    private interface AtPause {
        GuestMachine apply(GuestMachine guest);
    }

    static Stream<Arguments> guests() {
        Stream<TimingProfile> shipped = Stream.of("u74", "skylake", "rocket").map(TimingProfiles::find);
        Stream<TimingProfile> tiny = Stream.of(ReplacementPolicy.values()).map(TestProfiles::tiny);
        return Stream.of(shipped, tiny, Stream.of(TestProfiles.oneInstructionEntry()))
                .flatMap(profiles -> profiles)
                .flatMap(profile -> IntStream.of(1, 4)
                        .boxed()
                        .flatMap(harts -> IntStream.of(1, 2)
                                .mapToObj(seed -> Arguments.of(profile.name(), profile, harts, seed))));
    }

    @ParameterizedTest(name = "{0}, {2} harts, seed {3}")
    @MethodSource("guests")
    void emptyingL0AtAnyInstructionChangesNothing(String name, TimingProfile profile, int harts, int seed) {
        assertSame(profile, harts, seed, 12, guest -> {
            guest.machine.harts().forEach(hart -> hart.mmu().clearL0());
            return guest;
        });
    }

    @ParameterizedTest(name = "{0}, {2} harts, seed {3}")
    @MethodSource("guests")
    void pausesChangeNothing(String name, TimingProfile profile, int harts, int seed) {
        assertSame(profile, harts, seed, 1, guest -> guest);
    }

    @ParameterizedTest(name = "{0}, {2} harts, seed {3}")
    @MethodSource("guests")
    void goingOnInAFreshMachineFromASnapshotChangesNothing(String name, TimingProfile profile, int harts, int seed) {
        assertSame(profile, harts, seed, 9000, guest -> {
            GuestMachine fresh = RandomGuest.create(profile, harts, seed, rounds(harts));
            fresh.machine.restore(guest.machine.snapshot());
            new MachineState(fresh.machine).assertSame(new MachineState(guest.machine), "restored");
            return fresh;
        });
    }

    private static void assertSame(TimingProfile profile, int harts, int seed, int span, AtPause atPause) {
        GuestMachine straight = RandomGuest.create(profile, harts, seed, rounds(harts));
        assertThat(straight.machine.run()).isEqualTo(RunStop.DEADLOCK);
        GuestMachine cut = RandomGuest.create(profile, harts, seed, rounds(harts));
        Random random = new Random(seed);
        long pause = 0;
        RunStop stop;
        do {
            pause += 1 + random.nextInt(span);
            stop = cut.machine.run(Long.MAX_VALUE, pause);
            if (stop == RunStop.PAUSED) {
                cut = atPause.apply(cut);
                pause = Math.max(
                        pause,
                        cut.machine.harts().stream()
                                .mapToLong(hart -> hart.cycle)
                                .min()
                                .orElseThrow());
            }
        } while (stop == RunStop.PAUSED);
        assertThat(stop).isEqualTo(RunStop.DEADLOCK);
        new MachineState(cut.machine).assertSame(new MachineState(straight.machine), "seed " + seed);
        for (Hart hart : straight.machine.harts()) {
            assertThat(hart.x[31]).as("the program ends").isZero();
        }
    }

    private static int rounds(int harts) {
        return 40 / harts;
    }
}
