package dev.pagewalk.mmu.tlb;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * One modelled translation lookaside buffer: which translations a hart has at hand, and which it loses for a new one.
 *
 * <p>{@link dev.pagewalk.mmu.Mmu} owns three of them per hart. Pages of all sizes share the entries; a page is put into the
 * set that the low bits of its own page number name. At most one entry matches any (address, ASID): a new translation
 * removes those that overlap it, in place of one of the same size. Latency, counters and permission checks are the
 * owner's business.
 *
 * <p>Hardware compares all ways at once; here a hash index over (page number, size) finds the entry. It is for the host
 * only and no part of the state.
 *
 * <p>Two things per entry are for those who check the kernel, and no hardware has them: the root table under which it was
 * filled, and a mark that says that it should be gone. Nothing that the guest can see depends on either.
 */
public final class Tlb implements Snapshotable {
    /** Told of every entry that ends, before another takes its place, and of every entry that is marked stale. */
    public interface DropListener {
        /**
         * Nothing may rest on the entry from now on.
         *
         * @param entry its number
         * @param virtualAddress the first address of its page
         * @param level of its page size
         */
        void onDropped(int entry, long virtualAddress, int level);
    }

    /** What {@link #root} is once the root table has gone: no root has this address. */
    public static final long NO_ROOT = -1;

    private static final int ASID_BITS = 16;
    private static final long ASID_MASK = (1L << ASID_BITS) - 1;
    /** Sv57's page numbers, the widest. */
    private static final int PAGE_NUMBER_BITS = 57 - PagingMode.PAGE_SHIFT;

    private static final long PAGE_NUMBER_MASK = (1L << PAGE_NUMBER_BITS) - 1;
    private static final int LEVELS = 5;
    private static final int NONE = -1;
    private static final long INVALID = -1;

    private final TlbGeometry geometry;
    private final int ways;
    private final int setMask;
    private final DropListener dropListener;
    private final VictimSelector victims;
    private final long[] stamps;

    /** By entry: page number of the first address and ASID, or INVALID, which no key equals. */
    private final long[] keys;
    /** By entry: the bits of the key that must match. Those within a superpage and a global page's ASID need not. */
    private final long[] masks;

    private final long[] leaves;
    private final byte[] pageLevels;
    /** By entry: the root table under which it was filled. */
    private final long[] roots;
    /** By entry: who is to blame for its being stale, or 0. */
    private final int[] staleMarks;

    private int validEntries;

    private final int[] entriesAtLevel = new int[LEVELS];
    /** Bit n is set while there are entries of level n. */
    private int levelsPresent;

    /** The index: entry at the head of each bucket's chain, and the next entry by entry; NONE ends a chain. */
    private final int[] heads;

    private final int[] next;
    /** By valid entry: its bucket. */
    private final int[] buckets;

    /** What the last lookup has not found, where nothing has been inserted since; or INVALID. */
    private long missedKey = INVALID;

    /**
     * @param seed for random replacement
     * @param dropListener told of entries that end or are marked; null if nobody cares
     */
    public Tlb(TlbGeometry geometry, long seed, DropListener dropListener) {
        this.geometry = geometry;
        this.dropListener = dropListener;
        int entries = geometry.entries();
        this.ways = geometry.ways();
        this.setMask = geometry.sets() - 1;
        this.victims = new VictimSelector(geometry.replacement(), geometry.sets(), geometry.ways(), seed);
        this.stamps = victims.stamps();
        this.keys = new long[entries];
        this.masks = new long[entries];
        this.leaves = new long[entries];
        this.pageLevels = new byte[entries];
        this.roots = new long[entries];
        this.staleMarks = new int[entries];
        this.next = new int[entries];
        this.buckets = new int[entries];
        this.heads = new int[Integer.highestOneBit(entries) * 8];
        Arrays.fill(keys, INVALID);
        Arrays.fill(heads, NONE);
    }

    public TlbGeometry geometry() {
        return geometry;
    }

