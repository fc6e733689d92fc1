package dev.pagewalk.emulator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.MachineState;
import dev.pagewalk.emulator.testing.ScriptedKernel;
import dev.pagewalk.emulator.testing.ScriptedKernel.Call;
import dev.pagewalk.emulator.testing.ScriptedKernel.Kind;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Kernel time: steps, waiting, and interrupts that reach a hart in every phase. Hart 0 makes a call at about cycle 1000 and
 * is then in the phase that a test wants; hart 1 idles unless a test starts it.
 */
class KernelTurnsTest {
    private static final long CODE = GuestMachine.CODE;
    private static final long SERVICE_CYCLES = 200;

    private final GuestMachine guest = GuestMachine.of("ideal", 2);
    private final Hart hart = guest.hart(0);

    private KernelStep answer = KernelStep.IDLE;
    private long chargeCycles;

    /** When hart 0 made its call. */
    private long callCycle;

    @BeforeEach
    void writeCode() {
        guest.map(CODE, GuestMachine.RX);
        guest.code(
                CODE, new Code().nops(4).ecall().i("csrrs", 5, 0, 0xC00).nops(3).r("ebreak", 0, 0, 0));
        guest.code(CODE + 0x800, new Code().label("spin").jal(0, "spin"));
        hart.cycle = 1000;
        guest.kernel.onTrap = (trapped, cause, value) -> {
            if (cause != TrapCause.SYSTEM_CALL) {
                return cause.isInterrupt() ? KernelStep.RESUME : KernelStep.IDLE;
            }
            callCycle = trapped.cycle;
            trapped.pc += 4;
            trapped.charge(chargeCycles);
            return answer;
        };
        guest.kernel.onBegin = (serviced, line, nowCycle) -> serviced.charge(SERVICE_CYCLES);
    }

    /** Runs hart 0 into its call. */
    private void call(KernelStep step, long cycles) {
        answer = step;
        chargeCycles = cycles;
        guest.start(0, CODE);
        // The call is due a few instructions and a walk after 1000; no later limit is needed to execute it.
        guest.machine.run(1100, Long.MAX_VALUE);
        assertThat(callCycle).isBetween(1004L, 1099L);
    }

    @Test
    void aStepTakesEffectAtOnceAndItsCyclesPassBeforeTheGuestGoesOn() {
        call(KernelStep.RESUME, 5000);
        assertThat(hart.phase()).isEqualTo(HartPhase.BUSY);
        guest.machine.run();
        assertThat(hart.x[5]).isEqualTo(callCycle + 5000);
        assertThat(guest.kernel.calls(Kind.TRAP)).hasSize(2);
        assertThat(hart.phase()).isEqualTo(HartPhase.IDLE);
    }

    @Test
    void continuedWorkFollowsAfterTheCyclesOfTheStepBefore() {
        int[] left = {3};
        guest.kernel.onContinue = worker -> {
            worker.charge(100);
            return --left[0] > 0 ? KernelStep.CONTINUE : KernelStep.RESUME;
        };
        call(KernelStep.CONTINUE, 5000);
        guest.machine.run();
        assertThat(guest.kernel.calls(Kind.CONTINUE))
                .extracting(Call::cycle)
                .containsExactly(callCycle + 5000, callCycle + 5100, callCycle + 5200);
        assertThat(hart.x[5]).isEqualTo(callCycle + 5300);
    }

    @Test
    void aHartResumedOnceExecutesOneInstructionBeforeItsWorkGoesOn() {
        guest.kernel.onContinue = worker -> {
            worker.charge(70);
            return KernelStep.RESUME;
        };
        call(KernelStep.RESUME_ONCE, 5000);
        guest.machine.run();
        Call next = guest.kernel.calls(Kind.CONTINUE).get(0);
        assertThat(next.pc()).isEqualTo(CODE + 24);
        assertThat(hart.x[5]).isEqualTo(callCycle + 5000);
        assertThat(next.cycle()).isEqualTo(callCycle + 5001);
        assertThat(guest.kernel.calls(Kind.CONTINUE)).hasSize(1);
        assertThat(guest.kernel.calls(Kind.TRAP).get(1).cycle()).isEqualTo(callCycle + 5001 + 70 + 3);
    }

