package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Small structures of the ABI: little-endian words in user memory. */
final class UserWords {
    private static final int SIGNAL_SET_BYTES = 8;

    private UserWords() {}

    static ByteBuffer allocate(int lengthBytes) {
        return ByteBuffer.allocate(lengthBytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** @throws KernelException INVALID_ADDRESS where not all of it is readable */
    static ByteBuffer read(CallContext call, long address, int lengthBytes) throws KernelException {
        ByteBuffer words = allocate(lengthBytes);
        call.userMemory().copyAllFromUser(call.space(), address, words.array());
        return words;
    }

    static long readLong(CallContext call, long address) throws KernelException {
        return read(call, address, Long.BYTES).getLong();
    }

    static void writeLong(CallContext call, long address, long value) throws KernelException {
        call.userMemory()
                .copyAllToUser(
                        call.space(),
                        address,
                        allocate(Long.BYTES).putLong(value).array());
    }

    /** @throws KernelException INVALID_ARGUMENT where a caller's sigset_t is not the kernel's */
    static void requireSetSize(long lengthBytes) throws KernelException {
        if (lengthBytes != SIGNAL_SET_BYTES) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
    }
}
