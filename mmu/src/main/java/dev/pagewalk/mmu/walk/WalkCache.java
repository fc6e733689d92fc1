package dev.pagewalk.mmu.walk;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.state.Snapshotable;
import dev.pagewalk.mmu.table.PagingMode;
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

    /** Takes in a pointer that a walk has read, in place of one for the same prefix. */
    void insert(long virtualAddress, int asid, boolean global, int tableLevel, long table) {
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

    private boolean matches(int entry, long virtualAddress, int asid) {
        return (virtualAddress & prefixMasks[entry]) == prefixes[entry] && (globals[entry] || asids[entry] == asid);
    }

    private void drop(int entry) {
        prefixes[entry] = INVALID;
        prefixMasks[entry] = 0;
        stamps[entry] = 0;
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
            if (prefixes[entry] != INVALID) {
                asids[entry] = in.readInt();
                globals[entry] = in.readBoolean();
                tableLevels[entry] = in.readByte();
                prefixMasks[entry] = prefixMask(tableLevels[entry]);
                tables[entry] = in.readLong();
                validEntries++;
            }
        }
        accesses = in.readLong();
        victims.restore(in);
    }
}
