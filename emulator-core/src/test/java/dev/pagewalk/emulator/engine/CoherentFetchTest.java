package dev.pagewalk.emulator.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.TestProfiles;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.TlbFlush;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A store to code is seen by the next fetch, whoever stores, whichever way; and instructions that lie in two pages. */
class CoherentFetchTest {
    private static final long CODE = GuestMachine.CODE;
    private static final long NEXT = CODE + 0x1000;
    private static final long ALIAS = CODE + 0x10_0000;

    private final GuestMachine guest = GuestMachine.of("u74");
    private final Hart hart = guest.hart();

    /** Runs {@code addi x5, x5, 1} hot, overwrites it by {@code addi x5, x5, 100}, runs it again. */
    @ParameterizedTest
    @ValueSource(longs = {CODE, ALIAS})
    void aStoreToCodeInTheSamePageIsExecuted(long through) {
        guest.mapTo(ALIAS, guest.physical(CODE), GuestMachine.RW);
        Code code = new Code()
                .li(6, through)
                .li(7, Code.word("addi", 5, 5, 0, 100))
                .li(8, 3)
                .label("loop")
                .i("addi", 5, 5, 1)
                .i("addi", 8, 8, -1)
                .branch("bne", 8, 0, "loop");
        int target = 4 * (code.length() - 3);
        code.branch("bne", 9, 0, "end")
                .i("addi", 9, 0, 1)
                .store("sw", 7, 6, target)
                .i("addi", 8, 0, 1)
                .jal(0, "loop")
                .label("end")
                .ecall();
        guest.run(code);
        assertThat(hart.x[5]).isEqualTo(103);
    }

