package dev.pagewalk.kernel.file;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import it.unimi.dsi.fastutil.longs.Long2LongMap;
import it.unimi.dsi.fastutil.longs.Long2LongRBTreeMap;
import it.unimi.dsi.fastutil.objects.ObjectIterator;

/**
 * Which pages of one inode are in RAM, and in which frames: apart for clean pages, which can be made again at any time, and
 * for written ones, whose bytes stand nowhere else.
 */
final class CachedPages implements Snapshotable {
    private final FrameStore store;
    private final Long2LongRBTreeMap clean = new Long2LongRBTreeMap();
    private final Long2LongRBTreeMap written = new Long2LongRBTreeMap();

    CachedPages(FrameStore store) {
        this.store = store;
    }

    /** The page's frame, or 0. */
    long find(long index) {
        long frame = written.get(index);
        return frame != 0 ? frame : clean.get(index);
    }

    void addClean(long index, long frame) {
        clean.put(index, frame);
    }

    void addWritten(long index, long frame) {
        written.put(index, frame);
    }

    /** A resident page can no longer be made again. */
    void markWritten(long index) {
        long frame = clean.remove(index);
        if (frame != 0) {
            written.put(index, frame);
        }
    }

    long size() {
        return (long) clean.size() + written.size();
    }

    /**
     * Drops pages from an index on, the last ones first.
     *
     * @param limit no more than so many
     * @return how many
     */
    int dropFrom(long firstIndex, int limit) {
        int dropped = 0;
        while (dropped < limit && lastIndex() >= firstIndex) {
            Long2LongRBTreeMap pages = lastIndex(clean) > lastIndex(written) ? clean : written;
            store.release(pages.remove(pages.lastLongKey()));
            dropped++;
        }
        return dropped;
    }

    /**
     * Drops clean pages that nobody maps.
     *
     * @param limit no more than so many
     * @return how many
     */
    int dropClean(int limit) {
        int dropped = 0;
        ObjectIterator<Long2LongMap.Entry> pages = clean.long2LongEntrySet().iterator();
        while (dropped < limit && pages.hasNext()) {
            long frame = pages.next().getLongValue();
            if (!store.isMapped(frame)) {
                pages.remove();
                store.release(frame);
                dropped++;
            }
        }
        return dropped;
    }

    private long lastIndex() {
        return Math.max(lastIndex(clean), lastIndex(written));
    }

    private static long lastIndex(Long2LongRBTreeMap pages) {
        return pages.isEmpty() ? -1 : pages.lastLongKey();
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        save(clean, out);
        save(written, out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        restore(clean, in);
        restore(written, in);
    }

    private static void save(Long2LongRBTreeMap pages, ByteArrayDataOutput out) {
        out.writeInt(pages.size());
        for (Long2LongMap.Entry page : pages.long2LongEntrySet()) {
            out.writeLong(page.getLongKey());
            out.writeLong(page.getLongValue());
        }
    }

    private static void restore(Long2LongRBTreeMap pages, ByteArrayDataInput in) {
        pages.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            pages.put(in.readLong(), in.readLong());
        }
    }
}
