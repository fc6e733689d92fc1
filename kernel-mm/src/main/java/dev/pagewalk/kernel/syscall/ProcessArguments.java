package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.process.WaitStatus;
import dev.pagewalk.kernel.signal.AlternateStack;
import dev.pagewalk.kernel.signal.SignalAction;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.kernel.signal.SignalSet;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** How a trace writes what calls about processes, signals, pipes and time are given and give. */
final class ProcessArguments {
    private static final String[] CLOCKS = {
        "CLOCK_REALTIME",
        "CLOCK_MONOTONIC",
        "CLOCK_PROCESS_CPUTIME_ID",
        "CLOCK_THREAD_CPUTIME_ID",
        "CLOCK_MONOTONIC_RAW",
        "CLOCK_REALTIME_COARSE",
        "CLOCK_MONOTONIC_COARSE",
        "CLOCK_BOOTTIME"
    };
    private static final String[] MASK_CHANGES = {"SIG_BLOCK", "SIG_UNBLOCK", "SIG_SETMASK"};
    private static final String[] SEGV_CODES = {"", "SEGV_MAPERR", "SEGV_ACCERR"};
    private static final String[] BUS_CODES = {"", "BUS_ADRALN", "BUS_ADRERR"};
    private static final String[] CHILD_CODES = {
        "", "CLD_EXITED", "CLD_KILLED", "CLD_DUMPED", "CLD_TRAPPED", "CLD_STOPPED", "CLD_CONTINUED"
    };

    /** In a set of more signals than this, those that are missing are named. */
    private static final int MOST_NAMED = 32;

    private static final int SIGNALS = 64;

    private final UserMemory userMemory;

    ProcessArguments(UserMemory userMemory) {
        this.userMemory = userMemory;
    }

    /** The text of an argument as it is before the call. */
    String text(ParameterKind kind, CallContext call, int index) {
        long value = call.argument(index);
        return switch (kind) {
            case WAIT_PID -> Integer.toString((int) value);
            case WAIT_OPTIONS -> waitOptions(value);
            case CLOCK -> named(CLOCKS, value);
            case MASK_CHANGE -> named(MASK_CHANGES, value);
            case SIGNAL_SET, SIGNAL_ACTION, ALTERNATE_STACK -> content(kind, call, value);
            case WAIT_STATUS,
                    OLD_SIGNAL_SET,
                    OLD_SIGNAL_ACTION,
                    OLD_ALTERNATE_STACK,
                    DESCRIPTOR_PAIR,
                    TIME_OUT,
                    TIMEVAL_OUT,
                    INT_OUT,
                    OLD_HART_MASK -> SystemCallTracer.address(value);
            default -> throw new IllegalArgumentException(kind + " does not concern processes");
        };
    }

    /** The text of what a call that has succeeded has written. */
    String output(TracedCall.Output output, CallContext call) {
        return content(output.kind(), call, output.address());
    }

    private String content(ParameterKind kind, CallContext call, long address) {
        byte[] bytes = userMemory.peek(call.space(), address, lengthBytes(kind));
        if (address == 0 || bytes.length < lengthBytes(kind)) {
            return SystemCallTracer.address(address);
        }
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        return switch (kind) {
            case WAIT_STATUS -> "[{" + status(words.getInt()) + "}]";
            case SIGNAL_SET, OLD_SIGNAL_SET -> set(words.getLong());
            case SIGNAL_ACTION, OLD_SIGNAL_ACTION ->
                action(new SignalAction(words.getLong(), words.getLong(), words.getLong()));
            case ALTERNATE_STACK, OLD_ALTERNATE_STACK -> alternateStack(words);
            case DESCRIPTOR_PAIR -> "[" + words.getInt() + ", " + words.getInt() + "]";
            case TIME_OUT -> "{tv_sec=" + words.getLong() + ", tv_nsec=" + words.getLong() + "}";
            case TIMEVAL_OUT -> "{tv_sec=" + words.getLong() + ", tv_usec=" + words.getLong() + "}";
            case INT_OUT -> "[" + words.getInt() + "]";
            case OLD_HART_MASK -> ThreadArguments.harts(words.getLong());
            default -> throw new IllegalArgumentException(kind + " has no content");
        };
    }

    private static int lengthBytes(ParameterKind kind) {
        return switch (kind) {
            case WAIT_STATUS, INT_OUT -> Integer.BYTES;
            case SIGNAL_SET, OLD_SIGNAL_SET, DESCRIPTOR_PAIR, OLD_HART_MASK -> Long.BYTES;
            case TIME_OUT, TIMEVAL_OUT -> 2 * Long.BYTES;
            default -> 3 * Long.BYTES;
        };
    }

