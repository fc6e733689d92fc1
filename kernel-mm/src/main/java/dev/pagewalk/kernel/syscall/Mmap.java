package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.MapRequest;
import dev.pagewalk.kernel.space.MapRequest.Placement;
import dev.pagewalk.kernel.space.Protection;

/** mmap(address, length, protection, flags, fd, offset) for anonymous memory (S16); files have no descriptors yet. */
final class Mmap extends SystemCall {
    static final int MAP_SHARED = 0x01;
    static final int MAP_PRIVATE = 0x02;
    static final int MAP_TYPE = 0x0F;
    static final int MAP_FIXED = 0x10;
    static final int MAP_ANONYMOUS = 0x20;
    static final int MAP_POPULATE = 0x8000;
    static final int MAP_FIXED_NOREPLACE = 0x100000;

    Mmap() {
        super(
                222,
                "mmap",
                ParameterKind.ADDRESS,
                ParameterKind.SIZE,
                ParameterKind.PROTECTION,
                ParameterKind.MAP_FLAGS,
                ParameterKind.NUMBER,
                ParameterKind.SIZE);
    }

    @Override
    protected boolean returnsAddress() {
        return true;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        long flags = call.argument(3);
        long offset = call.argument(5);
        long type = flags & MAP_TYPE;
        if ((offset & 4095) != 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if ((flags & MAP_ANONYMOUS) == 0) {
            throw KernelError.BAD_DESCRIPTOR.exception();
        }
        if (type != MAP_SHARED && type != MAP_PRIVATE) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        MapRequest request = new MapRequest(
                call.argument(0),
                call.argument(1),
                Protection.effective(call.argument(2)),
                type == MAP_SHARED,
                placement(flags));
        long start = call.process().space().map(request);
        if ((flags & MAP_POPULATE) != 0) {
            call.populate(start, start + call.argument(1));
        }
        return start;
    }

    private static Placement placement(long flags) {
        if ((flags & MAP_FIXED_NOREPLACE) != 0) {
            return Placement.FIXED_NOREPLACE;
        }
        return (flags & MAP_FIXED) != 0 ? Placement.FIXED : Placement.ANYWHERE;
    }
}
