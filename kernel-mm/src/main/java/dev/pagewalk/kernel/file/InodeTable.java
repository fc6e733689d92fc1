package dev.pagewalk.kernel.file;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.SortedMap;
import java.util.TreeMap;

/** All inodes by number; as a whole they are the page cache, which gives clean pages back under memory pressure. */
final class InodeTable implements Snapshotable {
    /** A guest cannot fill the host's memory with empty files. */
    static final int MAX_INODES = 65_536;

    private static final int RECLAIM_PAGES = 32;
    private static final InodeKind[] KINDS = InodeKind.values();

    private final FrameStore store;
    private final TreeMap<Long, Inode> byNumber = new TreeMap<>();
    private MappingObserver mappings = (inode, newSizeBytes) -> {};
    private PipeObserver pipes = pipe -> {};
    private long nextNumber = 1;

    /** Where the search for clean pages goes on, so that it falls on all files in turn. */
    private long reclaimFrom;

    InodeTable(FrameStore store) {
        this.store = store;
    }

    FrameStore store() {
        return store;
    }

    void observeMappings(MappingObserver observer) {
        mappings = observer;
    }

    void observePipes(PipeObserver observer) {
        pipes = observer;
    }

    /**
     * A new inode without name and reference.
     *
     * @throws KernelException NO_SPACE where there are too many
     */
    Inode create(InodeKind kind, int permissions) throws KernelException {
        if (byNumber.size() == MAX_INODES) {
            throw KernelError.NO_SPACE.exception();
        }
        Inode inode = new Inode(nextNumber++, kind, permissions, this);
        byNumber.put(inode.number(), inode);
        return inode;
    }

    /** Null where there is none (any more). */
    Inode find(long number) {
        return byNumber.get(number);
    }

    void remove(Inode inode) {
        byNumber.remove(inode.number());
    }

    void truncated(Inode inode) {
        mappings.truncated(inode, inode.sizeBytes());
    }

    void changed(Inode pipe) {
        pipes.changed(pipe.number());
    }

    /** Gives some clean pages back that nobody maps, if there are any. */
    boolean reclaim() {
        return reclaim(byNumber.tailMap(reclaimFrom)) || reclaim(byNumber.headMap(reclaimFrom));
    }

    private boolean reclaim(SortedMap<Long, Inode> inodes) {
        for (Inode inode : inodes.values()) {
            if (inode.pages().dropClean(RECLAIM_PAGES) > 0) {
                reclaimFrom = inode.number() + 1;
                return true;
            }
        }
        return false;
    }

    /**
     * Drops pages of whatever file.
     *
     * @param limit no more than so many
     * @return whether none is left; false also where the limit was just enough
     */
    boolean dropPages(int limit) {
        int remaining = limit;
        for (Inode inode : byNumber.values()) {
            remaining -= inode.pages().dropFrom(0, remaining);
            if (remaining == 0) {
                return false;
            }
        }
        return true;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(nextNumber);
        out.writeLong(reclaimFrom);
        out.writeInt(byNumber.size());
        for (Inode inode : byNumber.values()) {
            out.writeLong(inode.number());
            out.writeByte(inode.kind().ordinal());
            inode.save(out);
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        nextNumber = in.readLong();
        reclaimFrom = in.readLong();
        byNumber.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            Inode inode = new Inode(in.readLong(), KINDS[in.readByte()], 0, this);
            inode.restore(in);
            byNumber.put(inode.number(), inode);
        }
    }
}
