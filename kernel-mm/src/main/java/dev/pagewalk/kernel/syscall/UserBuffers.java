package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.mmu.access.AccessType;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The user memory that a read fills or a write takes its bytes from: one buffer, or several in a row (readv, writev), and how
 * far the call has got in them. Source: Linux, lib/iov_iter.c.
 */
final class UserBuffers {
    /** Bytes pass through the kernel in pieces of a page. */
    static final int PIECE_BYTES = 4096;

    /**
     * One call moves no more than this and returns a short count, so that no kernel step lasts long. Linux's limit is 2
     * GiB.
     */
    static final int STEP_BYTES = 16 << 20;

    /** UIO_MAXIOV. */
    private static final int MOST_BUFFERS = 1024;

    private static final int DESCRIPTION_BYTES = 16;

    /** MAX_RW_COUNT: what is behind it is not looked at. */
    private static final long MOST_BYTES = 0x7FFF_F000L;

    private final CallContext call;
    private final long[] addresses;
    private final long[] lengths;
    private long remainingBytes;
    private int current;

    private UserBuffers(CallContext call, int count) {
        this.call = call;
        this.addresses = new long[count];
        this.lengths = new long[count];
    }

    /**
     * One buffer.
     *
     * @param lengthBytes unsigned
     * @throws KernelException INVALID_ADDRESS where user space cannot hold it
     */
    static UserBuffers one(CallContext call, long address, long lengthBytes) throws KernelException {
        UserBuffers buffers = new UserBuffers(call, 1);
        buffers.add(0, address, lengthBytes);
        return buffers;
    }

    /**
     * Those that an array of {@code struct iovec} describes.
     *
     * @param count unsigned
     * @throws KernelException INVALID_ARGUMENT where there are too many or one is too long; INVALID_ADDRESS
     */
    static UserBuffers several(CallContext call, long arrayAddress, long count) throws KernelException {
        if (Long.compareUnsigned(count, MOST_BUFFERS) > 0) {
            throw KernelError.INVALID_ARGUMENT.exception();
        }
        UserBuffers buffers = new UserBuffers(call, (int) count);
        ByteBuffer words = UserWords.read(call, arrayAddress, (int) count * DESCRIPTION_BYTES);
        for (int i = 0; i < count; i++) {
            if (words.getLong(i * DESCRIPTION_BYTES + Long.BYTES) < 0) {
                throw KernelError.INVALID_ARGUMENT.exception();
            }
        }
        for (int i = 0; i < count; i++) {
            buffers.add(i, words.getLong(), words.getLong());
        }
        return buffers;
    }

    private void add(int index, long address, long lengthBytes) throws KernelException {
        UserMemory.checkRange(call.space(), address, lengthBytes);
        addresses[index] = address;
        lengths[index] = Math.min(lengthBytes, MOST_BYTES - remainingBytes);
        remainingBytes += lengths[index];
    }

    /** What lies between here and the end. */
    long remainingBytes() {
        return remainingBytes;
    }

    /** Goes on by so many bytes, all of them there. */
    void advance(long bytes) {
        remainingBytes -= bytes;
        long left = bytes;
        while (left > 0) {
            long part = Math.min(left, lengths[current]);
            addresses[current] += part;
            lengths[current] -= part;
            left -= part;
            if (lengths[current] == 0) {
                current++;
            }
        }
    }

    /**
     * Makes memory from here on writable before a call takes effect.
     *
     * @param length no more than {@link #remainingBytes}
     * @return how many bytes are
     * @throws KernelException INVALID_ADDRESS where the first is not
     */
    int prefault(int length) throws KernelException {
        return walk(
                length,
                (address, offset, part) -> call.userMemory().prefault(call.space(), address, part, AccessType.STORE));
    }

    /**
     * Copies bytes from here on into the kernel.
     *
     * @param length as in {@link #prefault}
     * @return how many could be read
     * @throws KernelException INVALID_ADDRESS where the first could not
     */
    int copyIn(byte[] target, int length) throws KernelException {
        return walk(length, (address, offset, part) -> {
            byte[] bytes = offset == 0 ? target : new byte[part];
            int copied = call.userMemory().copyFromUser(call.space(), address, bytes, part);
            if (offset != 0) {
                System.arraycopy(bytes, 0, target, offset, copied);
            }
            return copied;
        });
    }

    /**
     * Copies bytes of the kernel to here.
     *
     * @param length as in {@link #prefault}
     * @return how many could be written
     * @throws KernelException INVALID_ADDRESS where the first could not
     */
    int copyOut(byte[] source, int length) throws KernelException {
        return walk(length, (address, offset, part) -> {
            byte[] bytes = offset == 0 ? source : Arrays.copyOfRange(source, offset, offset + part);
            return call.userMemory().copyToUser(call.space(), address, bytes, part);
        });
    }

    /** What happens to a part that lies in one buffer: returns how much of it went well. */
    private interface Part {
        int go(long address, int offset, int part) throws KernelException;
    }

    private int walk(int length, Part action) throws KernelException {
        int done = 0;
        for (int index = current; done < length; index++) {
            int part = (int) Math.min(length - done, lengths[index]);
            int went;
            try {
                went = action.go(addresses[index], done, part);
            } catch (KernelException fault) {
                if (done == 0) {
                    throw fault;
                }
                return done;
            }
            done += went;
            if (went < part) {
                return done;
            }
        }
        return done;
    }
}
