package dev.pagewalk.kernel.process;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.space.ForkProgress;

/**
 * What remains to be done for a task after a kernel step, as data: so a machine can be saved between any two steps. Long
 * work is cut into steps, between which interrupts are taken and the host can stop the machine.
 */
public sealed interface KernelWork {
    /**
     * Executes the system call under way once more.
     *
     * @param hasWaited whether what it has waited for may have come; else it has failed, having changed nothing, and begins again
     */
    record Retry(boolean hasWaited) implements KernelWork {}

    /** Faults in the rest of a MAP_POPULATE mapping, {@code [next, end)}, and goes back to the guest. */
    record Populate(long next, long end) implements KernelWork {}

    /** Copies the rest of the task's address space for its child. */
    record Fork(int childPid, CloneRequest request, ForkProgress progress) implements KernelWork {}

    /** Waits until a child has its memory for itself, or none: the child decides the call's result. */
    record AwaitChild(int childPid) implements KernelWork {}

    /** Goes on in a program that is loaded already, once the siblings have ended. */
    record EnterProgram(ProgramLoader.Start start) implements KernelWork {}

    /** Takes the rest of the memory down that the process had before execve. */
    record Discard() implements KernelWork {}

    /** Takes the rest of the ended process's memory down. */
    record TearDown() implements KernelWork {}

    /**
     * Whether a task whose remaining work it is can end without it: it has begun nothing.
     *
     * @param work null where nothing remains
     */
    static boolean isInterruptible(KernelWork work) {
        return work == null || work instanceof Retry || work instanceof AwaitChild;
    }

    /** @param work null where nothing remains */
    static void save(KernelWork work, ByteArrayDataOutput out) {
        if (work instanceof Retry retry) {
            out.writeByte(1);
            out.writeBoolean(retry.hasWaited);
        } else if (work instanceof Populate populate) {
            out.writeByte(2);
            out.writeLong(populate.next);
            out.writeLong(populate.end);
        } else if (work instanceof Fork fork) {
            out.writeByte(3);
            out.writeInt(fork.childPid);
            fork.request.save(out);
            fork.progress.save(out);
        } else if (work instanceof Discard) {
            out.writeByte(4);
        } else if (work instanceof AwaitChild await) {
            out.writeByte(6);
            out.writeInt(await.childPid);
        } else if (work instanceof EnterProgram enter) {
            out.writeByte(7);
            out.writeLong(enter.start.pc());
            out.writeLong(enter.start.stackPointer());
        } else {
            out.writeByte(work == null ? 0 : 5);
        }
    }

    static KernelWork restore(ByteArrayDataInput in) {
        return switch (in.readByte()) {
            case 1 -> new Retry(in.readBoolean());
            case 2 -> new Populate(in.readLong(), in.readLong());
            case 3 -> new Fork(in.readInt(), CloneRequest.restore(in), ForkProgress.restore(in));
            case 4 -> new Discard();
            case 5 -> new TearDown();
            case 6 -> new AwaitChild(in.readInt());
            case 7 -> new EnterProgram(new ProgramLoader.Start(in.readLong(), in.readLong()));
            default -> null;
        };
    }
}
