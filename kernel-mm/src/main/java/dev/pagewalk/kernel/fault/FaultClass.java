package dev.pagewalk.kernel.fault;

import dev.pagewalk.kernel.error.Signal;

/** The faults that end a process (S35), with the marker that the kernel prints and the signal that kills. */
public enum FaultClass {
    STACK_OVERFLOW("stack overflow at", Signal.SIGSEGV),
    /** Nothing is mapped there, and it lies where the image's code was. */
    TEXT("text fault at", Signal.SIGSEGV),
    INVALID_ADDRESS("invalid uva at", Signal.SIGSEGV),
    PERMISSION("perm fault at", Signal.SIGSEGV),
    EXEC("exec fault at", Signal.SIGSEGV),
    BUS("bus error at", Signal.SIGBUS),
    ILLEGAL_INSTRUCTION("illegal instruction at", Signal.SIGILL),
    BREAKPOINT("breakpoint at", Signal.SIGTRAP),
    OUT_OF_MEMORY("OOM at", Signal.SIGKILL);

    private final String marker;
    private final Signal signal;

    FaultClass(String marker, Signal signal) {
        this.marker = marker;
        this.signal = signal;
    }

    public Signal signal() {
        return signal;
    }

    /** The console line's text for a fault at an address. */
    public String describe(long address) {
        return String.format("%s 0x%016x", marker, address);
    }
}
