package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.signal.SignalAction;
import dev.pagewalk.kernel.signal.SignalActions;
import dev.pagewalk.kernel.signal.SignalSet;
import java.nio.ByteBuffer;

/** rt_sigaction(signal, new, old, size of a set). Source: Linux, kernel/signal.c, {@code do_sigaction}. */
final class SignalActionCall extends SystemCall {
    /** riscv64 has no restorer: handler, flags, mask. */
    private static final int ACTION_BYTES = 24;

    SignalActionCall() {
        super(
                134,
                "rt_sigaction",
                ParameterKind.SIGNAL,
                ParameterKind.SIGNAL_ACTION,
                ParameterKind.OLD_SIGNAL_ACTION,
                ParameterKind.SIZE);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int signal = (int) call.argument(0);
        long newAddress = call.argument(1);
        long oldAddress = call.argument(2);
        UserWords.requireSetSize(call.argument(3));
        SignalAction wanted = newAddress == 0 ? null : read(call, newAddress);
        if (signal < 1
                || signal > Signal.HIGHEST
                || wanted != null && SignalSet.contains(SignalSet.UNSTOPPABLE, signal)) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        SignalActions actions = call.process().signalActions();
        SignalAction old = actions.of(signal);
        if (wanted != null) {
            actions.set(signal, wanted);
            if (actions.ignores(signal)) {
                call.process().discardSignals(SignalSet.of(signal));
            }
        }
        if (oldAddress != 0) {
            ByteBuffer words = UserWords.allocate(ACTION_BYTES);
            words.putLong(old.handler()).putLong(old.flags()).putLong(old.mask());
            call.userMemory().copyAllToUser(call.space(), oldAddress, words.array());
        }
        return 0;
    }

    private static SignalAction read(CallContext call, long address) throws KernelException {
        ByteBuffer words = UserWords.read(call, address, ACTION_BYTES);
        return new SignalAction(
                words.getLong(), words.getLong() & SignalAction.KNOWN_FLAGS, words.getLong() & ~SignalSet.UNSTOPPABLE);
    }
}
