package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.Task;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.List;
import java.util.Locale;

/** A command's arguments, and which process and thread the debugger has selected. */
final class Request {
    private final GuestView guest;
    private final MonitorCommand command;
    private final int pid;
    private final int tid;
    private final List<String> arguments;

    Request(GuestView guest, MonitorCommand command, int pid, int tid, List<String> arguments) {
        this.guest = guest;
        this.command = command;
        this.pid = pid;
        this.tid = tid;
        this.arguments = arguments;
    }

    GuestView guest() {
        return guest;
    }

    boolean has(int index) {
        return index < arguments.size();
    }

    String word(int index) {
        return arguments.get(index);
    }

    /** The selected thread; null where there is none. */
    Task selectedTask() {
        return guest.task(pid, tid);
    }

    /** The process whose pid is an argument, or, where it is left out, the selected one; it has an address space. */
    Process process(int index) throws MonitorException {
        if (!has(index)) {
            if (pid == MonitorCommands.NO_PROCESS) {
                throw command.usageError("no process is selected: name one by its pid, such as " + livePids());
            }
            return processOf(pid);
        }
        return processOf(number(index, "a pid", 1, Integer.MAX_VALUE));
    }

    private Process processOf(int wanted) throws MonitorException {
        Process found = guest.process(wanted);
        if (found == null) {
            throw new MonitorException("there is no process " + wanted + "; there are: " + livePids());
        }
        if (!GuestView.hasMemory(found)) {
            throw new MonitorException(
                    "process " + wanted + " has ended, and its address space is gone; there are: " + livePids());
        }
        return found;
    }

    private String livePids() {
        List<String> pids = guest.processesWithMemory().stream()
                .map(process -> Integer.toString(process.pid()))
                .toList();
        return pids.isEmpty() ? "none any more" : String.join(", ", pids);
    }

    /** A decimal argument in a range. */
    int number(int index, String what, int least, int most) throws MonitorException {
        String word = word(index);
        try {
            int number = Integer.parseInt(word);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notDecimal) {
            // Told below.
        }
        String range = most == Integer.MAX_VALUE ? "of " + least + " or more" : "from " + least + " to " + most;
        throw command.usageError("'" + Text.shown(word) + "' is not " + what + ": give a decimal number " + range);
    }

    /** A user address: hexadecimal with 0x, decimal, or the selected thread's pc or sp. */
    long userAddress(int index) throws MonitorException {
        if (!has(index)) {
            throw command.usageError("it needs an address");
        }
        long address = address(word(index));
        PagingMode mode = guest.pagingMode();
        if (!mode.isUserHalf(address)) {
            String problem = mode.isCanonical(address)
                    ? "lies in the kernel's half"
                    : "is not canonical: bits 63 to " + (mode.virtualAddressBits() - 1) + " must be equal";
            throw new MonitorException(String.format(
                    "0x%x %s; with %s user addresses end below 0x%x",
                    address, problem, mode.name().toLowerCase(Locale.ROOT), mode.userHalfEnd()));
        }
        return address;
    }

    private long address(String word) throws MonitorException {
        String lower = word.toLowerCase(Locale.ROOT);
        try {
            switch (lower) {
                case "pc", "$pc" -> {
                    return guest.register(pid, tid, GuestView.PC);
                }
                case "sp", "$sp" -> {
                    return guest.register(pid, tid, GuestView.STACK_POINTER);
                }
                default -> {
                    return lower.startsWith("0x")
                            ? Long.parseUnsignedLong(lower.substring(2), 16)
                            : Long.parseUnsignedLong(lower);
                }
            }
        } catch (NumberFormatException wrong) {
            throw command.usageError("'" + Text.shown(word)
                    + "' is not an address: give 0x and up to 16 hexadecimal digits, a decimal number, pc or sp");
        }
    }
}