    @Test
    void aHartMayBeResumedOnceAgainAndAgain() {
        int[] left = {3};
        guest.kernel.onContinue = worker -> --left[0] > 0 ? KernelStep.RESUME_ONCE : KernelStep.RESUME;
        call(KernelStep.RESUME_ONCE, 0);
        guest.machine.run();
        assertThat(guest.kernel.calls(Kind.CONTINUE))
                .extracting(Call::pc)
                .containsExactly(CODE + 24, CODE + 28, CODE + 32);
    }

    @Test
    void theWorkAfterOneInstructionWaitsForItsTurn() {
        guest.start(1, CODE + 0x800);
        guest.hart(1).cycle = 5990;
        long[] clockOfOther = {0};
        guest.kernel.onContinue = worker -> {
            clockOfOther[0] = guest.hart(1).cycle;
            return KernelStep.IDLE;
        };
        call(KernelStep.RESUME_ONCE, 5000);
        guest.machine.run(8000, Long.MAX_VALUE);
        Call next = guest.kernel.calls(Kind.CONTINUE).get(0);
        assertThat(next.pc()).isEqualTo(CODE + 24);
        assertThat(next.cycle()).isEqualTo(callCycle + 5001);
        assertThat(clockOfOther[0]).isGreaterThanOrEqualTo(callCycle + 5001);
    }

    @Test
    void aTrapOfTheOneInstructionIsATrapLikeAnyOther() {
        guest.code(CODE + 20, Code.word("ebreak", 0, 0, 0, 0));
        guest.code(CODE + 32, new Code().label("spin").jal(0, "spin"));
        ScriptedKernel.Step others = guest.kernel.onTrap;
        guest.kernel.onTrap = (trapped, cause, value) -> {
            if (cause != TrapCause.BREAKPOINT) {
                return others.step(trapped, cause, value);
            }
            trapped.pc += 4;
            return KernelStep.RESUME;
        };
        call(KernelStep.RESUME_ONCE, 5000);
        guest.machine.run(20_000, Long.MAX_VALUE);
        assertThat(guest.kernel.calls(Kind.TRAP))
                .extracting(Call::cause)
                .containsExactly(TrapCause.SYSTEM_CALL, TrapCause.BREAKPOINT);
        assertThat(guest.kernel.calls(Kind.CONTINUE)).isEmpty();
        assertThat(hart.phase()).isEqualTo(HartPhase.RUNNING);
    }

    @ParameterizedTest
    @EnumSource(InterruptLine.class)
    void aPendingInterruptIsTakenInsteadOfTheOneInstruction(InterruptLine line) {
        call(KernelStep.RESUME_ONCE, 5000);
        guest.machine.raise(0, line, callCycle + 5000);
        guest.machine.run();
        List<Call> traps = guest.kernel.calls(Kind.TRAP);
        assertThat(traps.get(1).cause()).isEqualTo(TrapCause.of(line));
        assertThat(traps.get(1).pc()).isEqualTo(CODE + 20);
        assertThat(guest.kernel.calls(Kind.CONTINUE)).isEmpty();
    }

    @Test
    void anInterruptThatArrivesDuringTheOneInstructionIsServedByTheWork() {
        guest.kernel.onContinue = worker -> {
            worker.charge(70);
            return KernelStep.RESUME;
        };
        call(KernelStep.RESUME_ONCE, 5000);
        guest.machine.raise(0, InterruptLine.SOFTWARE, callCycle + 5001);
        guest.machine.run();
        assertThat(guest.kernel.calls(Kind.CONTINUE)).hasSize(1);
        assertService(InterruptLine.SOFTWARE, callCycle + 5001, callCycle + 5001 + SERVICE_CYCLES);
    }

