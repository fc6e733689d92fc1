package dev.pagewalk.kernel.signal;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.space.AddressSpace;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What stands on the user's stack while a handler runs: siginfo and ucontext, laid out as Linux does on riscv64, so that
 * handlers compiled for it find and change the interrupted registers.
 *
 * <p>Source: Linux, arch/riscv/kernel/signal.c, {@code struct rt_sigframe}; include/uapi/asm-generic/siginfo.h;
 * arch/riscv/include/uapi/asm/ucontext.h and sigcontext.h. There is no floating point: its state is zeros.
 */
final class SignalFrame {
    private static final int INFO_BYTES = 128;
    private static final int CONTEXT = INFO_BYTES;
    private static final int STACK = CONTEXT + 16;
    private static final int MASK = CONTEXT + 40;
    /** pc, then x1 to x31. */
    private static final int REGISTERS = CONTEXT + 176;

    private static final int REGISTER_BYTES = 32 * 8;
    private static final int FLOATING_POINT_BYTES = 528;
    static final int LENGTH_BYTES = REGISTERS + REGISTER_BYTES + FLOATING_POINT_BYTES;

    private final UserMemory userMemory;

    SignalFrame(UserMemory userMemory) {
        this.userMemory = userMemory;
    }

    static int contextOffset() {
        return CONTEXT;
    }

    /**
     * Writes a frame.
     *
     * @param at its address, a multiple of 16
     * @throws KernelException INVALID_ADDRESS where there is no stack
     */
    void write(AddressSpace space, long at, SignalInfo info, Interrupted interrupted) throws KernelException {
        ByteBuffer frame = ByteBuffer.allocate(LENGTH_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        putInfo(frame, info);
        AlternateStack stack = interrupted.alternateStack();
        frame.putLong(STACK, stack.start());
        frame.putInt(STACK + 8, stack.flags(interrupted.x()[2]));
        frame.putLong(STACK + 16, stack.lengthBytes());
        frame.putLong(MASK, interrupted.mask());
        frame.putLong(REGISTERS, interrupted.pc());
        for (int i = 1; i < 32; i++) {
            frame.putLong(REGISTERS + 8 * i, interrupted.x()[i]);
        }
        userMemory.copyAllToUser(space, at, frame.array());
    }

    private static void putInfo(ByteBuffer frame, SignalInfo info) {
        frame.putInt(0, info.signal());
        frame.putInt(8, info.code());
        boolean fault = info.code() > 0 && info.code() != SignalInfo.FROM_KERNEL;
        if (info.signal() == Signal.SIGCHLD.number() && fault) {
            frame.putInt(16, info.pid());
            frame.putInt(24, info.status());
        } else if (fault) {
            frame.putLong(16, info.address());
        } else {
            frame.putInt(16, info.pid());
        }
    }

    /**
     * Reads a frame back.
     *
     * @param x receives x1 to x31
     * @throws KernelException INVALID_ADDRESS where it is not readable
     */
    Interrupted read(AddressSpace space, long at, long[] x) throws KernelException {
        byte[] bytes = new byte[LENGTH_BYTES];
        userMemory.copyAllFromUser(space, at, bytes);
        ByteBuffer frame = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 1; i < 32; i++) {
            x[i] = frame.getLong(REGISTERS + 8 * i);
        }
        boolean disabled = (frame.getInt(STACK + 8) & AlternateStack.DISABLE) != 0;
        AlternateStack stack =
                disabled ? AlternateStack.NONE : new AlternateStack(frame.getLong(STACK), frame.getLong(STACK + 16));
        return new Interrupted(frame.getLong(REGISTERS), x, frame.getLong(MASK), stack);
    }

    /**
     * What a handler interrupts.
     *
     * @param x the registers x0 to x31 (or more)
     * @param mask the blocked signals that the handler's return brings back
     */
    record Interrupted(long pc, long[] x, long mask, AlternateStack alternateStack) {}
}
