package dev.pagewalk.emulator.engine.translator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.debug.AccessStop;
import dev.pagewalk.emulator.debug.WatchedRange;
import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineLog;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.emulator.engine.ExitReason;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.RecordingDevice;
import dev.pagewalk.emulator.testing.ScriptedKernel.Kind;
import dev.pagewalk.emulator.testing.TestProfiles;
import dev.pagewalk.emulator.testing.TestingDebugger;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What happens in a translated loop happens at the instruction, cycle and access at which it happens in the interpreter. */
class TranslatedLoopTest {
    private static final TimingProfile U74 = TimingProfiles.find("u74");
    private static final TimingProfile IDEAL = TimingProfiles.find("ideal");
    private static final long CODE = GuestMachine.CODE;
    private static final long DATA = GuestMachine.DATA;
    private static final int ROUNDS = 1000;

    /** x5 counts rounds down; x8 points to data; the rest is the body's. */
    private static Code loop(Code body) {
        return loop(body, ROUNDS);
    }

    private static Code loop(Code body, int rounds) {
        Code code = new Code().li(5, rounds).li(8, DATA).label("head");
        for (int word : body.words()) {
            code.raw(word);
        }
        return code.i("addi", 5, 5, -1).branch("bne", 5, 0, "head").ecall();
    }

    private static Code sums() {
        return new Code()
                .i("ld", 6, 8, 16)
                .r("add", 6, 6, 5)
                .r("mul", 7, 6, 5)
                .store("sd", 6, 8, 16)
                .r("xor", 10, 10, 7)
                .i("lbu", 7, 8, 17)
                .r("divu", 11, 10, 5);
    }

    @Test
    void mostOfALoopIsExecutedTranslated() {
        EnginePair pair = new EnginePair(U74).start(loop(sums())).run().assertMostlyTranslated();
        assertThat(pair.hart().retired).isEqualTo(2 + 9 * ROUNDS);
        assertThat(pair.report().kind()).isEqualTo(EngineKind.TRANSLATOR);
        assertThat(pair.report().regions()).singleElement().satisfies(region -> {
            assertThat(region.virtualAddress()).isEqualTo(CODE + 8);
            assertThat(region.physicalAddress()).isEqualTo(pair.translated.physical(CODE + 8));
            assertThat(region.guestInstructions()).isBetween(9, 10);
            assertThat(region.executedInstructions()).isEqualTo(pair.report().translatedInstructions());
        });
    }

    @Test
    void aLoopStopsAtEachCycleAtTheInstructionWhereTheInterpreterStops() {
        TimingProfile profile = TestProfiles.distinctCosts();
        long longestRound = 200;
        for (long pause = 5000; pause < 5000 + longestRound; pause++) {
            EnginePair pair = new EnginePair(profile).start(loop(sums())).runTo(pause);
            assertThat(pair.report().translatedInstructions()).isPositive();
            assertThat(pair.report().exits()).containsKey(ExitReason.DEADLINE);
        }
    }

    @Test
    void aLoopThatIsStoppedAtEveryInstructionGoesOnAsIfItHadNotBeen() {
        EnginePair pair = new EnginePair(TestProfiles.tiny(ReplacementPolicy.LRU)).start(loop(sums()));
        for (long pause = 1; pause < 3000; pause++) {
            pair.translated.machine.run(Long.MAX_VALUE, pause);
        }
        pair.run();
    }

    @Test
    void aStoreIntoALoopTakesEffectAtTheNextInstruction() {
        // In round 500 counted from the end, the instruction behind the store becomes another one.
        int patched = Code.word("addi", 10, 10, 0, 1000);
        Code code = new Code()
                .li(5, ROUNDS)
                .li(8, CODE)
                .li(6, 500)
                .li(7, patched)
                .li(9, Code.word("addi", 10, 10, 0, 1))
                .label("head")
                .branch("bne", 5, 6, "store")
                .r("add", 9, 7, 0)
                .label("store");
        int site = code.length() + 1;
        code.store("sw", 9, 8, site * 4)
                .i("addi", 10, 10, 1)
                .i("addi", 5, 5, -1)
                .branch("bne", 5, 0, "head")
                .ecall();
        EnginePair pair = new EnginePair(U74).start(code).run();
        assertThat(pair.hart().x[10]).isEqualTo(500 + 500 * 1000);
    }

