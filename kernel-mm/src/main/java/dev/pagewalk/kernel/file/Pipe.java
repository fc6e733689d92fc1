package dev.pagewalk.kernel.file;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Bytes on their way from writers to readers, in frames that are taken when bytes come and given back when they go.
 *
 * <p>Source: POSIX.1-2017, write(), "pipe or FIFO"; Linux, pipe(7).
 */
final class Pipe implements Snapshotable {
    static final int CAPACITY_BYTES = 64 << 10;

    /** A write of so many bytes or fewer is never mixed with another. */
    static final int ATOMIC_BYTES = 4096;

    private final FrameStore store;
    private final Deque<Long> frames = new ArrayDeque<>();
    private int firstByte;
    private int lengthBytes;
    private int readers;
    private int writers;

    Pipe(FrameStore store) {
        this.store = store;
    }

    /** Its ends are counted as they are opened and closed. */
    void changeReaders(int by) {
        readers += by;
    }

    void changeWriters(int by) {
        writers += by;
    }

    boolean hasWriters() {
        return writers > 0;
    }

    /** How much of a write it takes at once: nothing, where it would have to cut an atomic one. */
    int room(long wantedBytes) {
        int room = CAPACITY_BYTES - lengthBytes;
        return wantedBytes <= ATOMIC_BYTES && wantedBytes > room ? 0 : (int) Math.min(wantedBytes, room);
    }

    boolean isReadable(int bytes) {
        return lengthBytes >= bytes || writers == 0;
    }

    boolean isWritable(int bytes) {
        return CAPACITY_BYTES - lengthBytes >= bytes || readers == 0;
    }

    /**
     * Takes what there is.
     *
     * @return how many bytes, 0 where there are none
     */
    int read(byte[] target, int length) {
        int count = Math.min(length, lengthBytes);
        int done = 0;
        while (done < count) {
            int part = Math.min(count - done, FrameStore.PAGE_BYTES - firstByte);
            store.read(frames.getFirst() + firstByte, target, done, part);
            done += part;
            firstByte += part;
            lengthBytes -= part;
            if (firstByte == FrameStore.PAGE_BYTES || lengthBytes == 0) {
                store.release(frames.removeFirst());
                firstByte = 0;
            }
        }
        return count;
    }

    /**
     * Takes bytes that fit: {@link #room} says how many.
     *
     * @return how many bytes; fewer where frames ran out, but none of an atomic write
     * @throws KernelException OUT_OF_MEMORY where it can take none; BROKEN_PIPE where nobody can read
     */
    int write(byte[] source, int length) throws KernelException {
        requireReaders();
        int reserved = reserve(length);
        int count = reserved < length && length <= ATOMIC_BYTES ? 0 : Math.min(length, reserved);
        int done = 0;
        Long[] all = frames.toArray(new Long[0]);
        while (done < count) {
            int end = firstByte + lengthBytes;
            int part = Math.min(count - done, FrameStore.PAGE_BYTES - end % FrameStore.PAGE_BYTES);
            store.write(all[end / FrameStore.PAGE_BYTES] + end % FrameStore.PAGE_BYTES, source, done, part);
            done += part;
            lengthBytes += part;
        }
        if (count == 0 && length > 0) {
            throw KernelError.OUT_OF_MEMORY.exception();
        }
        return count;
    }

    /**
     * Notices that writing is of no use.
     *
     * @throws KernelException BROKEN_PIPE
     */
    void requireReaders() throws KernelException {
        if (readers == 0) {
            throw KernelError.BROKEN_PIPE.exception();
        }
    }

    /** Takes frames for so many bytes more, one by one: for how many bytes they are enough. */
    private int reserve(int length) {
        int end = firstByte + lengthBytes;
        try {
            while (frames.size() * FrameStore.PAGE_BYTES < end + length) {
                frames.addLast(store.takeToOverwrite(FrameUse.BUFFER));
            }
        } catch (KernelException outOfMemory) {
            return frames.size() * FrameStore.PAGE_BYTES - end;
        }
        return length;
    }

    /** Loses what nobody will read. */
    void drop() {
        frames.forEach(store::release);
        frames.clear();
        firstByte = 0;
        lengthBytes = 0;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(firstByte);
        out.writeInt(lengthBytes);
        out.writeInt(readers);
        out.writeInt(writers);
        out.writeInt(frames.size());
        frames.forEach(out::writeLong);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        firstByte = in.readInt();
        lengthBytes = in.readInt();
        readers = in.readInt();
        writers = in.readInt();
        frames.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            frames.addLast(in.readLong());
        }
    }
}
