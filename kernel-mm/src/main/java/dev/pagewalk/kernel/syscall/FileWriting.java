package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.file.InodeKind;
import dev.pagewalk.kernel.file.OpenFile;
import dev.pagewalk.kernel.process.WaitReason;
import dev.pagewalk.kernel.signal.SignalInfo;

/** What write, writev and pwrite64 have in common. Source: Linux, fs/read_write.c and fs/pipe.c. */
final class FileWriting {
    private FileWriting() {}

    /**
     * The file to be written that an argument names.
     *
     * @throws KernelException BAD_DESCRIPTOR
     */
    static OpenFile file(CallContext call, int index) throws KernelException {
        OpenFile file = call.file(index);
        requireWritable(file);
        return file;
    }

    static void requireWritable(OpenFile file) throws KernelException {
        if (!file.isWritable()) {
            throw KernelError.BAD_DESCRIPTOR.exception();
        }
    }

    /**
     * Writes at the file's offset, or at its end. A write that has to wait goes on, when it is executed again, behind what it
     * has written already.
     */
    static long write(CallContext call, OpenFile file, UserBuffers buffers) throws KernelException {
        long done = call.task().transferredBytes();
        if (done > buffers.remainingBytes()) {
            // Somebody else has shortened what the guest's array describes.
            return done;
        }
        buffers.advance(done);
        long limit = done + Math.min(buffers.remainingBytes(), UserBuffers.STEP_BYTES);
        byte[] piece = new byte[UserBuffers.PIECE_BYTES];
        try {
            while (done < limit) {
                int room = file.room(buffers.remainingBytes());
                if (room == 0) {
                    return await(call, file, buffers.remainingBytes(), done);
                }
                int part = (int) Math.min(limit - done, Math.min(room, piece.length));
                int written = file.write(piece, taken(file, buffers, piece, part));
                buffers.advance(written);
                done += written;
                if (written < part) {
                    break;
                }
            }
        } catch (KernelException failure) {
            if (failure.error() == KernelError.BROKEN_PIPE) {
                SignalInfo info =
                        SignalInfo.sent(Signal.SIGPIPE.number(), call.process().pid());
                call.services().signals().send(call.task(), info);
            }
            return orFailure(done, failure);
        }
        return done;
    }

    /** Bytes from user memory: as many as there are, but of what goes into a pipe all, so that nothing is torn. */
    private static int taken(OpenFile file, UserBuffers buffers, byte[] piece, int length) throws KernelException {
        int count = buffers.copyIn(piece, length);
        if (count < length && file.inode().kind() == InodeKind.PIPE) {
            throw KernelError.INVALID_ADDRESS.exception();
        }
        return count;
    }

    private static long await(CallContext call, OpenFile file, long lengthBytes, long done) throws KernelException {
        if (file.isNonBlocking()) {
            return orFailure(done, KernelError.WOULD_WAIT.exception());
        }
        call.task().setTransferredBytes(done);
        long pipe = file.awaited(false, lengthBytes).pipe();
        call.waitFor(new WaitReason(WaitReason.Kind.PIPE, pipe));
        return done;
    }

    /** Writes at an offset. */
    static long writeAt(OpenFile file, long offset, UserBuffers buffers) throws KernelException {
        long limit = Math.min(buffers.remainingBytes(), UserBuffers.STEP_BYTES);
        byte[] piece = new byte[UserBuffers.PIECE_BYTES];
        long done = 0;
        try {
            while (done < limit) {
                // Up to the end of a page of the file, so that whole pages are overwritten as such.
                int toPageEnd = piece.length - (int) (offset + done & piece.length - 1);
                int part = (int) Math.min(limit - done, toPageEnd);
                int written = file.writeAt(offset + done, piece, buffers.copyIn(piece, part));
                buffers.advance(written);
                done += written;
                if (written < part) {
                    break;
                }
            }
        } catch (KernelException failure) {
            return orFailure(done, failure);
        }
        return done;
    }

    private static long orFailure(long done, KernelException failure) throws KernelException {
        if (done == 0) {
            throw failure;
        }
        return done;
    }
}
