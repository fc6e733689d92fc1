package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.signal.AlternateStack;
import dev.pagewalk.kernel.signal.SignalState;
import java.nio.ByteBuffer;

/** sigaltstack(new, old). Source: Linux, kernel/signal.c, {@code do_sigaltstack}. */
final class SignalStackCall extends SystemCall {
    private static final int STACK_BYTES = 24;
    private static final int SMALLEST_BYTES = 2048;
    private static final int SP = 2;

    SignalStackCall() {
        super(132, "sigaltstack", ParameterKind.ALTERNATE_STACK, ParameterKind.OLD_ALTERNATE_STACK);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        long newAddress = call.argument(0);
        long oldAddress = call.argument(1);
        SignalState state = call.task().signals();
        AlternateStack old = state.alternateStack();
        if (newAddress != 0) {
            set(call, state, UserWords.read(call, newAddress, STACK_BYTES));
        }
        if (oldAddress != 0) {
            ByteBuffer words = UserWords.allocate(STACK_BYTES);
            words.putLong(0, old.start());
            words.putInt(8, old.flags(call.hart().x[SP]));
            words.putLong(16, old.lengthBytes());
            call.userMemory().copyAllToUser(call.space(), oldAddress, words.array());
        }
        return 0;
    }

    private static void set(CallContext call, SignalState state, ByteBuffer words) throws KernelException {
        if (state.alternateStack().contains(call.hart().x[SP])) {
            throw KernelError.NOT_PERMITTED.exception();
        }
        int flags = words.getInt(8);
        if (flags == AlternateStack.DISABLE) {
            state.setAlternateStack(AlternateStack.NONE);
            return;
        }
        if (flags != 0 && flags != AlternateStack.ON_STACK) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        long lengthBytes = words.getLong(16);
        if (Long.compareUnsigned(lengthBytes, SMALLEST_BYTES) < 0) {
            throw KernelError.OUT_OF_MEMORY.exception();
        }
        state.setAlternateStack(new AlternateStack(words.getLong(0), lengthBytes));
    }
}
