package dev.pagewalk.mmu.testing;

import dev.pagewalk.mmu.MmuCounters;
import dev.pagewalk.mmu.MmuParameters;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.access.TranslationFault;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import dev.pagewalk.mmu.tlb.TlbFlush;
import dev.pagewalk.mmu.tlb.TlbGeometry;
import dev.pagewalk.mmu.tlb.VictimSelector;
import java.util.ArrayList;
import java.util.List;

/**
 * The MMU as one would explain it: objects in lists, every access seen, LRU as an ordered list, tree-PLRU as bits that
 * are turned at each access, and no L0.
 */
public final class ReferenceMmu {
    /** One cached thing: a page in a TLB, or a table in the walk cache (whose level is that of what it serves). */
    private static final class Entry {
        long firstAddress;
        long sizeBytes;
        int asid;
        boolean global;
        long target;
        boolean readable;
        boolean writable;
        boolean executable;
        boolean dirty;

        boolean serves(long va, int forAsid) {
            return va - firstAddress >= 0 && va - firstAddress < sizeBytes && (global || asid == forAsid);
        }

        boolean conflicts(Entry other) {
            boolean apart = firstAddress + sizeBytes <= other.firstAddress
                    || other.firstAddress + other.sizeBytes <= firstAddress;
            return !apart && (global || other.global || asid == other.asid);
        }

        boolean flushedBy(TlbFlush flush) {
            if (flush.asid() != TlbFlush.EVERY_ASID && (global || asid != flush.asid())) {
                return false;
            }
            return flush.everyAddress()
                    || firstAddress < flush.startAddress() + flush.lengthBytes()
                            && flush.startAddress() < firstAddress + sizeBytes;
        }

        boolean permits(AccessType type) {
            return type == AccessType.FETCH ? executable : type == AccessType.LOAD ? readable : writable;
        }
    }

    /** One set: its ways, null where invalid, and its replacement state. */
    private static final class Set {
        final Entry[] ways;
        final ReplacementPolicy policy;
        final List<Integer> leastRecentFirst = new ArrayList<>();
        /** A tree node's bit by the range of ways below it: true where it points to the upper half. */
        final java.util.Map<String, Boolean> pointsUp = new java.util.HashMap<>();

        int fifoPointer;

        Set(int ways, ReplacementPolicy policy) {
            this.ways = new Entry[ways];
            this.policy = policy;
        }

        void touch(int way) {
            leastRecentFirst.remove((Integer) way);
            leastRecentFirst.add(way);
            int low = 0;
            int end = ways.length;
            while (end - low > 1) {
                int middle = low + (end - low + 1) / 2;
                pointsUp.put(low + "-" + end, way < middle);
                if (way < middle) {
                    end = middle;
                } else {
                    low = middle;
                }
            }
        }

        int victim(VictimSelector randomSource, int setNumber) {
            for (int way = 0; way < ways.length; way++) {
                if (ways[way] == null) {
                    return way;
                }
            }
            switch (policy) {
                case FIFO:
                    int way = fifoPointer;
                    fifoPointer = (fifoPointer + 1) % ways.length;
                    return way;
                case RANDOM:
                    return randomSource.replace(setNumber) - setNumber * ways.length;
                case LRU:
                    return leastRecentFirst.get(0);
                default:
                    int low = 0;
                    int end = ways.length;
                    while (end - low > 1) {
                        int middle = low + (end - low + 1) / 2;
                        if (pointsUp.get(low + "-" + end)) {
                            low = middle;
                        } else {
                            end = middle;
                        }
                    }
                    return low;
            }
        }
    }

    private static final class Cache {
        final List<Set> sets = new ArrayList<>();
        final VictimSelector randomSource;

        Cache(int sets, int ways, ReplacementPolicy policy, long seed) {
            for (int set = 0; set < sets; set++) {
                this.sets.add(new Set(ways, policy));
            }
            randomSource = new VictimSelector(ReplacementPolicy.RANDOM, sets, ways, seed);
        }

        Cache(TlbGeometry geometry, long seed) {
            this(geometry.entries() / geometry.ways(), geometry.ways(), geometry.replacement(), seed);
        }

