package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.Errno;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.process.CloneRequest;
import dev.pagewalk.kernel.process.WaitStatus;
import dev.pagewalk.kernel.signal.SignalInfo;
import dev.pagewalk.kernel.space.MemoryAdvice;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.kernel.space.RemapRequest;
import dev.pagewalk.mmu.access.AccessType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes one line per system call, in the manner of strace(1). It only looks: a traced run has the same cycles. */
public final class SystemCallTracer {
    private static final int SHOWN_BYTES = 32;
    private static final int SHOWN_STRINGS = 32;

    /** Linux takes no more arguments and variables than fit 2 MiB. */
    private static final int MOST_STRINGS = (2 << 20) / Long.BYTES;

    private final Consumer<String> lines;
    private final UserMemory userMemory;
    private final ProcessArguments processArguments;
    private final ThreadArguments threadArguments;

    /** @param lines takes each line, without a line feed */
    public SystemCallTracer(Consumer<String> lines, UserMemory userMemory) {
        this.lines = lines;
        this.userMemory = userMemory;
        this.processArguments = new ProcessArguments(userMemory);
        this.threadArguments = new ThreadArguments(userMemory);
    }

    /** The call with its arguments, as they are before it executes. */
    TracedCall describe(SystemCall call, CallContext context) {
        List<String> texts = new ArrayList<>();
        List<TracedCall.Output> outputs = new ArrayList<>();
        for (int i = 0; i < call.parameters().size(); i++) {
            long value = context.argument(i);
            ParameterKind kind = call.parameters().get(i);
            if (!FileArguments.isShown(kind, context, i) || !ThreadArguments.isShown(kind, context)) {
                continue;
            }
            if (kind.isOutput()) {
                outputs.add(new TracedCall.Output(texts.size(), kind, value));
            }
            texts.add(
                    switch (kind) {
                        case NUMBER -> Long.toString(value);
                        case SIZE -> Long.toUnsignedString(value);
                        case ADDRESS, BYTES_OUT -> address(value);
                        case BYTES_IN -> bytes(context, value, context.argument(i + 1));
                        case PATH -> string(context, value);
                        case CLONE_FLAGS -> cloneFlags(value);
                        case SIGNAL -> signal(value);
                        case PROTECTION -> protection(value);
                        case MAP_FLAGS -> mapFlags(value);
                        case REMAP_FLAGS -> remapFlags(value);
                        case ADVICE -> advice(value);
                        case SYNC_FLAGS -> syncFlags(value);
                        case DIRECTORY,
                                OPEN_FLAGS,
                                CREATION_MODE,
                                DESCRIPTOR_FLAGS,
                                AT_FLAGS,
                                WHENCE,
                                FCNTL_COMMAND,
                                FCNTL_ARGUMENT,
                                IOCTL_REQUEST -> FileArguments.text(kind, context, i);
                        case TIME_IN -> threadArguments.timespec(context, value);
                        case FUTEX_OPERATION,
                                FUTEX_VALUE,
                                FUTEX_TIME_OUT,
                                FUTEX_SECOND_ADDRESS,
                                FUTEX_THIRD_VALUE,
                                HART_MASK,
                                SLEEP_FLAGS,
                                RANDOM_FLAGS,
                                BARRIER_COMMAND -> threadArguments.text(kind, context, i);
                        case LOCK_FLAGS -> lockFlags(value);
                        case LOCK_ALL_FLAGS -> lockAllFlags(value);
                        case OFFSET -> value == 0 ? "0" : "0x" + Long.toHexString(value);
                        case ARGUMENTS -> arguments(context, value);
                        case ENVIRONMENT -> environment(context, value);
                        case WAIT_PID,
                                WAIT_STATUS,
                                WAIT_OPTIONS,
                                MASK_CHANGE,
                                SIGNAL_SET,
                                OLD_SIGNAL_SET,
                                SIGNAL_ACTION,
                                OLD_SIGNAL_ACTION,
                                ALTERNATE_STACK,
                                OLD_ALTERNATE_STACK,
                                DESCRIPTOR_PAIR,
                                CLOCK,
                                TIME_OUT,
                                TIMEVAL_OUT,
                                INT_OUT,
                                OLD_HART_MASK -> processArguments.text(kind, context, i);
                    });
        }
        return new TracedCall(context.task().tid(), call, texts, outputs, context.argument(1));
    }

    /**
     * A call has ended.
     *
     * @param traced what {@link #describe} said before it
     */
    void completed(TracedCall traced, CallContext context, long result) {
        if (context.isExiting()) {
            unfinished(traced);
            return;
        }
        if (result >= 0) {
            showOutputs(traced, context, result);
        }
        SystemCall call = traced.call();
        boolean received = call.parameters().contains(ParameterKind.BYTES_OUT) && result > 0;
        String content = received ? " " + bytes(context, traced.bufferAddress(), result) : "";
        lines.accept(traced.text() + " = " + result(call.returnsAddress(), result) + content);
    }

