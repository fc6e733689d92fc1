package dev.pagewalk.mmu.walk;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.tlb.Tlb;
import dev.pagewalk.mmu.tlb.TlbFlush;
import dev.pagewalk.mmu.tlb.VictimSelector;
import java.util.Arrays;

/**
 * The modelled page-walk cache: pointers that the walker has read lately, so that a walk can start below the root.
 *
 * <p>An entry says where the table is that serves an address prefix in an address space (or in all of them, where a
 * pointer on the way was global). The deepest match wins. Only walks that end well leave entries.
 *
 * <p>A flush of every address drops what its ASID covers. One that names addresses does so only where {@link
 * WalkCacheParameters#addressFlushDropsTables} says it; else pointers outlive it, and whoever frees a table must flush
 * every address first.
 *
 * <p>As in a TLB, each entry's root and stale mark are for those who check the kernel; nothing else depends on them.
 */
public final class WalkCache implements Snapshotable {
    private static final int NONE = -1;
    private static final long INVALID = -1;

    private final WalkCacheParameters parameters;
    private final VictimSelector victims;
    private final long[] stamps;

    /** By entry: the first address that the table serves, or INVALID, which no masked address equals. */
    private final long[] prefixes;

    /** By entry: the bits of an address that the prefix has. */
    private final long[] prefixMasks;

    private final int[] asids;
    private final boolean[] globals;
    /** By entry: the level of the table that is pointed to. */
    private final byte[] tableLevels;

    private final long[] tables;
    /** By entry: the root table under which it was filled. */
    private final long[] roots;
    /** By entry: who is to blame for its being stale, or 0. */
    private final int[] staleMarks;

    private int validEntries;
    /** Lookups and fills so far: the ordinals of its stamps. */
    private long accesses;

    /** @param seed for random replacement */
    public WalkCache(WalkCacheParameters parameters, long seed) {
        this.parameters = parameters;
        int entries = parameters.entries();
        this.victims = new VictimSelector(parameters.replacement(), 1, entries, seed);
        this.stamps = victims.stamps();
        this.prefixes = new long[entries];
        this.prefixMasks = new long[entries];
        this.asids = new int[entries];
        this.globals = new boolean[entries];
        this.tableLevels = new byte[entries];
        this.tables = new long[entries];
        this.roots = new long[entries];
        this.staleMarks = new int[entries];
        Arrays.fill(prefixes, INVALID);
    }

    public WalkCacheParameters parameters() {
        return parameters;
    }

    /** Looks for the deepest table on the way to an address: its entry, or -1. Counts and stamps. */
    int lookup(long virtualAddress, int asid) {
        accesses++;
        int deepest = NONE;
        for (int entry = 0; entry < prefixes.length; entry++) {
            if (matches(entry, virtualAddress, asid)
                    && (deepest == NONE || tableLevels[entry] < tableLevels[deepest])) {
                deepest = entry;
            }
        }
        if (deepest != NONE) {
            stamps[deepest] = accesses;
        }
        return deepest;
    }

    /**
     * Takes in a pointer that a walk has read, in place of one for the same prefix.
     *
     * @param root the root table from which the walk came
     * @param staleMark of what led there; 0 where nothing is amiss
     */
    void insert(long virtualAddress, int asid, boolean global, int tableLevel, long table, long root, int staleMark) {
        if (prefixes.length == 0) {
            return;
        }
        int entry = placeFor(virtualAddress, asid, global, tableLevel);
        if (prefixes[entry] == INVALID) {
            validEntries++;
        }
        prefixes[entry] = virtualAddress & prefixMask(tableLevel);
        prefixMasks[entry] = prefixMask(tableLevel);
        asids[entry] = asid;
        globals[entry] = global;
        tableLevels[entry] = (byte) tableLevel;
        tables[entry] = table;
        roots[entry] = root;
        staleMarks[entry] = staleMark;
        stamps[entry] = ++accesses;
    }

    private int placeFor(long virtualAddress, int asid, boolean global, int tableLevel) {
        int place = NONE;
        for (int entry = 0; entry < prefixes.length; entry++) {
            boolean same = tableLevels[entry] == tableLevel
                    && (virtualAddress & prefixMasks[entry]) == prefixes[entry]
                    && (global || globals[entry] || asids[entry] == asid);
            if (same && place == NONE) {
                place = entry;
            } else if (same) {
                // A pointer became global: it replaces those of all ASIDs.
                drop(entry);
            }
        }
        if (place != NONE) {
            return place;
        }
        if (validEntries == prefixes.length) {
            return victims.replace(0);
        }
        int free = 0;
        while (prefixes[free] != INVALID) {
            free++;
        }
        return free;
    }

