package dev.pagewalk.kernel.space;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The regions of one address space, ordered by address and never overlapping. Adjacent regions that differ in nothing but
 * their place are one region.
 */
public final class RegionMap implements Snapshotable {
    /** Linux, Documentation/admin-guide/sysctl/vm.rst, {@code max_map_count}. */
    public static final int MAX_REGIONS = 65_530;

    private final TreeMap<Long, Region> byStart = new TreeMap<>();
    private int peakSize;

    /**
     * What the last search has found out: no gap of this length or more begins in {@code [searchedFrom, searchedTo)}. It
     * spares first fit the walk over thousands of full neighbours, and no result depends on it.
     */
    private long searchedLengthBytes = Long.MAX_VALUE;

    private long searchedFrom;
    private long searchedTo;

    public int size() {
        return byStart.size();
    }

    public int peakSize() {
        return peakSize;
    }

    /** The regions in address order (S49). */
    public Collection<Region> all() {
        return Collections.unmodifiableCollection(byStart.values());
    }

    /** The region that contains an address, or null (S11). */
    public Region find(long address) {
        Map.Entry<Long, Region> below = byStart.floorEntry(address);
        return below != null && below.getValue().contains(address) ? below.getValue() : null;
    }

    /** The region that ends at or below an address and is the highest such one, or null. */
    public Region below(long address) {
        Map.Entry<Long, Region> below = byStart.lowerEntry(address);
        return below == null ? null : below.getValue();
    }

    /** Whether any region has a byte in {@code [start, end)}. */
    public boolean overlaps(long start, long end) {
        Map.Entry<Long, Region> below = byStart.lowerEntry(end);
        return below != null && below.getValue().overlaps(start, end);
    }

    /** The regions with a byte in {@code [start, end)}, in address order. */
    public List<Region> overlapping(long start, long end) {
        List<Region> found = new ArrayList<>();
        Region first = find(start);
        if (first != null && first.overlaps(start, end)) {
            found.add(first);
        }
        found.addAll(byStart.subMap(start, first == null, Math.max(start, end), false).values().stream()
                .filter(region -> region != first)
                .toList());
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
        if (overlaps(region.start(), region.end())) {
            throw new IllegalStateException("overlapping regions: " + region);
        }
        Region merged = region;
        Region before = below(region.start());
        if (before != null && before.end() == region.start() && before.isLike(region)) {
            byStart.remove(before.start());
            merged = merged.between(before.start(), merged.end());
        }
        Region after = byStart.get(region.end());
        if (after != null && after.isLike(region)) {
            byStart.remove(after.start());
            merged = merged.between(merged.start(), after.end());
        }
        byStart.put(merged.start(), merged);
        peakSize = Math.max(peakSize, byStart.size());
    }

    /** Cuts {@code [start, end)} out: regions in it go, those that reach beyond it are trimmed or split. */
    public void remove(long start, long end) {
        for (Region region : overlapping(start, end)) {
            byStart.remove(region.start());
            if (region.start() < start) {
                byStart.put(region.start(), region.between(region.start(), start));
            }
            if (region.end() > end) {
                byStart.put(end, region.between(end, region.end()));
            }
        }
        Region before = below(start);
        searchedTo = Math.min(searchedTo, before == null ? 0 : before.end());
        peakSize = Math.max(peakSize, byStart.size());
    }

    /** Whether so many more regions stay within {@link #MAX_REGIONS}. */
    public boolean hasRoomFor(int more) {
        return size() + more <= MAX_REGIONS;
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
        boolean searched = from == searchedFrom && lengthBytes >= searchedLengthBytes;
        long candidate = searched ? Math.max(from, searchedTo) : from;
        Region covering = find(candidate);
        if (covering != null) {
            candidate = covering.end();
        }
        for (Region region : byStart.tailMap(candidate, true).values()) {
            if (region.start() - candidate >= lengthBytes) {
                break;
            }
            candidate = region.end();
        }
        if (!searched || lengthBytes == searchedLengthBytes) {
            searchedFrom = from;
            searchedTo = candidate;
            searchedLengthBytes = lengthBytes;
        }
        return limit - candidate >= lengthBytes ? candidate : -1;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(peakSize);
        out.writeInt(byStart.size());
        for (Region region : byStart.values()) {
            out.writeLong(region.start());
            out.writeLong(region.end());
            out.writeByte(region.kind().ordinal());
            out.writeByte(region.protection());
        }
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        peakSize = in.readInt();
        searchedTo = 0;
        byStart.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            Region region = new Region(in.readLong(), in.readLong(), RegionKind.values()[in.readByte()], in.readByte());
            byStart.put(region.start(), region);
        }
    }
}
