package dev.pagewalk.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.Resources;
import dev.pagewalk.emulator.MachineSnapshot;
import dev.pagewalk.kernel.testing.Guest;
import dev.pagewalk.kernel.testing.TestMachine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Threads that do what no good program does: it ends them, and nobody else. */
class HostileThreadsTest {
    /** By then the guest has done what matters; it never ends. */
    private static final long END_CYCLE = 60_000;

    private static String source(String name) {
        try {
            return Resources.toString(
                    Resources.getResource(HostileThreadsTest.class, "hostile/" + name + ".s"), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"badstack", "badstack3"})
    void aHandlerWithoutAStackEndsTheProcessOnceWithItsSiblings(String guest) {
        TestMachine test = TestMachine.options().harts(4).run(source(guest));
        assertThat(test.exitStatus()).isEqualTo(128 + Guest.SIGSEGV);
    }

    @ParameterizedTest
    @CsvSource({"futex-bad, targeted", "futex-bad, latr", "nanosleep-bad, targeted", "nanosleep-bad, latr"})
    void aBadAddressIsAnErrorWhateverIsParked(String guest, String policy) {
        TestMachine test = TestMachine.options().harts(4).shootdown(policy).run(source(guest));
        assertThat(test.exitStatus()).isZero();
    }

    /** The thread is gone while its hart still has the lock and waits for the others. */
    @Test
    void aThreadThatEndsWhileItsPageIsCopiedCanBeSaved() {
        TestMachine.Options options = TestMachine.options().harts(4);
        List<byte[]> ends = new ArrayList<>();
        TestMachine stopped = options.boot(source("exitcow"));
        for (long cycle = 501; cycle < END_CYCLE; cycle += 501) {
            stopped.stopAt(cycle);
            MachineSnapshot snapshot = stopped.machine().snapshot();
            TestMachine fresh = options.build();
            fresh.machine().restore(snapshot);
            assertThat(fresh.machine().snapshot().state()).as("at %d", cycle).isEqualTo(snapshot.state());
            fresh.stopAt(END_CYCLE);
            ends.add(fresh.machine().snapshot().state());
        }
        stopped.stopAt(END_CYCLE);
        assertThat(ends)
                .allMatch(end -> Arrays.equals(end, stopped.machine().snapshot().state()));
    }

    /** With fewer ASIDs than harts a space that has ended is still known to harts. */
    @Test
    void aMachineWhoseSpacesShareAnAsidCanBeSaved() {
        TestMachine.Options options = TestMachine.options().harts(4).asidBits(1);
        Guest guest =
                new Guest().fork("child").fork("child").wait4(-1, "status").wait4(-1, "status");
        String source = guest.exit(0).text("child:").exit(0).words("status").source();
        TestMachine stopped = options.boot(source);
        int saved = 0;
        for (long cycle = 1009; stopped.stopAt(cycle); cycle += 1009) {
            MachineSnapshot snapshot = stopped.machine().snapshot();
            TestMachine fresh = options.build();
            fresh.machine().restore(snapshot);
            assertThat(fresh.machine().snapshot().state()).as("at %d", cycle).isEqualTo(snapshot.state());
            saved++;
        }
        assertThat(saved).isPositive();
    }
}
