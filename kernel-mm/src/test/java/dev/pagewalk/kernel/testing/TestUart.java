package dev.pagewalk.kernel.testing;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.InterruptPort;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A 16550 as far as the kernel's driver goes: records what is sent, serves scripted input; or input that arrives while the
 * machine stands, and interrupts hart 0.
 */
final class TestUart implements MemoryMappedDevice {
    private static final int INTERRUPT_ENABLE = 1;
    private static final int INTERRUPT_IDENTIFICATION = 2;
    private static final int LINE_STATUS = 5;
    private static final int MODEM_STATUS = 6;
    private static final int TRANSMITTER_EMPTY = 0x60;
    private static final int NO_INTERRUPT = 1;
    private static final int CARRIER = 0x80;

    /** Null where all input is there from the beginning. */
    private final InterruptPort port;

    private byte[] input;
    private boolean hungUp;
    private boolean interrupting;
    private int interruptEnable;
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private int inputPosition;

    TestUart(String input) {
        this(input, null);
        hungUp = true;
    }

    /** Nothing is there yet. */
    TestUart(InterruptPort port) {
        this("", port);
    }

    private TestUart(String input, InterruptPort port) {
        this.input = input.getBytes(StandardCharsets.ISO_8859_1);
        this.port = port;
    }

    /** Bytes arrive. */
    void receive(String text, long nowCycle) {
        byte[] more = text.getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = Arrays.copyOf(input, input.length + more.length);
        System.arraycopy(more, 0, all, input.length, more.length);
        input = all;
        interrupt(1, nowCycle);
    }

    /** Nothing will arrive any more. */
    void hangUp(long nowCycle) {
        hungUp = true;
        interrupt(8, nowCycle);
    }

    private void interrupt(int enable, long nowCycle) {
        if ((interruptEnable & enable) != 0) {
            interrupting = true;
            port.raise(0, InterruptLine.EXTERNAL, nowCycle);
        }
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
        if (offset == MODEM_STATUS) {
            return hungUp && !ready ? 0 : CARRIER;
        }
        if (offset == INTERRUPT_IDENTIFICATION) {
            boolean news = interrupting;
            interrupting = false;
            return news ? 0 : NO_INTERRUPT;
        }
        return offset == 0 && ready ? input[inputPosition++] & 0xFF : 0;
    }

    @Override
    public void write(long offset, int sizeBytes, long value, long nowCycle) {
        if (offset == 0) {
            output.write((int) value);
        } else if (offset == INTERRUPT_ENABLE) {
            interruptEnable = (int) value;
        }
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(inputPosition);
        out.writeInt(input.length);
        out.write(input);
        out.writeBoolean(hungUp);
        out.writeBoolean(interrupting);
        out.writeInt(interruptEnable);
        out.writeInt(output.size());
        out.write(output.toByteArray());
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        inputPosition = in.readInt();
        input = new byte[in.readInt()];
        in.readFully(input);
        hungUp = in.readBoolean();
        interrupting = in.readBoolean();
        interruptEnable = in.readInt();
        byte[] sent = new byte[in.readInt()];
        in.readFully(sent);
        output.reset();
        output.writeBytes(sent);
    }
}
