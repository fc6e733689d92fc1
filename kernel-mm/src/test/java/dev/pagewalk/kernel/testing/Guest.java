package dev.pagewalk.kernel.testing;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes a guest's source: system calls with checks of their results. A check that fails ends the guest with {@link
 * #CHECK_FAILED}, the check's number in s11 and the result in s10.
 */
public final class Guest {
    static final int CHECK_FAILED = 99;

    public static final int GETCWD = 17;
    public static final int DUP = 23;
    public static final int DUP3 = 24;
    public static final int FCNTL = 25;
    public static final int IOCTL = 29;
    public static final int UNLINKAT = 35;
    public static final int FTRUNCATE = 46;
    public static final int OPENAT = 56;
    public static final int CLOSE = 57;
    public static final int PIPE2 = 59;
    public static final int LSEEK = 62;
    public static final int READ = 63;
    public static final int WRITE = 64;
    public static final int READV = 65;
    public static final int WRITEV = 66;
    public static final int PREAD64 = 67;
    public static final int PWRITE64 = 68;
    public static final int NEWFSTATAT = 79;
    public static final int FSTAT = 80;
    public static final int EXIT = 93;
    public static final int EXIT_GROUP = 94;
    public static final int SET_TID_ADDRESS = 96;
    public static final int FUTEX = 98;
    public static final int SET_ROBUST_LIST = 99;
    public static final int NANOSLEEP = 101;
    public static final int CLOCK_GETTIME = 113;
    public static final int CLOCK_GETRES = 114;
    public static final int CLOCK_NANOSLEEP = 115;
    public static final int SCHED_SETAFFINITY = 122;
    public static final int SCHED_GETAFFINITY = 123;
    public static final int SCHED_YIELD = 124;
    public static final int KILL = 129;
    public static final int TKILL = 130;
    public static final int TGKILL = 131;
    public static final int SIGALTSTACK = 132;
    public static final int RT_SIGSUSPEND = 133;
    public static final int RT_SIGACTION = 134;
    public static final int RT_SIGPROCMASK = 135;
    public static final int RT_SIGPENDING = 136;
    public static final int GETCPU = 168;
    public static final int GETTIMEOFDAY = 169;
    public static final int GETPID = 172;
    public static final int GETPPID = 173;
    public static final int GETTID = 178;
    public static final int BRK = 214;
    public static final int MUNMAP = 215;
    public static final int MREMAP = 216;
    public static final int CLONE = 220;
    public static final int EXECVE = 221;
    public static final int MMAP = 222;
    public static final int MPROTECT = 226;
    public static final int MSYNC = 227;
    public static final int MLOCK = 228;
    public static final int MUNLOCK = 229;
    public static final int MLOCKALL = 230;
    public static final int MUNLOCKALL = 231;
    public static final int MINCORE = 232;
    public static final int MADVISE = 233;
    public static final int WAIT4 = 260;
    public static final int GETRANDOM = 278;
    public static final int MEMBARRIER = 283;
    public static final int MLOCK2 = 284;

    public static final int SIGILL = 4;
    public static final int SIGBUS = 7;
    public static final int SIGKILL = 9;
    public static final int SIGUSR1 = 10;
    public static final int SIGSEGV = 11;
    public static final int SIGUSR2 = 12;
    public static final int SIGPIPE = 13;
    public static final int SIGTERM = 15;
    public static final int SIGCHLD = 17;
    public static final int SIGCONT = 18;
    public static final int SIGSTOP = 19;
    public static final long SA_SIGINFO = 4;
    public static final long SA_ONSTACK = 0x0800_0000L;
    public static final long SA_RESTART = 0x1000_0000L;
    public static final long SA_NODEFER = 0x4000_0000L;
    public static final long SA_RESETHAND = 0x8000_0000L;

    public static final int AT_FDCWD = -100;
    public static final int O_RDONLY = 0;
    public static final int O_WRONLY = 1;
    public static final int O_RDWR = 2;
    public static final int O_CREAT = 0100;
    public static final int O_EXCL = 0200;
    public static final int O_TRUNC = 01000;
    public static final int O_APPEND = 02000;
    public static final int O_NONBLOCK = 04000;
    public static final int O_LARGEFILE = 0100000;
    public static final int O_DIRECTORY = 0200000;
    public static final int O_NOFOLLOW = 0400000;
    public static final int O_CLOEXEC = 02000000;
    public static final int O_PATH = 010000000;

    /** CLONE_ flags, as pthread_create gives them to clone. */
    public static final int THREAD = 0x3D_0F00;

    public static final int CLONE_VM = 0x100;
    public static final int CLONE_VFORK = 0x4000;