    /**
     * The entry that translates an address, or -1. Changes no state.
     *
     * @param virtualAddress canonical
     */
    public int lookup(long virtualAddress, int asid) {
        long probe = key(virtualAddress, asid);
        for (int levels = levelsPresent; levels != 0; levels &= levels - 1) {
            int level = Integer.numberOfTrailingZeros(levels);
            for (int entry = heads[bucket(virtualAddress, level)]; entry >= 0; entry = next[entry]) {
                if (((keys[entry] ^ probe) & masks[entry]) == 0) {
                    return entry;
                }
            }
        }
        missedKey = probe;
        return NONE;
    }

    /**
     * Takes in a translation. What it overlaps is dropped, and a victim if its set is full; the listener is told of each.
     *
     * @param virtualAddress any canonical address in the page
     * @param global whether it holds for every ASID (the leaf's or a pointer's G)
     * @param level of the page size, 0 to 4
     * @param leaf the PTE, with A set
     * @param root physical address of the root table from which the walk came
     * @param ordinal the stamp of the access that needed it
     * @return the entry
     */
    public int insert(long virtualAddress, int asid, boolean global, int level, long leaf, long root, long ordinal) {
        long mask = mask(level, global);
        long key = key(virtualAddress, asid) & (mask | ASID_MASK);
        // Mostly a lookup has just missed. What overlaps a 4 KiB page of one address space would have been found.
        boolean overlapsNothing = level == 0 && !global && key == missedKey;
        missedKey = INVALID;
        int entry = overlapsNothing ? NONE : dropOverlapping(virtualAddress, level, key, mask);
        if (entry == NONE) {
            entry = vacate(setOf(virtualAddress, level));
        }
        keys[entry] = key;
        masks[entry] = mask;
        leaves[entry] = leaf;
        pageLevels[entry] = (byte) level;
        roots[entry] = root;
        stamps[entry] = ordinal;
        link(entry);
        return entry;
    }

    /** Drops what a flush covers. */
    public void flush(TlbFlush flush) {
        if (flush.isSinglePage()) {
            for (int levels = levelsPresent; levels != 0; levels &= levels - 1) {
                int level = Integer.numberOfTrailingZeros(levels);
                int entry = heads[bucket(flush.startAddress(), level)];
                while (entry >= 0) {
                    int following = next[entry];
                    dropIfCovered(entry, flush);
                    entry = following;
                }
            }
        } else if (validEntries > 0) {
            for (int entry = 0; entry < keys.length; entry++) {
                if (keys[entry] != INVALID) {
                    dropIfCovered(entry, flush);
                }
            }
        }
    }

    /** Notes an access to an entry, as an engine does inline with {@link #stamps()}. */
    public void stamp(int entry, long ordinal) {
        stamps[entry] = ordinal;
    }

    /** The ordinal of each entry's last access. */
    public long[] stamps() {
        return stamps;
    }

    public int validEntries() {
        return validEntries;
    }

    public boolean isValid(int entry) {
        return keys[entry] != INVALID;
    }

    /** The first address of a valid entry's page. */
    public long virtualAddress(int entry) {
        return keys[entry] >>> ASID_BITS << 64 - PAGE_NUMBER_BITS >> 64 - PAGE_NUMBER_BITS - PagingMode.PAGE_SHIFT;
    }

    /** The ASID for which a valid entry was filled. */
    public int asid(int entry) {
        return (int) (keys[entry] & ASID_MASK);
    }

    public boolean isGlobal(int entry) {
        return (masks[entry] & ASID_MASK) == 0;
    }

    /** The page size of a valid entry, as a level. */
    public int level(int entry) {
        return pageLevels[entry];
    }

    /** The PTE as a valid entry holds it: rights, D, memory type and physical page. */
    public long leaf(int entry) {
        return leaves[entry];
    }

    /** The physical address of an address in a valid entry's page. */
    public long physicalAddress(int entry, long virtualAddress) {
        return Pte.physicalAddress(leaves[entry]) | virtualAddress & PagingMode.pageSizeBytes(pageLevels[entry]) - 1;
    }

    /** The physical address of the root table under which a valid entry was filled, or {@link #NO_ROOT}. */
    public long root(int entry) {
        return roots[entry];
    }

