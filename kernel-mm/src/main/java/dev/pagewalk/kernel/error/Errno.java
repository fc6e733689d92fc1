package dev.pagewalk.kernel.error;

/** Linux's error numbers, as far as system calls here return them: include/uapi/asm-generic/errno-base.h, errno.h. */
public enum Errno {
    EPERM(1),
    ENOENT(2),
    ESRCH(3),
    EINTR(4),
    EIO(5),
    ENXIO(6),
    E2BIG(7),
    ENOEXEC(8),
    EBADF(9),
    ECHILD(10),
    EAGAIN(11),
    ENOMEM(12),
    EACCES(13),
    EFAULT(14),
    EBUSY(16),
    EEXIST(17),
    ENODEV(19),
    ENOTDIR(20),
    EISDIR(21),
    EINVAL(22),
    ENFILE(23),
    EMFILE(24),
    ENOTTY(25),
    EFBIG(27),
    ENOSPC(28),
    ESPIPE(29),
    EPIPE(32),
    ERANGE(34),
    ENAMETOOLONG(36),
    ENOSYS(38),
    ELOOP(40),
    EOVERFLOW(75),
    EOPNOTSUPP(95),
    ETIMEDOUT(110);

    private final int number;

    Errno(int number) {
        this.number = number;
    }

    /** The positive error number. */
    public int number() {
        return number;
    }

    /** What a system call returns in a0. */
    public long asResult() {
        return -number;
    }

    /** The error that a result in a0 means, or null where it is none that this kernel returns. */
    public static Errno ofResult(long result) {
        for (Errno errno : values()) {
            if (result == -errno.number) {
                return errno;
            }
        }
        return null;
    }
}
