package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import dev.pagewalk.mmu.table.PagingMode;
import it.unimi.dsi.fastutil.longs.Long2LongRBTreeMap;

/**
 * Pages of 4 KiB that are replaced: the old PTE is gone, and the new one is put in when no hart can use the old one any more
 * (clear, shoot down, install). The kernel's own copies use the new page at once; faults wait.
 */
public final class PagesInTransit implements Snapshotable {
    private final Long2LongRBTreeMap ptes = new Long2LongRBTreeMap();

    public boolean isEmpty() {
        return ptes.isEmpty();
    }

    public boolean contains(long virtualAddress) {
        return !ptes.isEmpty() && ptes.containsKey(virtualAddress & PagingMode.PAGE_MASK);
    }

    /** The PTE that an address will have; 0 where its page is not in transit. */
    public long pte(long virtualAddress) {
        return ptes.isEmpty() ? 0 : ptes.get(virtualAddress & PagingMode.PAGE_MASK);
    }

    /** The page's PTE will be another one, which grants no less. */
    public void update(long virtualAddress, long pte) {
        ptes.replace(virtualAddress & PagingMode.PAGE_MASK, pte);
    }

    /** Withdraws a page: it will get no PTE. Returns that which it would have got, 0 where it is not in transit. */
    public long cancel(long virtualAddress) {
        return ptes.remove(virtualAddress & PagingMode.PAGE_MASK);
    }

    /** The first page in {@code [start, end)} that is in transit, or -1. */
    public long firstIn(long start, long end) {
        if (ptes.isEmpty()) {
            return -1;
        }
        var tail = ptes.subMap(start, end);
        return tail.isEmpty() ? -1 : tail.firstLongKey();
    }

    void put(long virtualAddress, long pte) {
        ptes.put(virtualAddress & PagingMode.PAGE_MASK, pte);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(ptes.size());
        ptes.forEach((page, pte) -> {
            out.writeLong(page);
            out.writeLong(pte);
        });
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        ptes.clear();
        for (int count = in.readInt(); count > 0; count--) {
            ptes.put(in.readLong(), in.readLong());
        }
    }
}
