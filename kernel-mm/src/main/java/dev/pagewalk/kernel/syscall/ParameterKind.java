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
    /** The address of a path. */
    PATH,
    /** The descriptor of the directory where a path begins. */
    DIRECTORY,
    /** How a file is opened. */
    OPEN_FLAGS,
    /** The permissions of a file that is made; without meaning unless the argument before, OPEN_FLAGS, says that one is. */
    CREATION_MODE,
    /** O_CLOEXEC and the like, for new descriptors. */
    DESCRIPTOR_FLAGS,
    /** AT bits. */
    AT_FLAGS,
    /** How lseek counts. */
    WHENCE,
    /** What fcntl is to do. */
    FCNTL_COMMAND,
    /** What the argument before, FCNTL_COMMAND, makes of it. */
    FCNTL_ARGUMENT,
    /** What ioctl is to do. */
    IOCTL_REQUEST,
    /** An offset in a file, in bytes. */
    OFFSET,
    /** The address of a program's arguments: a null-terminated array of strings. */
    ARGUMENTS,
    /** The address of a program's environment: an array like it, of which only the length is shown. */
    ENVIRONMENT,
    /** Which children are waited for. */
    WAIT_PID,
    /** Where wait4 writes a status word. */
    WAIT_STATUS,
    /** W bits of wait4. */
    WAIT_OPTIONS,
    /** How rt_sigprocmask changes the mask. */
    MASK_CHANGE,
    /** The address of a set of signals. */
    SIGNAL_SET,
    /** Where a call writes a set of signals. */
    OLD_SIGNAL_SET,
    /** The address of a struct sigaction. */
    SIGNAL_ACTION,
    /** Where rt_sigaction writes a struct sigaction. */
    OLD_SIGNAL_ACTION,
    /** The address of a stack_t. */
    ALTERNATE_STACK,
    /** Where sigaltstack writes a stack_t. */
    OLD_ALTERNATE_STACK,
    /** Where a call writes two descriptors. */
    DESCRIPTOR_PAIR,
    /** Which clock. */
    CLOCK,
    /** Where a call writes a struct timespec. */
    TIME_OUT,
    /** The address of a struct timespec. */
    TIME_IN,
    /** Where a call writes a struct timeval. */
    TIMEVAL_OUT,
    /** Where a call writes a word of four bytes. */
    INT_OUT,
    /** TIMER bits of clock_nanosleep. */
    SLEEP_FLAGS,
    /** What futex is to do. */
    FUTEX_OPERATION,
    /** What FUTEX_OPERATION compares the word with, or how many tasks it wakes. */
    FUTEX_VALUE,
    /** How long FUTEX_OPERATION waits, or how many tasks it lets wait for another word. */
    FUTEX_TIME_OUT,
    /** The address of that other word. */
    FUTEX_SECOND_ADDRESS,
    /** The bits, or the value to compare with, of some FUTEX_OPERATIONs. */
    FUTEX_THIRD_VALUE,
    /** The address of a set of harts; the argument before is its size. */
    HART_MASK,
    /** Where a call writes a set of harts. */
    OLD_HART_MASK,
    /** GRND bits. */
    RANDOM_FLAGS,
    /** What membarrier is to do. */
    BARRIER_COMMAND,
    /** MLOCK bits of mlock2. */
    LOCK_FLAGS,
    /** MCL bits. */
    LOCK_ALL_FLAGS,
    /** clone's flags, with the exit signal. */
    CLONE_FLAGS,
    /** A signal's number. */
    SIGNAL,
    /** PROT bits. */
    PROTECTION,
    /** MAP bits. */
    MAP_FLAGS,
    /** MREMAP bits. */
    REMAP_FLAGS,
    /** One of the MADV numbers. */
    ADVICE,
    /** MS bits. */
    SYNC_FLAGS;

    /** Whether it is an address where a call that succeeds writes what a trace shows. */
    boolean isOutput() {
        return switch (this) {
            case WAIT_STATUS,
                    OLD_SIGNAL_SET,
                    OLD_SIGNAL_ACTION,
                    OLD_ALTERNATE_STACK,
                    DESCRIPTOR_PAIR,
                    TIME_OUT,
                    TIMEVAL_OUT,
                    INT_OUT,
                    OLD_HART_MASK -> true;
            default -> false;
        };
    }
}