        /** The smallest that serves the address, touched. */
        Entry find(long va, int asid) {
            Entry best = null;
            Set where = null;
            int which = -1;
            for (Set set : sets) {
                for (int way = 0; way < set.ways.length; way++) {
                    Entry entry = set.ways[way];
                    if (entry != null && entry.serves(va, asid) && (best == null || entry.sizeBytes < best.sizeBytes)) {
                        best = entry;
                        where = set;
                        which = way;
                    }
                }
            }
            if (best != null) {
                where.touch(which);
            }
            return best;
        }

        void insert(Entry entry, boolean onlySameSizeConflicts) {
            int number = (int) Long.remainderUnsigned(entry.firstAddress / entry.sizeBytes, sets.size());
            if (entry.firstAddress < 0) {
                throw new AssertionError("the reference is for the user half");
            }
            Set target = sets.get(number);
            int place = -1;
            for (Set set : sets) {
                for (int way = 0; way < set.ways.length; way++) {
                    Entry old = set.ways[way];
                    if (old == null
                            || !old.conflicts(entry)
                            || onlySameSizeConflicts && old.sizeBytes != entry.sizeBytes) {
                        continue;
                    }
                    set.ways[way] = null;
                    if (place < 0 && old.sizeBytes == entry.sizeBytes) {
                        place = way;
                    }
                }
            }
            int way = place >= 0 ? place : target.victim(randomSource, number);
            target.ways[way] = entry;
            target.touch(way);
        }

        void flush(TlbFlush flush) {
            for (Set set : sets) {
                for (int way = 0; way < set.ways.length; way++) {
                    if (set.ways[way] != null && set.ways[way].flushedBy(flush)) {
                        set.ways[way] = null;
                    }
                }
            }
        }
    }

    private final PhysicalMemory memory;
    private final PagingMode mode;
    private final MmuParameters parameters;
    private final Cache instruction;
    private final Cache data;
    private final Cache l2;
    private final Cache tables;
    private long root;
    private int asid;
    private TranslationFault fault;
    private long extraCycles;
    private final long[] counters = new long[8];

    public ReferenceMmu(PhysicalMemory memory, PagingMode mode, MmuParameters parameters, long seed) {
        this.memory = memory;
        this.mode = mode;
        this.parameters = parameters;
        this.instruction = new Cache(parameters.l1Instruction(), seed);
        this.data = new Cache(parameters.l1Data(), seed + 1);
        this.l2 = parameters.l2() == null ? null : new Cache(parameters.l2(), seed + 2);
        int tableEntries = parameters.walkCache().entries();
        this.tables = tableEntries == 0
                ? null
                : new Cache(1, tableEntries, parameters.walkCache().replacement(), seed + 3);
    }

    public void setAddressSpace(long newRoot, int newAsid) {
        root = newRoot;
        asid = newAsid;
    }

    public void flush(TlbFlush flush) {
        instruction.flush(flush);
        data.flush(flush);
        if (l2 != null) {
            l2.flush(flush);
        }
        if (tables != null && (flush.everyAddress() || parameters.walkCache().addressFlushDropsTables())) {
            tables.flush(flush);
        }
    }

    public TranslationFault fault() {
        return fault;
    }

    public long takeExtraCycles() {
        long cycles = extraCycles;
        extraCycles = 0;
        return cycles;
    }

    public MmuCounters counters() {
        return new MmuCounters(
                counters[0], counters[1], counters[2], counters[3], counters[4], counters[5], counters[6], counters[7]);
    }

