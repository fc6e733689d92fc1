package dev.pagewalk.devices.console;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;

/**
 * The console's UART, a 16550 for polled use: eight registers of one byte. It raises no interrupts, and baud rate and
 * line format are kept but mean nothing.
 *
 * <p>The transmitter is always ready, so a driver need not read LSR before it writes THR; and had better not, because
 * the receiver is filled by reading LSR: where it holds no byte, that asks the host for the next one, and with a
 * synchronous input waits for it. So the guest alone decides when a byte arrives, and a run does not depend on how fast
 * somebody types. At the end of the input LSR's data-ready bit stays 0.
 *
 * <p>Accesses wider than a byte read 0 and write nothing.
 *
 * <p>Source: National Semiconductor PC16550D data sheet, section 8 "Registers"; the address is QEMU virt's.
 */
public final class Uart16550 implements MemoryMappedDevice {
    public static final long BASE_ADDRESS = 0x1000_0000L;
    public static final long LENGTH_BYTES = 0x1000;

    /** Receiver buffer (read) and transmitter holding register (write); divisor's low byte while DLAB is set. */
    public static final int RBR = 0;

    public static final int THR = 0;
    /** Interrupt enable; divisor's high byte while DLAB is set. */
    public static final int IER = 1;
    /** Interrupt identification (read) and FIFO control (write). */
    public static final int IIR = 2;

    public static final int FCR = 2;
    /** Line control; bit 7 is DLAB. */
    public static final int LCR = 3;
    /** Modem control. */
    public static final int MCR = 4;
    /** Line status. */
    public static final int LSR = 5;
    /** Modem status. */
    public static final int MSR = 6;
    /** Scratch. */
    public static final int SCR = 7;

    /** LSR: a received byte is ready. */
    public static final int LSR_DATA_READY = 0x01;
    /** LSR: the transmitter takes a byte; always set. */
    public static final int LSR_TRANSMITTER_EMPTY = 0x60;

    private static final int LCR_DIVISOR_LATCH = 0x80;
    private static final int IIR_NONE_PENDING = 0x01;
    private static final int IIR_FIFOS_ENABLED = 0xC0;
    private static final int FCR_ENABLE = 0x01;
    private static final int FCR_CLEAR_RECEIVER = 0x02;
    private static final int IER_MASK = 0x0F;
    /** Loop-back, bit 4, is not there. */
    private static final int MCR_MASK = 0x0F;
    /** Carrier, data set ready, clear to send: the line is there. */
    private static final int MSR_CONNECTED = 0xB0;

    private final ConsoleInput input;
    private final ConsoleOutput output;

    /** 0..255 or {@link ConsoleInput#NONE}. */
    private int received = ConsoleInput.NONE;

    private int interruptEnable;
    private int lineControl;
    private int modemControl;
    private int scratch;
    private int divisorLow;
    private int divisorHigh;
    private boolean fifosEnabled;

    public Uart16550(ConsoleInput input, ConsoleOutput output) {
        this.input = input;
        this.output = output;
    }

    @Override
    public String name() {
        return "uart0";
    }

    @Override
    public long baseAddress() {
        return BASE_ADDRESS;
    }

    @Override
    public long lengthBytes() {
        return LENGTH_BYTES;
    }

    @Override
    public long read(long offset, int sizeBytes, long nowCycle) {
        if (sizeBytes != 1 || offset > SCR) {
            return 0;
        }
        return switch ((int) offset) {
            case RBR -> divisorLatched() ? divisorLow : takeReceived();
            case IER -> divisorLatched() ? divisorHigh : interruptEnable;
            case IIR -> IIR_NONE_PENDING | (fifosEnabled ? IIR_FIFOS_ENABLED : 0);
            case LCR -> lineControl;
            case MCR -> modemControl;
            case LSR -> lineStatus();
            case MSR -> MSR_CONNECTED;
            case SCR -> scratch;
            default -> 0;
        };
    }

    @Override
    public void write(long offset, int sizeBytes, long value, long nowCycle) {
        if (sizeBytes != 1 || offset > SCR) {
            return;
        }
        int written = (int) value & 0xFF;
        switch ((int) offset) {
            case THR -> {
                if (divisorLatched()) {
                    divisorLow = written;
                } else {
                    output.write(written);
                }
            }
            case IER -> {
                if (divisorLatched()) {
                    divisorHigh = written;
                } else {
                    interruptEnable = written & IER_MASK;
                }
            }
            case FCR -> writeFifoControl(written);
            case LCR -> lineControl = written;
            case MCR -> modemControl = written & MCR_MASK;
            case SCR -> scratch = written;
            default -> {
                // LSR and MSR are read-only.
            }
        }
    }

    private boolean divisorLatched() {
        return (lineControl & LCR_DIVISOR_LATCH) != 0;
    }

    private int lineStatus() {
        if (received == ConsoleInput.NONE) {
            if (input.mayWait()) {
                output.flush();
            }
            received = input.next();
        }
        return LSR_TRANSMITTER_EMPTY | (received == ConsoleInput.NONE ? 0 : LSR_DATA_READY);
    }

    private int takeReceived() {
        int taken = received;
        received = ConsoleInput.NONE;
        return taken == ConsoleInput.NONE ? 0 : taken;
    }

    /** Without the enable bit the other bits of FCR are not programmed; changing it clears the FIFOs. */
    private void writeFifoControl(int written) {
        boolean enable = (written & FCR_ENABLE) != 0;
        if (enable != fifosEnabled || enable && (written & FCR_CLEAR_RECEIVER) != 0) {
            received = ConsoleInput.NONE;
        }
        fifosEnabled = enable;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeShort(received);
        out.writeByte(interruptEnable);
        out.writeByte(lineControl);
        out.writeByte(modemControl);
        out.writeByte(scratch);
        out.writeByte(divisorLow);
        out.writeByte(divisorHigh);
        out.writeBoolean(fifosEnabled);
        input.save(out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        received = in.readShort();
        interruptEnable = in.readUnsignedByte();
        lineControl = in.readUnsignedByte();
        modemControl = in.readUnsignedByte();
        scratch = in.readUnsignedByte();
        divisorLow = in.readUnsignedByte();
        divisorHigh = in.readUnsignedByte();
        fifosEnabled = in.readBoolean();
        input.restore(in);
    }
}
