package dev.pagewalk.devices.console;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Keeps what the guest prints, up to a limit, because a guest may print for ever; tests and the test runner read it. */
public final class CapturedConsoleOutput implements ConsoleOutput {
    private final ByteArrayOutputStream captured = new ByteArrayOutputStream();
    private final int limitBytes;
    private boolean truncated;

    /**
     * @param limitBytes bytes beyond are dropped; at least 0
     */
    public CapturedConsoleOutput(int limitBytes) {
        if (limitBytes < 0) {
            throw new IllegalArgumentException("limitBytes is negative: " + limitBytes);
        }
        this.limitBytes = limitBytes;
    }

    @Override
    public void write(int value) {
        if (captured.size() == limitBytes) {
            truncated = true;
        } else {
            captured.write(value);
        }
    }

    @Override
    public void flush() {}

    /** The bytes kept, a copy. */
    public byte[] bytes() {
        return captured.toByteArray();
    }

    /** The bytes kept, as UTF-8. */
    public String text() {
        return captured.toString(StandardCharsets.UTF_8);
    }

    /** Whether bytes were dropped. */
    public boolean truncated() {
        return truncated;
    }
}
