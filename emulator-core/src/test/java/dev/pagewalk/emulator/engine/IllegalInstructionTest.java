package dev.pagewalk.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.isa.Decoder;
import dev.pagewalk.emulator.isa.Instruction;
import dev.pagewalk.emulator.isa.InstructionTable;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.Oracle;
import dev.pagewalk.emulator.testing.RecordingDevice;
import dev.pagewalk.emulator.testing.ScriptedKernel.Call;
import dev.pagewalk.emulator.trap.TrapCause;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Bits that are no instruction. */
class IllegalInstructionTest {
    private static final long CODE = GuestMachine.CODE;

    @ParameterizedTest
    @CsvSource({
        "0x00000000, 0x0000",
        "0xFFFFFFFF, 0xFFFFFFFF",
        "0x12348002, 0x8002",
        "0x00006501, 0x6501",
        "0xABCD2004, 0x2004",
        "0x10200073, 0x10200073",
        "0x12000073, 0x12000073",
        "0x08051513, 0x08051513",
        "0x0205151B, 0x0205151B",
        "0x00004FAF, 0x00004FAF",
    })
    void anIllegalEncodingTrapsWithItsBits(String word, String value) {
        GuestMachine guest = GuestMachine.of("ideal");
        int raw = (int) (long) Long.decode(word);
        long[] before = guest.hart().x.clone();
        guest.run(new Code().nop().raw(raw));
        Call trap = guest.kernel.onlyTrap();
        assertThat(trap.cause()).isEqualTo(TrapCause.ILLEGAL_INSTRUCTION);
        assertThat(trap.pc()).isEqualTo(CODE + 4);
        assertThat(trap.value()).isEqualTo(Long.decode(value));
        assertThat(guest.hart().retired).isEqualTo(1);
        assertThat(guest.hart().x).isEqualTo(before);
    }

    @Test
    void anyWordEitherRetiresOrTraps() {
        sweep(1, 100_000);
    }

    @Test
    @Tag("nightly")
    void anyOfManyWordsEitherRetiresOrTraps() {
        sweep(2, 10_000_000);
    }

    /** Words of which most are nearly instructions, on registers of which some point to memory or a device. */
    private static void sweep(long seed, int count) {
        Random random = new Random(seed);
        GuestMachine guest = GuestMachine.of("u74");
        RecordingDevice device = new RecordingDevice();
        guest.machine.bus().attach(device);
        guest.mapTo(GuestMachine.DATA + 0x1000, RecordingDevice.BASE, GuestMachine.RW);
        guest.mapTo(GuestMachine.DATA + 0x2000, 0x2000_0000L, GuestMachine.RW);
        Hart hart = guest.hart();
        for (int n = 0; n < count; n++) {
            int word = switch (n % 4) {
                case 0 -> random.nextInt() & ~(1 + random.nextInt(3));
                case 1 -> random.nextInt() | 3;
                default -> {
                    Instruction row = InstructionTable.get(1 + random.nextInt(94));
                    int flip = random.nextInt(8) == 0 ? 1 << random.nextInt(32) : 0;
                    yield (row.match() | random.nextInt() & ~row.mask()) ^ flip;
                }
            };
            long pc = CODE + 2L * random.nextInt(2047);
            guest.code(pc, word);
            for (int register = 1; register < 32; register++) {
                hart.x[register] =
                        random.nextInt(3) == 0 ? GuestMachine.DATA + random.nextInt(0x3000) : Oracle.operand(random);
            }
            guest.kernel.calls.clear();
            device.accesses.clear();
            long retired = hart.retired;
            long accesses = hart.mmu().counters().instructionAccesses();
            guest.start(0, pc);
            RunStop stop = guest.machine.run(Long.MAX_VALUE, hart.cycle + 1);
            String what = String.format("seed %d, word %d: 0x%08x", seed, n, word);
            if (stop == RunStop.PAUSED) {
                assertThat(hart.retired).as(what).isEqualTo(retired + 1);
                assertThat(Decoder.decode(Decoder.expand(word))).as(what).isNotNull();
                assertThat(hart.pc & 1).as(what).isZero();
            } else {
                assertThat(stop).as(what).isEqualTo(RunStop.DEADLOCK);
                assertThat(hart.retired).as(what).isEqualTo(retired);
                assertThat(hart.pc).as(what).isEqualTo(pc);
                TrapCause cause = guest.kernel.onlyTrap().cause();
                if (Decoder.decode(Decoder.expand(word)) == null) {
                    assertThat(cause).as(what).isEqualTo(TrapCause.ILLEGAL_INSTRUCTION);
                }
            }
            assertThat(hart.x[0]).as(what).isZero();
            assertThat(hart.mmu().counters().instructionAccesses()).as(what).isEqualTo(accesses + 1);
        }
    }
}
