package dev.pagewalk.emulator.engine.translator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineSnapshot;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.EngineLog;
import dev.pagewalk.emulator.engine.ExitReason;
import dev.pagewalk.emulator.engine.RegionReport;
import dev.pagewalk.emulator.isa.Csr;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.RecordingEngineLog;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When regions come and go, and how large they are. */
class RegionLifeTest {
    private static final TimingProfile U74 = TimingProfiles.find("u74");
    private static final long CODE = GuestMachine.CODE;
    private static final long DATA = GuestMachine.DATA;
    private static final int ROUNDS = 500;

    /** HotSpot compiles no longer method; see DontCompileHugeMethods. */
    private static final int LONGEST_METHOD_BYTES = 8_000;

    private final RecordingEngineLog log = new RecordingEngineLog();

    private EnginePair pair() {
        return new EnginePair(U74, 1, EnginePair.TRANSLATOR.withLog(log));
    }

    /** x5 counts rounds down. */
    private static Code loop(Code body) {
        Code code = new Code().li(5, ROUNDS).label("head");
        for (int word : body.words()) {
            code.raw(word);
        }
        return code.i("addi", 5, 5, -1).branch("bne", 5, 0, "head").ecall();
    }

    @Test
    void aLoopIsTranslatedWhenItIsHotAndNotBefore() {
        for (int hotVisits : new int[] {1, 7, 100}) {
            RecordingEngineLog ownLog = new RecordingEngineLog();
            EnginePair pair = new EnginePair(
                    U74, 1, EnginePair.TRANSLATOR.withHotVisits(hotVisits).withLog(ownLog));
            pair.start(loop(new Code().i("addi", 10, 10, 1)));
            while (ownLog.translated.isEmpty()) {
                pair.runTo(pair.hart().cycle + 1);
            }
            assertThat(pair.hart().x[10]).isBetween((long) hotVisits - 1, hotVisits + 2L);
        }
    }

