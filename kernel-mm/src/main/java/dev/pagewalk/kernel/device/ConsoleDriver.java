package dev.pagewalk.kernel.device;

import java.nio.charset.StandardCharsets;

/** Drives the 16550 UART by polling: what guests write and read, and the kernel's own lines. */
public final class ConsoleDriver {
    /** QEMU's virt machine has its UART there. */
    private static final long UART = 0x1000_0000L;

    private static final long DATA = UART;
    private static final long LINE_STATUS = UART + 5;
    private static final int DATA_READY = 1;

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

    /**
     * Receives up to a line, as a terminal in canonical mode gives it: until a line feed, the end of input, or
     * {@code length} bytes. How the host's writer cut its output into pieces does not show.
     *
     * @return the number of bytes, 0 at the end of input
     */
    public int readLine(byte[] target, int length) {
        int count = 0;
        while (count < length && (bus.read(LINE_STATUS, 1) & DATA_READY) != 0) {
            target[count] = (byte) bus.read(DATA, 1);
            if (target[count++] == '\n') {
                break;
            }
        }
        return count;
    }
}
