package dev.pagewalk.emulator.testing;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.emulator.trap.TrapHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** A kernel that writes down what it is told and answers as the test says; left alone, it parks whatever traps. */
public final class ScriptedKernel implements TrapHandler {
    public enum Kind {
        TRAP,
        CONTINUE,
        BEGIN_SERVICE,
        END_SERVICE
    }

    /**
     * One call of the machine.
     *
     * @param cycle the hart's clock, or the service's cycle
     * @param cause of a trap, else null
     * @param line of a service, else null
     */
    public record Call(Kind kind, long cycle, int hartId, TrapCause cause, long value, InterruptLine line, long pc) {
        /** The same in every run, unlike an enum's hash. */
        long digest() {
            return ((cycle * 31 + kind.ordinal()) * 31 + hartId) * 31
                    + (cause == null ? -1 : cause.ordinal())
                    + value * 1_000_003
                    + pc * 7919
                    + (line == null ? 0 : line.code());
        }
    }

    public interface Step {
        KernelStep step(Hart hart, TrapCause cause, long value);
    }

    public interface Work {
        KernelStep step(Hart hart);
    }

    public interface Service {
        void service(Hart hart, InterruptLine line, long nowCycle);
    }

    public final List<Call> calls = new ArrayList<>();
    public Step onTrap = (hart, cause, value) -> KernelStep.IDLE;
    public Work onContinue = hart -> KernelStep.RESUME;
    public Service onBegin = (hart, line, nowCycle) -> {};
    public Service onEnd = (hart, line, nowCycle) -> {};

    /** The script's own state: saved and restored. */
    public final long[] notes = new long[64];

    private final List<Hart> harts;

    /** How many calls there were, of this and, after a restore, of the saved kernel; scripts may take it for a clock. */
    public long callCount;

    private long digest;

    public ScriptedKernel(List<Hart> harts) {
        this.harts = harts;
    }

    @Override
    public KernelStep trap(int hartId, TrapCause cause, long value) {
        Hart hart = harts.get(hartId);
        record(new Call(Kind.TRAP, hart.cycle, hartId, cause, value, null, hart.pc));
        return onTrap.step(hart, cause, value);
    }

    @Override
    public KernelStep continueWork(int hartId) {
        Hart hart = harts.get(hartId);
        record(new Call(Kind.CONTINUE, hart.cycle, hartId, null, 0, null, hart.pc));
        return onContinue.step(hart);
    }

    @Override
    public void beginInterruptService(int hartId, InterruptLine line, long nowCycle) {
        Hart hart = harts.get(hartId);
        record(new Call(Kind.BEGIN_SERVICE, nowCycle, hartId, null, 0, line, hart.pc));
        onBegin.service(hart, line, nowCycle);
    }

    @Override
    public void endInterruptService(int hartId, InterruptLine line, long nowCycle) {
        Hart hart = harts.get(hartId);
        record(new Call(Kind.END_SERVICE, nowCycle, hartId, null, 0, line, hart.pc));
        onEnd.service(hart, line, nowCycle);
    }

    private void record(Call call) {
        calls.add(call);
        callCount++;
        digest = digest * 6364136223846793005L + Objects.requireNonNull(call).digest();
    }

    /** The calls of one kind. */
    public List<Call> calls(Kind kind) {
        return calls.stream().filter(call -> call.kind() == kind).toList();
    }

    /** The only trap so far. */
    public Call onlyTrap() {
        List<Call> traps = calls(Kind.TRAP);
        if (traps.size() != 1) {
            throw new AssertionError("expected one trap, but got " + traps);
        }
        return traps.get(0);
    }

    @Override
    public List<String> describeBlocked() {
        return List.of();
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(callCount);
        out.writeLong(digest);
        for (long note : notes) {
            out.writeLong(note);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        callCount = in.readLong();
        digest = in.readLong();
        for (int n = 0; n < notes.length; n++) {
            notes[n] = in.readLong();
        }
        calls.clear();
    }
}
