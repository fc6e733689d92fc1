package dev.pagewalk.tools.live;

import dev.pagewalk.devices.console.QueuedConsoleInput;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.debug.guest.GuestDebugger;
import dev.pagewalk.tools.debug.monitor.MonitorCommands;
import dev.pagewalk.tools.debug.target.ThreadId;
import dev.pagewalk.tools.history.GuestHistory;
import dev.pagewalk.tools.history.GuestHistory.InputSink;
import dev.pagewalk.tools.history.InputEntry;
import dev.pagewalk.tools.history.OnceOnly;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.trace.RecentEvents;
import java.util.ArrayList;
import java.util.List;

/** A guest that has been booted with its history, and can be booted again. */
public final class LiveGuest implements GuestDebugger.Guest {
    private final Boot boot;
    private MachineAssembly assembly;
    private GuestHistory history;
    private MonitorCommands monitor;

    /** Makes machines that stand at power-on. */
    public interface Starter {
        /**
         * @param arguments of the program behind its name; null for those that it had at first
         * @throws UserErrorException where they do not fit
         */
        MachineAssembly start(List<String> arguments) throws UserErrorException;
    }

    /** What a guest is booted with. */
    public static final class Boot {
        private final String image;
        private final Starter starter;
        private final List<OnceOnly> outputs = new ArrayList<>();
        private QueuedConsoleInput console;
        private List<InputEntry> known = List.of();
        private InputSink sink = InputSink.NONE;
        private RecentEvents events;
        private boolean watchesConsole;

        /** @param image its name as the user gave it */
        public Boot(String image, Starter starter) {
            this.image = image;
            this.starter = starter;
        }

        /** Something that the guest sends, to be sent once. */
        public Boot sending(OnceOnly output) {
            outputs.add(output);
            return this;
        }

        /** Where console input goes that comes by itself. */
        public Boot receiving(QueuedConsoleInput input) {
            console = input;
            return this;
        }

        /** Inputs that are to come. */
        public Boot replaying(List<InputEntry> inputs) {
            known = inputs;
            return this;
        }

        /** Where inputs are kept. */
        public Boot recordingTo(InputSink log) {
            sink = log;
            return this;
        }

        /**
         * For a debugger: its run can be gone back, and the last things that its kernel did are known.
         *
         * @param awaitsInput whether the guest waits for console input, and the debugger is not to wait with it
         */
        public Boot debuggedWith(RecentEvents lately, boolean awaitsInput) {
            events = lately;
            watchesConsole = awaitsInput;
            return this;
        }
    }

    /** @throws UserErrorException as {@link Starter#start} */
    public LiveGuest(Boot boot) throws UserErrorException {
        this.boot = boot;
        start(null);
    }

    private void start(List<String> arguments) throws UserErrorException {
        assembly = boot.starter.start(arguments);
        boot.outputs.forEach(OnceOnly::begin);
        history = new GuestHistory(
                assembly,
                boot.known,
                boot.outputs,
                new GuestInputs(assembly, boot.console),
                boot.sink,
                this::hasGoneBack);
        if (boot.events != null) {
            boot.events.forgetAfter(-1);
            history.keepCheckpoints();
            if (boot.watchesConsole) {
                history.watchConsole();
            }
            monitor = new MonitorCommands(assembly, boot.image, boot.events);
        }
    }

    private void hasGoneBack() {
        if (boot.events != null) {
            boot.events.forgetAfter(assembly.machine().longestCycle());
        }
    }

    @Override
    public MachineAssembly assembly() {
        return assembly;
    }

    @Override
    public GuestHistory history() {
        return history;
    }

    @Override
    public String monitor(ThreadId selected, String command) {
        return selected == null
                ? monitor.execute(MonitorCommands.NO_PROCESS, command)
                : monitor.execute(selected.pid(), selected.tid(), command);
    }

    @Override
    public boolean startAgain(List<String> arguments) {
        if (boot.sink != InputSink.NONE || !boot.known.isEmpty()) {
            // A log is of one run.
            return false;
        }
        try {
            start(arguments);
            return true;
        } catch (UserErrorException e) {
            return false;
        }
    }
}
