package dev.pagewalk.kernel.testing;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** A 16550 as far as the kernel's driver goes: records what is sent, serves scripted input. */
final class TestUart implements MemoryMappedDevice {
    private static final int LINE_STATUS = 5;
    private static final int TRANSMITTER_EMPTY = 0x60;

    private final byte[] input;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private int inputPosition;

    TestUart(String input) {
        this.input = input.getBytes(StandardCharsets.ISO_8859_1);
    }

    String output() {
        return output.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public String name() {
        return "test-uart";
    }

    @Override
    public long baseAddress() {
        return 0x1000_0000L;
    }

    @Override
    public long lengthBytes() {
        return 4096;
    }

    @Override
    public long read(long offset, int sizeBytes, long nowCycle) {
        boolean ready = inputPosition < input.length;
        if (offset == LINE_STATUS) {
            return ready ? TRANSMITTER_EMPTY | 1 : TRANSMITTER_EMPTY;
        }
        return offset == 0 && ready ? input[inputPosition++] & 0xFF : 0;
    }

    @Override
    public void write(long offset, int sizeBytes, long value, long nowCycle) {
        if (offset == 0) {
            output.write((int) value);
        }
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(inputPosition);
        out.writeInt(output.size());
        out.write(output.toByteArray());
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        inputPosition = in.readInt();
        byte[] sent = new byte[in.readInt()];
        in.readFully(sent);
        output.reset();
        output.writeBytes(sent);
    }
}
