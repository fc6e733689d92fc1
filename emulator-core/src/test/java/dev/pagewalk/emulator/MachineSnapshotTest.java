package dev.pagewalk.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.MachineState;
import dev.pagewalk.emulator.testing.RandomGuest;
import dev.pagewalk.emulator.testing.RecordingDevice;
import dev.pagewalk.emulator.testing.ScriptedKernel.Call;
import dev.pagewalk.emulator.testing.ScriptedKernel.Kind;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.EnumSet;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Snapshots of whole machines; {@code InvisibleShortcutsTest} takes many more at random places. */
class MachineSnapshotTest {
    private static final TimingProfile U74 = TimingProfiles.find("u74");

    @Test
    void equalRunsGiveEqualBytes() {
        GuestMachine one = RandomGuest.create(U74, 4, 5, 10);
        GuestMachine other = RandomGuest.create(U74, 4, 5, 10);
        for (long limit = 0; limit < 60_000; limit += 5000) {
            assertThat(one.machine.run(limit, Long.MAX_VALUE)).isEqualTo(other.machine.run(limit, Long.MAX_VALUE));
            new MachineState(one.machine).assertSame(new MachineState(other.machine), "at " + limit);
        }
    }

    /** Stops at cycle limits catch harts in every phase but QUEUED, with events in the queue. */
    @Test
    void aMachineRestoredAtAnyTimeEndsAsTheOriginal() {
        GuestMachine original = seededGuest();
        GuestMachine end = seededGuest();
        end.machine.run();
        MachineState expected = new MachineState(end.machine);
        Set<HartPhase> seen = EnumSet.noneOf(HartPhase.class);
        for (long limit = 1000; original.machine.run(limit, Long.MAX_VALUE) == RunStop.CYCLE_LIMIT; limit += 1700) {
            original.machine.harts().forEach(hart -> seen.add(hart.phase()));
            MachineSnapshot snapshot = original.machine.snapshot();
            GuestMachine copy = seededGuest();
            // What it did before is forgotten.
            copy.machine.run(3333, Long.MAX_VALUE);
            copy.machine.restore(snapshot);
            assertThat(copy.machine.snapshot().state()).isEqualTo(snapshot.state());
            copy.machine.run();
            new MachineState(copy.machine).assertSame(expected, "restored at " + limit);
        }
        assertThat(seen).contains(HartPhase.RUNNING, HartPhase.BUSY, HartPhase.WAITING, HartPhase.IDLE);
    }

    private static GuestMachine seededGuest() {
        MachineConfig config =
                new MachineConfig(6, GuestMachine.RAM_BYTES, PagingMode.SV48, U74, 1500, OptionalLong.of(4));
        return RandomGuest.create(config, 9, 8);
    }

    @Test
    void aSnapshotIsNotDisturbedByWhatTheMachineDoesNext() {
        GuestMachine guest = RandomGuest.create(U74, 2, 3, 10);
        guest.machine.run(20_000, Long.MAX_VALUE);
        MachineSnapshot snapshot = guest.machine.snapshot();
        guest.machine.run();
        MachineState expected = new MachineState(guest.machine);
        guest.machine.restore(snapshot);
        guest.machine.run();
        new MachineState(guest.machine).assertSame(expected, "run twice");
    }

    /** The code that was decoded before is not the code of the snapshot. */
    @Test
    void codeIsDecodedAnewAfterARestore() {
        GuestMachine guest = GuestMachine.of("u74");
        guest.run(new Code().i("addi", 5, 0, 1).ecall());
        MachineSnapshot snapshot = guest.machine.snapshot();
        guest.run(new Code().i("addi", 5, 0, 2).ecall());
        assertThat(guest.hart().x[5]).isEqualTo(2);
        guest.machine.restore(snapshot);
        guest.start(0, GuestMachine.CODE);
        guest.machine.run();
        assertThat(guest.hart().x[5]).isEqualTo(1);
        // And a store to it is seen.
        guest.code(GuestMachine.CODE, new Code().i("addi", 5, 0, 3).ecall());
        guest.start(0, GuestMachine.CODE);
        guest.machine.run();
        assertThat(guest.hart().x[5]).isEqualTo(3);
    }

