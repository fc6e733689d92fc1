package dev.pagewalk.kernel.process;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;

/**
 * What clone(2) is asked for. Source: Linux, include/uapi/linux/sched.h.
 *
 * @param flags CLONE_ bits, and in the lowest byte the signal at the end of the child
 * @param stackPointer the child's, or 0 for the caller's
 * @param parentTidAddress where the caller's memory gets the child's tid, with PARENT_SETTID
 * @param threadPointer the child's, with SETTLS
 * @param childTidAddress where the child's memory gets it, with CHILD_SETTID, and loses it, with CHILD_CLEARTID
 */
public record CloneRequest(
        long flags, long stackPointer, long parentTidAddress, long threadPointer, long childTidAddress) {
    /** The signal that the parent gets when the child ends. */
    public static final long EXIT_SIGNAL = 0xFF;

    /** CLONE_VM: both run in one address space. */
    public static final long SHARED_MEMORY = 0x100;

    /** CLONE_FS. */
    public static final long SHARED_DIRECTORY = 0x200;

    /** CLONE_FILES. */
    public static final long SHARED_DESCRIPTORS = 0x400;

    /** CLONE_SIGHAND. */
    public static final long SHARED_HANDLERS = 0x800;

    /** CLONE_VFORK: the caller waits until the child has ended or executes another program. */
    public static final long VFORK = 0x4000;

    /** CLONE_THREAD: a task of the same process. */
    public static final long THREAD = 0x1_0000;

    /** CLONE_SYSVSEM. */
    public static final long SHARED_SEMAPHORES = 0x4_0000;

    /** CLONE_SETTLS. */
    public static final long SET_THREAD_POINTER = 0x8_0000;

    /** CLONE_PARENT_SETTID. */
    public static final long PARENT_SETTID = 0x10_0000;

    /** CLONE_CHILD_CLEARTID. */
    public static final long CHILD_CLEARTID = 0x20_0000;

    /** CLONE_DETACHED, which has meant nothing for long, but is still given. */
    public static final long DETACHED = 0x40_0000;

    /** CLONE_UNTRACED. */
    public static final long UNTRACED = 0x80_0000;

    /** CLONE_CHILD_SETTID. */
    public static final long CHILD_SETTID = 0x100_0000;

    /** CLONE_IO. */
    public static final long SHARED_IO = 0x8000_0000L;

    /** Whether all of the flags are set. */
    public boolean has(long wanted) {
        return (flags & wanted) == wanted;
    }

    void save(ByteArrayDataOutput out) {
        out.writeLong(flags);
        out.writeLong(stackPointer);
        out.writeLong(parentTidAddress);
        out.writeLong(threadPointer);
        out.writeLong(childTidAddress);
    }

    static CloneRequest restore(ByteArrayDataInput in) {
        return new CloneRequest(in.readLong(), in.readLong(), in.readLong(), in.readLong(), in.readLong());
    }
}
