package dev.pagewalk.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.testing.Code;
import dev.pagewalk.emulator.testing.GuestMachine;
import dev.pagewalk.emulator.testing.MachineState;
import dev.pagewalk.emulator.testing.RandomGuest;
import dev.pagewalk.emulator.testing.RecordingTrace;
import dev.pagewalk.emulator.testing.RecordingTrace.Span;
import dev.pagewalk.emulator.testing.ScriptedKernel.Kind;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.emulator.trace.TraceSink;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a machine tells a trace. Hart 0 makes a call at once; hart 1 idles. */
class HartTimelineTest {
    private static final long CODE = GuestMachine.CODE;

    private final GuestMachine guest = GuestMachine.of("u74", 2);
    private final RecordingTrace trace = new RecordingTrace();

    private KernelStep answer = KernelStep.IDLE;
    private long callCycle;

    @BeforeEach
    void writeCode() {
        guest.map(CODE, GuestMachine.RX);
        guest.code(CODE, new Code().ecall().nop().r("ebreak", 0, 0, 0));
        guest.kernel.onTrap = (hart, cause, value) -> {
            if (cause != TrapCause.SYSTEM_CALL) {
                return KernelStep.IDLE;
            }
            callCycle = hart.cycle;
            hart.pc += 4;
            hart.charge(5000);
            return answer;
        };
        guest.kernel.onBegin = (hart, line, nowCycle) -> hart.charge(200);
        guest.machine.traceTo(trace);
    }

    private void run(KernelStep step) {
        answer = step;
        guest.start(0, CODE);
        guest.machine.run(4000, Long.MAX_VALUE);
    }

    private void finish() {
        guest.machine.run();
        guest.machine.traceTo(TraceSink.NONE);
    }

    @Test
    void aStayInTheKernelLastsFromTheTrapToTheReturn() {
        int[] left = {2};
        guest.kernel.onContinue = hart -> {
            hart.charge(100);
            return --left[0] > 0 ? KernelStep.CONTINUE : KernelStep.RESUME;
        };
        run(KernelStep.CONTINUE);
        finish();
        long end = callCycle + 5200;
        assertThat(trace.work(0))
                .startsWith(new Span(0, TraceCategory.TRAP, "system call", callCycle, end))
                .extracting(Span::name)
                .containsExactly("system call", "breakpoint", "idle");
        assertThat(trace.work(0).get(1).startCycle()).isGreaterThan(end);
    }

    @Test
    void oneInstructionOfTheGuestIsOutsideTheKernel() {
        run(KernelStep.RESUME_ONCE);
        finish();
        List<Span> work = trace.work(0);
        assertThat(work).extracting(Span::name).startsWith("system call", "continued");
        assertThat(work.get(0).endCycle()).isEqualTo(callCycle + 5000);
        assertThat(work.get(1).startCycle()).isGreaterThan(callCycle + 5000);
    }

    @Test
    void aWaitIsPartOfAStayAndAServicePartOfTheWait() {
        run(KernelStep.WAIT);
        guest.machine.raise(0, InterruptLine.SOFTWARE, 9000);
        guest.machine.run();
        guest.machine.hartControl().wake(0, 12_000);
        finish();
        assertThat(trace.work(0))
                .startsWith(
                        new Span(0, TraceCategory.IPI, "software interrupt service", 9000, 9200),
                        new Span(0, TraceCategory.WAIT, "waiting", callCycle + 5000, 12_000),
                        new Span(0, TraceCategory.TRAP, "system call", callCycle, 12_000));
    }

    @Test
    void idlenessIsNoStayAndEndsWithTheWakeUp() {
        run(KernelStep.IDLE);
        guest.machine.raise(0, InterruptLine.TIMER, 9000);
        guest.machine.run();
        guest.machine.hartControl().wake(0, 12_000);
        finish();
        assertThat(trace.work(0).subList(0, 4))
                .containsExactly(
                        new Span(0, TraceCategory.TRAP, "system call", callCycle, callCycle + 5000),
                        new Span(0, TraceCategory.TRAP, "timer interrupt service", 9000, 9200),
                        new Span(0, TraceCategory.SCHEDULE, "idle", callCycle + 5000, 12_000),
                        new Span(0, TraceCategory.TRAP, "continued", 12_000, 12_000));
    }