    public static final int FUTEX_WAIT = 0;
    public static final int FUTEX_WAKE = 1;
    public static final int FUTEX_REQUEUE = 3;
    public static final int FUTEX_CMP_REQUEUE = 4;
    public static final int FUTEX_WAIT_BITSET = 9;
    public static final int FUTEX_WAKE_BITSET = 10;
    public static final int FUTEX_PRIVATE = 0x80;
    public static final int FUTEX_CLOCK_REALTIME = 0x100;

    public static final int PROT_NONE = 0;
    public static final int R = 1;
    public static final int W = 2;
    public static final int X = 4;
    public static final int RW = 3;

    public static final int SHARED = 1;
    public static final int PRIVATE = 2;
    public static final int FIXED = 0x10;
    public static final int ANONYMOUS = 0x20;
    public static final int ANON = PRIVATE | ANONYMOUS;
    public static final int POPULATE = 0x8000;
    public static final int NOREPLACE = 0x100000;

    public static final int EPERM = -1;
    public static final int ENOENT = -2;
    public static final int ESRCH = -3;
    public static final int EINTR = -4;
    public static final int ENXIO = -6;
    public static final int E2BIG = -7;
    public static final int ENOEXEC = -8;
    public static final int EBADF = -9;
    public static final int ECHILD = -10;
    public static final int EAGAIN = -11;
    public static final int ENOMEM = -12;
    public static final int EACCES = -13;
    public static final int EFAULT = -14;
    public static final int EBUSY = -16;
    public static final int EEXIST = -17;
    public static final int ENODEV = -19;
    public static final int ENOTDIR = -20;
    public static final int EISDIR = -21;
    public static final int EINVAL = -22;
    public static final int ENFILE = -23;
    public static final int EMFILE = -24;
    public static final int ENOTTY = -25;
    public static final int EFBIG = -27;
    public static final int ENOSPC = -28;
    public static final int ESPIPE = -29;
    public static final int EPIPE = -32;
    public static final int ERANGE = -34;
    public static final int ENAMETOOLONG = -36;
    public static final int ENOSYS = -38;
    public static final int ELOOP = -40;
    public static final int EOPNOTSUPP = -95;
    public static final int ETIMEDOUT = -110;

    private final StringBuilder text = new StringBuilder("        .globl _start\n_start:\n");
    private final StringBuilder data = new StringBuilder();
    private final List<String> checks = new ArrayList<>();
    private final List<String> stacks = new ArrayList<>();
    private boolean naps;