    @Test
    void stopsAndSnapshotsAroundTheOneInstructionChangeNothing() {
        call(KernelStep.RESUME_ONCE, 5000);
        MachineSnapshot busy = guest.machine.snapshot();
        guest.machine.run();
        MachineState expected = new MachineState(guest.machine);
        assertThat(guest.kernel.calls(Kind.CONTINUE)).hasSize(1);
        for (long cycle = callCycle + 4999; cycle < callCycle + 5004; cycle++) {
            guest.machine.restore(busy);
            guest.machine.run(cycle, Long.MAX_VALUE);
            guest.machine.restore(guest.machine.snapshot());
            guest.machine.run(Long.MAX_VALUE, cycle);
            guest.machine.restore(guest.machine.snapshot());
            guest.machine.run();
            new MachineState(guest.machine).assertSame(expected, "stopped at " + cycle);
        }
    }

    @Test
    void aStepThatCostsNothingGoesOnInTheSameCycle() {
        call(KernelStep.RESUME, 0);
        guest.machine.run();
        assertThat(hart.x[5]).isEqualTo(callCycle);
    }

    @ParameterizedTest
    @EnumSource(
            value = KernelStep.class,
            names = {"WAIT", "IDLE"})
    void aWaitingOrIdleHartContinuesWhenItIsWoken(KernelStep step) {
        call(step, 300);
        guest.machine.run();
        assertThat(hart.phase()).isEqualTo(step == KernelStep.WAIT ? HartPhase.WAITING : HartPhase.IDLE);
        guest.machine.hartControl().wake(0, 20_000);
        guest.machine.run();
        assertThat(guest.kernel.calls(Kind.CONTINUE)).extracting(Call::cycle).containsExactly(20_000L);
        assertThat(hart.x[5]).isEqualTo(20_000);
    }

    @ParameterizedTest
    @CsvSource({"2000, 5000", "7000, 7000"})
    void aHartWokenWhileStillBusyContinuesWhenItIsDone(long wakeOffset, long expectedOffset) {
        call(KernelStep.WAIT, 5000);
        guest.machine.hartControl().wake(0, callCycle + wakeOffset);
        guest.machine.run();
        assertThat(guest.kernel.calls(Kind.CONTINUE))
                .extracting(Call::cycle)
                .containsExactly(callCycle + expectedOffset);
        assertThat(hart.x[5]).isEqualTo(callCycle + expectedOffset);
    }

    @Test
    void wakingAHartThatDoesNotWaitIsAnError() {
        call(KernelStep.RESUME, 5000);
        assertThatThrownBy(() -> guest.machine.hartControl().wake(0, 2000))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("hart 0 is busy and not about to wait");
        guest.start(1, CODE + 0x800);
        assertThatThrownBy(() -> guest.machine.hartControl().wake(1, 2000))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("hart 1 does not wait");
    }

