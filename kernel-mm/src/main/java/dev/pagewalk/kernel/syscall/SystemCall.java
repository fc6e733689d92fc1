package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
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

    /**
     * Executes the call.
     *
     * @return what the guest gets in a0
     * @throws KernelException whose errno the guest gets, negated
     */
    protected abstract long execute(CallContext call) throws KernelException;
}