    @Test
    void aReservationIsPartOfTheState() {
        GuestMachine guest = GuestMachine.of("u74");
        guest.hart().x[6] = GuestMachine.DATA;
        guest.run(new Code().r("lr.d", 5, 6, 0).ecall().r("sc.d", 5, 6, 6).ecall());
        GuestMachine copy = GuestMachine.of("u74");
        copy.machine.restore(guest.machine.snapshot());
        for (GuestMachine either : new GuestMachine[] {guest, copy}) {
            either.start(0, GuestMachine.CODE + 8);
            either.machine.run();
            assertThat(either.hart().x[5]).isZero();
        }
        // Restoring a machine that holds a reservation takes it away.
        GuestMachine none = GuestMachine.of("u74");
        none.code(
                GuestMachine.CODE,
                new Code().r("lr.d", 5, 6, 0).ecall().r("sc.d", 5, 6, 6).ecall());
        MachineSnapshot without = none.machine.snapshot();
        none.hart().x[6] = GuestMachine.DATA;
        none.start(0, GuestMachine.CODE);
        none.machine.run();
        none.machine.restore(without);
        none.hart().x[6] = GuestMachine.DATA;
        none.start(0, GuestMachine.CODE + 8);
        none.machine.run();
        assertThat(none.hart().x[5]).isEqualTo(1);
    }

    /** Between the beginning and the end of a service, of which a wake-up in the meantime must know. */
    @Test
    void aServiceUnderWayIsPartOfTheState() {
        GuestMachine guest = GuestMachine.of("u74", 2);
        guest.kernel.onBegin = (hart, line, nowCycle) -> hart.charge(5000);
        guest.machine.raise(0, InterruptLine.SOFTWARE, 1000);
        assertThat(guest.machine.run(2000, Long.MAX_VALUE)).isEqualTo(RunStop.CYCLE_LIMIT);
        GuestMachine copy = GuestMachine.of("u74", 2);
        copy.machine.restore(guest.machine.snapshot());
        copy.kernel.onContinue = hart -> KernelStep.IDLE;
        copy.machine.hartControl().wake(0, 2500);
        copy.machine.run();
        assertThat(copy.kernel.calls)
                .extracting(Call::kind, Call::cycle)
                .containsExactly(tuple(Kind.END_SERVICE, 6000L), tuple(Kind.CONTINUE, 6000L));
    }

    @ParameterizedTest
    @ValueSource(strings = {"harts", "profile"})
    void aMachineConfiguredDifferentlyIsRefused(String difference) {
        GuestMachine guest = GuestMachine.of("u74", 1);
        GuestMachine other = difference.equals("harts") ? GuestMachine.of("u74", 2) : GuestMachine.of("rocket", 1);
        MachineSnapshot snapshot = guest.machine.snapshot();
        assertThatThrownBy(() -> other.machine.restore(snapshot))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the snapshot is of a machine with");
    }

    @Test
    void aMachineWithOtherDevicesIsRefusedAndStaysAsItIs() {
        GuestMachine guest = GuestMachine.of("u74");
        guest.machine.bus().attach(new RecordingDevice());
        MachineSnapshot snapshot = guest.machine.snapshot();
        GuestMachine other = GuestMachine.of("u74");
        other.writeLong(GuestMachine.DATA, 5);
        other.machine.bus().attach(new RecordingDevice("clock", 0x200_0000));
        assertThatThrownBy(() -> other.machine.restore(snapshot))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the snapshot is of a machine with the devices [recorder], this one has [clock]");
        assertThat(other.readLong(GuestMachine.DATA)).isEqualTo(5);
    }
}
