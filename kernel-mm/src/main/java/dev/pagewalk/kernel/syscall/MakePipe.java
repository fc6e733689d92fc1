package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.DescriptorTable;
import dev.pagewalk.kernel.file.OpenFlags;
import dev.pagewalk.kernel.file.PipeEnds;
import dev.pagewalk.mmu.access.AccessType;

/** pipe2(descriptors, flags). Source of the order of errors: Linux, fs/pipe.c, {@code do_pipe2}. */
final class MakePipe extends SystemCall {
    private static final int DESCRIPTORS_BYTES = 2 * Integer.BYTES;

    MakePipe() {
        super(59, "pipe2", ParameterKind.DESCRIPTOR_PAIR, ParameterKind.DESCRIPTOR_FLAGS);
    }

    @Override
    protected long execute(CallContext call) throws KernelException {
        int flags = (int) call.argument(1);
        if ((flags & ~(OpenFlags.CLOSE_ON_EXEC | OpenFlags.NON_BLOCKING)) != 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        DescriptorTable descriptors = call.process().descriptors();
        PipeEnds ends = call.services().files().createPipe(flags);
        try {
            descriptors.requireRoom(2);
            requireWritable(call, call.argument(0));
        } catch (KernelException failure) {
            ends.reader().release();
            ends.writer().release();
            throw failure;
        }
        boolean closesOnExec = (flags & OpenFlags.CLOSE_ON_EXEC) != 0;
        byte[] numbers = UserWords.allocate(DESCRIPTORS_BYTES)
                .putInt(descriptors.add(ends.reader(), closesOnExec))
                .putInt(descriptors.add(ends.writer(), closesOnExec))
                .array();
        call.userMemory().copyAllToUser(call.space(), call.argument(0), numbers);
        return 0;
    }

    private static void requireWritable(CallContext call, long address) throws KernelException {
        int accessible = call.userMemory().prefault(call.space(), address, DESCRIPTORS_BYTES, AccessType.STORE);
        if (accessible < DESCRIPTORS_BYTES) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
    }
}
