package dev.pagewalk.kernel.fault;

import dev.pagewalk.kernel.error.Signal;

/** The faults that end a process which does not catch their signal (S35), with the marker that the kernel prints. */
public enum FaultClass {
    STACK_OVERFLOW("stack overflow at", Signal.SIGSEGV, FaultClass.SEGV_MAPERR),
    /** Nothing is mapped there, and it lies where the image's code was. */
    TEXT("text fault at", Signal.SIGSEGV, FaultClass.SEGV_MAPERR),
    INVALID_ADDRESS("invalid uva at", Signal.SIGSEGV, FaultClass.SEGV_MAPERR),
    PERMISSION("perm fault at", Signal.SIGSEGV, FaultClass.SEGV_ACCERR),
    EXEC("exec fault at", Signal.SIGSEGV, FaultClass.SEGV_ACCERR),
    /** Nothing is behind the address: past the end of a mapped file, or no memory and no device. */
    BUS("bus error at", Signal.SIGBUS, FaultClass.BUS_ADRERR),
    /** An atomic access to an address that is no multiple of its size. */
    MISALIGNED("bus error at", Signal.SIGBUS, FaultClass.BUS_ADRALN),
    ILLEGAL_INSTRUCTION("illegal instruction at", Signal.SIGILL, FaultClass.ILL_ILLOPC),
    BREAKPOINT("breakpoint at", Signal.SIGTRAP, FaultClass.TRAP_BRKPT),
    OUT_OF_MEMORY("OOM at", Signal.SIGKILL, 0);

    // Linux, include/uapi/asm-generic/siginfo.h.
    private static final int SEGV_MAPERR = 1;
    private static final int SEGV_ACCERR = 2;
    private static final int BUS_ADRALN = 1;
    private static final int BUS_ADRERR = 2;
    private static final int ILL_ILLOPC = 1;
    private static final int TRAP_BRKPT = 1;

    private final String marker;
    private final Signal signal;
    private final int code;

    FaultClass(String marker, Signal signal, int code) {
        this.marker = marker;
        this.signal = signal;
        this.code = code;
    }

    /** What a handler of the signal gets as si_code. */
    public int code() {
        return code;
    }

    public Signal signal() {
        return signal;
    }

    /** The console line's text for a fault at an address. */
    public String describe(long address) {
        return String.format("%s 0x%016x", marker, address);
    }
}
