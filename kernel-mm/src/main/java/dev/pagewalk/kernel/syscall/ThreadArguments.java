package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.futex.FutexTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** How a trace writes what calls about threads, futexes and harts are given and give. */
final class ThreadArguments {
    private static final String[] FUTEX_OPERATIONS = {
        "FUTEX_WAIT",
        "FUTEX_WAKE",
        "FUTEX_FD",
        "FUTEX_REQUEUE",
        "FUTEX_CMP_REQUEUE",
        "FUTEX_WAKE_OP",
        "FUTEX_LOCK_PI",
        "FUTEX_UNLOCK_PI",
        "FUTEX_TRYLOCK_PI",
        "FUTEX_WAIT_BITSET",
        "FUTEX_WAKE_BITSET",
        "FUTEX_WAIT_REQUEUE_PI",
        "FUTEX_CMP_REQUEUE_PI",
        "FUTEX_LOCK_PI2"
    };

    private final UserMemory userMemory;

    ThreadArguments(UserMemory userMemory) {
        this.userMemory = userMemory;
    }

    /** Whether an argument of futex means anything to its operation. */
    static boolean isShown(ParameterKind kind, CallContext call) {
        int command = Futex.command(call.argument(1));
        boolean moves = command == Futex.REQUEUE || command == Futex.COMPARE_REQUEUE;
        boolean waits = command == Futex.WAIT || command == Futex.WAIT_BITSET;
        boolean wakes = command == Futex.WAKE || command == Futex.WAKE_BITSET;
        boolean known = moves || waits || wakes;
        return switch (kind) {
            case FUTEX_TIME_OUT -> !wakes;
            case FUTEX_SECOND_ADDRESS -> moves || !known;
            case FUTEX_THIRD_VALUE -> command != Futex.WAIT && command != Futex.WAKE && command != Futex.REQUEUE;
            default -> true;
        };
    }

    /** The text of an argument as it is before the call. */
    String text(ParameterKind kind, CallContext call, int index) {
        long value = call.argument(index);
        return switch (kind) {
            case FUTEX_OPERATION -> operation((int) value);
            case FUTEX_VALUE -> futexValue(call, (int) value);
            case FUTEX_TIME_OUT -> timeOut(call, value);
            case FUTEX_SECOND_ADDRESS -> SystemCallTracer.address(value);
            case FUTEX_THIRD_VALUE -> thirdValue(call, (int) value);
            case HART_MASK -> mask(call, index);
            case SLEEP_FLAGS -> sleepFlags(value);
            case RANDOM_FLAGS -> randomFlags(value);
            case BARRIER_COMMAND -> barrierCommand((int) value);
            default -> throw new IllegalArgumentException(kind + " does not concern threads");
        };
    }

    private static String operation(int value) {
        int command = Futex.command(value);
        String name = command >= 0 && command < FUTEX_OPERATIONS.length
                ? FUTEX_OPERATIONS[command]
                : "0x" + Integer.toHexString(command);
        return name
                + ((value & Futex.PRIVATE) != 0 ? "_PRIVATE" : "")
                + ((value & Futex.WALL_CLOCK) != 0 ? "|FUTEX_CLOCK_REALTIME" : "");
    }

    private static boolean waits(CallContext call) {
        int command = Futex.command(call.argument(1));
        return command == Futex.WAIT || command == Futex.WAIT_BITSET;
    }

    /** A word's value, or a number of tasks. */
    private static String futexValue(CallContext call, int value) {
        return waits(call) ? Integer.toUnsignedString(value) : Integer.toString(value);
    }

    private String timeOut(CallContext call, long value) {
        return waits(call) ? timespec(call, value) : Integer.toString((int) value);
    }

    private static String thirdValue(CallContext call, int value) {
        boolean bits = Futex.command(call.argument(1)) != Futex.COMPARE_REQUEUE;
        if (bits) {
            return value == FutexTable.ANY ? "FUTEX_BITSET_MATCH_ANY" : "0x" + Integer.toHexString(value);
        }
        return Integer.toUnsignedString(value);
    }

    /** A struct timespec that the call reads. */
    String timespec(CallContext call, long address) {
        byte[] bytes = userMemory.peek(call.space(), address, Clocks.TIMESPEC_BYTES);
        if (address == 0 || bytes.length < Clocks.TIMESPEC_BYTES) {
            return SystemCallTracer.address(address);
        }
        var words = UserWords.allocate(Clocks.TIMESPEC_BYTES).put(0, bytes);
        return "{tv_sec=" + words.getLong() + ", tv_nsec=" + words.getLong() + "}";
    }

    /** The argument before says how many bytes of a mask count. */
    private String mask(CallContext call, int index) {
        int lengthBytes = (int) Math.min(Long.BYTES, call.argument(index - 1) & 0xFFFF_FFFFL);
        byte[] bytes = userMemory.peek(call.space(), call.argument(index), lengthBytes);
        if (bytes.length < lengthBytes) {
            return SystemCallTracer.address(call.argument(index));
        }
        return harts(UserWords.allocate(Long.BYTES)
                .put(0, Arrays.copyOf(bytes, Long.BYTES))
                .getLong());
    }

    /** {@code [0 1 5]}. */
    static String harts(long mask) {
        List<String> harts = new ArrayList<>();
        for (long rest = mask; rest != 0; rest &= rest - 1) {
            harts.add(Integer.toString(Long.numberOfTrailingZeros(rest)));
        }
        return "[" + String.join(" ", harts) + "]";
    }

    private static String sleepFlags(long value) {
        FlagNames names = new FlagNames(value & 0xFFFF_FFFFL);
        names.add(Sleep.ABSOLUTE, "TIMER_ABSTIME");
        return names.joined("0");
    }

    private static String randomFlags(long value) {
        FlagNames names = new FlagNames(value & 0xFFFF_FFFFL);
        names.add(GetRandom.NON_BLOCKING, "GRND_NONBLOCK");
        names.add(GetRandom.RANDOM, "GRND_RANDOM");
        names.add(GetRandom.INSECURE, "GRND_INSECURE");
        return names.joined("0");
    }

    private static String barrierCommand(int value) {
        return switch (value) {
            case MemoryBarrier.QUERY -> "MEMBARRIER_CMD_QUERY";
            case MemoryBarrier.GLOBAL -> "MEMBARRIER_CMD_GLOBAL";
            case MemoryBarrier.PRIVATE_EXPEDITED -> "MEMBARRIER_CMD_PRIVATE_EXPEDITED";
            case MemoryBarrier.REGISTER_PRIVATE_EXPEDITED -> "MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED";
            default -> "0x" + Integer.toHexString(value);
        };
    }
}
