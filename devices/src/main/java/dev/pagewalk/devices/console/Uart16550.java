package dev.pagewalk.devices.console;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.bus.MemoryMappedDevice;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.InterruptPort;

/**
 * The console's UART, a 16550: eight registers of one byte. Baud rate and line format are kept but mean nothing.
 *
 * <p>The transmitter is always ready, so a driver need not read LSR before it writes THR; and had better not, because
 * the receiver is filled by reading LSR: where it holds no byte, that asks the input for the next one, and a synchronous
 * input waits for the host. Then the guest alone decides when a byte arrives, and a run does not depend on how fast
 * somebody types.
 *
 * <p>Where the input has no byte, LSR's data-ready bit stays 0, and MSR's carrier-detect bit says why: it is set while more
 * may come, and falls at the end of the input; as the data-ready bit it is brought up to date by reading LSR, but for an
 * end that arrives by itself.
 *
 * <p>What arrives by itself raises hart 0's external interrupt, where IER enables that: bytes by bit 0, the end by bit 3. Of
 * a synchronous input nothing arrives. The transmitter never interrupts.
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

    /** IER: a received byte interrupts. */
    public static final int IER_RECEIVED_DATA = 0x01;
    /** IER: a change of the modem status, that is of the carrier, interrupts. */
    public static final int IER_MODEM_STATUS = 0x08;

    /** IIR: nothing interrupts. */
    public static final int IIR_NONE_PENDING = 0x01;
    /** IIR: the carrier has changed. */
    public static final int IIR_MODEM_STATUS = 0x00;
    /** IIR: a received byte is ready. */
    public static final int IIR_RECEIVED_DATA = 0x04;

    /** MSR: the carrier has changed since MSR was read last. */
    public static final int MSR_CARRIER_CHANGED = 0x08;
    /** MSR: the carrier is there; without it nothing more will be received. */
    public static final int MSR_CARRIER = 0x80;

    private static final int LCR_DIVISOR_LATCH = 0x80;
    private static final int IIR_FIFOS_ENABLED = 0xC0;
    private static final int FCR_ENABLE = 0x01;
    private static final int FCR_CLEAR_RECEIVER = 0x02;
    private static final int IER_MASK = 0x0F;
    /** Loop-back, bit 4, is not there. */
    private static final int MCR_MASK = 0x0F;
    /** Data set ready, clear to send: the line is there. */
    private static final int MSR_CONNECTED = 0x30;

    /** There is no interrupt controller that would send it elsewhere. */
    private static final int INTERRUPTED_HART = 0;

    private final ConsoleInput input;
    private final ConsoleOutput output;
    private final InterruptPort port;

    /** 0..255 or {@link ConsoleInput#NONE}. */
    private int received = ConsoleInput.NONE;

    private int interruptEnable;
    private int lineControl;
    private int modemControl;
    private int scratch;
    private int divisorLow;
    private int divisorHigh;
    private boolean fifosEnabled;
    private boolean carrierLost;
    private boolean carrierChanged;

    public Uart16550(ConsoleInput input, ConsoleOutput output, InterruptPort port) {
        this.input = input;
        this.output = output;
        this.port = port;
        input.observeArrivals(this::arrived);
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
            case IIR -> interruptIdentification() | (fifosEnabled ? IIR_FIFOS_ENABLED : 0);
            case LCR -> lineControl;
            case MCR -> modemControl;
            case LSR -> lineStatus();
            case MSR -> takeModemStatus();
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
                    writeInterruptEnable(written & IER_MASK, nowCycle);
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
            noteCarrier(received == ConsoleInput.NONE && input.ended());
        }
        return LSR_TRANSMITTER_EMPTY | (received == ConsoleInput.NONE ? 0 : LSR_DATA_READY);
    }

    private void noteCarrier(boolean lost) {
        carrierChanged |= lost != carrierLost;
        carrierLost = lost;
    }

    private int takeModemStatus() {
        int status = MSR_CONNECTED | (carrierLost ? 0 : MSR_CARRIER) | (carrierChanged ? MSR_CARRIER_CHANGED : 0);
        carrierChanged = false;
        return status;
    }

    /** Bytes have arrived by themselves, or the end. */
    private void arrived(long nowCycle) {
        noteCarrier(received == ConsoleInput.NONE && input.ended());
        if (interruptIdentification() != IIR_NONE_PENDING) {
            port.raise(INTERRUPTED_HART, InterruptLine.EXTERNAL, nowCycle);
        }
    }

    private void writeInterruptEnable(int enabled, long nowCycle) {
        boolean pending = interruptIdentification() != IIR_NONE_PENDING;
        interruptEnable = enabled;
        if (!pending && interruptIdentification() != IIR_NONE_PENDING) {
            port.raise(INTERRUPTED_HART, InterruptLine.EXTERNAL, nowCycle);
        }
    }

    /** Received bytes come before the modem status: data sheet, table IV. */
    private int interruptIdentification() {
        boolean dataReady = received != ConsoleInput.NONE || input.hasArrived();
        if ((interruptEnable & IER_RECEIVED_DATA) != 0 && dataReady) {
            return IIR_RECEIVED_DATA;
        }
        boolean modemChanged = (interruptEnable & IER_MODEM_STATUS) != 0 && carrierChanged;
        return modemChanged ? IIR_MODEM_STATUS : IIR_NONE_PENDING;
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
        out.writeBoolean(carrierLost);
        out.writeBoolean(carrierChanged);
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
        carrierLost = in.readBoolean();
        carrierChanged = in.readBoolean();
        input.restore(in);
    }
}