    /** Who is to blame for a valid entry's being stale; 0 where it is not marked. */
    public int staleMark(int entry) {
        return staleMarks[entry];
    }

    /**
     * Marks a valid entry: it disagrees with the page tables and should be gone. It goes on translating as before, but no L0
     * line may rest on it, so that each further use is seen.
     *
     * @param mark who is to blame, not 0; kept until the entry ends
     */
    public void markStale(int entry, int mark) {
        staleMarks[entry] = mark;
        if (dropListener != null) {
            dropListener.onDropped(entry, virtualAddress(entry), pageLevels[entry]);
        }
    }

    /** Forgets under which root a valid entry was filled, because that root table is no more. */
    public void forgetRoot(int entry) {
        roots[entry] = NO_ROOT;
    }

    /** Whether a valid entry should not be there for a hart that has this root loaded: it is marked, or of another root. */
    public boolean isSuspect(int entry, long loadedRoot) {
        return staleMarks[entry] != 0 || roots[entry] != loadedRoot && !isGlobal(entry);
    }

    /**
     * Visits the entries, of whatever address space, that translate any address of a page; no visit may insert or flush.
     *
     * @param virtualAddress the page's first address
     * @param level of the page's size; where there are no smaller pages this takes the time of a lookup
     */
    public void forEachOverlapping(long virtualAddress, int level, IntConsumer visitor) {
        long mask = mask(level, true);
        long key = key(virtualAddress, 0) & mask;
        if ((levelsPresent & (1 << level) - 1) != 0) {
            // Smaller pages may be anywhere.
            for (int entry = nextValid(0); entry >= 0; entry = nextValid(entry + 1)) {
                if (overlaps(entry, key, mask)) {
                    visitor.accept(entry);
                }
            }
            return;
        }
        for (int levels = levelsPresent; levels != 0; levels &= levels - 1) {
            int bucket = bucket(virtualAddress, Integer.numberOfTrailingZeros(levels));
            for (int entry = heads[bucket]; entry >= 0; entry = next[entry]) {
                if (overlaps(entry, key, mask)) {
                    visitor.accept(entry);
                }
            }
        }
    }

    /** The next valid entry from a number on, or -1. */
    public int nextValid(int from) {
        if (validEntries > 0) {
            for (int entry = from; entry < keys.length; entry++) {
                if (keys[entry] != INVALID) {
                    return entry;
                }
            }
        }
        return NONE;
    }

    /** A valid entry for people, such as {@code 0x0000000000010000 4K asid 7 leaf 0x80042000 r-xu-a-}. */
    public String describe(int entry) {
        return String.format(
                "0x%016x %s %s %s",
                virtualAddress(entry),
                sizeName(level(entry)),
                isGlobal(entry) ? "global" : "asid " + asid(entry),
                Pte.describe(leaf(entry)));
    }

    private static String sizeName(int level) {
        return switch (level) {
            case 0 -> "4K";
            case 1 -> "2M";
            case 2 -> "1G";
            case 3 -> "512G";
            default -> "256T";
        };
    }

    /** Drops the entries that overlap a translation to come; returns one of its own size, whose place it takes. */
    private int dropOverlapping(long virtualAddress, int level, long key, long mask) {
        int place = NONE;
        if ((levelsPresent & (1 << level) - 1) != 0) {
            // A new superpage over smaller pages: they may be anywhere.
            for (int entry = 0; entry < keys.length; entry++) {
                if (keys[entry] != INVALID && overlaps(entry, key, mask)) {
                    place = dropOverlap(entry, level, place);
                }
            }
            return place;
        }
        for (int levels = levelsPresent; levels != 0; levels &= levels - 1) {
            int entry = heads[bucket(virtualAddress, Integer.numberOfTrailingZeros(levels))];
            while (entry >= 0) {
                int following = next[entry];
                if (overlaps(entry, key, mask)) {
                    place = dropOverlap(entry, level, place);
                }
                entry = following;
            }
        }
        return place;
    }

    private int dropOverlap(int entry, int level, int place) {
        drop(entry);
        // Of several (a global page over those of many ASIDs) the lowest, whatever the order of the index.
        return pageLevels[entry] == level && (place == NONE || entry < place) ? entry : place;
    }

