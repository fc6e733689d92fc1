package dev.pagewalk.kernel;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;

/**
 * What remains to be done after a kernel step, as data: so a machine can be saved between any two steps. Long work is cut
 * into steps, between which interrupts are taken and the host can stop the machine.
 */
sealed interface KernelWork {
    /** Faults in the rest of a MAP_POPULATE mapping, {@code [next, end)}, and goes back to the guest. */
    record Populate(long next, long end) implements KernelWork {}

    /** Takes the rest of the ended process's memory down. */
    record TearDown() implements KernelWork {}

    /** Ends the machine. */
    record PowerOff() implements KernelWork {}

    /** @param work null where nothing remains */
    static void save(KernelWork work, ByteArrayDataOutput out) {
        if (work instanceof Populate populate) {
            out.writeByte(1);
            out.writeLong(populate.next);
            out.writeLong(populate.end);
        } else {
            out.writeByte(work == null ? 0 : work instanceof TearDown ? 2 : 3);
        }
    }

    static KernelWork restore(ByteArrayDataInput in) {
        return switch (in.readByte()) {
            case 1 -> new Populate(in.readLong(), in.readLong());
            case 2 -> new TearDown();
            case 3 -> new PowerOff();
            default -> null;
        };
    }
}
