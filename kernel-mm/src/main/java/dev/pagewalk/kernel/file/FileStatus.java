package dev.pagewalk.kernel.file;

/**
 * What stat(2) tells of an inode; times are not kept.
 *
 * @param inode the inode's number
 * @param mode type and permission bits
 * @param device the device that it stands for, {@code major << 8 | minor}, else 0
 * @param blocks in RAM, each of 512 bytes
 */
public record FileStatus(long inode, int mode, int links, int device, long sizeBytes, long blocks) {
    /** A link of /proc: its target is found anew each time. Source: Linux, fs/proc/base.c. */
    static final FileStatus OF_LINK = new FileStatus(0, 0120777, 1, 0, 0, 0);
}