    /** One access, counted. */
    public long access(long va, AccessType type) {
        boolean fetch = type == AccessType.FETCH;
        counters[fetch ? 0 : 2]++;
        Cache l1 = fetch ? instruction : data;
        long half = 1L << mode.virtualAddressBits() - 1;
        if (va >= half || va < -half) {
            counters[fetch ? 1 : 3]++;
            return fail(TranslationFault.PAGE_FAULT);
        }
        Entry entry = l1.find(va, asid);
        boolean inL1 = entry != null;
        if (!inL1) {
            counters[fetch ? 1 : 3]++;
            if (l2 != null) {
                counters[4]++;
                extraCycles += parameters.l2().latencyCycles();
                entry = l2.find(va, asid);
                if (entry == null) {
                    counters[5]++;
                }
            }
        }
        if (entry != null) {
            if (!entry.permits(type)) {
                return fail(TranslationFault.PAGE_FAULT);
            }
            if (type == AccessType.STORE && !entry.dirty) {
                if (!parameters.hardwareUpdatesAccessedDirty()) {
                    return fail(TranslationFault.PAGE_FAULT);
                }
                entry = null;
            }
        }
        if (entry == null) {
            entry = walk(va, type);
            if (entry == null) {
                return -1;
            }
            if (l2 != null) {
                l2.insert(entry, false);
            }
            l1.insert(entry, false);
        } else if (!inL1) {
            l1.insert(entry, false);
        }
        return entry.target + (va - entry.firstAddress);
    }

    private Entry walk(long va, AccessType type) {
        counters[6]++;
        long table = root;
        int level = mode.levels() - 1;
        boolean global = false;
        if (tables != null) {
            extraCycles += parameters.walkCache().latencyCycles();
            Entry start = tables.find(va, asid);
            if (start != null) {
                table = start.target;
                global = start.global;
                while (size(level + 1) > start.sizeBytes) {
                    level--;
                }
            }
        }
        List<Entry> path = new ArrayList<>();
        while (true) {
            long address = table + (va / size(level)) % 512 * 8;
            if (address < memory.baseAddress() || address >= memory.endAddress()) {
                return failWalk(TranslationFault.ACCESS_FAULT);
            }
            counters[7]++;
            extraCycles += parameters.pteReadCycles();
            long pte = memory.readLong(address);
            boolean v = bit(pte, 0);
            boolean r = bit(pte, 1);
            boolean w = bit(pte, 2);
            boolean x = bit(pte, 3);
            boolean u = bit(pte, 4);
            boolean a = bit(pte, 6);
            boolean d = bit(pte, 7);
            int memoryType = (int) (pte >>> 61) & 3;
            if (!v || !r && w || (pte >>> 54 & 0x7F) != 0 || bit(pte, 63) || memoryType == 3) {
                return failWalk(TranslationFault.PAGE_FAULT);
            }
            global |= bit(pte, 5);
            long target = (pte >>> 10 & (1L << 44) - 1) * 4096;
            if (!r && !x) {
                if (u || a || d || memoryType != 0 || level == 0) {
                    return failWalk(TranslationFault.PAGE_FAULT);
                }
                level--;
                table = target;
                path.add(entry(va, size(level + 1), global, target));
                continue;
            }
            boolean allowed = type == AccessType.FETCH ? x : type == AccessType.LOAD ? r : w;
            if (target % size(level) != 0 || !u || !allowed) {
                return failWalk(TranslationFault.PAGE_FAULT);
            }
            boolean store = type == AccessType.STORE;
            if (!a || store && !d) {
                if (!parameters.hardwareUpdatesAccessedDirty()) {
                    return failWalk(TranslationFault.PAGE_FAULT);
                }
                extraCycles += parameters.pteUpdateCycles();
                memory.writeLong(address, pte | 64 | (store ? 128 : 0));
                d |= store;
            }
            if (tables != null) {
                path.forEach(step -> tables.insert(step, true));
            }
            Entry page = entry(va, size(level), global, target);
            page.readable = r;
            page.writable = w;
            page.executable = x;
            page.dirty = d;
            return page;
        }
    }

    private Entry entry(long va, long sizeBytes, boolean global, long target) {
        Entry entry = new Entry();
        entry.firstAddress = va / sizeBytes * sizeBytes;
        entry.sizeBytes = sizeBytes;
        entry.asid = asid;
        entry.global = global;
        entry.target = target;
        return entry;
    }

    private static long size(int level) {
        return 4096L << 9 * level;
    }

    private static boolean bit(long pte, int bit) {
        return (pte >>> bit & 1) != 0;
    }

    private Entry failWalk(TranslationFault reason) {
        fail(reason);
        return null;
    }

    private long fail(TranslationFault reason) {
        fault = reason;
        return -1;
    }
}
