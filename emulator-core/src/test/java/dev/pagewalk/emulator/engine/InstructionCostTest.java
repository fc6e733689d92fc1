package dev.pagewalk.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.isa.Csr;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.InstructionClass;
import dev.pagewalk.emulator.isa.InstructionTable;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.TestProfiles;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an instruction costs whose page and data are at hand. */
class InstructionCostTest {
    private final GuestMachine guest = GuestMachine.of(TestProfiles.distinctCosts(), 1);

    static Stream<Instruction> instructionsThatRetire() {
        return InstructionTable.all().stream()
                .filter(row ->
                        row.kind() != InstructionClass.SYSTEM && !row.mnemonic().startsWith("csrrw"));
    }

    @ParameterizedTest
    @MethodSource("instructionsThatRetire")
    void aHotInstructionCostsItsClass(Instruction row) {
        guest.map(GuestMachine.CODE, GuestMachine.RWX);
        guest.map(GuestMachine.DATA, GuestMachine.RW);
        int word = switch (row.format()) {
            case UPPER, JUMP -> row.encode(5, 0, 0, 0);
            case STORE, BRANCH -> row.encode(0, 6, 7, 0);
            case R, ATOMIC -> row.encode(5, 6, 7, 0);
            case NONE -> row.encode(0, 0, 0, 0);
            case CSR, CSR_IMMEDIATE -> row.encode(5, 0, 0, Csr.CYCLE);
            case I, SHIFT, SHIFT_WORD, LOAD, JUMP_REGISTER, FENCE, LOAD_RESERVED -> row.encode(5, 6, 0, 0);
        };
        guest.code(GuestMachine.CODE, word);
        guest.hart().x[6] = GuestMachine.DATA;
        long cost = 0;
        for (int n = 0; n < 2; n++) {
            guest.start(0, GuestMachine.CODE);
            long before = guest.hart().cycle;
            guest.step();
            cost = guest.hart().cycle - before;
        }
        assertThat(cost)
                .isEqualTo(guest.machine.config().profile().instructions().cycles(row.kind()));
    }
}
