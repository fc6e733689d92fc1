package dev.pagewalk.mmu;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.access.TranslationFault;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.memory.StoreGuards;
import dev.pagewalk.mmu.state.Snapshotable;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.L0Banks;
import dev.pagewalk.mmu.tlb.L0Filter;
import dev.pagewalk.mmu.tlb.L0Veto;
import dev.pagewalk.mmu.tlb.Tlb;
import dev.pagewalk.mmu.tlb.TlbFlush;
import dev.pagewalk.mmu.walk.PageTableWalker;
import dev.pagewalk.mmu.walk.WalkCache;
import dev.pagewalk.mmu.walk.WalkResult;

/**
 * One hart's memory management unit: it turns the virtual addresses of fetches, loads and stores into physical ones.
 *
 * <p>The hart's engine first looks into an {@link L0Filter} of its own accord; what it does not find there it asks of
 * {@link #translate}. The order is L1 TLB, L2 TLB, walk. The levels are not inclusive: a walk fills both, an eviction
 * touches one.
 *
 * <p>Costs beyond the instruction's own cycles add up until {@link #takeExtraCycles} fetches them.
 */
public final class Mmu implements Snapshotable, StoreGuards.Listener {
    /**
     * Accesses of fetches: the engine adds one before each, also before {@link #translate}. The value is the access's
     * ordinal, with which it stamps the L1 entry.
     */
    public long instructionAccesses;

    /** Accesses of loads and stores, counted as {@link #instructionAccesses} are; an access in two pages is two. */
    public long dataAccesses;

    private static final int SATP_MODE_SHIFT = 60;
    private static final int SATP_ASID_SHIFT = 44;

    private final PhysicalMemory memory;
    private final StoreGuards guards;
    private final PagingMode mode;
    private final boolean hardwareUpdatesAccessedDirty;

    private final L0Filter fetches;
    private final L0Filter loads;
    private final L0Filter stores;
    private final Tlb instructionTlb;
    private final Tlb dataTlb;
    private final Tlb l2;
    private final int l2LatencyCycles;
    private final WalkCache walkCache;
    private final PageTableWalker walker;
    private final WalkResult walk = new WalkResult();

    private long rootAddress;
    private int asid;
    private TranslationFault fault;
    private long extraCycles;
    /** Null where nobody wants to know. */
    private StaleUseListener staleUseListener;
    /** Null where nobody wants to know. */
    private WalkListener walkListener;
    /** Null where all pages may be in L0. */
    private L0Veto l0Veto;

    private long instructionMisses;
    private long dataMisses;
    private long l2Accesses;
    private long l2Misses;
    private long walks;
    private long walkReads;

    /**
     * Registers itself with the guards.
     *
     * @param seed for random replacement; the same for all harts is fine
     */
    public Mmu(PhysicalMemory memory, StoreGuards guards, PagingMode mode, MmuParameters parameters, long seed) {
        this(memory, guards, mode, parameters, seed, new L0Banks(1), 0);
    }

    /**
     * The same, one of several that have their L0 filters in common banks.
     *
     * @param index among them, from 0 on
     */
    public Mmu(
            PhysicalMemory memory,
            StoreGuards guards,
            PagingMode mode,
            MmuParameters parameters,
            long seed,
            L0Banks banks,
            int index) {
        this.fetches = new L0Filter(banks.fetches(), index);
        this.loads = new L0Filter(banks.loads(), index);
        this.stores = new L0Filter(banks.stores(), index);
        this.memory = memory;
        this.guards = guards;
        this.mode = mode;
        this.hardwareUpdatesAccessedDirty = parameters.hardwareUpdatesAccessedDirty();
        this.instructionTlb = new Tlb(parameters.l1Instruction(), seed, fetches::dropEntry);
        this.dataTlb = new Tlb(parameters.l1Data(), seed + 1, (entry, virtualAddress, level) -> {
            loads.dropEntry(entry, virtualAddress, level);
            stores.dropEntry(entry, virtualAddress, level);
        });
        this.l2 = parameters.l2() == null ? null : new Tlb(parameters.l2(), seed + 2, null);
        this.l2LatencyCycles = l2 == null ? 0 : parameters.l2().latencyCycles();
        this.walkCache = new WalkCache(parameters.walkCache(), seed + 3);
        this.walker = new PageTableWalker(
                memory,
                mode,
                walkCache,
                parameters.pteReadCycles(),
                parameters.pteUpdateCycles(),
                hardwareUpdatesAccessedDirty);
        guards.register(this);
    }

