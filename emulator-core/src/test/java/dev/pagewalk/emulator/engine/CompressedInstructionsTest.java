package dev.pagewalk.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.isa.CompressedInstruction;
import dev.pagewalk.emulator.isa.CompressedTable;
import dev.pagewalk.emulator.isa.Format;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.Oracle;
import dev.pagewalk.emulator.testing.ScriptedKernel.Call;
import dev.pagewalk.emulator.trap.TrapCause;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Instructions of two bytes: what they do, where they end, and that stores to them are seen. */
class CompressedInstructionsTest {
    private static final long CODE = GuestMachine.CODE;
    private static final long DATA = GuestMachine.DATA;

    private final GuestMachine guest = GuestMachine.of("u74");
    private final Hart hart = guest.hart();

    static List<String> mnemonics() {
        return CompressedTable.all().stream()
                .map(CompressedInstruction::mnemonic)
                .toList();
    }

    /** Two machines that differ in the instruction's length alone. */
    @ParameterizedTest
    @MethodSource("mnemonics")
    void aCompressedInstructionDoesWhatItStandsForInTwoBytes(String mnemonic) {
        CompressedInstruction row = CompressedTable.find(mnemonic);
        long seed = mnemonic.hashCode();
        Random random = new Random(seed);
        GuestMachine full = GuestMachine.of("u74");
        for (int n = 0; n < 300; n++) {
            int raw = encoding(row, random);
            String what = String.format("%s, seed %d: 0x%04x", mnemonic, seed, raw);
            for (int register = 1; register < 32; register++) {
                long value = random.nextInt(3) == 0 ? Oracle.operand(random) : DATA + 8 * random.nextInt(400);
                hart.x[register] = value;
                full.hart().x[register] = value;
            }
            Call trap = execute(guest, raw | random.nextInt() << 16);
            Call fullTrap = execute(full, row.expand(raw));

            assertThat(trap == null).as(what).isEqualTo(fullTrap == null);
            boolean jumps = full.hart().pc != CODE + 4;
            if (trap != null) {
                assertThat(trap.cause()).as(what).isEqualTo(fullTrap.cause());
                assertThat(trap.value()).as(what).isEqualTo(fullTrap.value());
                assertThat(trap.pc()).as(what).isEqualTo(CODE);
            } else {
                assertThat(hart.pc).as(what).isEqualTo(jumps ? full.hart().pc : CODE + 2);
            }
            if (mnemonic.equals("c.jalr")) {
                assertThat(hart.x[1]).as(what).isEqualTo(CODE + 2);
                full.hart().x[1] -= 2;
            }
            assertThat(registers(guest)).as(what).isEqualTo(registers(full));
            assertThat(hart.cycle).as(what).isEqualTo(full.hart().cycle);
            assertThat(hart.retired).as(what).isEqualTo(full.hart().retired);
        }
        for (long offset = 0; offset < 4096; offset += 8) {
            assertThat(guest.readLong(DATA + offset)).isEqualTo(full.readLong(DATA + offset));
        }
    }

    /** Executes one instruction at CODE; gives its trap, or null. */
    private static Call execute(GuestMachine guest, int raw) {
        guest.code(CODE, raw);
        guest.start(0, CODE);
        guest.kernel.calls.clear();
        RunStop stop = guest.machine.run(Long.MAX_VALUE, guest.hart().cycle + 1);
        return stop == RunStop.PAUSED ? null : guest.kernel.onlyTrap();
    }

    /** Not one that jumps to where the instruction of four bytes ends. */
    private static int encoding(CompressedInstruction row, Random random) {
        int raw;
        do {
            raw = random.nextInt(65536);
        } while (CompressedTable.decode(raw) != row || jumpsBy4(row, raw));
        return raw;
    }

    private static boolean jumpsBy4(CompressedInstruction row, int raw) {
        Format format = row.base().format();
        return (format == Format.BRANCH || format == Format.JUMP) && format.immediate(row.expand(raw)) == 4;
    }

    private static long[] registers(GuestMachine guest) {
        return Arrays.copyOf(guest.hart().x, 32);
    }

    @Test
    void aLoopOfBothLengthsRunsItsCourse() {
        hart.x[8] = 1000;
        guest.code(
                CODE,
                // c.addi x10, 3; the first half of addi x11, x11, 7
                0x050D | Code.word("addi", 11, 11, 0, 7) << 16,
                // its second half; c.addi x8, -1
                Code.word("addi", 11, 11, 0, 7) >>> 16 | 0x147D << 16,
                // c.bnez x8, -8; c.ebreak
                0xFC65 | 0x9002 << 16);
        guest.start(0, CODE);
        guest.machine.run();
        assertThat(hart.x[10]).isEqualTo(3000);
        assertThat(hart.x[11]).isEqualTo(7000);
        assertThat(hart.retired).isEqualTo(4000);
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.BREAKPOINT);
        assertThat(guest.kernel.onlyTrap().value()).isEqualTo(CODE + 10);
    }

    /** All have been executed before the store, from either boundary. */
    @ParameterizedTest
    @CsvSource({
        // c.li x10, 1; c.li x11, 1 becomes c.li x10, 1; c.li x11, 2
        "0x45854505, 2, 0x4589, 1, 2",
        // the same, the first one: c.li x10, 3
        "0x45854505, 0, 0x450D, 3, 1",
        // both become the halves of addi x10, x0, 0x45b: then the store of the low half completes one of four bytes
        "0x45B04505, 0, 0x0513, 1115, 0",
        // and addi x10, x0, 0x458 becomes c.li x10, 2; c.li x11, 1
        "0x45850513, 0, 0x4509, 2, 1",
    })
    void aStoreOfTwoBytesChangesWhereInstructionsBegin(
            String word, int offset, String stored, long first, long second) {
        hart.x[6] = CODE;
        hart.x[7] = Long.decode(stored);
        int end = Code.word("ecall", 0, 0, 0, 0);
        guest.code(CODE, (int) (long) Long.decode(word), end);
        guest.code(CODE + 0x100, new Code().store("sh", 7, 6, offset).ecall());
        for (long start : new long[] {CODE, CODE + 2, CODE, CODE + 0x100}) {
            guest.start(0, start);
            guest.machine.run();
        }
        hart.x[10] = 0;
        hart.x[11] = 0;
        guest.start(0, CODE);
        guest.machine.run();
        assertThat(hart.x[10]).isEqualTo(first);
        assertThat(hart.x[11]).isEqualTo(second);
    }

    @Test
    void aFunctionReturnsBehindACompressedCall() {
        hart.x[10] = CODE + 0x100;
        guest.code(CODE, 0x9502 | 0x147D << 16, Code.word("ecall", 0, 0, 0, 0));
        guest.code(CODE + 0x100, 0x8082_0405);
        hart.x[8] = 100;
        guest.start(0, CODE);
        guest.machine.run();
        assertThat(hart.x[8]).isEqualTo(100);
        assertThat(hart.x[1]).isEqualTo(CODE + 2);
        assertThat(hart.retired).isEqualTo(4);
    }
}
