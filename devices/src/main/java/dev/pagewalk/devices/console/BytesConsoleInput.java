package dev.pagewalk.devices.console;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;

/** Input that is known beforehand, such as a test's {@code stdin}. */
public final class BytesConsoleInput implements ConsoleInput {
    private final byte[] bytes;
    private int position;

    public BytesConsoleInput(byte[] bytes) {
        this.bytes = bytes.clone();
    }

    @Override
    public int next() {
        return position == bytes.length ? NONE : bytes[position++] & 0xFF;
    }

    @Override
    public boolean ended() {
        return position == bytes.length;
    }

    @Override
    public boolean mayWait() {
        return false;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(position);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        position = (int) in.readLong();
    }
}