    /**
     * Loads an address space, as a write to satp does. The TLBs keep what they hold.
     *
     * @param rootPhysicalAddress of the root table, a multiple of 4096; the walk finds out whether RAM is there
     * @param asid 0 to 65,535
     */
    public void setAddressSpace(long rootPhysicalAddress, int asid) {
        if ((rootPhysicalAddress & ~PagingMode.PAGE_MASK) != 0 || asid < 0 || asid > 0xFFFF) {
            throw new IllegalArgumentException(
                    String.format("cannot load root table 0x%x with ASID %d", rootPhysicalAddress, asid));
        }
        this.rootAddress = rootPhysicalAddress;
        this.asid = asid;
        clearL0();
    }

    /** Names who is told of uses of translations that should be gone; null for nobody. No counter and no cycle depends on it. */
    public void setStaleUseListener(StaleUseListener listener) {
        this.staleUseListener = listener;
    }

    /** Names who is told of walks; null for nobody. No counter and no cycle depends on it. */
    public void setWalkListener(WalkListener listener) {
        this.walkListener = listener;
    }

    /** Names who keeps pages out of L0; null for nobody. No counter and no cycle depends on it. */
    public void setL0Veto(L0Veto veto) {
        this.l0Veto = veto;
        clearL0();
    }

    /** The physical address of the root table that is loaded. */
    public long rootAddress() {
        return rootAddress;
    }

    public int asid() {
        return asid;
    }

    public PagingMode mode() {
        return mode;
    }

    /** The register's value. Source: RISC-V Privileged ISA, "Supervisor Address Translation and Protection Register". */
    public long satp() {
        return (long) mode.satpMode() << SATP_MODE_SHIFT
                | (long) asid << SATP_ASID_SHIFT
                | rootAddress >>> PagingMode.PAGE_SHIFT;
    }

    /**
     * Translates an access that the engine has counted and not found in L0, and fills L0 where its rule allows.
     *
     * <p>A TLB entry without the right that the access needs is a page fault, without a walk. So is a store to an entry
     * with D = 0 where hardware does not set D; where it does, a walk sets it. A non-canonical address is an L1 miss and
     * nothing more.
     *
     * @return the physical address, in RAM or not; -1 where {@link #fault} says why there is none
     */
    public long translate(long virtualAddress, AccessType type) {
        if (!mode.isCanonical(virtualAddress)) {
            countMiss(type);
            return fail(TranslationFault.PAGE_FAULT);
        }
        Tlb l1 = l1For(type);
        int entry = l1.lookup(virtualAddress, asid);
        if (entry < 0) {
            countMiss(type);
            return translateByL2(virtualAddress, type);
        }
        reportIfSuspect(l1, entry, virtualAddress, type);
        l1.stamp(entry, ordinalOf(type));
        long leaf = l1.leaf(entry);
        if (!Pte.permits(leaf, type)) {
            return fail(TranslationFault.PAGE_FAULT);
        }
        if (type == AccessType.STORE && !Pte.isDirty(leaf)) {
            return translateForFirstStore(virtualAddress);
        }
        return finish(l1, entry, virtualAddress, type);
    }

    /** Where a fetch would find an instruction, or -1 where it would not. Changes nothing, and no cache of walks is asked. */
    public long peekFetch(long virtualAddress) {
        if (!mode.isCanonical(virtualAddress)) {
            return -1;
        }
        int entry = instructionTlb.lookup(virtualAddress, asid);
        if (entry >= 0) {
            return instructionTlb.physicalAddress(entry, virtualAddress);
        }
        entry = l2 == null ? -1 : l2.lookup(virtualAddress, asid);
        if (entry >= 0) {
            return l2.physicalAddress(entry, virtualAddress);
        }
        WalkResult result = new WalkResult();
        TranslationFault failure = walker.probe(rootAddress, virtualAddress, AccessType.FETCH, result);
        return failure == null ? result.physicalAddress() : -1;
    }

    private long translateByL2(long virtualAddress, AccessType type) {
        if (l2 == null) {
            return translateByWalk(virtualAddress, type);
        }
        l2Accesses++;
        extraCycles += l2LatencyCycles;
        int entry = l2.lookup(virtualAddress, asid);
        if (entry < 0) {
            l2Misses++;
            return translateByWalk(virtualAddress, type);
        }
        reportIfSuspect(l2, entry, virtualAddress, type);
        l2.stamp(entry, l2Ordinal());
        long leaf = l2.leaf(entry);
        if (!Pte.permits(leaf, type)) {
            return fail(TranslationFault.PAGE_FAULT);
        }
        if (type == AccessType.STORE && !Pte.isDirty(leaf)) {
            return translateForFirstStore(virtualAddress);
        }
        return fillL1(
                virtualAddress, type, l2.isGlobal(entry), l2.level(entry), leaf, l2.root(entry), l2.staleMark(entry));
    }

