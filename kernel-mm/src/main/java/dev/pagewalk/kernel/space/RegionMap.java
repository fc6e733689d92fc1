package dev.pagewalk.kernel.space;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.file.Inode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.function.LongFunction;

/**
 * The regions of one address space, ordered by address and never overlapping. Adjacent regions that differ in nothing but
 * their place are one region. Every operation on one region takes logarithmic time.
 *
 * <p>Here alone are the references counted that regions hold on inodes: one for each region in the map that a file backs.
 */
public final class RegionMap {
    /** Linux, Documentation/admin-guide/sysctl/vm.rst, {@code max_map_count}. */
    public static final int MAX_REGIONS = 65_530;

    private final RegionTree tree = new RegionTree();
    private final RegionBudget budget;
    private int peakSize;

    /** @param budget which all maps of one kernel share */
    public RegionMap(RegionBudget budget) {
        this.budget = budget;
    }

    public int size() {
        return tree.size();
    }

    public int peakSize() {
        return peakSize;
    }

    /** The regions in address order (S49); the map may not change while somebody iterates over them. */
    public Collection<Region> all() {
        return Collections.unmodifiableCollection(tree);
    }

    /** The region that contains an address, or null (S11). */
    public Region find(long address) {
        Region below = tree.floor(address);
        return below != null && below.contains(address) ? below : null;
    }

    /** The region that begins below an address and is the highest such one, or null. */
    public Region below(long address) {
        return tree.floor(address - 1);
    }

    /** Whether any region has a byte in {@code [start, end)}. */
    public boolean overlaps(long start, long end) {
        return firstIn(start, end) != null;
    }

    /**
     * The lowest region with a byte in {@code [start, end)}, or null: with the end of what was found as the next start, it
     * leads through a range while the regions behind change.
     */
    public Region firstIn(long start, long end) {
        Region first = tree.firstEndingAfter(start);
        return first != null && first.overlaps(start, end) ? first : null;
    }

    /** The regions with a byte in {@code [start, end)}, in address order, as they are now. */
    public List<Region> overlapping(long start, long end) {
        List<Region> found = new ArrayList<>();
        for (Region at = firstIn(start, end); at != null; at = firstIn(at.end(), end)) {
            found.add(at);
        }
        return found;
    }

    /**
     * Adds a region where nothing is yet, merged with like neighbours.
     *
     * @throws IllegalStateException where it overlaps another one
     */
    public void insert(Region region) {
        if (region.lengthBytes() == 0) {
            return;
        }
        Region before = tree.floor(region.start());
        Region after = tree.firstEndingAfter(region.start());
        if (after != null && after.overlaps(region.start(), region.end())) {
            throw new IllegalStateException("overlapping regions: " + region);
        }
        boolean joinsBefore = before != null && before.isContinuedBy(region);
        boolean joinsAfter = after != null && region.isContinuedBy(after);
        if (joinsBefore && joinsAfter) {
            takeOut(after);
            tree.replace(before.start(), before.between(before.start(), after.end()));
        } else if (joinsBefore) {
            tree.replace(before.start(), before.between(before.start(), region.end()));
        } else if (joinsAfter) {
            tree.replace(after.start(), after.between(region.start(), after.end()));
        } else {
            add(region);
        }
        peakSize = Math.max(peakSize, size());
    }

    /** Cuts {@code [start, end)} out: regions in it go, those that reach beyond it are trimmed or split. */
    public void remove(long start, long end) {
        Region next = firstIn(start, end);
        while (next != null) {
            Region region = next;
            next = region.end() < end ? firstIn(region.end(), end) : null;
            boolean beginsBefore = region.start() < start;
            boolean endsAfter = region.end() > end;
            if (beginsBefore) {
                tree.replace(region.start(), region.between(region.start(), start));
                if (endsAfter) {
                    add(region.between(end, region.end()));
                }
            } else if (endsAfter) {
                tree.replace(region.start(), region.between(end, region.end()));
            } else {
                takeOut(region);
            }
        }
        peakSize = Math.max(peakSize, size());
    }

