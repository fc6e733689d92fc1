package dev.pagewalk.kernel.file;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import it.unimi.dsi.fastutil.longs.Long2LongMap;
import it.unimi.dsi.fastutil.longs.Long2LongRBTreeMap;

/**
 * Which pages of one inode are in RAM, and where: page index to physical address, apart for clean pages, which can be made
 * again at any time, and for written ones, which exist nowhere else.
 */
final class CachedPages implements Snapshotable {
    private final Long2LongRBTreeMap clean = new Long2LongRBTreeMap();
    private final Long2LongRBTreeMap written = new Long2LongRBTreeMap();

    /** The page's physical address, or 0. */
    long find(long index) {
        long address = written.get(index);
        return address != 0 ? address : clean.get(index);
    }

    void put(long index, long address, boolean isWritten) {
        (isWritten ? written : clean).put(index, address);
    }

    /** Notes that a resident page can no longer be made again. */
    void markWritten(long index) {
        long address = clean.remove(index);
        if (address != 0) {
            written.put(index, address);
        }
    }

    /** Takes the last page out, if its index is at least that: its physical address, or 0. */
    long removeLastFrom(long firstIndex) {
        Long2LongRBTreeMap pages = lastIndex(clean) > lastIndex(written) ? clean : written;
        long last = lastIndex(pages);
        return last < firstIndex ? 0 : pages.remove(last);
    }

    private static long lastIndex(Long2LongRBTreeMap pages) {
        return pages.isEmpty() ? -1 : pages.lastLongKey();
    }

    Long2LongRBTreeMap clean() {
        return clean;
    }

    int size() {
        return clean.size() + written.size();
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