    /** See the class for which flushes reach it. */
    public void flush(TlbFlush flush) {
        if (validEntries == 0 || !flush.everyAddress() && !parameters.addressFlushDropsTables()) {
            return;
        }
        for (int entry = 0; entry < prefixes.length; entry++) {
            if (prefixes[entry] != INVALID
                    && flush.covers(
                            prefixes[entry],
                            PagingMode.pageSizeBytes(tableLevels[entry] + 1),
                            asids[entry],
                            globals[entry])) {
                drop(entry);
            }
        }
    }

    /** How many entries there is room for; they are numbered from 0. */
    public int entries() {
        return prefixes.length;
    }

    public boolean isValid(int entry) {
        return prefixes[entry] != INVALID;
    }

    /** The first address that a valid entry's table serves. */
    public long virtualAddress(int entry) {
        return prefixes[entry];
    }

    public int asid(int entry) {
        return asids[entry];
    }

    public boolean isGlobal(int entry) {
        return globals[entry];
    }

    /** The level of the table that a valid entry points to. */
    public int tableLevel(int entry) {
        return tableLevels[entry];
    }

    /** The physical address of the table that a valid entry points to. */
    public long table(int entry) {
        return tables[entry];
    }

    /** The physical address of the root table under which a valid entry was filled, or {@link Tlb#NO_ROOT}. */
    public long root(int entry) {
        return roots[entry];
    }

    /** Who is to blame for a valid entry's being stale; 0 where it is not marked. */
    public int staleMark(int entry) {
        return staleMarks[entry];
    }

    /**
     * Marks a valid entry: the page tables no longer lead to its table. It goes on serving walks as before.
     *
     * @param mark who is to blame, not 0; kept until the entry ends
     */
    public void markStale(int entry, int mark) {
        staleMarks[entry] = mark;
    }

    /** Forgets under which root a valid entry was filled, because that root table is no more. */
    public void forgetRoot(int entry) {
        roots[entry] = Tlb.NO_ROOT;
    }

    /** The next valid entry from a number on, or -1. */
    public int nextValid(int from) {
        if (validEntries > 0) {
            for (int entry = from; entry < prefixes.length; entry++) {
                if (prefixes[entry] != INVALID) {
                    return entry;
                }
            }
        }
        return NONE;
    }

    private boolean matches(int entry, long virtualAddress, int asid) {
        return (virtualAddress & prefixMasks[entry]) == prefixes[entry] && (globals[entry] || asids[entry] == asid);
    }

    private void drop(int entry) {
        prefixes[entry] = INVALID;
        prefixMasks[entry] = 0;
        stamps[entry] = 0;
        staleMarks[entry] = 0;
        validEntries--;
    }

    private static long prefixMask(int tableLevel) {
        return -PagingMode.pageSizeBytes(tableLevel + 1);
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        for (int entry = 0; entry < prefixes.length; entry++) {
            out.writeLong(prefixes[entry]);
            if (prefixes[entry] != INVALID) {
                out.writeInt(asids[entry]);
                out.writeBoolean(globals[entry]);
                out.writeByte(tableLevels[entry]);
                out.writeLong(tables[entry]);
                out.writeLong(roots[entry]);
                out.writeInt(staleMarks[entry]);
            }
        }
        out.writeLong(accesses);
        victims.save(out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        validEntries = 0;
        for (int entry = 0; entry < prefixes.length; entry++) {
            prefixes[entry] = in.readLong();
            prefixMasks[entry] = 0;
            staleMarks[entry] = 0;
            if (prefixes[entry] != INVALID) {
                asids[entry] = in.readInt();
                globals[entry] = in.readBoolean();
                tableLevels[entry] = in.readByte();
                prefixMasks[entry] = prefixMask(tableLevels[entry]);
                tables[entry] = in.readLong();
                roots[entry] = in.readLong();
                staleMarks[entry] = in.readInt();
                validEntries++;
            }
        }
        accesses = in.readLong();
        victims.restore(in);
    }
}
