package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.RemapRequest;
import dev.pagewalk.kernel.space.SpaceLock;

/** mremap(address, old length, new length, flags, new address). What grows and is locked is brought at once. */
final class Mremap extends SystemCall {
    Mremap() {
        super(
                216,
                "mremap",
                ParameterKind.ADDRESS,
                ParameterKind.SIZE,
                ParameterKind.SIZE,
                ParameterKind.REMAP_FLAGS,
                ParameterKind.ADDRESS);
    }

    @Override
    protected boolean returnsAddress() {
        return true;
    }

    @Override
    protected SpaceLock.Mode locking() {
        return SpaceLock.Mode.EXCLUSIVE;
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        long oldLength = call.argument(1);
        long newLength = call.argument(2);
        AddressSpace space = call.process().space();
        long start = space.remap(
                new RemapRequest(call.argument(0), oldLength, newLength, call.argument(3), call.argument(4)));
        if (Long.compareUnsigned(newLength, oldLength) > 0) {
            call.populateIfLocked(start, newLength);
        }
        return start;
    }
}
