package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.futex.FutexKey;
import dev.pagewalk.kernel.futex.FutexTable;
import dev.pagewalk.kernel.process.WaitReason;

/**
 * futex(address, operation, value, time-out or second number, second address, third value): lets tasks wait for a word of
 * memory to change, and wakes them. The word is looked at in the step that begins the wait, so no waker comes between. Source:
 * Linux, kernel/futex/syscalls.c, waitwake.c and requeue.c; futex(2).
 */
final class Futex extends SystemCall {
    static final int WAIT = 0;
    static final int WAKE = 1;
    static final int REQUEUE = 3;
    static final int COMPARE_REQUEUE = 4;
    static final int WAIT_BITSET = 9;
    static final int WAKE_BITSET = 10;

    /** FUTEX_PRIVATE_FLAG: no other address space has the word. */
    static final int PRIVATE = 0x80;

    /** FUTEX_CLOCK_REALTIME: the time-out is one on the wall clock. */
    static final int WALL_CLOCK = 0x100;

    Futex() {
        super(
                98,
                "futex",
                ParameterKind.ADDRESS,
                ParameterKind.FUTEX_OPERATION,
                ParameterKind.FUTEX_VALUE,
                ParameterKind.FUTEX_TIME_OUT,
                ParameterKind.FUTEX_SECOND_ADDRESS,
                ParameterKind.FUTEX_THIRD_VALUE);
    }

    /** The operation without its flags. */
    static int command(long operation) {
        return (int) operation & ~(PRIVATE | WALL_CLOCK);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int command = command(call.argument(1));
        if ((call.argument(1) & WALL_CLOCK) != 0 && command != WAIT_BITSET) {
            throw KernelError.NOT_IMPLEMENTED.exception();
        }
        int thirdValue = (int) call.argument(5);
        return switch (command) {
            case WAIT -> await(call, FutexTable.ANY);
            case WAIT_BITSET -> await(call, thirdValue);
            case WAKE -> wake(call, FutexTable.ANY);
            case WAKE_BITSET -> wake(call, thirdValue);
            case REQUEUE -> requeue(call, false);
            case COMPARE_REQUEUE -> requeue(call, true);
            default -> throw KernelError.NOT_IMPLEMENTED.exception();
        };
    }

    private static long await(CallContext call, int bitset) throws KernelException {
        FutexTable futexes = call.services().futexes();
        if (call.isRetry()) {
            if (call.isTimedOut()) {
                futexes.forget(call.task());
                throw KernelError.TIMED_OUT.exception();
            }
            return goOnWaiting(call);
        }
        if (hasTimeOut(call)) {
            setDeadline(call);
        }
        requireBits(bitset);
        FutexKey key = key(call, 0);
        requireValue(call, (int) call.argument(2));
        if (call.isTimedOut()) {
            throw KernelError.TIMED_OUT.exception();
        }
        futexes.add(key, call.task(), bitset);
        return goOnWaiting(call);
    }

    private static long goOnWaiting(CallContext call) {
        call.waitFor(new WaitReason(WaitReason.Kind.FUTEX, call.argument(0)));
        return 0;
    }

    private static boolean hasTimeOut(CallContext call) {
        return call.argument(3) != 0;
    }

    /** FUTEX_WAIT is given a duration, FUTEX_WAIT_BITSET a time on a clock. */
    private static void setDeadline(CallContext call) throws KernelException {
        Clocks.Timespec time = Clocks.read(call, call.argument(3));
        int clock = (call.argument(1) & WALL_CLOCK) != 0 ? Clocks.REALTIME : Clocks.MONOTONIC;
        boolean isDuration = command(call.argument(1)) == WAIT;
        call.task().setDeadlineCycle(isDuration ? time.fromNow(call) : time.on(clock, call));
    }

    private static void requireBits(int bitset) throws KernelException {
        if (bitset == 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
    }

    private static void requireValue(CallContext call, int expected) throws KernelException {
        int value = UserWords.read(call, call.argument(0), Integer.BYTES).getInt();
        if (value != expected) {
            throw KernelError.WOULD_WAIT.exception();
        }
    }

    private static FutexKey key(CallContext call, int argument) throws KernelException {
        return FutexKey.of(call.space(), call.argument(argument), (call.argument(1) & PRIVATE) != 0);
    }

    /** Linux wakes one even where none is asked for. */
    private static long wake(CallContext call, int bitset) throws KernelException {
        requireBits(bitset);
        int most = Math.max(1, (int) call.argument(2));
        return call.services().futexes().wake(key(call, 0), most, bitset);
    }

    /** Wakes some and lets others wait for the word at the second address; the result counts both. */
    private static long requeue(CallContext call, boolean compares) throws KernelException {
        int wakes = (int) call.argument(2);
        int moves = (int) call.argument(3);
        if (wakes < 0 || moves < 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        FutexKey from = key(call, 0);
        FutexKey to = key(call, 4);
        if (compares) {
            requireValue(call, (int) call.argument(5));
        }
        FutexTable futexes = call.services().futexes();
        int woken = futexes.wake(from, wakes, FutexTable.ANY);
        return woken + futexes.requeue(from, to, moves, call.argument(4));
    }

    /** With a duration it would wait for longer than that, made again. */
    @Override
    protected boolean isRestartable(CallContext call) {
        return !hasTimeOut(call);
    }
}
