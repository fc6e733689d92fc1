package dev.pagewalk.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.isa.Csr;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.trap.TrapCause;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Counters, fences, and the instructions whose business is to trap. */
class SystemInstructionsTest {
    static final List<String> INSTRUCTIONS =
            List.of("fence", "fence.i", "ecall", "ebreak", "csrrw", "csrrs", "csrrc", "csrrwi", "csrrsi", "csrrci");

    private final GuestMachine guest = GuestMachine.of("u74");
    private final Hart hart = guest.hart();

    @ParameterizedTest
    @ValueSource(strings = {"csrrs", "csrrc", "csrrsi", "csrrci"})
    void theCountersAreReadAsTheyAreBeforeTheInstruction(String mnemonic) {
        hart.cycle = 1_000_000;
        guest.code(
                GuestMachine.CODE,
                new Code()
                        .nops(3)
                        .i(mnemonic, 5, 0, Csr.CYCLE)
                        .i(mnemonic, 6, 0, Csr.TIME)
                        .i(mnemonic, 7, 0, Csr.INSTRET));
        guest.start(0, GuestMachine.CODE);
        for (int n = 0; n < 3; n++) {
            guest.step();
        }
        long cycle = hart.cycle;
        guest.step();
        assertThat(hart.x[5]).isEqualTo(cycle);
        cycle = hart.cycle;
        guest.step();
        assertThat(hart.x[6])
                .isEqualTo(cycle / guest.machine.config().profile().cyclesPerTimerTick())
                .isPositive();
        guest.step();
        assertThat(hart.x[7]).isEqualTo(5);
        assertThat(guest.kernel.calls).isEmpty();
    }

    @Test
    void aCounterMayBeReadIntoX0() {
        guest.run(new Code().i("csrrs", 0, 0, Csr.CYCLE).ecall());
        assertThat(hart.retired).isEqualTo(1);
        assertThat(hart.x[0]).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "csrrw, 0",
        "csrrw, 1",
        "csrrs, 1",
        "csrrc, 1",
        "csrrwi, 0",
        "csrrwi, 1",
        "csrrsi, 1",
        "csrrci, 31",
    })
    void writingACounterIsIllegal(String mnemonic, int source) {
        assertIllegal(new Code().i(mnemonic, 5, source, Csr.INSTRET));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x100, 0x180, 0x300, 0xBFF, 0xC03, 0xC1F, 0xC80, 0xF14, 0xFFF})
    void aCsrThatUserCodeMayNotNameIsIllegal(int csr) {
        assertIllegal(new Code().i("csrrs", 5, 0, csr));
    }

    private void assertIllegal(Code code) {
        hart.x[5] = 99;
        guest.run(code);
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.ILLEGAL_INSTRUCTION);
        assertThat(guest.kernel.onlyTrap().pc()).isEqualTo(GuestMachine.CODE);
        assertThat(hart.x[5]).isEqualTo(99);
        assertThat(hart.retired).isZero();
    }

    @Test
    void fencesOnlyTakeTime() {
        long[] before = hart.x.clone();
        guest.run(new Code()
                .i("fence", 0, 0, 0xFF)
                .i("fence", 0, 0, 0x833)
                .r("fence.i", 0, 0, 0)
                .raw(Code.word("fence.i", 3, 4, 0, 0) | 0x12300000)
                .ecall());
        assertThat(hart.x).isEqualTo(before);
        assertThat(hart.retired).isEqualTo(4);
    }

    @Test
    void ecallTrapsWithoutAValueAndDoesNotRetire() {
        guest.run(new Code().nop().ecall());
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.SYSTEM_CALL);
        assertThat(guest.kernel.onlyTrap().value()).isZero();
        assertThat(guest.kernel.onlyTrap().pc()).isEqualTo(GuestMachine.CODE + 4);
        assertThat(hart.retired).isEqualTo(1);
    }

    @Test
    void ebreakTrapsWithItsAddress() {
        guest.run(new Code().nop().r("ebreak", 0, 0, 0));
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.BREAKPOINT);
        assertThat(guest.kernel.onlyTrap().value()).isEqualTo(GuestMachine.CODE + 4);
        assertThat(hart.retired).isEqualTo(1);
    }
}