    /** A status word in the terms of the macros of wait(2) that take it apart. */
    private static String status(int status) {
        if (status == WaitStatus.CONTINUED) {
            return "WIFCONTINUED(s)";
        }
        if (WaitStatus.isStopped(status)) {
            return "WIFSTOPPED(s) && WSTOPSIG(s) == " + Signal.nameOf(status >> 8);
        }
        return WaitStatus.isKilled(status)
                ? "WIFSIGNALED(s) && WTERMSIG(s) == " + Signal.nameOf(WaitStatus.detail(status))
                : "WIFEXITED(s) && WEXITSTATUS(s) == " + WaitStatus.detail(status);
    }

    private static String waitOptions(long value) {
        FlagNames names = new FlagNames(value & 0xFFFF_FFFFL);
        names.add(1, "WNOHANG");
        names.add(2, "WUNTRACED");
        names.add(8, "WCONTINUED");
        names.add(0x2000_0000L, "__WNOTHREAD");
        names.add(0x4000_0000L, "__WALL");
        names.add(0x8000_0000L, "__WCLONE");
        return names.joined("0");
    }

    private static String action(SignalAction action) {
        String handler = action.handler() == SignalAction.DEFAULT
                ? "SIG_DFL"
                : action.handler() == SignalAction.IGNORE ? "SIG_IGN" : SystemCallTracer.address(action.handler());
        FlagNames flags = new FlagNames(action.flags());
        flags.add(SignalAction.NO_CHILD_STOP, "SA_NOCLDSTOP");
        flags.add(SignalAction.NO_CHILD_WAIT, "SA_NOCLDWAIT");
        flags.add(4, "SA_SIGINFO");
        flags.add(SignalAction.ON_STACK, "SA_ONSTACK");
        flags.add(SignalAction.RESTART, "SA_RESTART");
        flags.add(SignalAction.NO_DEFER, "SA_NODEFER");
        flags.add(SignalAction.RESET_HANDLER, "SA_RESETHAND");
        return "{sa_handler=" + handler + ", sa_mask=" + set(action.mask()) + ", sa_flags=" + flags.joined("0") + "}";
    }

    private static String alternateStack(ByteBuffer words) {
        FlagNames flags = new FlagNames(words.getInt(8) & 0xFFFF_FFFFL);
        flags.add(AlternateStack.ON_STACK, "SS_ONSTACK");
        flags.add(AlternateStack.DISABLE, "SS_DISABLE");
        return "{ss_sp=" + SystemCallTracer.address(words.getLong(0)) + ", ss_flags=" + flags.joined("0") + ", ss_size="
                + Long.toUnsignedString(words.getLong(16)) + "}";
    }

    /** {@code [USR1 CHLD]}; {@code ~[KILL]} for all but those. */
    private static String set(long set) {
        boolean most = Long.bitCount(set) > MOST_NAMED;
        long named = most ? ~set : set;
        List<String> names = new ArrayList<>();
        for (int signal = 1; signal <= SIGNALS; signal++) {
            if (SignalSet.contains(named, signal)) {
                names.add(Signal.nameOf(signal).replaceFirst("^SIG", ""));
            }
        }
        return (most ? "~[" : "[") + String.join(" ", names) + "]";
    }

    /** What a signal tells its handler. */
    static String describe(SignalInfo info) {
        StringBuilder text = new StringBuilder("{si_code=").append(code(info));
        if (info.signal() == Signal.SIGCHLD.number() && info.code() > 0 && info.code() < CHILD_CODES.length) {
            boolean exited = info.code() == SignalInfo.CHILD_EXITED;
            text.append(", si_pid=").append(info.pid()).append(", si_status=");
            text.append(exited ? Integer.toString(info.status()) : Signal.nameOf(info.status()));
        } else if (info.code() <= SignalInfo.FROM_USER) {
            text.append(", si_pid=").append(info.pid());
        } else if (info.code() != SignalInfo.FROM_KERNEL) {
            text.append(", si_addr=").append(SystemCallTracer.address(info.address()));
        }
        return text.append("}").toString();
    }

    /** Linux, include/uapi/asm-generic/siginfo.h. */
    private static String code(SignalInfo info) {
        if (info.code() == SignalInfo.FROM_USER) {
            return "SI_USER";
        }
        if (info.code() == SignalInfo.FROM_USER_TO_TASK) {
            return "SI_TKILL";
        }
        if (info.code() == SignalInfo.FROM_KERNEL) {
            return "SI_KERNEL";
        }
        return switch (Signal.nameOf(info.signal())) {
            case "SIGSEGV" -> named(SEGV_CODES, info.code());
            case "SIGBUS" -> named(BUS_CODES, info.code());
            case "SIGILL" -> info.code() == 1 ? "ILL_ILLOPC" : Integer.toString(info.code());
            case "SIGTRAP" -> info.code() == 1 ? "TRAP_BRKPT" : Integer.toString(info.code());
            case "SIGCHLD" -> named(CHILD_CODES, info.code());
            default -> Integer.toString(info.code());
        };
    }

    private static String named(String[] names, long value) {
        int number = (int) value;
        return number >= 0 && number < names.length ? names[number] : Integer.toString(number);
    }
}
