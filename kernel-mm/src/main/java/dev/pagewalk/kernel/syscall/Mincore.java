package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.mmu.table.PagingMode;

/** mincore(address, length, vector): a byte per page, whose lowest bit says that the page is in RAM. */
final class Mincore extends SystemCall {
    Mincore() {
        super(232, "mincore", ParameterKind.ADDRESS, ParameterKind.SIZE, ParameterKind.ADDRESS);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        long start = call.argument(0);
        long length = call.argument(1);
        long vector = call.argument(2);
        AddressSpace space = call.process().space();
        if ((start & ~PagingMode.PAGE_MASK) != 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        if (!isUserRange(space, start, length)) {
            throw KernelError.UNMAPPED_MEMORY.exception();
        }
        long pages = length / PagingMode.PAGE_BYTES + ((length & ~PagingMode.PAGE_MASK) == 0 ? 0 : 1);
        UserMemory.checkRange(space, vector, pages);
        while (pages > 0) {
            // A buffer's worth at a time, as Linux: what comes before a gap is written.
            byte[] part = space.residency(start, Math.min(pages, PagingMode.PAGE_BYTES));
            call.userMemory().copyAllToUser(space, vector, part);
            pages -= part.length;
            vector += part.length;
            start += (long) part.length * PagingMode.PAGE_BYTES;
        }
        return 0;
    }

    private static boolean isUserRange(AddressSpace space, long start, long length) {
        long end = space.layout().userEnd();
        return start >= 0 && start <= end && Long.compareUnsigned(length, end - start) <= 0;
    }
}