    @Test
    void oneWaitIsEndedByOneWake() {
        call(KernelStep.WAIT, 100);
        guest.machine.hartControl().wake(0, 5000);
        assertThatThrownBy(() -> guest.machine.hartControl().wake(0, 5000)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void idleTimeIsCountedFromTheEndOfTheStepToTheWakeUp() {
        call(KernelStep.IDLE, 300);
        guest.machine.run();
        long before = hart.idleCycles(callCycle + 300);
        assertThat(hart.idleCycles(callCycle + 1300) - before).isEqualTo(1000);
        guest.machine.hartControl().wake(0, callCycle + 4300);
        guest.machine.run();
        assertThat(hart.idleCycles(hart.cycle) - before).isEqualTo(4000);
    }

    @Test
    void servingAnInterruptIsNotIdling() {
        call(KernelStep.IDLE, 300);
        long start = callCycle + 300;
        long before = hart.idleCycles(start);
        guest.machine.raise(0, InterruptLine.SOFTWARE, start + 1000);
        guest.machine.raise(0, InterruptLine.TIMER, start + 1000 + SERVICE_CYCLES / 2);
        guest.machine.raise(0, InterruptLine.TIMER, start + 3000);
        guest.machine.run(start + 1050, Long.MAX_VALUE);
        assertThat(hart.idleCycles(start + 1050) - before).isEqualTo(1000);
        guest.machine.run();
        guest.machine.hartControl().wake(0, start + 10_000);
        guest.machine.run();
        assertThat(guest.kernel.calls(Kind.BEGIN_SERVICE)).hasSize(3);
        assertThat(hart.idleCycles(hart.cycle) - before).isEqualTo(10_000 - 3 * SERVICE_CYCLES);
    }

    @ParameterizedTest
    @EnumSource(InterruptLine.class)
    void aRunningHartIsInterruptedAtTheInstructionBoundaryThatReachesTheArrival(InterruptLine line) {
        guest.start(0, CODE + 0x800);
        guest.machine.raise(0, line, 5000);
        guest.machine.run(8000, Long.MAX_VALUE);
        Call trap = guest.kernel.onlyTrap();
        assertThat(trap.cause()).isEqualTo(TrapCause.of(line));
        assertThat(trap.cycle()).isEqualTo(5000);
        assertThat(trap.pc()).isEqualTo(CODE + 0x800);
        // An interrupt is no access of the fetch unit's.
        assertThat(hart.mmu().counters().instructionAccesses()).isEqualTo(hart.retired);
        assertThat(hart.isPending(line)).isFalse();
    }

    @Test
    void aBusyHartServesAnInterruptAtOnceAndIsDoneSoMuchLater() {
        call(KernelStep.RESUME, 5000);
        guest.machine.raise(0, InterruptLine.SOFTWARE, 3000);
        guest.machine.run();
        assertService(InterruptLine.SOFTWARE, 3000, 3000 + SERVICE_CYCLES);
        assertThat(hart.x[5]).isEqualTo(callCycle + 5000 + SERVICE_CYCLES);
        assertThat(guest.kernel.calls(Kind.TRAP)).hasSize(2);
    }

    @Test
    void anInterruptThatArrivesWhileAHartIsQueuedIsServedAfterItsStep() {
        guest.code(CODE + 0x400, new Code().i("ld", 6, 7, 0).ecall());
        // The walk of a fault takes hart 0 beyond the arrival before it traps.
        hart.x[7] = GuestMachine.DATA;
        guest.start(0, CODE + 0x400);
        guest.machine.raise(0, InterruptLine.SOFTWARE, 1001);
        guest.kernel.onTrap = (trapped, cause, value) -> {
            trapped.charge(1000);
            return KernelStep.IDLE;
        };
        guest.machine.run();
        Call trap = guest.kernel.onlyTrap();
        assertThat(trap.cause()).isEqualTo(TrapCause.LOAD_PAGE_FAULT);
        assertThat(trap.cycle()).isGreaterThan(1001);
        assertService(InterruptLine.SOFTWARE, trap.cycle(), trap.cycle() + SERVICE_CYCLES);
        assertThat(hart.cycle).isEqualTo(trap.cycle() + 1000 + SERVICE_CYCLES);
    }

    @ParameterizedTest
    @EnumSource(
            value = KernelStep.class,
            names = {"WAIT", "IDLE"})
    void aWaitingOrIdleHartServesAnInterruptAndStaysWhatItIs(KernelStep step) {
        call(step, 300);
        guest.machine.raise(0, InterruptLine.SOFTWARE, 9000);
        assertThat(guest.machine.run()).isEqualTo(RunStop.DEADLOCK);
        assertService(InterruptLine.SOFTWARE, 9000, 9000 + SERVICE_CYCLES);
        assertThat(hart.phase()).isEqualTo(step == KernelStep.WAIT ? HartPhase.WAITING : HartPhase.IDLE);
        assertThat(guest.kernel.calls(Kind.CONTINUE)).isEmpty();
    }

    @Test
    void aServiceThatIsUnderWayWhenTheWakeUpComesIsFinishedFirst() {
        guest.kernel.onBegin = (serviced, line, nowCycle) -> {
            serviced.charge(SERVICE_CYCLES);
            // As another hart's step would, in the middle of it.
            guest.machine.raise(1, InterruptLine.SOFTWARE, nowCycle + 50);
            guest.kernel.onBegin =
                    (other, otherLine, now) -> guest.machine.hartControl().wake(0, now);
        };
        call(KernelStep.WAIT, 300);
        guest.machine.raise(0, InterruptLine.SOFTWARE, 9000);
        guest.machine.run();
        assertThat(guest.kernel.calls(Kind.CONTINUE)).extracting(Call::cycle).containsExactly(9000 + SERVICE_CYCLES);
        List<Call> calls = guest.kernel.calls;
        Call end = calls.stream()
                .filter(call -> call.kind() == Kind.END_SERVICE && call.hartId() == 0)
                .findFirst()
                .orElseThrow();
        assertThat(calls.indexOf(end))
                .isLessThan(calls.indexOf(guest.kernel.calls(Kind.CONTINUE).get(0)));
    }

    @Test
    void anInterruptsEndMayWakeItsOwnHart() {
        guest.kernel.onEnd =
                (serviced, line, nowCycle) -> guest.machine.hartControl().wake(0, nowCycle);
        call(KernelStep.WAIT, 300);
        guest.machine.raise(0, InterruptLine.SOFTWARE, 9000);
        guest.machine.run();
        assertThat(guest.kernel.calls(Kind.CONTINUE)).extracting(Call::cycle).containsExactly(9000 + SERVICE_CYCLES);
        assertThat(hart.x[5]).isEqualTo(9000 + SERVICE_CYCLES);
    }

    @ParameterizedTest
    @EnumSource(
            value = InterruptLine.class,
            names = {"TIMER", "EXTERNAL"})
    void otherLinesAreHeldWhileBusyAndTakenBeforeTheGuestGoesOn(InterruptLine line) {
        call(KernelStep.RESUME, 5000);
        guest.machine.raise(0, line, 3000);
        guest.machine.run();
        List<Call> traps = guest.kernel.calls(Kind.TRAP);
        assertThat(traps)
                .extracting(Call::cause)
                .containsExactly(TrapCause.SYSTEM_CALL, TrapCause.of(line), TrapCause.BREAKPOINT);
        assertThat(traps.get(1).cycle()).isEqualTo(callCycle + 5000);
        assertThat(traps.get(1).pc()).isEqualTo(CODE + 20);
        assertThat(guest.kernel.calls(Kind.BEGIN_SERVICE)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(
            value = InterruptLine.class,
            names = {"TIMER", "EXTERNAL"})
    void otherLinesAreHeldWhileWaitingTooAndServedOnceIdle(InterruptLine line) {
        guest.kernel.onContinue = worker -> KernelStep.IDLE;
        call(KernelStep.WAIT, 300);
        guest.machine.raise(0, line, 3000);
        assertThat(guest.machine.run()).isEqualTo(RunStop.DEADLOCK);
        assertThat(guest.kernel.calls(Kind.BEGIN_SERVICE)).isEmpty();
        guest.machine.hartControl().wake(0, 9000);
        guest.machine.run();
        assertService(line, 9000, 9000 + SERVICE_CYCLES);
    }

    @ParameterizedTest
    @EnumSource(InterruptLine.class)
    void anIdleHartServesEveryLine(InterruptLine line) {
        guest.machine.raise(1, line, 3000);
        guest.machine.run();
        Call begin = guest.kernel.calls(Kind.BEGIN_SERVICE).get(0);
        assertThat(begin.line()).isEqualTo(line);
        assertThat(begin.hartId()).isEqualTo(1);
        assertThat(begin.cycle()).isEqualTo(3000);
    }

    @Test
    void interruptsThatArriveDuringAServiceCoalesceIntoOneMore() {
        call(KernelStep.RESUME, 5000);
        guest.machine.raise(0, InterruptLine.SOFTWARE, 3000);
        guest.machine.raise(0, InterruptLine.SOFTWARE, 3010);
        guest.machine.raise(0, InterruptLine.SOFTWARE, 3020);
        guest.machine.raise(0, InterruptLine.SOFTWARE, 3100);
        guest.machine.run();
        assertThat(guest.kernel.calls(Kind.BEGIN_SERVICE))
                .extracting(Call::cycle)
                .containsExactly(3000L, 3000 + SERVICE_CYCLES);
        assertThat(guest.kernel.calls(Kind.END_SERVICE))
                .extracting(Call::cycle)
                .containsExactly(3000 + SERVICE_CYCLES, 3000 + 2 * SERVICE_CYCLES);
        assertThat(hart.x[5]).isEqualTo(callCycle + 5000 + 2 * SERVICE_CYCLES);
    }

    @Test
    void aServiceAtTheLastCycleOfTheWorkEndsBeforeTheWorkDoes() {
        call(KernelStep.RESUME, 5000);
        // Scheduled after the end of the work, so it comes second in the same cycle: the guest is interrupted.
        guest.machine.raise(0, InterruptLine.SOFTWARE, callCycle + 5000);
        guest.machine.run();
        assertThat(guest.kernel.calls(Kind.TRAP).get(1).cause()).isEqualTo(TrapCause.SOFTWARE_INTERRUPT);
        assertThat(guest.kernel.calls(Kind.TRAP).get(1).cycle()).isEqualTo(callCycle + 5000);
    }

    @Test
    void pendingLinesAreTakenInTheOrderOfTheManualAndASoftwareInterruptInsideTheKernelAlready() {
        guest.start(0, CODE + 0x800);
        guest.machine.raise(0, InterruptLine.TIMER, 5000);
        guest.machine.raise(0, InterruptLine.SOFTWARE, 5000);
        guest.machine.raise(0, InterruptLine.EXTERNAL, 5000);
        guest.machine.run(8000, Long.MAX_VALUE);
        assertThat(guest.kernel.calls(Kind.TRAP))
                .extracting(Call::cause)
                .containsExactly(TrapCause.EXTERNAL_INTERRUPT, TrapCause.TIMER_INTERRUPT);
        assertService(InterruptLine.SOFTWARE, 5000, 5000 + SERVICE_CYCLES);
        assertThat(guest.kernel.calls(Kind.TRAP).get(1).cycle()).isEqualTo(5000 + SERVICE_CYCLES);
    }

    @Test
    void aClearedLineDoesNotInterruptPendingOrUnderWay() {
        call(KernelStep.RESUME, 5000);
        guest.machine.raise(0, InterruptLine.TIMER, 3000);
        guest.machine.run(4000, Long.MAX_VALUE);
        assertThat(guest.machine.run(4000, Long.MAX_VALUE)).isEqualTo(RunStop.CYCLE_LIMIT);
        assertThat(hart.isPending(InterruptLine.TIMER)).isTrue();
        guest.machine.raise(0, InterruptLine.TIMER, 5000);
        guest.machine.clear(0, InterruptLine.TIMER);
        guest.machine.run();
        assertThat(guest.kernel.calls(Kind.TRAP))
                .extracting(Call::cause)
                .containsExactly(TrapCause.SYSTEM_CALL, TrapCause.BREAKPOINT);
    }

    @Test
    void aChargeInAServiceIsNotTheStepsCharge() {
        guest.kernel.onContinue = worker -> {
            worker.charge(70);
            return KernelStep.RESUME;
        };
        call(KernelStep.CONTINUE, 5000);
        guest.machine.raise(0, InterruptLine.SOFTWARE, 3000);
        guest.machine.run();
        assertThat(hart.x[5]).isEqualTo(callCycle + 5000 + SERVICE_CYCLES + 70);
        assertThat(hart.chargedCycles()).isZero();
    }

    private void assertService(InterruptLine line, long beginCycle, long endCycle) {
        List<Call> begins = guest.kernel.calls(Kind.BEGIN_SERVICE);
        List<Call> ends = guest.kernel.calls(Kind.END_SERVICE);
        assertThat(begins).extracting(Call::line).containsExactly(line);
        assertThat(begins).extracting(Call::cycle).containsExactly(beginCycle);
        assertThat(ends).extracting(Call::line).containsExactly(line);
        assertThat(ends).extracting(Call::cycle).containsExactly(endCycle);
    }
}
