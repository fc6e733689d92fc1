package dev.pagewalk.kernel.testing;

import java.util.ArrayList;
import java.util.List;

/**
 * Writes a guest's source: system calls with checks of their results. A check that fails ends the guest with {@link
 * #CHECK_FAILED}, the check's number in s11 and the result in s10.
 */
public final class Guest {
    static final int CHECK_FAILED = 99;

    public static final int READ = 63;
    public static final int WRITE = 64;
    public static final int EXIT = 93;
    public static final int EXIT_GROUP = 94;
    public static final int CLOCK_GETTIME = 113;
    public static final int GETPID = 172;
    public static final int BRK = 214;
    public static final int MUNMAP = 215;
    public static final int MMAP = 222;
    public static final int MPROTECT = 226;

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
    public static final int EBADF = -9;
    public static final int ENOMEM = -12;
    public static final int EFAULT = -14;
    public static final int EEXIST = -17;
    public static final int EINVAL = -22;
    public static final int ENOSYS = -38;

    private final StringBuilder text = new StringBuilder("        .globl _start\n_start:\n");
    private final StringBuilder data = new StringBuilder();
    private final List<String> checks = new ArrayList<>();

    /** A system call. An argument is a number, a register's name, or {@code =label}. */
    public Guest call(long number, Object... arguments) {
        for (int i = 0; i < arguments.length; i++) {
            set("a" + i, arguments[i]);
        }
        return line("li a7, " + number).line("ecall");
    }

    public Guest mmap(Object address, Object length, int protection, int flags) {
        return call(MMAP, address, length, protection, flags, -1, 0);
    }

    public Guest munmap(Object address, Object length) {
        return call(MUNMAP, address, length);
    }

    public Guest mprotect(Object address, Object length, long protection) {
        return call(MPROTECT, address, length, protection);
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

    /** The whole source; the guest ends with status 0 where no check fails. */
    public String source() {
        return text + "        li a0, 0\n        li a7, 94\n        ecall\n" + "check_failed:\n        li a0, "
                + CHECK_FAILED + "\n        li a7, 94\n        ecall\n" + data;
    }
}