    @Test
    void aSingleStoreIntoALoopTakesEffectAtTheNextInstructionAndDropsTheRegion() {
        Code code = new Code()
                .li(5, ROUNDS)
                .li(8, CODE)
                .li(6, 500)
                .li(7, Code.word("addi", 10, 10, 0, 1000))
                .label("head")
                .i("addi", 11, 11, 1)
                .branch("bne", 5, 6, "behind");
        int site = code.length() + 1;
        code.store("sw", 7, 8, site * 4)
                .label("behind")
                .i("addi", 10, 10, 1)
                .i("addi", 5, 5, -1)
                .branch("bne", 5, 0, "head")
                .ecall();
        EnginePair pair = new EnginePair(U74).start(code).run().assertMostlyTranslated();
        assertThat(pair.hart().x[10]).isEqualTo(500 + 500 * 1000);
        assertThat(pair.report().drops()).containsKey(DropReason.STORE);
    }

    @Test
    void anotherHartsStoreIntoALoopTakesEffectInTheSameSliceAsInTheInterpreter() {
        EnginePair pair = new EnginePair(U74, 2, EnginePair.TRANSLATOR);
        Code storing = new Code()
                .li(5, 3000)
                .label("wait")
                .i("addi", 5, 5, -1)
                .branch("bne", 5, 0, "wait")
                .li(8, CODE)
                .li(7, Code.word("addi", 10, 10, 0, 1000))
                .store("sw", 7, 8, 3 * 4)
                .ecall();
        pair.each(guest -> {
            guest.code(CODE + 0x400, storing);
            guest.start(1, CODE + 0x400);
        });
        pair.start(loop(new Code().i("addi", 10, 10, 1), 20_000)).run().assertMostlyTranslated();
        assertThat(pair.hart().x[10]).isGreaterThan(20_000).isLessThan(20_000_000);
        assertThat(pair.report().drops()).containsKey(DropReason.STORE);
    }

