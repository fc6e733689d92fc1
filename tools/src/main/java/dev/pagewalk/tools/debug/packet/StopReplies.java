package dev.pagewalk.tools.debug.packet;

import dev.pagewalk.tools.debug.target.DebugTarget;
import dev.pagewalk.tools.debug.target.PointKind;
import dev.pagewalk.tools.debug.target.StopReport;
import dev.pagewalk.tools.debug.target.StopReport.NothingRuns;
import dev.pagewalk.tools.debug.target.StopReport.ProcessExited;
import dev.pagewalk.tools.debug.target.StopReport.ProcessKilled;
import dev.pagewalk.tools.debug.target.StopReport.Reason;
import dev.pagewalk.tools.debug.target.StopReport.ThreadStopped;
import dev.pagewalk.tools.debug.target.ThreadId;

/** Why the guest has stopped, as a client reads it: {@code T}, {@code W}, {@code X} and {@code N}. */
final class StopReplies {
    private static final int LINUX_SIGTRAP = 5;

    /** sp, fp and pc: what GDB asks for at every stop. */
    private static final int[] EXPEDITED_REGISTERS = {2, 8, DebugTarget.PC_REGISTER};

    private final DebugTarget target;
    private final Client client;

    StopReplies(DebugTarget target, Client client) {
        this.target = target;
        this.client = client;
    }

    /** How things are, for {@code ?}, and after an attachment or a start. */
    Reply current() {
        if (!client.hasThreads()) {
            return client.lastStop() instanceof ProcessExited || client.lastStop() instanceof ProcessKilled
                    ? of(client.lastStop())
                    : Reply.text("W00");
        }
        if (client.lastStop() instanceof ThreadStopped stop && target.isAlive(stop.thread())) {
            return of(new ThreadStopped(stop.thread(), stop.signal(), new Reason.Plain()));
        }
        return of(new ThreadStopped(client.first(ThreadSelector.EVERY_THREAD), 0, new Reason.Plain()));
    }

    /** Whether it is an event of processes that the client has not asked to hear of. */
    boolean isUnheardOf(Reason reason) {
        if (reason instanceof Reason.Forked) {
            return !client.knowsProcesses() || !client.knows("fork-events");
        }
        if (reason instanceof Reason.Vforked || reason instanceof Reason.VforkDone) {
            return !client.knowsProcesses() || !client.knows("vfork-events");
        }
        return reason instanceof Reason.Executed && !client.knows("exec-events");
    }

    Reply of(StopReport report) {
        if (report instanceof ThreadStopped stop) {
            return threadStopped(stop);
        } else if (report instanceof ProcessExited exit) {
            return Reply.text("W%02x%s".formatted(exit.status() & 0xFF, process(exit.pid())));
        } else if (report instanceof ProcessKilled killed) {
            return Reply.text("X%02x%s".formatted(SignalNumbers.toGdb(killed.signal()), process(killed.pid())));
        } else if (report instanceof NothingRuns) {
            return client.knows("no-resumed") ? Reply.text("N") : current();
        }
        throw new IllegalArgumentException("no stop reply for " + report);
    }

    private String process(int pid) {
        return client.knowsProcesses() ? ";process:%x".formatted(pid) : "";
    }

    private Reply threadStopped(ThreadStopped stop) {
        ThreadId thread = stop.thread();
        StringBuilder reply = new StringBuilder();
        int signal = stop.signal() == 0 ? LINUX_SIGTRAP : stop.signal();
        reply.append("T%02x".formatted(SignalNumbers.toGdb(signal)));
        if (!isUnheardOf(stop.reason())) {
            reply.append(spelled(stop.reason()));
        }
        for (int register : EXPEDITED_REGISTERS) {
            target.register(thread, register)
                    .ifPresent(value -> reply.append("%02x:%s;".formatted(register, Reply.hexOfRegister(value))));
        }
        reply.append("thread:").append(client.nameOf(thread)).append(';');
        reply.append("core:%x;".formatted(target.hart(thread)));
        return Reply.text(reply.toString());
    }

    private String spelled(Reason reason) {
        if (reason instanceof Reason.Breakpoint breakpoint) {
            String name = breakpoint.kind() == PointKind.SOFTWARE_BREAKPOINT ? "swbreak" : "hwbreak";
            return client.knows(name) ? name + ":;" : "";
        } else if (reason instanceof Reason.Watchpoint watchpoint) {
            return "%s:%x;".formatted(name(watchpoint.kind()), watchpoint.address());
        } else if (reason instanceof Reason.Forked forked) {
            return "fork:" + client.nameOf(forked.child()) + ";";
        } else if (reason instanceof Reason.Vforked vforked) {
            return "vfork:" + client.nameOf(vforked.child()) + ";";
        } else if (reason instanceof Reason.VforkDone) {
            return "vforkdone:;";
        } else if (reason instanceof Reason.Executed executed) {
            return "exec:" + Reply.hexOf(executed.path()) + ";";
        } else if (reason instanceof Reason.CallEntered entered) {
            return systemCall("syscall_entry", entered.number());
        } else if (reason instanceof Reason.CallReturned returned) {
            return systemCall("syscall_return", returned.number());
        } else if (reason instanceof Reason.HistoryBegins) {
            return "replaylog:begin;";
        }
        return "";
    }

    /** A client that has not asked for them by packet would run on past them: to it they are plain stops. */
    private String systemCall(String name, int number) {
        return client.catchesSystemCalls() ? "%s:%x;".formatted(name, number) : "";
    }

    private static String name(PointKind watchpoint) {
        return switch (watchpoint) {
            case READ_WATCHPOINT -> "rwatch";
            case ACCESS_WATCHPOINT -> "awatch";
            default -> "watch";
        };
    }
}