    @Test
    void aStoreToTheVeryNextInstructionIsExecuted() {
        hart.x[6] = CODE;
        hart.x[7] = Code.word("addi", 5, 0, 0, 42);
        guest.code(CODE, new Code().store("sw", 7, 6, 4).i("addi", 5, 0, 1).ecall());
        // Once to have it decoded, once to have it overwritten.
        guest.start(0, CODE + 4);
        guest.step();
        assertThat(hart.x[5]).isEqualTo(1);
        guest.start(0, CODE);
        guest.machine.run();
        assertThat(hart.x[5]).isEqualTo(42);
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.SYSTEM_CALL);
    }

    @ParameterizedTest
    @CsvSource({"sb, 4, 0", "sh, 4, 0", "sh, 6, 16", "sb, 7, 24", "sd, 0, -32", "sd, 1, -24", "sw, 2, -16"})
    void aStoreToAPartOfAnInstructionIsExecuted(String mnemonic, int offset, int shift) {
        int old = Code.word("addi", 5, 0, 0, 1);
        int replacement = Code.word("addi", 9, 7, 0, 0x7FF);
        guest.code(NEXT - 0x1000 + 0x800, Code.word("addi", 0, 0, 0, 0), old, Code.word("ecall", 0, 0, 0, 0));
        guest.start(0, CODE + 0x804);
        guest.step();
        int bits = mnemonic.equals("sb") ? 8 : mnemonic.equals("sh") ? 16 : mnemonic.equals("sw") ? 32 : 64;
        long mask = bits == 64 ? -1 : (1L << bits) - 1;
        long whole = (long) replacement << 32 | Code.word("addi", 0, 0, 0, 0) & 0xFFFF_FFFFL;
        long memory = guest.readLong(CODE + 0x800);
        int place = 8 * offset;
        // What the word reads after the store, byte by byte.
        long stored = shift >= 0 ? (replacement & 0xFFFF_FFFFL) >>> shift : whole >>> place;
        for (int n = 0; n < bits / 8 && offset + n < 8; n++) {
            memory = memory & ~(0xFFL << 8 * (offset + n)) | (stored >>> 8 * n & 0xFF) << 8 * (offset + n);
        }
        hart.x[6] = CODE + 0x800;
        hart.x[8] = stored & mask;
        guest.code(CODE, new Code().store(mnemonic, 8, 6, offset));
        guest.start(0, CODE);
        guest.step();
        assertThat(guest.readLong(CODE + 0x800)).isEqualTo(memory);
        GuestMachine fresh = GuestMachine.of("u74");
        fresh.writeLong(CODE + 0x800, memory);
        for (int register = 0; register < 32; register++) {
            fresh.hart().x[register] = hart.x[register];
        }
        guest.kernel.calls.clear();
        guest.start(0, CODE + 0x804);
        fresh.start(0, CODE + 0x804);
        guest.machine.run(Long.MAX_VALUE, hart.cycle + 1);
        fresh.machine.run(Long.MAX_VALUE, fresh.hart().cycle + 1);
        assertThat(hart.x).isEqualTo(fresh.hart().x);
        assertThat(guest.kernel.calls).hasSameSizeAs(fresh.kernel.calls);
    }

    @Test
    void aStoreFromAnotherPageIsExecuted() {
        guest.map(NEXT, GuestMachine.RWX);
        guest.code(NEXT, Code.word("addi", 5, 5, 0, 1), Code.word("jalr", 0, 1, 0, 0));
        hart.x[6] = NEXT;
        hart.x[7] = Code.word("addi", 5, 5, 0, 100);
        guest.run(new Code()
                .i("jalr", 1, 6, 0)
                .i("jalr", 1, 6, 0)
                .store("sw", 7, 6, 0)
                .i("jalr", 1, 6, 0)
                .ecall());
        assertThat(hart.x[5]).isEqualTo(102);
    }

    /** The stores before the frame holds code fill the store L0; decoding must empty it. */
    @Test
    void aPageThatWasWrittenBeforeItWasExecutedIsWatchedFromThenOn() {
        guest.map(NEXT, GuestMachine.RWX);
        hart.x[6] = NEXT;
        hart.x[7] = Code.word("addi", 5, 5, 0, 1);
        hart.x[8] = Code.word("jalr", 0, 1, 0, 0);
        hart.x[9] = Code.word("addi", 5, 5, 0, 100);
        guest.run(new Code()
                .store("sw", 7, 6, 0)
                .store("sw", 8, 6, 4)
                .i("jalr", 1, 6, 0)
                .store("sw", 9, 6, 0)
                .i("jalr", 1, 6, 0)
                .ecall());
        assertThat(hart.x[5]).isEqualTo(101);
    }

    @Test
    void aStoreByAnotherHartIsExecuted() {
        GuestMachine two = GuestMachine.of("u74", 2);
        two.map(CODE, GuestMachine.RWX);
        two.map(NEXT, GuestMachine.RWX);
        // Hart 0 spins on an instruction that hart 1 replaces.
        two.code(CODE, new Code().label("spin").nop().jal(0, "spin").ecall());
        two.code(
                NEXT,
                new Code()
                        .li(8, 3000)
                        .label("delay")
                        .i("addi", 8, 8, -1)
                        .branch("bne", 8, 0, "delay")
                        .store("sw", 7, 6, 4)
                        .ecall());
        two.hart(1).x[6] = CODE;
        two.hart(1).x[7] = Code.word("addi", 5, 0, 0, 9);
        two.start(0, CODE);
        two.start(1, NEXT);
        assertThat(two.machine.run(1_000_000, Long.MAX_VALUE)).isEqualTo(RunStop.DEADLOCK);
        assertThat(two.hart(0).x[5]).isEqualTo(9);
        assertThat(two.hart(0).cycle).isLessThan(two.hart(1).cycle + 3000);
    }

    @Test
    void anAnnouncedStoreOfAWholeFrameIsExecuted() {
        guest.code(CODE, new Code().i("addi", 5, 5, 1).i("addi", 5, 5, 1).ecall());
        guest.start(0, CODE);
        guest.machine.run();
        assertThat(hart.x[5]).isEqualTo(2);

        long frame = guest.physical(CODE);
        guest.machine.bus().announceStore(frame, 4096);
        guest.memory.zero(frame, 4096);
        guest.memory.writeInt(frame, Code.word("addi", 5, 5, 0, 100));
        guest.memory.writeInt(frame + 4, Code.word("ebreak", 0, 0, 0, 0));
        guest.start(0, CODE);
        guest.machine.run();
        assertThat(hart.x[5]).isEqualTo(102);

        // The frame is watched again.
        hart.x[6] = CODE;
        guest.code(
                CODE + 0x100,
                new Code().store("sw", 7, 6, 0).jal(0, "back").label("back").ecall());
        hart.x[7] = Code.word("addi", 5, 5, 0, 1000);
        guest.start(0, CODE + 0x100);
        guest.machine.run();
        guest.start(0, CODE);
        guest.machine.run();
        assertThat(hart.x[5]).isEqualTo(1102);
    }

    @Test
    void otherCodeBehindTheSameAddressIsExecutedAfterAFlush() {
        guest.code(CODE, new Code().i("addi", 5, 5, 1).ecall());
        guest.start(0, CODE);
        guest.machine.run();
        guest.map(NEXT, GuestMachine.RX);
        guest.code(NEXT, new Code().i("addi", 5, 5, 100).ecall());
        guest.mapTo(CODE, guest.physical(NEXT), GuestMachine.RX);
        hart.mmu().flush(TlbFlush.address(CODE));
        guest.start(0, CODE);
        guest.machine.run();
        assertThat(hart.x[5]).isEqualTo(101);
    }

    /** Pages 256 apart share a line of L0; one of them is never put there. */
    @Test
    void aCodePageThatIsNoOrdinaryMemoryDoesNotTakeAnothersPlace() {
        long far = CODE + 256 * 4096L;
        long ioFrame = guest.newFrame();
        guest.mapTo(far, ioFrame, GuestMachine.RX | (long) Pte.PBMT_IO << Pte.PBMT_SHIFT);
        guest.code(
                CODE,
                new Code()
                        .i("addi", 5, 5, 1)
                        .i("jalr", 1, 6, 0)
                        .i("addi", 5, 5, 2)
                        .ecall());
        // Where the one page goes on, the other has been decoded too.
        guest.code(
                far, new Code().i("addi", 5, 5, 100).nop().i("addi", 5, 5, 1000).i("jalr", 0, 1, 0));
        hart.x[6] = far;
        guest.start(0, CODE);
        assertThat(guest.machine.run(100_000, Long.MAX_VALUE)).isEqualTo(RunStop.DEADLOCK);
        assertThat(hart.x[5]).isEqualTo(1103);
    }

    @Test
    void anInstructionInTwoPagesExecutesWithTwoAccesses() {
        crossing(Code.word("addi", 5, 5, 0, 7));
        guest.start(0, NEXT - 2);
        guest.step();
        assertThat(hart.x[5]).isEqualTo(7);
        assertThat(hart.pc).isEqualTo(NEXT + 2);
        assertThat(hart.retired).isEqualTo(1);
        assertThat(hart.mmu().counters().instructionAccesses()).isEqualTo(2);
        assertThat(hart.mmu().counters().instructionMisses()).isEqualTo(2);
        guest.start(0, NEXT - 2);
        guest.step();
        assertThat(hart.x[5]).isEqualTo(14);
        assertThat(hart.mmu().counters().instructionAccesses()).isEqualTo(4);
        assertThat(hart.mmu().counters().instructionMisses()).isEqualTo(2);
    }

    /** What follows in the second page must not be taken for something else because half an instruction was there. */
    @Test
    void executionGoesOnInTheSecondPage() {
        int word = Code.word("addi", 5, 5, 0, 7);
        crossing(word);
        int after = Code.word("addi", 6, 6, 0, 9);
        int end = Code.word("ecall", 0, 0, 0, 0);
        guest.code(NEXT, word >>> 16 | after << 16, after >>> 16 | end << 16, end >>> 16);
        guest.start(0, NEXT - 2);
        assertThat(guest.machine.run(100_000, Long.MAX_VALUE)).isEqualTo(RunStop.DEADLOCK);
        assertThat(hart.x[5]).isEqualTo(7);
        assertThat(hart.x[6]).isEqualTo(9);
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.SYSTEM_CALL);
        assertThat(guest.kernel.onlyTrap().pc()).isEqualTo(NEXT + 6);
        // Two instructions, a trap and a crossing.
        assertThat(hart.mmu().counters().instructionAccesses()).isEqualTo(4);
    }

    @Test
    void aStoreToEitherHalfOfAnInstructionInTwoPagesIsExecuted() {
        crossing(Code.word("addi", 5, 5, 0, 7));
        hart.x[6] = NEXT;
        hart.x[7] = Code.word("addi", 5, 5, 0, 100) >>> 16;
        hart.x[8] = Code.word("addi", 9, 5, 0, 100) & 0xFFFF;
        guest.code(CODE, new Code().store("sh", 7, 6, 0).store("sh", 8, 6, -2));
        guest.start(0, NEXT - 2);
        guest.step();
        guest.start(0, CODE);
        guest.step();
        guest.start(0, NEXT - 2);
        guest.step();
        assertThat(hart.x[5]).isEqualTo(107);
        guest.start(0, CODE + 4);
        guest.step();
        guest.start(0, NEXT - 2);
        guest.step();
        assertThat(hart.x[9]).isEqualTo(207);
    }

    @Test
    void aFaultOnTheSecondPageNamesItsAddressAndTheInstruction() {
        crossing(Code.word("addi", 5, 5, 0, 7));
        guest.put(NEXT, 0, 0);
        guest.start(0, NEXT - 2);
        guest.machine.run();
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.INSTRUCTION_PAGE_FAULT);
        assertThat(guest.kernel.onlyTrap().value()).isEqualTo(NEXT);
        assertThat(guest.kernel.onlyTrap().pc()).isEqualTo(NEXT - 2);
        assertThat(hart.retired).isZero();
        assertThat(hart.x[5]).isZero();
        assertThat(hart.mmu().counters().instructionAccesses()).isEqualTo(2);
    }

    @Test
    void aCompressedInstructionAtTheEndOfAPageDoesNotReachIntoTheNext() {
        guest.code(NEXT - 4, 0x4501_0000);
        guest.put(NEXT, 0, 0);
        hart.x[10] = 1;
        guest.start(0, NEXT - 2);
        guest.step();
        assertThat(hart.x[10]).isZero();
        assertThat(hart.pc).isEqualTo(NEXT);
        assertThat(hart.mmu().counters().instructionAccesses()).isEqualTo(1);

        guest.code(NEXT - 4, 0x8002_0000);
        guest.start(0, NEXT - 2);
        guest.machine.run();
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.ILLEGAL_INSTRUCTION);
        assertThat(guest.kernel.onlyTrap().value()).isEqualTo(0x8002);
        assertThat(hart.mmu().counters().instructionAccesses()).isEqualTo(2);
    }

    /** The second page's translation evicts the first's; the instruction is complete all the same. */
    @Test
    void anInstructionInTwoPagesExecutesWithASingleTlbEntry() {
        GuestMachine one = GuestMachine.of(TestProfiles.oneInstructionEntry(), 1);
        one.map(CODE, GuestMachine.RWX);
        one.map(NEXT, GuestMachine.RWX);
        int word = Code.word("addi", 5, 5, 0, 7);
        one.code(NEXT - 4, word << 16);
        one.code(NEXT, word >>> 16);
        for (int n = 0; n < 10; n++) {
            one.start(0, NEXT - 2);
            one.step();
        }
        assertThat(one.hart().x[5]).isEqualTo(70);
        assertThat(one.hart().mmu().counters().instructionAccesses()).isEqualTo(20);
        assertThat(one.hart().mmu().counters().instructionMisses()).isEqualTo(20);
    }

    @Test
    void codeOutsideRamIsAnAccessFault() {
        guest.mapTo(NEXT, 0x2000_0000L, GuestMachine.RX);
        guest.start(0, NEXT);
        guest.machine.run();
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.INSTRUCTION_ACCESS_FAULT);
        assertThat(guest.kernel.onlyTrap().value()).isEqualTo(NEXT);
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 0x8000_0000_0000L, -4096, 0x7FFF_FFFF_FFFCL})
    void codeAtAnUnmappedAddressIsAPageFault(long pc) {
        guest.start(0, pc);
        guest.machine.run();
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.INSTRUCTION_PAGE_FAULT);
        assertThat(guest.kernel.onlyTrap().value()).isEqualTo(pc);
        assertThat(hart.mmu().counters().instructionAccesses()).isEqualTo(1);
    }

    @Test
    void aPageThatMayNotBeExecutedIsAPageFaultThoughItsDataIsHot() {
        hart.x[6] = GuestMachine.DATA;
        guest.run(new Code().i("ld", 5, 6, 0).i("ld", 5, 6, 0).i("jalr", 1, 6, 0));
        assertThat(guest.kernel.onlyTrap().cause()).isEqualTo(TrapCause.INSTRUCTION_PAGE_FAULT);
        assertThat(guest.kernel.onlyTrap().value()).isEqualTo(GuestMachine.DATA);
        // The jump has retired: the fetch behind it trapped.
        assertThat(hart.retired).isEqualTo(3);
        assertThat(hart.x[1]).isEqualTo(CODE + 12);
    }

    /** Puts an instruction at NEXT - 2. */
    private void crossing(int word) {
        guest.map(NEXT, GuestMachine.RWX);
        guest.code(NEXT - 4, word << 16);
        guest.code(NEXT, word >>> 16);
    }
}
