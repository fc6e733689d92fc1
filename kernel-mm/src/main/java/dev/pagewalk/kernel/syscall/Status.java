package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.FileStatus;
import java.nio.ByteBuffer;

/** fstat(fd, status). */
final class Status extends SystemCall {
    private static final int STRUCT_BYTES = 128;

    /** All files are on one device. */
    private static final long FILE_SYSTEM = 1;

    private static final int BLOCK_BYTES = 4096;

    Status() {
        super(80, "fstat", ParameterKind.NUMBER, ParameterKind.ADDRESS);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        FileStatus status = call.place(0).inode().status();
        call.userMemory().copyAllToUser(call.space(), call.argument(1), struct(status));
        return 0;
    }

    /** A {@code struct stat}: Linux, include/uapi/asm-generic/stat.h. Everything belongs to user 0, and no times are kept. */
    static byte[] struct(FileStatus status) {
        ByteBuffer words = UserWords.allocate(STRUCT_BYTES);
        words.putLong(FILE_SYSTEM).putLong(status.inode()); // st_dev, st_ino
        words.putInt(status.mode()).putInt(status.links()); // st_mode, st_nlink
        words.putInt(0).putInt(0); // st_uid, st_gid
        words.putLong(status.device()).putLong(0); // st_rdev, padding
        words.putLong(status.sizeBytes()); // st_size
        words.putInt(BLOCK_BYTES).putInt(0); // st_blksize, padding
        words.putLong(status.blocks()); // st_blocks
        return words.array();
    }
}
