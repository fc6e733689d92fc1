package dev.pagewalk.kernel.signal;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.signal.SignalFrame.Interrupted;
import dev.pagewalk.kernel.space.AddressSpace;

/**
 * Sends a hart into a guest's signal handler, and back. Source: Linux, arch/riscv/kernel/signal.c, {@code setup_rt_frame}
 * and {@code rt_sigreturn}.
 */
public final class SignalHandlers {
    private static final int RA = 1;
    private static final int SP = 2;
    private static final int A0 = 10;
    private static final int STACK_ALIGNMENT = -16;

    /**
     * Instructions have even addresses: the hardware ignores the lowest bit. What else is wrong with one, the fetch finds
     * out.
     */
    private static final int INSTRUCTION_ALIGNMENT = -2;

    private final SignalFrame frames;

    public SignalHandlers(UserMemory userMemory) {
        this.frames = new SignalFrame(userMemory);
    }

    /**
     * Makes the hart run the handler next.
     *
     * @param action whose handler it is
     * @param returnAddress where rt_sigreturn is called from
     * @throws KernelException INVALID_ADDRESS where the stack does not take the frame: nothing has changed then
     */
    public void enter(
            Hart hart,
            AddressSpace space,
            SignalState state,
            SignalActions actions,
            SignalInfo info,
            SignalAction action,
            long returnAddress)
            throws KernelException {
        AlternateStack alternate = state.alternateStack();
        long stackPointer = hart.x[SP];
        boolean switches =
                action.has(SignalAction.ON_STACK) && alternate.isEnabled() && !alternate.contains(stackPointer);
        long top = switches ? alternate.top() : stackPointer;
        long at = top - SignalFrame.LENGTH_BYTES & STACK_ALIGNMENT;
        long mask = state.isSuspended() ? state.maskBeforeSuspend() : state.blocked();
        frames.write(space, at, info, new Interrupted(hart.pc, hart.x, mask, alternate));

        state.endSuspension();
        state.block(state.blocked()
                | action.mask()
                | (action.has(SignalAction.NO_DEFER) ? SignalSet.NONE : SignalSet.of(info.signal())));
        if (action.has(SignalAction.RESET_HANDLER)) {
            actions.set(info.signal(), action.withoutHandler());
        }
        hart.x[RA] = returnAddress;
        hart.x[SP] = at;
        hart.x[A0] = info.signal();
        hart.x[A0 + 1] = at;
        hart.x[A0 + 2] = at + SignalFrame.contextOffset();
        hart.pc = action.handler() & INSTRUCTION_ALIGNMENT;
    }

    /**
     * rt_sigreturn: back to what the handler has interrupted, as its frame says now.
     *
     * @throws KernelException INVALID_ADDRESS where the stack pointer leads to no frame
     */
    public void leave(Hart hart, AddressSpace space, SignalState state) throws KernelException {
        long[] x = new long[32];
        Interrupted interrupted = frames.read(space, hart.x[SP], x);
        System.arraycopy(x, 1, hart.x, 1, 31);
        hart.pc = interrupted.pc() & INSTRUCTION_ALIGNMENT;
        state.block(interrupted.mask());
        state.setAlternateStack(interrupted.alternateStack());
    }
}
