package dev.pagewalk.tools.runner;

import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.devices.console.ConsoleOutput;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.tools.run.GuestsUnderTest;

/** Keeps what a guest prints, and stops the machine when that is more than anybody will read. */
final class LimitedConsole implements ConsoleOutput {
    private final CapturedConsoleOutput captured = new CapturedConsoleOutput(GuestsUnderTest.MOST_CONSOLE_BYTES);
    private Machine machine;

    /** @param printing the machine whose console this is */
    void stopAtLimit(Machine printing) {
        machine = printing;
    }

    @Override
    public void write(int value) {
        captured.write(value);
        if (captured.truncated()) {
            machine.requestStop();
        }
    }

    @Override
    public void flush() {
        captured.flush();
    }

    String text() {
        return captured.text();
    }

    boolean isOverLimit() {
        return captured.truncated();
    }
}