    @Test
    void aBreakpointInALoopStopsAtItEachTime() {
        EnginePair pair = new EnginePair(U74).start(loop(sums())).runTo(2000);
        assertThat(pair.report().regions()).hasSize(1);
        TestingDebugger[] debuggers = {new TestingDebugger(), new TestingDebugger()};
        long address = CODE + 8 + 4 * 4;
        pair.interpreted.machine.debugBy(debuggers[0]);
        pair.translated.machine.debugBy(debuggers[1]);
        pair.each(guest -> guest.machine.setDebugPoints(new long[] {address}, List.of()));
        for (int hit = 0; hit < 20; hit++) {
            long rounds = pair.hart().x[5];
            pair.run(RunStop.DEBUGGER, Long.MAX_VALUE);
            assertThat(pair.hart().pc).isEqualTo(address);
            assertThat(pair.hart().x[5]).isBetween(rounds - 1, rounds);
            assertThat(debuggers[1].reasons).isEqualTo(debuggers[0].reasons);
            debuggers[0].resume();
            debuggers[1].resume();
        }
        assertThat(pair.report().drops()).containsEntry(DropReason.BREAKPOINT, 1L);
        pair.each(guest -> guest.machine.setDebugPoints(new long[0], List.of()));
        pair.run();
        assertThat(pair.report().regions()).as("translated again").hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(
            value = AccessStop.class,
            names = {"BEFORE", "BEHIND"})
    void aWatchpointInALoopStopsAtTheInstructionThatAccesses(AccessStop when) {
        EnginePair pair = new EnginePair(U74).start(loop(sums())).runTo(2000);
        TestingDebugger[] debuggers = {new TestingDebugger(), new TestingDebugger()};
        pair.interpreted.machine.debugBy(debuggers[0]);
        pair.translated.machine.debugBy(debuggers[1]);
        for (TestingDebugger debugger : debuggers) {
            debugger.answerAccesses(when);
        }
        WatchedRange stores = new WatchedRange(DATA + 18, DATA + 18, false, true);
        pair.each(guest -> guest.machine.setDebugPoints(new long[0], List.of(stores)));
        long store = CODE + 8 + 3 * 4;
        for (int hit = 0; hit < 20; hit++) {
            pair.run(RunStop.DEBUGGER, Long.MAX_VALUE);
            assertThat(pair.hart().pc).isEqualTo(when == AccessStop.BEFORE ? store : store + 4);
            debuggers[0].resume();
            debuggers[1].resume();
        }
        pair.each(guest -> guest.machine.setDebugPoints(new long[0], List.of()));
        pair.run();
    }

    @Test
    void aPageFaultInTheMiddleOfABlockLeavesThePcAndTheCountsOfTheInterpreter() {
        long pages = EnginePair.DATA_PAGES;
        long first = DATA + pages * 4096;
        EnginePair pair = new EnginePair(TestProfiles.distinctCosts());
        pair.each(guest -> guest.kernel.onTrap = (hart, cause, value) -> {
            if (cause != TrapCause.LOAD_PAGE_FAULT && cause != TrapCause.STORE_PAGE_FAULT) {
                return KernelStep.IDLE;
            }
            guest.map(value & -4096, GuestMachine.RW);
            return KernelStep.RESUME;
        });
        Code body = new Code()
                .r("add", 10, 10, 5)
                .i("ld", 6, 8, 0)
                .r("add", 8, 8, 7)
                .r("add", 10, 10, 6)
                .store("sd", 10, 8, 8)
                .i("addi", 11, 11, 1);
        Code code = new Code().li(7, 512);
        for (int word : loop(body, 400).words()) {
            code.raw(word);
        }
        pair.start(code).run().assertMostlyTranslated();
        assertThat(pair.translated.kernel.calls(Kind.TRAP))
                .filteredOn(call -> call.cause() == TrapCause.STORE_PAGE_FAULT)
                .hasSizeGreaterThan(20)
                .allSatisfy(call -> assertThat(call.value()).isGreaterThanOrEqualTo(first));
        assertThat(pair.report().exits()).containsKey(ExitReason.TRAP);
    }

    @Test
    void theCountersReadInALoopAreTheInterpreters() {
        Code body = new Code()
                .i("csrrs", 6, 0, 0xC00)
                .r("xor", 10, 10, 6)
                .i("ld", 7, 8, 4095 - 2048)
                .i("csrrs", 6, 0, 0xC02)
                .r("mul", 10, 10, 6)
                .i("csrrs", 6, 0, 0xC01)
                .r("add", 10, 10, 6);
        EnginePair pair = new EnginePair(TestProfiles.distinctCosts())
                .start(loop(body))
                .run()
                .assertMostlyTranslated();
        assertThat(pair.hart().x[10]).isNotZero();
    }

    @ParameterizedTest
    @EnumSource(ReplacementPolicy.class)
    void aLoopOverMorePagesThanTheTlbHoldsMissesAsInTheInterpreter(ReplacementPolicy policy) {
        Code body = new Code()
                .i("addi", 9, 9, 1)
                .i("andi", 6, 9, 7)
                .i("slli", 6, 6, 12)
                .r("add", 6, 6, 8)
                .i("ld", 7, 6, 0)
                .i("ld", 7, 8, 8)
                .store("sd", 7, 6, 16);
        EnginePair pair = new EnginePair(TestProfiles.tiny(policy))
                .start(loop(body))
                .run()
                .assertMostlyTranslated();
        assertThat(pair.hart().mmu().counters().dataMisses()).isGreaterThan(100);
        if (policy.usesStamps()) {
            assertThat(pair.hart().mmu().dataStamps())
                    .isEqualTo(pair.interpreted.hart().mmu().dataStamps());
        }
    }

    @Test
    void aDeviceThatInterruptsEndsTheSliceBehindTheStore() {
        EnginePair pair = new EnginePair(U74);
        pair.each(guest -> {
            RecordingDevice device = new RecordingDevice();
            guest.machine.bus().attach(device);
            guest.mapTo(DATA + 0x1_0000, RecordingDevice.BASE, GuestMachine.RW);
            device.onWrite = (offset, value, nowCycle) -> {
                if (value % 7 == 0) {
                    guest.machine.raise(0, InterruptLine.TIMER, nowCycle + 1 + value % 5);
                }
            };
            guest.kernel.onTrap = (hart, cause, value) -> cause.isInterrupt() ? KernelStep.RESUME : KernelStep.IDLE;
        });
        Code body = new Code().store("sd", 5, 9, 0).i("addi", 10, 10, 1).i("addi", 11, 11, 1);
        Code all = new Code().li(9, DATA + 0x1_0000);
        for (int word : loop(body).words()) {
            all.raw(word);
        }
        pair.start(all).run();
        assertThat(pair.translated.kernel.calls).hasSize(ROUNDS / 7 + 1);
        assertThat(pair.report().exits()).containsKey(ExitReason.CHANGED);
    }

    @Test
    void powerOffEndsTheRunWithTheStoreThatAsksForIt() {
        EnginePair pair = new EnginePair(U74);
        pair.each(guest -> {
            RecordingDevice device = new RecordingDevice();
            guest.machine.bus().attach(device);
            guest.mapTo(DATA + 0x1_0000, RecordingDevice.BASE, GuestMachine.RW);
            device.onWrite = (offset, value, nowCycle) -> {
                if (value == 100) {
                    guest.machine.powerOff(3);
                }
            };
        });
        Code code = new Code().li(9, DATA + 0x1_0000);
        for (int word :
                loop(new Code().store("sd", 5, 9, 0).i("addi", 10, 10, 1)).words()) {
            code.raw(word);
        }
        pair.start(code).run(RunStop.POWERED_OFF, Long.MAX_VALUE);
        assertThat(pair.hart().x[10]).isEqualTo(ROUNDS - 100);
        assertThat(pair.translated.machine.exitStatus()).isEqualTo(3);
    }

    @Test
    void anInterruptComesBetweenTheSameTwoInstructions() {
        for (long cycle = 3000; cycle < 3060; cycle++) {
            EnginePair pair = new EnginePair(TestProfiles.distinctCosts()).start(loop(sums()));
            long arrival = cycle;
            pair.each(guest -> {
                guest.kernel.onTrap = (hart, cause, value) -> cause.isInterrupt() ? KernelStep.RESUME : KernelStep.IDLE;
                guest.machine.raise(0, InterruptLine.TIMER, arrival);
            });
            pair.run().assertMostlyTranslated();
            assertThat(pair.translated.kernel.calls(Kind.TRAP)).hasSize(2);
        }
    }

    @Test
    void aReservationIsBrokenByATranslatedStoreOfAnotherHart() {
        EnginePair pair = new EnginePair(U74, 2, EnginePair.TRANSLATOR);
        Code storing = new Code()
                .li(5, 4000)
                .li(8, DATA)
                .label("head")
                .store("sd", 5, 8, 24)
                .i("addi", 5, 5, -1)
                .branch("bne", 5, 0, "head")
                .ecall();
        pair.each(guest -> {
            guest.code(CODE + 0x400, storing);
            guest.start(1, CODE + 0x400);
        });
        Code body = new Code()
                .r("lr.d", 6, 8, 0)
                .i("addi", 6, 6, 1)
                .r("div", 7, 5, 6)
                .r("div", 7, 5, 6)
                .r("div", 7, 5, 6)
                .r("sc.d", 7, 8, 6)
                .r("add", 10, 10, 7);
        pair.start(loop(body)).run().assertMostlyTranslated();
        assertThat(pair.hart().x[10]).as("failures").isPositive().isLessThan(ROUNDS);
    }

    @Test
    void codeThatIsMappedTwiceIsRightAtBothAddresses() {
        EnginePair pair = new EnginePair(U74);
        long alias = 0x70_0000;
        pair.each(guest -> guest.mapTo(alias, guest.physical(CODE), GuestMachine.RX));
        Code code = loop(new Code().raw(Code.word("auipc", 6, 0, 0, 0)).r("add", 10, 10, 6));
        pair.start(code).run();
        long sum = pair.hart().x[10];
        assertThat(pair.report().translations()).isEqualTo(1);
        pair.each(guest -> guest.start(0, alias)).run().assertMostlyTranslated();
        assertThat(pair.hart().x[10] - sum).isEqualTo(ROUNDS * (alias + 8));
        // The second end of the loop may have made it grow; then it was executed before.
        assertThat(pair.report().drops().keySet()).isSubsetOf(DropReason.GROWN);
        assertThat(pair.report().translations()).isLessThanOrEqualTo(2);
    }

    @Test
    void anotherAddressSpacesCodeIsNotConfusedWithThis() {
        EnginePair pair =
                new EnginePair(U74).start(loop(new Code().i("addi", 10, 10, 1))).run();
        pair.each(guest -> {
            // The same address leads to other code from now on.
            guest.map(CODE, GuestMachine.RWX);
            guest.code(CODE, loop(new Code().i("addi", 10, 10, 1000)));
            guest.hart().mmu().flush(TlbFlush.all());
            guest.start(0, CODE);
        });
        pair.run().assertMostlyTranslated();
        assertThat(pair.hart().x[10]).isEqualTo(ROUNDS + 1000 * ROUNDS);
    }

    @Test
    void eachEngineGoesOnFromTheOthersSnapshot() {
        for (long pause = 2000; pause < 2040; pause++) {
            EnginePair pair = new EnginePair(TestProfiles.tiny(ReplacementPolicy.TREE_PLRU))
                    .start(loop(sums()))
                    .runTo(pause);
            EnginePair other = new EnginePair(TestProfiles.tiny(ReplacementPolicy.TREE_PLRU));
            other.interpreted.machine.restore(pair.translated.machine.snapshot());
            other.translated.machine.restore(pair.interpreted.machine.snapshot());
            other.assertSame("restored");
            other.run();
            pair.run();
            other.assertSame("at the end");
            assertThat(other.hart().cycle).isEqualTo(pair.hart().cycle);
        }
    }

    @Test
    void inTheBackgroundTranslatedLoopsComeToTheSameEnd() {
        EngineOptions background = new EngineOptions(EngineKind.AUTO, 5, true, 100, EngineLog.NONE);
        EnginePair pair = new EnginePair(TestProfiles.tiny(ReplacementPolicy.LRU), 1, background);
        pair.start(loop(sums(), 1_000_000)).run();
        assertThat(pair.report().translatedInstructions()).isPositive();
    }

    @Test
    void aMillionCallsDeepNoHostStackIsNeeded() throws InterruptedException {
        int depth = 1_000_000;
        long stackPages = (8L * depth + 4095) / 4096;
        EnginePair pair = new EnginePair(IDEAL);
        long stack = 0x1000_0000;
        pair.each(guest -> guest.map(stack, (int) stackPages, GuestMachine.RW));
        Code code = new Code()
                .li(2, stack + stackPages * 4096)
                .li(5, depth)
                .jal(1, "function")
                .ecall()
                .label("function")
                .i("addi", 2, 2, -8)
                .store("sd", 1, 2, 0)
                .i("addi", 5, 5, -1)
                .branch("beq", 5, 0, "out")
                .jal(1, "function")
                .label("out")
                .i("addi", 10, 10, 1)
                .i("ld", 1, 2, 0)
                .i("addi", 2, 2, 8)
                .i("jalr", 0, 1, 0);
        Throwable[] failure = new Throwable[1];
        Thread small = new Thread(null, () -> pair.start(code).run(), "little stack", 256 << 10);
        small.setUncaughtExceptionHandler((thread, e) -> failure[0] = e);
        small.start();
        small.join();
        assertThat(failure[0]).isNull();
        pair.assertMostlyTranslated();
        assertThat(pair.hart().x[10]).isEqualTo(depth);
    }
}