    @Test
    void aStoreIntoTheSamePageBesideARegionLetsItBe() {
        Code body = new Code().store("sd", 5, 8, 0).i("ld", 6, 8, 0).r("add", 10, 10, 6);
        EnginePair pair = pair().each(guest -> guest.hart().x[8] = CODE + 0x800);
        pair.start(loop(body)).run().assertMostlyTranslated();
        assertThat(log.dropReasons).doesNotContain(DropReason.STORE);
        assertThat(pair.hart().x[10]).isEqualTo(ROUNDS * (ROUNDS + 1) / 2);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aStoreOfAnyByteOfAnInstructionIsSeen(int offset) {
        int one = Code.word("addi", 10, 11, 0, 0x123);
        int other = Code.word("xori", 12, 13, 0, 0x456);
        Code body = new Code()
                .raw(Code.word("bne", 0, 5, 6, 8))
                .store("sb", 7, 8, offset)
                .raw(one)
                .r("add", 14, 14, 10);
        EnginePair pair = pair().each(guest -> {
            guest.hart().x[6] = ROUNDS / 2;
            guest.hart().x[7] = other >>> 8 * offset;
            guest.hart().x[8] = CODE + 3 * 4;
        });
        pair.start(loop(body)).run().assertMostlyTranslated();
        assertThat(log.dropReasons.stream().filter(reason -> reason == DropReason.STORE))
                .hasSize(1);
        int address = 3 * 4 + offset;
        assertThat(pair.translated.memory.readByte(pair.translated.physical(CODE + address)) & 0xFF)
                .isEqualTo(other >>> 8 * offset & 0xFF);
    }

    @Test
    void aNewFrameOfCodeDropsTheRegionsOfTheOldOne() {
        EnginePair pair = pair();
        pair.each(guest -> {
            guest.map(CODE + 4096, GuestMachine.RWX);
            guest.kernel.onTrap = (hart, cause, value) -> {
                if (hart.pc >= CODE + 4096) {
                    return KernelStep.IDLE;
                }
                guest.machine.bus().announceStore(guest.physical(CODE), 4096);
                guest.memory.zero(guest.physical(CODE), 4096);
                hart.pc = CODE + 4096;
                return KernelStep.RESUME;
            };
            guest.code(CODE + 4096, loop(new Code().i("addi", 10, 10, 3)));
        });
        pair.start(loop(new Code().i("addi", 10, 10, 1))).run();
        assertThat(log.dropReasons).containsOnly(DropReason.FRAME);
        assertThat(pair.hart().x[10]).isEqualTo(4 * ROUNDS);
    }

    @Test
    void aRestoredSnapshotDropsAllRegions() {
        EnginePair pair = pair().start(loop(new Code().i("addi", 10, 10, 1))).runTo(300);
        MachineSnapshot snapshot = pair.translated.machine.snapshot();
        pair.run();
        int there = pair.report().regions().size();
        assertThat(there).isPositive();
        log.dropReasons.clear();
        pair.each(guest -> guest.machine.restore(snapshot));
        assertThat(log.dropReasons).hasSize(there).containsOnly(DropReason.RESTORED);
        assertThat(pair.report().regions()).isEmpty();
        pair.run();
        assertThat(pair.hart().x[10]).isEqualTo(ROUNDS);
    }

    @Test
    void whereThereAreTooManyRegionsAllAreLetGo() {
        EnginePair pair =
                new EnginePair(U74, 1, EnginePair.TRANSLATOR.withMostRegions(2).withLog(log));
        int loops = 5;
        Code code = new Code();
        pair.each(guest -> guest.map(CODE + 4096, loops, GuestMachine.RWX));
        for (int n = 0; n < loops; n++) {
            // Each in a page of its own, so that none grows into another.
            Code one = new Code()
                    .li(5, 40)
                    .label("head")
                    .i("addi", 10, 10, 1)
                    .i("addi", 5, 5, -1)
                    .branch("bne", 5, 0, "head")
                    .i("jalr", 0, 1, 0);
            long address = CODE + 4096L * (n + 1);
            pair.each(guest -> guest.code(address, one));
            code.li(6, address).i("jalr", 1, 6, 0);
        }
        pair.start(code.ecall()).run();
        assertThat(log.dropReasons.stream().filter(reason -> reason == DropReason.LIMIT))
                .hasSizeGreaterThanOrEqualTo(2);
        assertThat(pair.report().regions()).hasSizeLessThanOrEqualTo(2);
        assertThat(pair.hart().x[10]).isEqualTo(40 * loops);
    }

    @Test
    void aLoopAndTheFunctionItCallsOnAnotherPageAreOneRegion() {
        Code function = new Code().i("addi", 10, 10, 1).i("jalr", 0, 1, 0);
        EnginePair pair = pair().each(guest -> {
            guest.map(CODE + 4096, GuestMachine.RWX);
            guest.code(CODE + 4096, function);
            guest.hart().x[6] = CODE + 4096;
        });
        pair.start(loop(new Code().i("jalr", 1, 6, 0))).run().assertMostlyTranslated();
        assertThat(pair.hart().x[10]).isEqualTo(ROUNDS);
        assertThat(pair.report().exits().getOrDefault(ExitReason.JUMP, 0L)
                        + pair.report().exits().getOrDefault(ExitReason.INDIRECT, 0L))
                .isLessThan(ROUNDS / 4);
    }

    @Test
    void whereTheOtherPageIsAnotherFrameThanItWasTheRegionIsLeft() {
        Code one = new Code().i("addi", 10, 10, 1).i("jalr", 0, 1, 0);
        Code other = new Code().i("addi", 11, 11, 1).i("jalr", 0, 1, 0);
        EnginePair pair = pair().each(guest -> {
            guest.map(CODE + 4096, GuestMachine.RWX);
            guest.map(CODE + 5 * 4096, GuestMachine.RWX);
            guest.code(CODE + 4096, one);
            guest.code(CODE + 5 * 4096, other);
            guest.hart().x[6] = CODE + 4096;
            guest.kernel.onTrap = (hart, cause, value) -> {
                if (hart.x[12]++ != 0) {
                    return KernelStep.IDLE;
                }
                guest.mapTo(CODE + 4096, guest.physical(CODE + 5 * 4096), GuestMachine.RWX);
                hart.mmu().flush(TlbFlush.all());
                hart.pc = CODE;
                return KernelStep.RESUME;
            };
        });
        pair.start(loop(new Code().i("jalr", 1, 6, 0))).run().assertMostlyTranslated();
        assertThat(pair.hart().x[10]).isEqualTo(ROUNDS);
        assertThat(pair.hart().x[11]).isEqualTo(ROUNDS);
    }

    @Test
    void aRegionThatIsLeftAtOnceEachTimeIsLetGo() {
        int rounds = 10_000;
        EnginePair pair = pair().each(guest -> guest.kernel.onTrap = (hart, cause, value) -> {
            hart.pc += 4;
            return hart.x[5] == 0 ? KernelStep.IDLE : KernelStep.RESUME;
        });
        pair.start(new Code()
                        .li(5, rounds)
                        .label("head")
                        .i("addi", 10, 10, 1)
                        .i("addi", 5, 5, -1)
                        .ecall()
                        .branch("bne", 5, 0, "head"))
                .run();
        assertThat(log.dropReasons).contains(DropReason.SHORT);
        assertThat(pair.report().regions()).isEmpty();
        assertThat(pair.hart().x[10]).isEqualTo(rounds);
    }

    @Test
    void aLoopThatWasTooShortIsTranslatedAgainWhenItHasBecomeLong() {
        int shortCalls = 10_000;
        Code function = new Code()
                .label("head")
                .i("addi", 10, 10, 1)
                .i("addi", 11, 11, -1)
                .branch("bne", 11, 0, "head")
                .ecall();
        EnginePair pair = pair().each(guest -> guest.kernel.onTrap = (hart, cause, value) -> {
            hart.x[12]++;
            hart.x[11] = hart.x[12] < shortCalls ? 1 : 30_000_000;
            hart.pc = CODE;
            return hart.x[12] == shortCalls + 2 ? KernelStep.IDLE : KernelStep.RESUME;
        });
        pair.each(guest -> guest.hart().x[11] = 1);
        pair.start(function).run();
        assertThat(log.dropReasons).contains(DropReason.SHORT);
        assertThat(pair.report().translatedInstructions()).isGreaterThan(pair.hart().retired / 3);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 85, 160, 500})
    void aLongLoopThatUsesAllRegistersIsTranslatedHoweverManySlowCallsItHas(int length) {
        Code body = new Code();
        for (int n = 0; n < length; n++) {
            int register = 9 + n % 22;
            if (n % 2 == 0) {
                body.raw(Code.word("csrrs", register, 0, 0, Csr.INSTRET));
            } else {
                body.store("sd", register, 8, n * 8 % 2048);
            }
        }
        EnginePair pair = pair().each(guest -> guest.hart().x[8] = GuestMachine.DATA);
        pair.start(loop(body)).run().assertMostlyTranslated();
        assertThat(log.refusals).noneMatch(reason -> reason.startsWith(EngineLog.INTERNAL_ERROR));
    }