    private void showOutputs(TracedCall traced, CallContext context, long result) {
        for (TracedCall.Output output : traced.outputs()) {
            // A wait that found nothing has written nothing.
            if (output.kind() != ParameterKind.WAIT_STATUS || result > 0) {
                traced.arguments().set(output.position(), processArguments.output(output, context));
            }
        }
    }

    /** A call that will never return: its process ends. */
    void unfinished(TracedCall traced) {
        lines.accept(traced.text() + " = ?");
    }

    /** A signal is delivered: a handler runs, or the process stops or ends. */
    public void delivered(int tid, SignalInfo info) {
        lines.accept(tid + " --- " + Signal.nameOf(info.signal()) + " " + ProcessArguments.describe(info) + " ---");
    }

    /** A call that this kernel does not have. */
    void refused(CallContext context, String name) {
        lines.accept(context.task().tid() + " " + name + "(" + address(context.argument(0)) + ", ...) = "
                + result(false, Errno.ENOSYS.asResult()));
    }

    /**
     * The end of a task.
     *
     * @param status as {@link WaitStatus} has it
     */
    public void ended(int tid, int status) {
        String how = WaitStatus.isKilled(status)
                ? "killed by " + Signal.nameOf(WaitStatus.detail(status))
                : "exited with " + WaitStatus.detail(status);
        lines.accept(tid + " +++ " + how + " +++");
    }

    private static String result(boolean isAddress, long result) {
        Errno errno = Errno.ofResult(result);
        if (errno != null) {
            return "-1 " + errno;
        }
        return isAddress ? address(result) : Long.toString(result);
    }

    static String address(long value) {
        return value == 0 ? "NULL" : "0x" + Long.toHexString(value);
    }

    private static String signal(long value) {
        return value >= 1 && value <= Signal.HIGHEST ? Signal.nameOf((int) value) : Long.toString(value);
    }

    private static String protection(long value) {
        FlagNames names = new FlagNames(value);
        names.add(Protection.READ, "PROT_READ");
        names.add(Protection.WRITE, "PROT_WRITE");
        names.add(Protection.EXEC, "PROT_EXEC");
        return names.joined("PROT_NONE");
    }

    /** Those that mean nothing here have their names all the same. Source: Linux, include/uapi/asm-generic/mman.h. */
    private static String mapFlags(long value) {
        boolean validates = (value & Mmap.MAP_TYPE) == (Mmap.MAP_SHARED | Mmap.MAP_PRIVATE);
        FlagNames names = new FlagNames(validates ? value & ~Mmap.MAP_TYPE : value);
        names.add(Mmap.MAP_SHARED, "MAP_SHARED");
        names.add(Mmap.MAP_PRIVATE, "MAP_PRIVATE");
        names.add(Mmap.MAP_FIXED, "MAP_FIXED");
        names.add(Mmap.MAP_ANONYMOUS, "MAP_ANONYMOUS");
        names.add(0x100, "MAP_GROWSDOWN");
        names.add(0x2000, "MAP_LOCKED");
        names.add(0x4000, "MAP_NORESERVE");
        names.add(Mmap.MAP_POPULATE, "MAP_POPULATE");
        names.add(0x1_0000, "MAP_NONBLOCK");
        names.add(0x2_0000, "MAP_STACK");
        names.add(0x4_0000, "MAP_HUGETLB");
        names.add(Mmap.MAP_FIXED_NOREPLACE, "MAP_FIXED_NOREPLACE");
        String others = names.joined(validates ? "" : "0");
        if (!validates) {
            return others;
        }
        return others.isEmpty() ? "MAP_SHARED_VALIDATE" : "MAP_SHARED_VALIDATE|" + others;
    }

    /** Those that are refused have their names all the same. Source: Linux, include/uapi/linux/sched.h. */
    private static String cloneFlags(long value) {
        FlagNames names = new FlagNames(value & ~0xFF);
        names.add(CloneRequest.SHARED_MEMORY, "CLONE_VM");
        names.add(CloneRequest.SHARED_DIRECTORY, "CLONE_FS");
        names.add(CloneRequest.SHARED_DESCRIPTORS, "CLONE_FILES");
        names.add(CloneRequest.SHARED_HANDLERS, "CLONE_SIGHAND");
        names.add(CloneRequest.VFORK, "CLONE_VFORK");
        names.add(0x8000, "CLONE_PARENT");
        names.add(CloneRequest.THREAD, "CLONE_THREAD");
        names.add(CloneRequest.SHARED_SEMAPHORES, "CLONE_SYSVSEM");
        names.add(CloneRequest.SET_THREAD_POINTER, "CLONE_SETTLS");
        names.add(CloneRequest.PARENT_SETTID, "CLONE_PARENT_SETTID");
        names.add(CloneRequest.CHILD_CLEARTID, "CLONE_CHILD_CLEARTID");
        names.add(CloneRequest.DETACHED, "CLONE_DETACHED");
        names.add(CloneRequest.UNTRACED, "CLONE_UNTRACED");
        names.add(CloneRequest.CHILD_SETTID, "CLONE_CHILD_SETTID");
        names.add(CloneRequest.SHARED_IO, "CLONE_IO");
        String exitSignal = (value & CloneRequest.EXIT_SIGNAL) == 0 ? "" : signal(value & CloneRequest.EXIT_SIGNAL);
        if ((value & ~CloneRequest.EXIT_SIGNAL) == 0) {
            return exitSignal.isEmpty() ? "0" : exitSignal;
        }
        return names.joined("") + (exitSignal.isEmpty() ? "" : "|" + exitSignal);
    }

