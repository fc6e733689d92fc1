package dev.pagewalk.kernel.device;

import java.nio.charset.StandardCharsets;

/**
 * Drives the 16550 UART: the transmitter by polling; the receiver is polled when somebody reads, and interrupts when what
 * was not there arrives.
 */
public final class ConsoleDriver {
    /** QEMU's virt machine has its UART there. */
    private static final long UART = 0x1000_0000L;

    private static final long DATA = UART;
    private static final long INTERRUPT_ENABLE = UART + 1;
    private static final long INTERRUPT_IDENTIFICATION = UART + 2;
    private static final long LINE_STATUS = UART + 5;
    private static final long MODEM_STATUS = UART + 6;

    private static final int RECEIVED_DATA_INTERRUPT = 0x01;
    private static final int MODEM_STATUS_INTERRUPT = 0x08;
    private static final int NO_INTERRUPT = 0x01;
    private static final int DATA_READY = 0x01;
    private static final int CARRIER = 0x80;

    private final DeviceBus bus;

    public ConsoleDriver(DeviceBus bus) {
        this.bus = bus;
    }

    /** Sends bytes; the transmitter is always ready. */
    public void write(byte[] bytes, int offset, int length) {
        for (int i = offset; i < offset + length; i++) {
            bus.write(DATA, 1, bytes[i]);
        }
    }

    /** Sends a line of the kernel's own: {@code [KERN] text}. */
    public void kernelLine(String text) {
        byte[] bytes = ("[KERN] " + text + "\n").getBytes(StandardCharsets.US_ASCII);
        write(bytes, 0, bytes.length);
    }

    /** Whether the receiver has a byte. Of an input that waits for its host, the host is waited for. */
    boolean isReceiving() {
        return (bus.read(LINE_STATUS, 1) & DATA_READY) != 0;
    }

    /** The received byte, once {@link #isReceiving()}. */
    byte receive() {
        return (byte) bus.read(DATA, 1);
    }

    /** Whether more may come where the receiver has no byte; else the input is at its end. */
    boolean hasCarrier() {
        return (bus.read(MODEM_STATUS, 1) & CARRIER) != 0;
    }

    /** Lets the UART tell when bytes, or the end of the input, arrive by themselves. */
    void enableInterrupts() {
        bus.write(INTERRUPT_ENABLE, 1, RECEIVED_DATA_INTERRUPT | MODEM_STATUS_INTERRUPT);
    }

    /** Whether the UART has something to tell. */
    boolean isInterrupting() {
        return (bus.read(INTERRUPT_IDENTIFICATION, 1) & NO_INTERRUPT) == 0;
    }
}