    @Test
    void aRegionGrowsByWhatItIsLeftFor() {
        Code body = new Code()
                .i("andi", 6, 5, 0x70)
                .branch("bne", 6, 0, "rare")
                .i("addi", 11, 11, 1)
                .label("rare")
                .i("addi", 10, 10, 1);
        EnginePair pair = pair().start(loop(body)).run().assertMostlyTranslated();
        assertThat(log.dropReasons).contains(DropReason.GROWN);
        assertThat(pair.report().regions())
                .anySatisfy(region -> assertThat(region.guestInstructions()).isGreaterThanOrEqualTo(6));
    }

    @Test
    void codeThatIsStoredToAgainAndAgainIsInterpretedInTheEnd() {
        Code body = new Code()
                .i("lw", 6, 8, 0)
                .i("xor", 6, 6, 0)
                .store("sw", 6, 8, 0)
                .i("addi", 10, 10, 1);
        Code toggling = new Code()
                .i("lw", 6, 8, 0)
                .r("xor", 6, 6, 7)
                .store("sw", 6, 8, 0)
                .i("addi", 10, 10, 1);
        assertThat(body.length()).isEqualTo(toggling.length());
        EnginePair pair = pair().each(guest -> {
            guest.hart().x[8] = CODE + 4 * 4;
            guest.hart().x[7] = Code.word("addi", 10, 10, 0, 1) ^ Code.word("addi", 10, 10, 0, 2);
        });
        pair.start(loop(toggling)).run();
        assertThat(pair.hart().x[10]).isEqualTo(ROUNDS / 2 * 3);
        assertThat(log.refusals).isNotEmpty();
        assertThat(pair.report().refusals()).isEqualTo(log.refusals.size());
        assertThat(pair.report().translations()).isLessThan(ROUNDS / 4);
    }

