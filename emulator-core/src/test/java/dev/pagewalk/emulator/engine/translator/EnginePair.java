package dev.pagewalk.emulator.engine.translator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.MachineState;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.function.Consumer;

/**
 * The same guest on two machines, of which one interprets and the other translates: at each step their states are compared. Both
 * have a page of code and 16 pages of data.
 */
final class EnginePair {
    static final int DATA_PAGES = 16;

    /** Soon hot. */
    static final EngineOptions TRANSLATOR =
            EngineOptions.of(EngineKind.TRANSLATOR).withHotVisits(2);

    final GuestMachine interpreted;
    final GuestMachine translated;

    EnginePair(TimingProfile profile, int harts, EngineOptions options) {
        MachineConfig config = new MachineConfig(harts, GuestMachine.RAM_BYTES, PagingMode.SV48, profile);
        interpreted = new GuestMachine(config);
        translated = new GuestMachine(config, options);
        each(guest -> {
            guest.map(GuestMachine.CODE, GuestMachine.RWX);
            guest.map(GuestMachine.DATA, DATA_PAGES, GuestMachine.RW);
        });
    }

    EnginePair(TimingProfile profile) {
        this(profile, 1, TRANSLATOR);
    }

    /** Does the same with both. */
    EnginePair each(Consumer<GuestMachine> action) {
        action.accept(interpreted);
        action.accept(translated);
        return this;
    }

    /** Makes the first hart run this code. */
    EnginePair start(Code code) {
        return each(guest -> {
            guest.code(GuestMachine.CODE, code);
            guest.start(0, GuestMachine.CODE);
        });
    }

    EnginePair run() {
        return run(RunStop.DEADLOCK, Long.MAX_VALUE);
    }

    EnginePair runTo(long pauseCycle) {
        return run(RunStop.PAUSED, pauseCycle);
    }

    EnginePair run(RunStop expected, long pauseCycle) {
        assertThat(interpreted.machine.run(Long.MAX_VALUE, pauseCycle)).isEqualTo(expected);
        assertThat(translated.machine.run(Long.MAX_VALUE, pauseCycle)).isEqualTo(expected);
        assertSame("to cycle " + pauseCycle);
        return this;
    }

    void assertSame(String what) {
        new MachineState(translated.machine).assertSame(new MachineState(interpreted.machine), what);
        assertThat(translated.kernel.calls).as(what).isEqualTo(interpreted.kernel.calls);
    }

    /** The hart of the machine that translates. */
    Hart hart() {
        return translated.hart();
    }

    EngineReport report() {
        return translated.machine.engineReport();
    }

    /** Or a test has tested the interpreter only. */
    EnginePair assertMostlyTranslated() {
        long retired = translated.machine.position().retired();
        assertThat(report().translatedInstructions())
                .as("translated of %d instructions", retired)
                .isGreaterThan(retired * 3 / 4);
        return this;
    }
}
