package dev.pagewalk.tools.runner;

import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.devices.console.ConsoleOutput;
import dev.pagewalk.emulator.Machine;

/** Keeps what a guest prints, and stops the machine when that is more than anybody will read. */
final class LimitedConsole implements ConsoleOutput {
    /** A guest may print for ever; no expectation is that long. */
    static final int LIMIT_BYTES = 16 << 20;

    private final CapturedConsoleOutput captured = new CapturedConsoleOutput(LIMIT_BYTES);
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
