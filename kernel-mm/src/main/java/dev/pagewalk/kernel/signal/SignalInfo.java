package dev.pagewalk.kernel.signal;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;

/**
 * What a handler learns about its signal: the fields of Linux's siginfo_t that are used here.
 *
 * @param signal 1 to 64
 * @param code si_code
 * @param address si_addr, for faults
 * @param pid si_pid, for kill(2), tgkill(2) and for children
 * @param status si_status, for children
 */
public record SignalInfo(int signal, int code, long address, int pid, int status) {
    /** si_code of kill(2): SI_USER. */
    public static final int FROM_USER = 0;

    /** si_code of tgkill(2): SI_TKILL. */
    public static final int FROM_USER_TO_TASK = -6;

    /** si_code of signals that the kernel sends of its own accord: SI_KERNEL. */
    public static final int FROM_KERNEL = 0x80;

    /** CLD_EXITED. */
    public static final int CHILD_EXITED = 1;

    /** CLD_KILLED. */
    public static final int CHILD_KILLED = 2;

    /** CLD_STOPPED. */
    public static final int CHILD_STOPPED = 5;

    /** CLD_CONTINUED. */
    public static final int CHILD_CONTINUED = 6;

    /** A signal that one process sends another. */
    public static SignalInfo sent(int signal, int senderPid) {
        return new SignalInfo(signal, FROM_USER, 0, senderPid, 0);
    }

    /** A signal that one process sends to one task. */
    public static SignalInfo sentToTask(int signal, int senderPid) {
        return new SignalInfo(signal, FROM_USER_TO_TASK, 0, senderPid, 0);
    }

    /** A signal that a fault of the process's own raises. */
    public static SignalInfo fault(int signal, int code, long address) {
        return new SignalInfo(signal, code, address, 0, 0);
    }

    /** Writes what {@link #restore} reads. */
    public void save(ByteArrayDataOutput out) {
        out.writeByte(signal);
        out.writeInt(code);
        out.writeLong(address);
        out.writeInt(pid);
        out.writeInt(status);
    }

    /** What {@link #save} has written. */
    public static SignalInfo restore(ByteArrayDataInput in) {
        return new SignalInfo(in.readByte(), in.readInt(), in.readLong(), in.readInt(), in.readInt());
    }
}
