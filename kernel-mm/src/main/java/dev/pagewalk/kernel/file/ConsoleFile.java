package dev.pagewalk.kernel.file;

import dev.pagewalk.kernel.device.Terminal;

/** The console: reads give up to a line, 0 bytes at the end of input. */
final class ConsoleFile extends OpenFile {
    private final Terminal terminal;

    ConsoleFile(OpenFileTable table, long number, Inode inode, int flags, Terminal terminal) {
        super(table, number, inode, flags);
        this.terminal = terminal;
    }

    @Override
    public int read(byte[] target, int length) {
        int count = terminal.read(target, length);
        return count == Terminal.WOULD_WAIT ? WOULD_WAIT : count;
    }

    @Override
    public int write(byte[] source, int length) {
        terminal.write(source, length);
        return length;
    }
}