    /** The entry at hand has D = 0. D may be set in memory only, so the walk starts anew. */
    private long translateForFirstStore(long virtualAddress) {
        return hardwareUpdatesAccessedDirty
                ? translateByWalk(virtualAddress, AccessType.STORE)
                : fail(TranslationFault.PAGE_FAULT);
    }

    private long translateByWalk(long virtualAddress, AccessType type) {
        walks++;
        TranslationFault failure = walker.walk(rootAddress, asid, virtualAddress, type, walk);
        walkReads += walk.pteReads();
        if (walkListener != null) {
            walkListener.onWalk(type, extraCycles, walk.cycles());
        }
        extraCycles += walk.cycles();
        reportIfSuspectStart(virtualAddress, type);
        if (failure != null) {
            return fail(failure);
        }
        if (l2 != null) {
            int entry =
                    l2.insert(virtualAddress, asid, walk.global(), walk.level(), walk.leaf(), walk.root(), l2Ordinal());
            inheritMark(l2, entry, walk.staleMark());
        }
        return fillL1(virtualAddress, type, walk.global(), walk.level(), walk.leaf(), walk.root(), walk.staleMark());
    }

    private long fillL1(
            long virtualAddress, AccessType type, boolean global, int level, long leaf, long root, int staleMark) {
        Tlb l1 = l1For(type);
        int entry = l1.insert(virtualAddress, asid, global, level, leaf, root, ordinalOf(type));
        inheritMark(l1, entry, staleMark);
        return finish(l1, entry, virtualAddress, type);
    }

    private long finish(Tlb l1, int entry, long virtualAddress, AccessType type) {
        long physicalAddress = l1.physicalAddress(entry, virtualAddress);
        if (memory.contains(physicalAddress, 1)
                && Pte.memoryType(l1.leaf(entry)) != Pte.PBMT_IO
                && l1.staleMark(entry) == 0) {
            fillL0(entry, virtualAddress, physicalAddress, type);
        }
        return physicalAddress;
    }

    /** The rights are checked and, for a store, D is set; what remains of the rule are the guards. */
    private void fillL0(int entry, long virtualAddress, long physicalAddress, AccessType type) {
        L0Filter filter = type == AccessType.LOAD ? loads : type == AccessType.STORE ? stores : fetches;
        boolean forbidden = l0Veto != null && l0Veto.forbids(virtualAddress, type);
        if (!forbidden && (filter != stores || !guards.guarded(physicalAddress))) {
            filter.fill(virtualAddress, physicalAddress, memory.chunk(physicalAddress), entry);
        }
    }

    /** What comes of a stale translation is as stale. */
    private static void inheritMark(Tlb tlb, int entry, int staleMark) {
        if (staleMark != 0) {
            tlb.markStale(entry, staleMark);
        }
    }

    private void reportIfSuspect(Tlb tlb, int entry, long virtualAddress, AccessType type) {
        if (staleUseListener != null && tlb.isSuspect(entry, rootAddress)) {
            staleUseListener.onStaleUse(new StaleUse(
                    cacheOf(tlb),
                    virtualAddress,
                    type,
                    asid,
                    tlb.isGlobal(entry),
                    tlb.root(entry),
                    tlb.staleMark(entry),
                    tlb.leaf(entry)));
        }
    }

    /** The same for the walk-cache entry from which a walk has started. */
    private void reportIfSuspectStart(long virtualAddress, AccessType type) {
        if (staleUseListener != null
                && walk.startTable() != 0
                && (walk.staleMark() != 0 || walk.root() != rootAddress && !walk.startGlobal())) {
            staleUseListener.onStaleUse(new StaleUse(
                    TranslationCache.WALK_CACHE,
                    virtualAddress,
                    type,
                    asid,
                    walk.startGlobal(),
                    walk.root(),
                    walk.staleMark(),
                    Pte.table(walk.startTable())));
        }
    }

    private TranslationCache cacheOf(Tlb tlb) {
        if (tlb == l2) {
            return TranslationCache.L2;
        }
        return tlb == dataTlb ? TranslationCache.L1_DATA : TranslationCache.L1_INSTRUCTION;
    }