    /** A system call. An argument is a number, a register's name, or {@code =label}. */
    public Guest call(long number, Object... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            set("a" + i, arguments[i]);
        }
        return line("li a7, " + number).line("ecall");
    }

    /** Forks: the child goes on at a label, the parent here with the child's pid in a0. */
    public Guest fork(String childLabel) {
        return call(CLONE, SIGCHLD, 0, 0, 0, 0).line("beqz a0, " + childLabel);
    }

    /**
     * Starts a thread, as pthread_create does: it begins at a label, on a stack of its own at another, with the address of its
     * word in tp. The word at {@code tid} holds its tid until it ends; s-registers are the caller's.
     */
    public Guest thread(String label, String tid) {
        if (!stacks.contains(tid)) {
            stacks.add(tid);
            data("        .bss\n        .balign 16\n        .zero 4096\n" + tid + "_stack_top:");
        }
        return call(CLONE, THREAD, "=" + tid + "_stack_top", "=" + tid, "=" + tid, "=" + tid)
                .line("beqz a0, " + label);
    }

    /** Waits until a thread has ended. */
    public Guest join(String tid) {
        return line("7: la t0, " + tid)
                .line("lw t1, 0(t0)")
                .line("beqz t1, 8f")
                .call(FUTEX, "=" + tid, FUTEX_WAIT, "t1", 0)
                .line("j 7b")
                .line("8:");
    }

    /** Waits until the word at a label has a value, and lets others run meanwhile. */
    public Guest awaitWord(String label, long value) {
        return line("7: la t0, " + label)
                .line("lw t1, 0(t0)")
                .line("li t2, " + value)
                .line("beq t1, t2, 8f")
                .call(SCHED_YIELD)
                .line("j 7b")
                .line("8:");
    }

    /** Sleeps for a fifth of a millisecond: long enough for others to come to rest. */
    public Guest nap() {
        if (!naps) {
            naps = true;
            data("        .section .rodata\n        .balign 8\nnap_time: .dword 0, 200000");
        }
        return call(NANOSLEEP, "=nap_time", 0);
    }

    /** Stores a word of four bytes. */
    public Guest storeWord(Object address, long value) {
        return set("t1", address).line("li t2, " + value).line("sw t2, 0(t1)");
    }

    /** Loads a word of four bytes into a0. */
    public Guest loadWord(Object address) {
        return set("t1", address).line("lw a0, 0(t1)");
    }

    /** Ends the thread. */
    public Guest exitThread(int status) {
        return call(EXIT, status);
    }

    /** Waits for a child (or any, -1) and puts its status word into the doubleword at a label; a0 is the pid. */
    public Guest wait4(Object pid, String statusLabel) {
        return call(WAIT4, pid, "=" + statusLabel, 0, 0);
    }

    /** Lets a signal be caught by the handler at a label. */
    public Guest onSignal(int signal, String handlerLabel, long flags) {
        return set("t0", "=action")
                .set("t1", "=" + handlerLabel)
                .line("sd t1, 0(t0)")
                .line("li t1, " + flags)
                .line("sd t1, 8(t0)")
                .line("sd zero, 16(t0)")
                .call(RT_SIGACTION, signal, "=action", 0, 8)
                .expect(0);
    }

    /** Several lines of source, labels included. */
    public Guest text(String source) {
        text.append(source.endsWith("\n") ? source : source + "\n");
        return this;
    }

    public Guest mmap(Object address, Object length, int protection, int flags) {
        return call(MMAP, address, length, protection, flags, -1, 0);
    }

    /** Opens a path, and keeps the descriptor in a register. */
    public Guest open(String pathLabel, int flags, String register) {
        return call(OPENAT, AT_FDCWD, "=" + pathLabel, flags, 0644).keep(register);
    }

    /** A string in memory that is read only, at a label, with its terminator. */
    public Guest string(String label, String text) {
        return data("        .section .rodata\n" + label + ": .asciz \"" + text.replace("\n", "\\n") + "\"");
    }

    public Guest munmap(Object address, Object length) {
        return call(MUNMAP, address, length);
    }

    public Guest mprotect(Object address, Object length, long protection) {
        return call(MPROTECT, address, length, protection);
    }

    public Guest mremap(Object address, Object oldLength, Object newLength, int flags, Object newAddress) {
        return call(MREMAP, address, oldLength, newLength, flags, newAddress);
    }

    public Guest madvise(Object address, Object length, long advice) {
        return call(MADVISE, address, length, advice);
    }

    public Guest brk(Object address) {
        return call(BRK, address);
    }

    /** a0 must be this: a number, a register, or {@code =label}. */
    public Guest expect(Object value) {
        checks.add("expected " + (value instanceof Number n ? "0x" + Long.toHexString(n.longValue()) : value));
        line("mv s10, a0");
        set("t0", value);
        return line("li s11, " + checks.size())
                .line("beq s10, t0, 1f")
                .line("j check_failed")
                .line("1: li s11, 0");
    }

    /** Loads a doubleword into a0. */
    public Guest load(Object address) {
        return set("t1", address).line("ld a0, 0(t1)");
    }

    /** Stores a doubleword. */
    public Guest store(Object address, long value) {
        return set("t1", address).line("li t2, " + value).line("sd t2, 0(t1)");
    }

    /** Sets a register to a number, another register, or {@code =label}. */
    public Guest set(String register, Object value) {
        if (value instanceof Number number) {
            return line("li " + register + ", " + number.longValue());
        }
        String name = (String) value;
        if (name.startsWith("=")) {
            return line("la " + register + ", " + name.substring(1));
        }
        return name.equals(register) ? this : line("mv " + register + ", " + name);
    }

    public Guest keep(String register) {
        return line("mv " + register + ", a0");
    }

    public Guest line(String source) {
        text.append("        ").append(source).append('\n');
        return this;
    }

    /** Adds lines after the code, such as data sections. */
    public Guest data(String source) {
        data.append(source).append('\n');
        return this;
    }

    public Guest exit(int status) {
        return call(EXIT_GROUP, status);
    }

    String describe(int check) {
        return checks.get(check - 1);
    }

    /** The words that {@link #onSignal}, {@link #wait4} and tests use: each has a name and begins as zeros. */
    public Guest words(String... names) {
        data.append("        .bss\n        .balign 8\n");
        for (String name : names) {
            data.append(name).append(": .zero 64\n");
        }
        return this;
    }

    /** The whole source; the guest ends with status 0 where no check fails. */
    public String source() {
        return text + "        li a0, 0\n        li a7, 94\n        ecall\n" + "check_failed:\n        li a0, "
                + CHECK_FAILED + "\n        li a7, 94\n        ecall\n" + data;
    }
}
