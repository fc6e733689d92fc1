package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.table.PagingMode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Null-terminated strings in user memory. */
final class UserStrings {
    /** PATH_MAX, the terminator included. */
    private static final int PATH_BYTES = 4096;

    private UserStrings() {}

    /**
     * A path, one character per byte.
     *
     * @throws KernelException INVALID_ADDRESS, NAME_TOO_LONG, NOT_FOUND for an empty one
     */
    static String readPath(CallContext call, long address) throws KernelException {
        String path = readPathOrEmpty(call, address);
        if (path.isEmpty()) {
            throw KernelError.NOT_FOUND.exception();
        }
        return path;
    }

    /**
     * As {@link #readPath}, for calls to which an empty path means something.
     *
     * @throws KernelException INVALID_ADDRESS, NAME_TOO_LONG
     */
    static String readPathOrEmpty(CallContext call, long address) throws KernelException {
        byte[] bytes = read(call, address, PATH_BYTES, KernelError.NAME_TOO_LONG);
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /**
     * A string without its terminator.
     *
     * @param mostBytes the longest that is taken, the terminator included
     * @param tooLong what is wrong with a longer one
     * @throws KernelException {@code tooLong}; INVALID_ADDRESS where it runs into memory that is not readable
     */
    static byte[] read(CallContext call, long address, int mostBytes, KernelError tooLong) throws KernelException {
        ByteArrayOutputStream string = new ByteArrayOutputStream();
        byte[] page = new byte[PagingMode.PAGE_BYTES];
        while (string.size() < mostBytes) {
            long at = address + string.size();
            int wanted =
                    (int) Math.min(mostBytes - string.size(), PagingMode.PAGE_BYTES - (at & PagingMode.PAGE_BYTES - 1));
            int got = call.userMemory().copyFromUser(call.space(), at, page, wanted);
            for (int i = 0; i < got; i++) {
                if (page[i] == 0) {
                    string.write(page, 0, i);
                    return string.toByteArray();
                }
            }
            string.write(page, 0, got);
        }
        throw tooLong.exception();
    }
}
