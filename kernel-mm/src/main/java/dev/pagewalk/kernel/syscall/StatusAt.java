package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.FileStatus;
import dev.pagewalk.kernel.file.FileSystem;

/** newfstatat(directory, path, status, flags). Source of the order of errors: Linux, fs/stat.c, {@code vfs_fstatat}. */
final class StatusAt extends SystemCall {
    static final int AT_SYMLINK_NOFOLLOW = 0x100;
    static final int AT_EMPTY_PATH = 0x1000;

    /** AT_NO_AUTOMOUNT and AT_STATX_SYNC_TYPE mean nothing here. */
    private static final int WITHOUT_MEANING = 0x800 | 0x6000;

    StatusAt() {
        super(
                79,
                "newfstatat",
                ParameterKind.DIRECTORY,
                ParameterKind.PATH,
                ParameterKind.ADDRESS,
                ParameterKind.AT_FLAGS);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int flags = (int) call.argument(3);
        boolean mayBeEmpty = (flags & AT_EMPTY_PATH) != 0;
        String path = mayBeEmpty
                ? UserStrings.readPathOrEmpty(call, call.argument(1))
                : UserStrings.readPath(call, call.argument(1));
        if ((flags & ~(AT_SYMLINK_NOFOLLOW | AT_EMPTY_PATH | WITHOUT_MEANING)) != 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        FileStatus status = status(call, path, (flags & AT_SYMLINK_NOFOLLOW) == 0);
        call.userMemory().copyAllToUser(call.space(), call.argument(2), Status.struct(status));
        return 0;
    }

    private static FileStatus status(CallContext call, String path, boolean followsLink) throws KernelException {
        FileSystem files = call.services().files();
        if (!path.isEmpty()) {
            return files.status(call.pathBase(0, path), path, followsLink);
        }
        return (int) call.argument(0) == CallContext.CURRENT_DIRECTORY
                ? files.status(call.process().pathBase(), ".", true)
                : call.place(0).inode().status();
    }
}