    private static String lockFlags(long value) {
        FlagNames names = new FlagNames(value & 0xFFFF_FFFFL);
        names.add(Mlock.MLOCK_ONFAULT, "MLOCK_ONFAULT");
        return names.joined("0");
    }

    private static String lockAllFlags(long value) {
        FlagNames names = new FlagNames(value & 0xFFFF_FFFFL);
        names.add(Mlockall.MCL_CURRENT, "MCL_CURRENT");
        names.add(Mlockall.MCL_FUTURE, "MCL_FUTURE");
        names.add(Mlockall.MCL_ONFAULT, "MCL_ONFAULT");
        return names.joined("0");
    }

    /** {@code ["name", "argument"]}. */
    private String arguments(CallContext context, long address) {
        if (address == 0) {
            return "NULL";
        }
        List<String> strings = new ArrayList<>();
        for (int i = 0; i < SHOWN_STRINGS; i++) {
            Long pointer = pointer(context, address, i);
            if (pointer == null) {
                return address(address);
            }
            if (pointer == 0) {
                return "[" + String.join(", ", strings) + "]";
            }
            strings.add(string(context, pointer));
        }
        return "[" + String.join(", ", strings) + ", ...]";
    }

    private String environment(CallContext context, long address) {
        int count = 0;
        Long pointer = address == 0 ? null : pointer(context, address, count);
        while (pointer != null && pointer != 0 && count < MOST_STRINGS) {
            count++;
            pointer = pointer(context, address, count);
        }
        String length = count == 1 ? "1 variable" : count + " variables";
        return pointer == null ? address(address) : address(address) + " /* " + length + " */";
    }

    /** An element of an array of pointers; null where it cannot be read. */
    private Long pointer(CallContext context, long array, int index) {
        byte[] bytes = userMemory.peek(context.space(), array + (long) index * Long.BYTES, Long.BYTES);
        return bytes.length < Long.BYTES
                ? null
                : Long.valueOf(
                        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong());
    }

    private String string(CallContext context, long address) {
        byte[] bytes = userMemory.peek(context.process().space(), address, SHOWN_BYTES * 4);
        int length = 0;
        while (length < bytes.length && bytes[length] != 0) {
            length++;
        }
        return bytes.length == 0 || !isReadable(context, address)
                ? address(address)
                : quoted(bytes, length, length == bytes.length);
    }

    private static String remapFlags(long value) {
        FlagNames names = new FlagNames(value);
        names.add(RemapRequest.MAY_MOVE, "MREMAP_MAYMOVE");
        names.add(RemapRequest.FIXED, "MREMAP_FIXED");
        names.add(RemapRequest.DONT_UNMAP, "MREMAP_DONTUNMAP");
        return names.joined("0");
    }

    private static String syncFlags(long value) {
        FlagNames names = new FlagNames(value & 0xFFFF_FFFFL);
        names.add(Msync.MS_ASYNC, "MS_ASYNC");
        names.add(Msync.MS_INVALIDATE, "MS_INVALIDATE");
        names.add(Msync.MS_SYNC, "MS_SYNC");
        return names.joined("0");
    }

    private static String advice(long value) {
        MemoryAdvice known = MemoryAdvice.of(value);
        return known == null ? Long.toString(value) : "MADV_" + known;
    }

    private String bytes(CallContext context, long address, long length) {
        int shown = (int) Math.max(0, Math.min(length, SHOWN_BYTES));
        byte[] bytes = userMemory.peek(context.process().space(), address, shown);
        if (bytes.length < shown || !isReadable(context, address)) {
            return address(address);
        }
        return quoted(bytes, shown, length > shown);
    }

    private static boolean isReadable(CallContext context, long address) {
        Region region = context.space().regions().find(address);
        return region == null || Protection.permits(region.protection(), AccessType.LOAD);
    }

    private static String quoted(byte[] bytes, int length, boolean cut) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < length; i++) {
            text.append(escaped(bytes[i]));
        }
        return text.append(cut ? "\"..." : "\"").toString();
    }

    private static String escaped(byte value) {
        return switch (value) {
            case '\n' -> "\\n";
            case '\t' -> "\\t";
            case '\r' -> "\\r";
            case '"' -> "\\\"";
            case '\\' -> "\\\\";
            default ->
                value >= ' ' && value < 127 ? String.valueOf((char) value) : String.format("\\x%02x", value & 0xFF);
        };
    }
}
