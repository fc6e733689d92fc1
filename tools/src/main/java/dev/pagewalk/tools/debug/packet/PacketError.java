package dev.pagewalk.tools.debug.packet;

/** What an error reply says; clients show the number, which is Linux's. */
enum PacketError {
    /** EPERM. */
    NOT_POSSIBLE(1),
    /** ESRCH. */
    NO_SUCH_THREAD(3),
    /** EIO. */
    INTERNAL(5),
    /** ENXIO. */
    NO_SUCH_OBJECT(6),
    /** EFAULT. */
    BAD_ADDRESS(14),
    /** EBUSY. */
    GUEST_RUNS(16),
    /** EINVAL. */
    MALFORMED(22);

    private final int number;

    PacketError(int number) {
        this.number = number;
    }

    int number() {
        return number;
    }
}
