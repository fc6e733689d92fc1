package dev.pagewalk.tools.debug.packet;

import java.util.OptionalInt;

/**
 * Signals as the guest counts them and as GDB does, whatever it debugs.
 *
 * <p>Source: Linux, include/uapi/asm-generic/signal.h; GDB, include/gdb/signals.def.
 */
final class SignalNumbers {
    private static final int LAST_LINUX = 64;

    /** What GDB calls a signal that it has no name for. */
    private static final int GDB_UNKNOWN = 143;

    /** By Linux's number, 0 to 31; of SIGSTKFLT (16) GDB knows nothing. */
    private static final int[] GDB_OF_STANDARD = {
        0,
        1,
        2,
        3,
        4,
        5,
        6,
        10,
        8,
        9,
        30,
        11,
        31,
        13,
        14,
        15,
        GDB_UNKNOWN,
        20,
        19,
        17,
        18,
        21,
        22,
        16,
        24,
        25,
        26,
        27,
        28,
        23,
        32,
        12
    };

    private static final int FIRST_REALTIME = 32;
    private static final int GDB_REALTIME_32 = 77;
    private static final int GDB_REALTIME_33 = 45;
    private static final int GDB_REALTIME_64 = 78;
    private static final int GDB_POLL = 33;
    private static final int LINUX_IO = 29;

    private SignalNumbers() {}

    static int toGdb(int linux) {
        if (linux < 0 || linux > LAST_LINUX) {
            return GDB_UNKNOWN;
        }
        if (linux < GDB_OF_STANDARD.length) {
            return GDB_OF_STANDARD[linux];
        }
        return switch (linux) {
            case FIRST_REALTIME -> GDB_REALTIME_32;
            case LAST_LINUX -> GDB_REALTIME_64;
            default -> GDB_REALTIME_33 + linux - FIRST_REALTIME - 1;
        };
    }

    /** Empty where Linux has no such signal. */
    static OptionalInt toLinux(int gdb) {
        if (gdb == GDB_POLL) {
            return OptionalInt.of(LINUX_IO);
        }
        if (gdb == GDB_UNKNOWN) {
            return OptionalInt.empty();
        }
        for (int linux = 0; linux <= LAST_LINUX; linux++) {
            if (toGdb(linux) == gdb) {
                return OptionalInt.of(linux);
            }
        }
        return OptionalInt.empty();
    }
}