    private boolean overlaps(int entry, long key, long mask) {
        return ((keys[entry] ^ key) & masks[entry] & mask) == 0;
    }

    /** A way of the set that is free, or made so: the lowest invalid one, else the policy's victim. */
    private int vacate(int set) {
        if (validEntries < keys.length) {
            int first = set * ways;
            for (int entry = first; entry < first + ways; entry++) {
                if (keys[entry] == INVALID) {
                    return entry;
                }
            }
        }
        int victim = victims.replace(set);
        drop(victim);
        return victim;
    }

    private void dropIfCovered(int entry, TlbFlush flush) {
        if (flush.covers(virtualAddress(entry), PagingMode.pageSizeBytes(level(entry)), asid(entry), isGlobal(entry))) {
            drop(entry);
        }
    }

    private void drop(int entry) {
        if (dropListener != null) {
            dropListener.onDropped(entry, virtualAddress(entry), pageLevels[entry]);
        }
        unlink(entry);
        keys[entry] = INVALID;
        // An invalid entry has no state, so that equal states are saved as equal bytes.
        stamps[entry] = 0;
        staleMarks[entry] = 0;
    }

    private void link(int entry) {
        int level = pageLevels[entry];
        int bucket = bucket(virtualAddress(entry), level);
        buckets[entry] = bucket;
        next[entry] = heads[bucket];
        heads[bucket] = entry;
        validEntries++;
        entriesAtLevel[level]++;
        levelsPresent |= 1 << level;
    }

    private void unlink(int entry) {
        int level = pageLevels[entry];
        int bucket = buckets[entry];
        if (heads[bucket] == entry) {
            heads[bucket] = next[entry];
        } else {
            int before = heads[bucket];
            while (next[before] != entry) {
                before = next[before];
            }
            next[before] = next[entry];
        }
        validEntries--;
        if (--entriesAtLevel[level] == 0) {
            levelsPresent &= ~(1 << level);
        }
    }

    private int setOf(long virtualAddress, int level) {
        return (int) pageNumber(virtualAddress, level) & setMask;
    }

    private int bucket(long virtualAddress, int level) {
        long hash = (pageNumber(virtualAddress, level) + level) * 0x9E3779B97F4A7C15L;
        return (int) (hash >>> 40) & heads.length - 1;
    }

    private static long pageNumber(long virtualAddress, int level) {
        return virtualAddress >>> PagingMode.PAGE_SHIFT + 9 * level;
    }

    private static long key(long virtualAddress, int asid) {
        return (virtualAddress >>> PagingMode.PAGE_SHIFT & PAGE_NUMBER_MASK) << ASID_BITS | asid;
    }

    private static long mask(int level, boolean global) {
        long pageNumber = PAGE_NUMBER_MASK << 9 * level & PAGE_NUMBER_MASK;
        return pageNumber << ASID_BITS | (global ? 0 : ASID_MASK);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (int entry = 0; entry < keys.length; entry++) {
            out.writeLong(keys[entry]);
            if (keys[entry] != INVALID) {
                out.writeLong(masks[entry]);
                out.writeLong(leaves[entry]);
                out.writeByte(pageLevels[entry]);
                out.writeLong(roots[entry]);
                out.writeInt(staleMarks[entry]);
            }
        }
        victims.save(out);
    }

    /** The listener is not told: the owner forgets its own. */
    @Override
    public void restore(ByteArrayDataInput in) {
        Arrays.fill(heads, NONE);
        Arrays.fill(entriesAtLevel, 0);
        levelsPresent = 0;
        validEntries = 0;
        missedKey = INVALID;
        for (int entry = 0; entry < keys.length; entry++) {
            keys[entry] = in.readLong();
            staleMarks[entry] = 0;
            if (keys[entry] != INVALID) {
                masks[entry] = in.readLong();
                leaves[entry] = in.readLong();
                pageLevels[entry] = in.readByte();
                roots[entry] = in.readLong();
                staleMarks[entry] = in.readInt();
                link(entry);
            }
        }
        victims.restore(in);
    }
}
