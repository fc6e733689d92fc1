package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.Errno;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.space.Protection;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Writes one line per system call, in the manner of strace(1). It only looks: a traced run has the same cycles. */
public final class SystemCallTracer {
    private static final int SHOWN_BYTES = 32;

    private final Consumer<String> lines;
    private final UserMemory userMemory;

    /** @param lines takes each line, without a line feed */
    public SystemCallTracer(Consumer<String> lines, UserMemory userMemory) {
        this.lines = lines;
        this.userMemory = userMemory;
    }

    /** The call with its arguments, as they are before it executes. */
    String describe(SystemCall call, CallContext context) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < call.parameters().size(); i++) {
            long value = context.argument(i);
            texts.add(
                    switch (call.parameters().get(i)) {
                        case NUMBER -> Long.toString(value);
                        case SIZE -> Long.toUnsignedString(value);
                        case ADDRESS, BYTES_OUT -> address(value);
                        case BYTES_IN -> bytes(context, value, context.argument(i + 1));
                        case PROTECTION -> protection(value);
                        case MAP_FLAGS -> mapFlags(value);
                    });
        }
        return context.process().pid() + " " + call.name() + "(" + String.join(", ", texts) + ")";
    }

    /**
     * A call has ended.
     *
     * @param description what {@link #describe} said before it
     * @param bufferAddress its second argument before it
     */
    void completed(String description, SystemCall call, CallContext context, long result, long bufferAddress) {
        if (context.isExiting()) {
            lines.accept(description + " = ?");
            return;
        }
        boolean received = call.parameters().contains(ParameterKind.BYTES_OUT) && result > 0;
        String content = received ? " " + bytes(context, bufferAddress, result) : "";
        lines.accept(description + " = " + result(call.returnsAddress(), result) + content);
    }

    /** A call that this kernel does not have. */
    void refused(CallContext context, String name) {
        lines.accept(context.process().pid() + " " + name + "(" + address(context.argument(0)) + ", ...) = "
                + result(false, Errno.ENOSYS.asResult()));
    }

    /** The end of a process: {@code exited with 0} or {@code killed by SIGSEGV}. */
    public void ended(int pid, String how) {
        lines.accept(pid + " +++ " + how + " +++");
    }

    private static String result(boolean isAddress, long result) {
        Errno errno = Errno.ofResult(result);
        if (errno != null) {
            return "-1 " + errno;
        }
        return isAddress ? address(result) : Long.toString(result);
    }

    private static String address(long value) {
        return value == 0 ? "NULL" : "0x" + Long.toHexString(value);
    }

    private static String protection(long value) {
        FlagNames names = new FlagNames(value);
        names.add(Protection.READ, "PROT_READ");
        names.add(Protection.WRITE, "PROT_WRITE");
        names.add(Protection.EXEC, "PROT_EXEC");
        return names.joined("PROT_NONE");
    }

    private static String mapFlags(long value) {
        FlagNames names = new FlagNames(value);
        names.add(Mmap.MAP_SHARED, "MAP_SHARED");
        names.add(Mmap.MAP_PRIVATE, "MAP_PRIVATE");
        names.add(Mmap.MAP_FIXED, "MAP_FIXED");
        names.add(Mmap.MAP_ANONYMOUS, "MAP_ANONYMOUS");
        names.add(Mmap.MAP_POPULATE, "MAP_POPULATE");
        names.add(Mmap.MAP_FIXED_NOREPLACE, "MAP_FIXED_NOREPLACE");
        return names.joined("0");
    }

    private String bytes(CallContext context, long address, long length) {
        int shown = (int) Math.max(0, Math.min(length, SHOWN_BYTES));
        byte[] bytes = userMemory.peek(context.process().space(), address, shown);
        if (bytes.length < shown) {
            return address(address);
        }
        StringBuilder text = new StringBuilder("\"");
        for (byte value : bytes) {
            text.append(escaped(value));
        }
        return text.append(length > shown ? "\"..." : "\"").toString();
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

    /** The names of the bits of a value, what is left over in hexadecimal. */
    private static final class FlagNames {
        private final List<String> names = new ArrayList<>();
        private long rest;

        FlagNames(long value) {
            rest = value;
        }

        void add(long flag, String name) {
            if ((rest & flag) != 0) {
                names.add(name);
                rest &= ~flag;
            }
        }

        String joined(String none) {
            if (rest != 0) {
                names.add("0x" + Long.toHexString(rest));
            }
            return names.isEmpty() ? none : String.join("|", names);
        }
    }
}
