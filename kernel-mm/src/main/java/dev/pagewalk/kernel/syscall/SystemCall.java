package dev.pagewalk.kernel.syscall;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.SpaceLock;
import java.util.List;

/** One system call of the Linux/riscv64 ABI. Numbers: Linux, include/uapi/asm-generic/unistd.h. */
public abstract class SystemCall {
    private final int number;
    private final String name;
    private final List<ParameterKind> parameters;

    protected SystemCall(int number, String name, ParameterKind... parameters) {
        this.number = number;
        this.name = name;
        this.parameters = List.of(parameters);
    }

    public final int number() {
        return number;
    }

    public final String name() {
        return name;
    }

    /** The arguments that the call has, in their order. */
    public final List<ParameterKind> parameters() {
        return parameters;
    }

    /** Whether a result that is no error is an address, which a trace writes in hexadecimal. */
    protected boolean returnsAddress() {
        return false;
    }

    /** How the call needs the lock of its caller's address space; null where it touches no memory of the user's. */
    protected SpaceLock.Mode locking() {
        return SpaceLock.Mode.SHARED;
    }

    /**
     * As {@link #locking()}, where that depends on the arguments.
     *
     * @param hart whose registers are the caller's
     */
    protected SpaceLock.Mode locking(Hart hart) {
        return locking();
    }

    /**
     * Whether the call, which waits, is made again after a handler has interrupted it, where the guest wants that
     * (SA_RESTART). Source: signal(7).
     */
    protected boolean isRestartable(CallContext call) {
        return true;
    }

    /**
     * The call, which waits, is about to fail with EINTR.
     *
     * @throws KernelException whose errno the guest gets instead
     */
    protected void interrupt(CallContext call) throws KernelException {
        // Most calls that wait have nothing to tell then.
    }

    /**
     * Executes the call.
     *
     * @return what the guest gets in a0
     * @throws KernelException whose errno the guest gets, negated
     */
    protected abstract long execute(CallContext call) throws KernelException;
}
