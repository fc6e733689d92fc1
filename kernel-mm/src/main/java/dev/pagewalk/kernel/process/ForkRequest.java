package dev.pagewalk.kernel.process;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;

/**
 * How clone(2) wants a new process.
 *
 * @param stackPointer the child's, or 0 for the parent's
 * @param parentTidAddress where the parent's memory gets the child's pid, or 0
 * @param childTidAddress where the child's memory gets it, or 0
 */
public record ForkRequest(long stackPointer, long parentTidAddress, long childTidAddress) {
    void save(ByteArrayDataOutput out) {
        out.writeLong(stackPointer);
        out.writeLong(parentTidAddress);
        out.writeLong(childTidAddress);
    }

    static ForkRequest restore(ByteArrayDataInput in) {
        return new ForkRequest(in.readLong(), in.readLong(), in.readLong());
    }
}
