package dev.pagewalk.kernel.file;

import dev.pagewalk.kernel.device.ConsoleDriver;

/** The console: reads give up to a line, 0 bytes at the end of input. */
final class ConsoleFile extends OpenFile {
    /** The length of a line in canonical mode: Linux, drivers/tty/n_tty.c, {@code N_TTY_BUF_SIZE}. */
    private static final int LINE_BYTES = 4096;

    private final ConsoleDriver console;

    ConsoleFile(OpenFileTable table, long number, Inode inode, int flags, ConsoleDriver console) {
        super(table, number, inode, flags);
        this.console = console;
    }

    @Override
    public int read(byte[] target, int length) {
        return console.readLine(target, Math.min(length, LINE_BYTES));
    }

    @Override
    public int write(byte[] source, int length) {
        console.write(source, 0, length);
        return length;
    }
}
