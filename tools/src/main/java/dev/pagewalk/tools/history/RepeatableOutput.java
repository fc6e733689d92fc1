package dev.pagewalk.tools.history;

import dev.pagewalk.devices.console.ConsoleOutput;

/** A console that shows each byte once, however often the run that sends it is executed anew. */
public final class RepeatableOutput implements ConsoleOutput {
    private final ConsoleOutput output;
    private final OnceOnly bytes = new OnceOnly();

    public RepeatableOutput(ConsoleOutput output) {
        this.output = output;
    }

    @Override
    public void write(int value) {
        if (bytes.isNew()) {
            output.write(value);
        }
    }

    @Override
    public void flush() {
        output.flush();
    }

    /** What {@link GuestHistory} takes back and forth. */
    public OnceOnly bytes() {
        return bytes;
    }
}
