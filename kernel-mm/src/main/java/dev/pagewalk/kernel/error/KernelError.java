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
    OUT_OF_MEMORY(Errno.ENOMEM, Signal.SIGKILL),
    /** A limit other than memory: regions, address space. */
    RESOURCE_EXHAUSTED(Errno.ENOMEM, Signal.SIGKILL),
    /** A page of a mapped file that holds no byte of it. */
    PAST_END_OF_FILE(Errno.EFAULT, Signal.SIGBUS),
    ARGUMENTS_TOO_LONG(Errno.E2BIG, Signal.SIGKILL),
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
