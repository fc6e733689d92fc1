package dev.pagewalk.kernel.file;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;

/** The bits of openat's flags that mean something here. Source: Linux, include/uapi/asm-generic/fcntl.h. */
public final class OpenFlags {
    public static final int ACCESS_MODE = 3;
    public static final int READ_ONLY = 0;
    public static final int WRITE_ONLY = 1;
    public static final int READ_WRITE = 2;
    public static final int CREATE = 0100;
    public static final int EXCLUSIVE = 0200;
    public static final int NO_TERMINAL = 0400;
    public static final int TRUNCATE = 01000;
    public static final int APPEND = 02000;
    public static final int NON_BLOCKING = 04000;
    public static final int LARGE_FILE = 0100000;
    public static final int DIRECTORY = 0200000;
    public static final int NO_FOLLOW = 0400000;
    public static final int CLOSE_ON_EXEC = 02000000;
    public static final int PATH_ONLY = 010000000;

    /** A file without a name; it comes together with DIRECTORY. */
    public static final int TEMPORARY = 020000000;

    /** What fcntl(F_SETFL) changes. */
    static final int CHANGEABLE = APPEND | NON_BLOCKING;

    /** What concerns only the act of opening, or the descriptor: fcntl(F_GETFL) does not show it. */
    static final int ONLY_AT_OPEN = CREATE | EXCLUSIVE | NO_TERMINAL | TRUNCATE | CLOSE_ON_EXEC;

    private OpenFlags() {}

    /**
     * Refuses flags that do not go together. Source: Linux, fs/open.c, {@code build_open_flags}.
     *
     * @throws KernelException INVALID_ARGUMENT
     */
    public static void requireConsistent(int flags) throws KernelException {
        boolean creates = (flags & CREATE) != 0;
        boolean pathOnly = (flags & PATH_ONLY) != 0;
        if (!pathOnly && ((flags & TEMPORARY) != 0 || creates && (flags & DIRECTORY) != 0)) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
    }
}