    @Test
    void theReportSumsUpWhatTheLogWasTold() {
        EnginePair pair = pair().start(loop(new Code().i("ld", 6, 8, 0).i("addi", 10, 10, 1)));
        pair.each(guest -> guest.hart().x[8] = DATA);
        pair.run();
        assertThat(log.translated)
                .extracting(RegionReport::id)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, pair.report().translations())
                                .boxed()
                                .toList());
        assertThat(pair.report().bytecodeBytes())
                .isEqualTo(pair.report().regions().stream()
                        .mapToInt(RegionReport::bytecodeBytes)
                        .sum());
        assertThat(pair.report().drops().values().stream()
                        .mapToLong(Long::longValue)
                        .sum())
                .isEqualTo(log.dropReasons.size());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"ld", "sd", "add", "divu", "mulhsu", "amoadd.d", "csrrs", "fence", "bgeu", "jal", "jalr", "auipc"
            })
    void aPageFullOfOneInstructionIsSplitSoThatNoMethodIsTooLong(String mnemonic) {
        Code code = new Code().li(8, DATA).li(9, CODE).li(5, 60).label("head");
        for (int n = 0; code.length() < 960; n++) {
            int register = 10 + n % 20;
            switch (mnemonic) {
                case "ld" -> code.i("ld", register, 8, 8 * (n % 200));
                case "sd" -> code.store("sd", register, 8, 8 * (n % 200));
                case "amoadd.d" -> code.r("amoadd.d", register, 8, 10 + n % 7);
                case "csrrs" -> code.i("csrrs", register, 0, 0xC00 + n % 3);
                case "fence" -> code.raw(Code.word("fence", 0, 0, 0, 0xFF));
                case "bgeu" -> code.raw(Code.word("bgeu", 0, register, 10 + n % 11, 8));
                case "jal" -> code.raw(Code.word("jal", register, 0, 0, 4));
                case "jalr" -> code.i("jalr", register, 9, 4 * (code.length() + 1) % 2048);
                case "auipc" -> code.upper("auipc", register, 0x12345000);
                default -> code.r(mnemonic, register, 10 + n % 7, 11 + n % 5);
            }
            if (mnemonic.equals("jalr") && n == 400) {
                break;
            }
        }
        code.nop()
                .i("addi", 5, 5, -1)
                .branch("beq", 5, 0, "out")
                .jal(0, "head")
                .label("out")
                .ecall();
        EnginePair pair = pair().start(code).run();
        assertThat(log.translated)
                .isNotEmpty()
                .allSatisfy(region -> assertThat(region.bytecodeBytes()).isLessThanOrEqualTo(LONGEST_METHOD_BYTES));
        // Each part has to become hot by itself.
        assertThat(pair.report().translatedInstructions()).isGreaterThan(pair.hart().retired / 3);
    }

    @Test
    void aFunctionThatFillsAPageWithBlocksIsSplit() {
        // Hundreds of blocks, each of which leads to one before it and one behind it.
        Code code = new Code().li(5, 30_000).li(8, DATA);
        int blocks = 140;
        for (int n = 0; n < blocks; n++) {
            code.label("block" + n)
                    .i("ld", 10 + n % 8, 8, 8 * n)
                    .r("add", 6, 6, 10 + n % 8)
                    .i("addi", 6, 6, 7 * n)
                    .i("addi", 5, 5, -1)
                    .branch("bge", 0, 5, "out")
                    .branch(n % 3 == 0 ? "blt" : "bltu", 6, 7, "block" + n * 7 % blocks)
                    .r("xor", 7, 7, 6);
        }
        code.label("out").ecall();
        EnginePair pair = pair().start(code).run(RunStop.DEADLOCK, Long.MAX_VALUE);
        assertThat(log.translated)
                .isNotEmpty()
                .allSatisfy(region -> assertThat(region.bytecodeBytes()).isLessThanOrEqualTo(LONGEST_METHOD_BYTES));
        assertThat(Map.copyOf(pair.report().exits())).isNotEmpty();
    }
}
