package dev.pagewalk.kernel.syscall;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.InodeKind;
import dev.pagewalk.kernel.file.OpenFile;
import dev.pagewalk.kernel.process.WaitReason;

/** What read, readv and pread64 have in common. Source: Linux, fs/read_write.c and fs/pipe.c. */
final class FileReading {
    private FileReading() {}

    /**
     * The file to be read that an argument names.
     *
     * @throws KernelException BAD_DESCRIPTOR
     */
    static OpenFile file(CallContext call, int index) throws KernelException {
        OpenFile file = call.file(index);
        requireReadable(file);
        return file;
    }

    static void requireReadable(OpenFile file) throws KernelException {
        if (!file.isReadable()) {
            throw KernelError.BAD_DESCRIPTOR.exception();
        }
    }

    /** Reads at the file's offset, which moves on by what has reached the guest. */
    static long read(CallContext call, OpenFile file, UserBuffers buffers) throws KernelException {
        if (!file.isSeekable()) {
            return receive(call, file, buffers);
        }
        long offset = file.seek(0, OpenFile.SEEK_CURRENT);
        long count = readAt(file, offset, buffers);
        file.seek(offset + count, OpenFile.SEEK_SET);
        return count;
    }

    /** Reads at an offset. */
    static long readAt(OpenFile file, long offset, UserBuffers buffers) throws KernelException {
        long wanted = Math.min(buffers.remainingBytes(), UserBuffers.STEP_BYTES);
        byte[] piece = new byte[(int) Math.min(wanted, UserBuffers.PIECE_BYTES)];
        long done = 0;
        int part;
        int copied;
        do {
            part = (int) Math.min(wanted - done, piece.length);
            try {
                copied = buffers.copyOut(piece, file.readAt(offset + done, piece, part));
            } catch (KernelException failure) {
                return orFailure(done, failure);
            }
            buffers.advance(copied);
            done += copied;
        } while (copied == part && done < wanted);
        return done;
    }

    /** Takes what there is from a pipe or a console; waits where there is nothing yet. */
    private static long receive(CallContext call, OpenFile file, UserBuffers buffers) throws KernelException {
        long wanted = Math.min(buffers.remainingBytes(), UserBuffers.STEP_BYTES);
        byte[] piece = new byte[(int) Math.min(wanted, UserBuffers.PIECE_BYTES)];
        // A console gives a line at a time.
        boolean goesOn = file.inode().kind() != InodeKind.CONSOLE;
        long done = 0;
        int part;
        int received;
        do {
            part = (int) Math.min(wanted - done, piece.length);
            try {
                // The buffer comes first: input that has been taken can no longer be lost to a bad address.
                received = file.read(piece, buffers.prefault(part));
            } catch (KernelException failure) {
                return orFailure(done, failure);
            }
            if (received == OpenFile.WOULD_WAIT) {
                return done > 0 ? done : await(call, file, buffers.remainingBytes());
            }
            received = buffers.copyOut(piece, received);
            buffers.advance(received);
            done += received;
        } while (goesOn && received == part && done < wanted);
        return done;
    }

    private static long await(CallContext call, OpenFile file, long lengthBytes) throws KernelException {
        if (file.isNonBlocking()) {
            throw KernelError.WOULD_WAIT.exception();
        }
        if (file.inode().kind() == InodeKind.CONSOLE) {
            call.waitFor(WaitReason.CONSOLE_INPUT);
        } else {
            long pipe = file.awaited(true, lengthBytes).pipe();
            call.waitFor(new WaitReason(WaitReason.Kind.PIPE, pipe));
        }
        return 0;
    }

    private static long orFailure(long done, KernelException failure) throws KernelException {
        if (done == 0) {
            throw failure;
        }
        return done;
    }
}
