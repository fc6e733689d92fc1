package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.DescriptorTable;
import dev.pagewalk.kernel.file.OpenFile;
import dev.pagewalk.kernel.file.OpenFlags;

/** openat(directory, path, flags, mode). Source of the order of errors: Linux, fs/open.c, {@code do_sys_openat2}. */
final class OpenAt extends SystemCall {
    OpenAt() {
        super(
                56,
                "openat",
                ParameterKind.DIRECTORY,
                ParameterKind.PATH,
                ParameterKind.OPEN_FLAGS,
                ParameterKind.CREATION_MODE);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int flags = (int) call.argument(2);
        OpenFlags.requireConsistent(flags);
        String path = UserStrings.readPath(call, call.argument(1));
        DescriptorTable descriptors = call.process().descriptors();
        descriptors.requireRoom(1);
        OpenFile file = call.services().files().open(call.pathBase(0, path), path, flags, (int) call.argument(3));
        return descriptors.add(file, (flags & OpenFlags.CLOSE_ON_EXEC) != 0);
    }
}
