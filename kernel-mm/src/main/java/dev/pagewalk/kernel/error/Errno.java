package dev.pagewalk.kernel.error;

/** Linux's error numbers, as far as system calls here return them: include/uapi/asm-generic/errno-base.h, errno.h. */
public enum Errno {
    EPERM(1),
    ENOENT(2),
    EIO(5),
    E2BIG(7),
    EBADF(9),
    ENOMEM(12),
    EACCES(13),
    EFAULT(14),
    EEXIST(17),
    ENODEV(19),
    EINVAL(22),
    ENOSYS(38);

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