    /** Puts a region in the place of whatever lies there. A file that both have stays referenced throughout. */
    public void replace(Region region) {
        hold(region);
        remove(region.start(), region.end());
        insert(region);
        letGo(region);
    }

    private void add(Region region) {
        tree.insert(region);
        budget.take();
        hold(region);
    }

    private void takeOut(Region region) {
        tree.remove(region.start());
        budget.giveBack();
        letGo(region);
    }

    private static void hold(Region region) {
        if (region.backing() instanceof FileBacking file) {
            file.inode().addReference();
        }
    }

    private static void letGo(Region region) {
        if (region.backing() instanceof FileBacking file) {
            file.inode().release();
        }
    }

    /** Whether so many more regions stay within {@link #MAX_REGIONS} here, and within what all spaces may have. */
    public boolean hasRoomFor(int more) {
        return size() + more <= MAX_REGIONS && budget.hasRoomFor(more);
    }

    /** How many regions cutting {@code [start, end)} out adds: 1 where it makes a hole in one region, else 0. */
    public int addedByRemoving(long start, long end) {
        Region around = find(start);
        return around != null && around.start() < start && around.end() > end ? 1 : 0;
    }

    /** How many regions changing {@code [start, end)} adds at most: one at each end that lies within a region. */
    public int addedByChanging(long start, long end) {
        int splits = 0;
        Region first = find(start);
        if (first != null && first.start() < start) {
            splits++;
        }
        Region last = find(end);
        if (last != null && last.start() < end) {
            splits++;
        }
        return splits;
    }

    /**
     * The lowest gap that is long enough (first fit).
     *
     * @param from where the search begins
     * @param limit where the gap must end
     * @return the gap's start, or -1 where there is none
     */
    public long findGap(long from, long limit, long lengthBytes) {
        long gap = tree.firstGap(from, lengthBytes);
        return limit - gap >= lengthBytes ? gap : -1;
    }

    /** What searching and changing have cost so far, in nodes of the tree that were looked at. */
    long nodesVisited() {
        return tree.nodesVisited();
    }

    /** Writes the regions down; inodes by number. */
    public void save(ByteArrayDataOutput out) {
        out.writeInt(peakSize);
        out.writeInt(size());
        for (Region region : tree) {
            out.writeLong(region.start());
            out.writeLong(region.end());
            out.writeByte(region.kind().ordinal());
            out.writeByte(region.protection());
            out.writeInt(region.advice());
            saveBacking(region.backing(), out);
        }
    }

    private static void saveBacking(Backing backing, ByteArrayDataOutput out) {
        if (backing instanceof FileBacking file) {
            out.writeByte(1);
            out.writeLong(file.inode().number());
            out.writeLong(file.offset());
            out.writeBoolean(file.shared());
            out.writeBoolean(file.mayWrite());
        } else if (backing instanceof DeviceBacking device) {
            out.writeByte(2);
            out.writeLong(device.physicalAddress());
        } else {
            out.writeByte(0);
        }
    }

    /**
     * Brings back what {@link #save} wrote. Inodes are saved with their references, so none is taken here, nor one given
     * back for what was in the map.
     *
     * @param inodes finds an inode by its number
     */
    public void restore(ByteArrayDataInput in, LongFunction<Inode> inodes) {
        peakSize = in.readInt();
        tree.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            long start = in.readLong();
            long end = in.readLong();
            RegionKind kind = RegionKind.values()[in.readByte()];
            int protection = in.readByte();
            int advice = in.readInt();
            tree.insert(new Region(start, end, kind, protection, restoreBacking(in, inodes), advice));
            budget.take();
        }
    }

    private static Backing restoreBacking(ByteArrayDataInput in, LongFunction<Inode> inodes) {
        return switch (in.readByte()) {
            case 1 -> new FileBacking(inodes.apply(in.readLong()), in.readLong(), in.readBoolean(), in.readBoolean());
            case 2 -> new DeviceBacking(in.readLong());
            default -> null;
        };
    }
}
