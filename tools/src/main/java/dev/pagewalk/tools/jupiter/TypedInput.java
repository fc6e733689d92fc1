package dev.pagewalk.tools.jupiter;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.devices.console.ConsoleInput;
import java.io.ByteArrayOutputStream;

/**
 * Console input that a test types. It never comes by itself: whoever runs the guest stands still before a read that asks
 * for more than there is. So a guest sees the same however early or late the test has typed.
 */
final class TypedInput implements ConsoleInput {
    private final ByteArrayOutputStream typed = new ByteArrayOutputStream();
    private byte[] bytes = {};
    private int position;
    private boolean isOver;

    /** @throws IllegalStateException after {@link #end} */
    void type(byte[] more) {
        if (isOver) {
            throw new IllegalStateException("the guest's input has been ended");
        }
        typed.writeBytes(more);
        bytes = typed.toByteArray();
    }

    /** Nothing more will be typed. */
    void end() {
        isOver = true;
    }

    /** Whether a read of a line, or of so many bytes where the line is longer, has to wait. */
    boolean wouldWait(int wantedBytes) {
        if (isOver || wantedBytes <= bytes.length - position) {
            return false;
        }
        for (int i = position; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return false;
            }
        }
        return true;
    }

    @Override
    public int next() {
        return position == bytes.length ? NONE : bytes[position++] & 0xFF;
    }

    @Override
    public boolean ended() {
        return isOver && position == bytes.length;
    }

    @Override
    public boolean mayWait() {
        return false;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(position);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        position = in.readInt();
    }
}
