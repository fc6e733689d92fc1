package dev.pagewalk.kernel.error;

/**
 * Every way in which a kernel operation can fail (S46), with the errno that a system call returns for it and the signal
 * that ends a process whose own access ran into it.
 */
public enum KernelError {
    NOT_INITIALIZED(Errno.EINVAL, Signal.SIGSEGV),
    INVALID_STATE(Errno.EINVAL, Signal.SIGSEGV),
    INVALID_ARGUMENT(Errno.EINVAL, Signal.SIGSEGV),
    /** A user address that a system call cannot use. */
    INVALID_ADDRESS(Errno.EFAULT, Signal.SIGSEGV),
    /** A gap where an operation wants mappings. */
    UNMAPPED_MEMORY(Errno.ENOMEM, Signal.SIGSEGV),
    PERMISSION_DENIED(Errno.EACCES, Signal.SIGSEGV),
    /** A range that this process may never map. */
    NOT_PERMITTED(Errno.EPERM, Signal.SIGSEGV),
    ALREADY_EXISTS(Errno.EEXIST, Signal.SIGSEGV),
    NOT_FOUND(Errno.ENOENT, Signal.SIGSEGV),
    BAD_DESCRIPTOR(Errno.EBADF, Signal.SIGSEGV),
    NOT_A_DIRECTORY(Errno.ENOTDIR, Signal.SIGSEGV),
    IS_A_DIRECTORY(Errno.EISDIR, Signal.SIGSEGV),
    NAME_TOO_LONG(Errno.ENAMETOOLONG, Signal.SIGSEGV),
    /** A name that would have to be followed and must not be. */
    TOO_MANY_LINKS(Errno.ELOOP, Signal.SIGSEGV),
    /** Something that the kernel itself needs. */
    BUSY(Errno.EBUSY, Signal.SIGSEGV),
    TOO_MANY_DESCRIPTORS(Errno.EMFILE, Signal.SIGSEGV),
    TOO_MANY_OPEN_FILES(Errno.ENFILE, Signal.SIGSEGV),
    FILE_TOO_LARGE(Errno.EFBIG, Signal.SIGSEGV),
    /** No room for more of a file, or for more files. */
    NO_SPACE(Errno.ENOSPC, Signal.SIGBUS),
    /** An offset for something that has none. */
    NOT_SEEKABLE(Errno.ESPIPE, Signal.SIGSEGV),
    /** A place of a file at which there is nothing. */
    NO_SUCH_OFFSET(Errno.ENXIO, Signal.SIGSEGV),
    /** A write to a pipe that nobody can read any more. */
    BROKEN_PIPE(Errno.EPIPE, Signal.SIGPIPE),
    /** A buffer that is too small for the answer. */
    BUFFER_TOO_SMALL(Errno.ERANGE, Signal.SIGSEGV),
    /** An offset that no file reaches. */
    OFFSET_OVERFLOW(Errno.EOVERFLOW, Signal.SIGSEGV),
    NOT_A_TERMINAL(Errno.ENOTTY, Signal.SIGSEGV),
    /** The call would have to wait, and must not. */
    WOULD_WAIT(Errno.EAGAIN, Signal.SIGSEGV),
    NO_SUCH_DEVICE(Errno.ENODEV, Signal.SIGSEGV),
    /** Harts have yet to forget what was at these addresses: they are told to, and the call is made again. */
    STILL_CACHED(Errno.EAGAIN, Signal.SIGSEGV),
    OUT_OF_MEMORY(Errno.ENOMEM, Signal.SIGKILL),
    /** A limit other than memory: regions, address space. */
    RESOURCE_EXHAUSTED(Errno.ENOMEM, Signal.SIGKILL),
    /** A page of a mapped file that holds no byte of it. */
    PAST_END_OF_FILE(Errno.EFAULT, Signal.SIGBUS),
    ARGUMENTS_TOO_LONG(Errno.E2BIG, Signal.SIGKILL),
    /** A limit on processes: later there may be room. */
    TRY_AGAIN(Errno.EAGAIN, Signal.SIGKILL),
    NO_CHILD(Errno.ECHILD, Signal.SIGSEGV),
    NO_PROCESS(Errno.ESRCH, Signal.SIGSEGV),
    NOT_EXECUTABLE(Errno.ENOEXEC, Signal.SIGSEGV),
    /** What was waited for has not come in time. */
    TIMED_OUT(Errno.ETIMEDOUT, Signal.SIGSEGV),
    /** Something that exists, but not for this. */
    NOT_SUPPORTED(Errno.EOPNOTSUPP, Signal.SIGSEGV),
    INTERRUPTED(Errno.EINTR, Signal.SIGSEGV),
    NOT_IMPLEMENTED(Errno.ENOSYS, Signal.SIGSEGV);

    private final Errno errno;
    private final Signal signal;
    private final KernelException exception = new KernelException(this);

    KernelError(Errno errno, Signal signal) {
        this.errno = errno;
        this.signal = signal;
    }

    public Errno errno() {
        return errno;
    }

    public Signal signal() {
        return signal;
    }

    /** The exception that carries this error; stackless and always the same one, so throwing costs nothing. */
    public KernelException exception() {
        return exception;
    }
}