    @Test
    void theEndOfTheTraceEndsWhatIsUnderWay() {
        run(KernelStep.WAIT);
        guest.machine.run();
        guest.machine.traceTo(TraceSink.NONE);
        assertThat(trace.work(0)).extracting(Span::name).containsExactly("waiting", "system call");
        assertThat(trace.work(1))
                .containsExactly(new Span(1, TraceCategory.SCHEDULE, "idle", 0, guest.machine.longestCycle()));
        int told = trace.spans.size();
        guest.machine.hartControl().wake(0, 20_000);
        guest.machine.run();
        assertThat(trace.spans).hasSize(told);
    }

    @Test
    void everyWalkIsTold() {
        guest.map(GuestMachine.DATA, GuestMachine.RW);
        guest.hart(0).x[6] = GuestMachine.DATA + 4092;
        guest.map(GuestMachine.DATA + 4096, GuestMachine.RW);
        guest.code(CODE, new Code().i("ld", 5, 6, 0).store("sd", 5, 6, 8).ecall());
        run(KernelStep.IDLE);
        List<Span> walks = trace.of(0, TraceCategory.WALK);
        assertThat(walks).extracting(Span::name).containsExactly("fetch walk", "load walk", "load walk");
        assertThat(guest.hart(0).mmu().counters().walks()).isEqualTo(3);
        // The second half of the load is translated when the first one's cycles have passed, its L2 TLB lookups
        // included.
        long lookup = TimingProfiles.find("u74").translation().l2().latencyCycles();
        long misaligned = TimingProfiles.find("u74").instructions().misalignedCycles();
        assertThat(walks.get(0).startCycle()).isEqualTo(lookup);
        assertThat(walks.get(1).startCycle()).isEqualTo(walks.get(0).endCycle() + misaligned + lookup);
        assertThat(walks.get(2).startCycle()).isEqualTo(walks.get(1).endCycle() + lookup);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void spansNestAndTellOfEveryTrapAndService(long seed) {
        GuestMachine random = RandomGuest.create(TimingProfiles.find("u74"), 6, seed, 10);
        long[] idleAtStart = random.machine.harts().stream()
                .mapToLong(hart -> hart.idleCycles(0))
                .toArray();
        random.machine.traceTo(trace);
        random.machine.run();
        random.machine.traceTo(TraceSink.NONE);
        assertThat(trace.spans.stream().filter(span -> span.name().endsWith(" service")))
                .hasSameSizeAs(random.kernel.calls(Kind.BEGIN_SERVICE));
        long traps = trace.spans.stream()
                .filter(span -> span.category() == TraceCategory.TRAP
                        && !span.name().endsWith(" service")
                        && !span.name().equals("continued"))
                .count();
        assertThat(traps).isEqualTo(random.kernel.calls(Kind.TRAP).size());
        for (Hart hart : random.machine.harts()) {
            trace.assertNested(hart.id());
            assertThat(idleAtStart[hart.id()] + trace.idleCycles(hart.id()))
                    .isEqualTo(hart.idleCycles(random.machine.longestCycle()));
            assertThat(trace.of(hart.id(), TraceCategory.WALK))
                    .hasSize((int) hart.mmu().counters().walks());
        }
    }

    @Test
    void aTraceChangesNothing() {
        GuestMachine untold = RandomGuest.create(TimingProfiles.find("u74"), 4, 7, 10);
        GuestMachine told = RandomGuest.create(TimingProfiles.find("u74"), 4, 7, 10);
        told.machine.traceTo(trace);
        untold.machine.run();
        told.machine.run();
        new MachineState(told.machine).assertSame(new MachineState(untold.machine), "traced");
        assertThat(trace.spans).isNotEmpty();
    }

    @Test
    void aTraceGoesOnFromARestoredState() {
        GuestMachine random = RandomGuest.create(TimingProfiles.find("u74"), 4, 7, 10);
        random.machine.run(20_000, Long.MAX_VALUE);
        MachineSnapshot snapshot = random.machine.snapshot();
        random.machine.run();
        random.machine.traceTo(trace);
        random.machine.restore(snapshot);
        random.machine.run();
        random.machine.traceTo(TraceSink.NONE);
        for (Hart hart : random.machine.harts()) {
            trace.assertNested(hart.id());
        }
        assertThat(trace.spans).extracting(Span::startCycle).allMatch(start -> start > 20_000 - 1500);
    }
}
