package dev.pagewalk.kernel.file;

/** A device whose memory can be mapped; it cannot be read or written through a descriptor. */
final class DeviceFile extends OpenFile {
    DeviceFile(OpenFileTable table, long number, Inode inode, int flags) {
        super(table, number, inode, flags);
    }
}
