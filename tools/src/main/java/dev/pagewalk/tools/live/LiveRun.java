package dev.pagewalk.tools.live;

import dev.pagewalk.devices.console.ConsoleOutput;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.run.GuestDriver;
import dev.pagewalk.tools.run.RunObserver;

/**
 * A run in touch with the world: the guest, what has been typed and what a debugger wants take turns on the machine's thread. All that
 * comes is looked at between two instructions, so that nothing depends on when it came but the position at which it did.
 */
public final class LiveRun implements GuestDriver {
    private final LiveGuest guest;
    private final ConsoleFeed console;
    private final ConsoleOutput output;
    private final RunObserver observer;
    private final Bell bell;

    /** Null where no debugger may come. */
    private final DebuggerLink debugger;

    private volatile boolean interrupted;

    /**
     * @param output what the guest has sent is seen there before anybody waits
     * @param observer is told before anybody waits, too
     * @param debugger null where none may come
     * @param bell rung by whatever brings something
     */
    public LiveRun(
            LiveGuest guest,
            ConsoleFeed console,
            ConsoleOutput output,
            RunObserver observer,
            DebuggerLink debugger,
            Bell bell) {
        this.guest = guest;
        this.console = console;
        this.output = output;
        this.observer = observer;
        this.debugger = debugger;
        this.bell = bell;
        bell.whenRung(() -> assembly().machine().requestStop());
        if (debugger != null) {
            debugger.giveUpSearchesWhen(() -> interrupted);
        }
    }

    @Override
    public MachineAssembly assembly() {
        return guest.assembly();
    }

    @Override
    public RunStop run(long limitCycle, long pauseCycle) {
        while (true) {
            attend();
            if (interrupted) {
                return RunStop.STOP_REQUESTED;
            }
            RunStop stop = debugger == null
                    ? guest.history().advance(limitCycle, pauseCycle)
                    : debugger.run(limitCycle, pauseCycle);
            boolean goesOn = switch (stop) {
                // What there was to tell has been told, or it is looked at what has come.
                case DEBUGGER, STOP_REQUESTED -> true;
                case DEADLOCK -> mayGoOn();
                case POWERED_OFF -> isStartedAgain();
                case PAUSED, CYCLE_LIMIT -> false;
            };
            if (!goesOn) {
                return stop;
            }
        }
    }

    /** Looks at what has come, and waits while the guest is to stand still. */
    private void attend() {
        if (debugger != null) {
            debugger.takeMessages();
            while (debugger.holdsGuest() && !interrupted) {
                showWhereItStands();
                bell.await();
                debugger.takeMessages();
            }
        }
        console.feed(guest.history());
        int wanted = guest.history().takeWantedInput();
        boolean goesBack = debugger != null && debugger.goesBack();
        if (wanted > 0 && !goesBack && console.wouldWait(wanted)) {
            showWhereItStands();
            console.await(wanted, () -> interrupted || debugger.hasMessage());
            guest.history().wantInput(wanted);
        }
    }

    /** Where no thread can run: whether that may change, by input or by the debugger's client. */
    private boolean mayGoOn() {
        if (console.mayBring()) {
            showWhereItStands();
            bell.await();
            return true;
        }
        boolean isTold = debugger != null
                && debugger.tellsThatNothingRuns(assembly().kernel().describeBlocked());
        if (isTold) {
            showWhereItStands();
            bell.await();
        }
        return isTold;
    }

    private void showWhereItStands() {
        output.flush();
        observer.onPause(assembly());
    }

    /** The guest has ended; its debugger's client may start it again. */
    private boolean isStartedAgain() {
        while (debugger != null && !interrupted && debugger.mayRestart() && !debugger.holdsGuest()) {
            bell.await();
            debugger.takeMessages();
        }
        return debugger != null && debugger.holdsGuest();
    }

    @Override
    public void interrupt() {
        interrupted = true;
        bell.ring();
    }
}
