package dev.pagewalk.kernel.syscall;

/** How a system call's argument is written in a trace. */
public enum ParameterKind {
    /** A signed number. */
    NUMBER,
    /** An unsigned number of bytes. */
    SIZE,
    /** A user address. */
    ADDRESS,
    /** The address of bytes that the call reads; the next argument is their number. */
    BYTES_IN,
    /** The address of bytes that the call writes; the result is their number. */
    BYTES_OUT,
    /** PROT bits. */
    PROTECTION,
    /** MAP bits. */
    MAP_FLAGS
}