    private long fail(TranslationFault reason) {
        fault = reason;
        return -1;
    }

    private Tlb l1For(AccessType type) {
        return type == AccessType.FETCH ? instructionTlb : dataTlb;
    }

    private long ordinalOf(AccessType type) {
        return type == AccessType.FETCH ? instructionAccesses : dataAccesses;
    }

    /** No two lookups or fills of the L2 have the same: a fill follows a walk of its own. */
    private long l2Ordinal() {
        return l2Accesses + walks;
    }

    private void countMiss(AccessType type) {
        if (type == AccessType.FETCH) {
            instructionMisses++;
        } else {
            dataMisses++;
        }
    }

    /** Why the last translation that returned -1 failed. */
    public TranslationFault fault() {
        return fault;
    }

    /** The cycles that translations have cost beyond their instructions' own since the last call. */
    public long takeExtraCycles() {
        long cycles = extraCycles;
        extraCycles = 0;
        return cycles;
    }

    /** Removes what a fence names from the TLBs and the walk cache, and the L0 lines that rest on it. */
    public void flush(TlbFlush flush) {
        instructionTlb.flush(flush);
        dataTlb.flush(flush);
        if (l2 != null) {
            l2.flush(flush);
        }
        walkCache.flush(flush);
    }

    @Override
    public void onGuarded(long frameAddress) {
        stores.dropFrame(frameAddress);
    }

    /** For an engine's inline loads; on a hit it writes {@link #dataStamps}. */
    public L0Filter loads() {
        return loads;
    }

    /** For an engine's inline stores; on a hit it writes {@link #dataStamps}. */
    public L0Filter stores() {
        return stores;
    }

    /** For an engine's inline fetches; on a hit it writes {@link #instructionStamps}. */
    public L0Filter fetches() {
        return fetches;
    }

    /** The ordinal of the last access by entry of the L1 data TLB: see {@link L0Filter} for who writes it. */
    public long[] dataStamps() {
        return dataTlb.stamps();
    }

    /** Whether anything depends on {@link #dataStamps}; where nothing does, an engine may leave them unwritten. */
    public boolean usesDataStamps() {
        return dataTlb.geometry().replacement().usesStamps();
    }

    /** The ordinal of the last access by entry of the L1 instruction TLB. */
    public long[] instructionStamps() {
        return instructionTlb.stamps();
    }

    /** Empties L0: no statistic can tell. */
    public void clearL0() {
        fetches.clear();
        loads.clear();
        stores.clear();
    }

    public MmuCounters counters() {
        return new MmuCounters(
                instructionAccesses,
                instructionMisses,
                dataAccesses,
                dataMisses,
                l2Accesses,
                l2Misses,
                walks,
                walkReads);
    }

    /** For inspection. */
    public Tlb instructionTlb() {
        return instructionTlb;
    }

    /** For inspection. */
    public Tlb dataTlb() {
        return dataTlb;
    }

    /** For inspection; null where the core has none. */
    public Tlb l2() {
        return l2;
    }

    /** For inspection: the TLB at a place; null where the core has none there. */
    public Tlb tlb(TranslationCache place) {
        return switch (place) {
            case L1_INSTRUCTION -> instructionTlb;
            case L1_DATA -> dataTlb;
            case L2 -> l2;
            case WALK_CACHE -> null;
        };
    }

    /** For inspection. */
    public WalkCache walkCache() {
        return walkCache;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(rootAddress);
        out.writeShort(asid);
        out.writeLong(extraCycles);
        out.writeLong(instructionAccesses);
        out.writeLong(instructionMisses);
        out.writeLong(dataAccesses);
        out.writeLong(dataMisses);
        out.writeLong(l2Accesses);
        out.writeLong(l2Misses);
        out.writeLong(walks);
        out.writeLong(walkReads);
        instructionTlb.save(out);
        dataTlb.save(out);
        if (l2 != null) {
            l2.save(out);
        }
        walkCache.save(out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        rootAddress = in.readLong();
        asid = in.readUnsignedShort();
        extraCycles = in.readLong();
        instructionAccesses = in.readLong();
        instructionMisses = in.readLong();
        dataAccesses = in.readLong();
        dataMisses = in.readLong();
        l2Accesses = in.readLong();
        l2Misses = in.readLong();
        walks = in.readLong();
        walkReads = in.readLong();
        instructionTlb.restore(in);
        dataTlb.restore(in);
        if (l2 != null) {
            l2.restore(in);
        }
        walkCache.restore(in);
        clearL0();
    }
}
