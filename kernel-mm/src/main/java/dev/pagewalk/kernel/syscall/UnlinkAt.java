package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.file.PathBase;

/** unlinkat(directory, path, flags). */
final class UnlinkAt extends SystemCall {
    static final int AT_REMOVEDIR = 0x200;

    UnlinkAt() {
        super(35, "unlinkat", ParameterKind.DIRECTORY, ParameterKind.PATH, ParameterKind.AT_FLAGS);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int flags = (int) call.argument(2);
        if ((flags & ~AT_REMOVEDIR) != 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        String path = UserStrings.readPath(call, call.argument(1));
        PathBase base = call.pathBase(0, path);
        FileSystem files = call.services().files();
        if (flags == 0) {
            files.unlink(base, path);
        } else {
            files.removeDirectory(base, path);
        }
        return 0;
    }
}
