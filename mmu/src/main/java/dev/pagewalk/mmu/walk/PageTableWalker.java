package dev.pagewalk.mmu.walk;

import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.access.TranslationFault;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.ArrayList;
import java.util.List;

/**
 * Finds the translation of an address in the page tables, which lie in simulated RAM.
 *
 * <p>{@link dev.pagewalk.mmu.Mmu} calls {@link #walk} when no TLB knows the address. The kernel and the debugger, who must
 * not disturb the machine, call {@link #probe} and {@link #explain}: these change nothing, count nothing and use no cache.
 *
 * <p>Source: RISC-V Privileged ISA, "Virtual Address Translation Process", whose steps the comments name. The effective
 * mode is always user mode, without MXR. A walk is atomic: nothing else happens in the machine meanwhile.
 */
public final class PageTableWalker {
    private static final int PTE_BYTES = 8;

    private final PhysicalMemory memory;
    private final PagingMode mode;
    private final WalkCache cache;
    private final int pteReadCycles;
    private final int pteUpdateCycles;
    private final boolean hardwareUpdatesAccessedDirty;
    private final int[] pathLevels;
    private final long[] pathTables;
    private final boolean[] pathGlobals;

    /**
     * @param pteReadCycles cost of each PTE read
     * @param pteUpdateCycles cost of writing A or D back
     * @param hardwareUpdatesAccessedDirty true: the walker sets A and D (Svadu); false: it faults (Svade)
     */
    public PageTableWalker(
            PhysicalMemory memory,
            PagingMode mode,
            WalkCache cache,
            int pteReadCycles,
            int pteUpdateCycles,
            boolean hardwareUpdatesAccessedDirty) {
        this.memory = memory;
        this.mode = mode;
        this.cache = cache;
        this.pteReadCycles = pteReadCycles;
        this.pteUpdateCycles = pteUpdateCycles;
        this.hardwareUpdatesAccessedDirty = hardwareUpdatesAccessedDirty;
        this.pathLevels = new int[mode.levels()];
        this.pathTables = new long[mode.levels()];
        this.pathGlobals = new boolean[mode.levels()];
    }

    /** A walker for {@link #probe} and {@link #explain} only: without cache and cost. */
    public PageTableWalker(PhysicalMemory memory, PagingMode mode) {
        this(memory, mode, new WalkCache(WalkCacheParameters.NONE, 0), 0, 0, false);
    }

    /**
     * Translates as the hardware does.
     *
     * @param root physical address of the root table
     * @param result overwritten
     * @return the fault, or null
     */
    public TranslationFault walk(long root, int asid, long virtualAddress, AccessType type, WalkResult result) {
        result.pteReads = 0;
        result.cycles = 0;
        result.global = false;
        result.startTable = 0;
        result.root = root;
        result.staleMark = 0;
        if (!mode.isCanonical(virtualAddress)) {
            return fail(result, TranslationFault.PAGE_FAULT);
        }
        // Step 1, or further on if the cache holds what step 2 would read.
        long table = root;
        int level = mode.levels() - 1;
        if (cache.entries() > 0) {
            result.cycles += cache.parameters().latencyCycles();
            int cached = cache.lookup(virtualAddress, asid);
            if (cached >= 0) {
                table = cache.table(cached);
                level = cache.tableLevel(cached);
                result.global = cache.isGlobal(cached);
                result.startTable = table;
                result.startGlobal = result.global;
                result.root = cache.root(cached);
                result.staleMark = cache.staleMark(cached);
            }
        }
        int pathLength = 0;
        while (true) {
            // Step 2.
            long pteAddress = table + (long) mode.index(virtualAddress, level) * PTE_BYTES;
            if (!memory.contains(pteAddress, PTE_BYTES)) {
                return fail(result, TranslationFault.ACCESS_FAULT);
            }
            long pte = memory.readLong(pteAddress);
            result.pteReads++;
            result.cycles += pteReadCycles;
            result.global |= Pte.isGlobal(pte);
            if (!Pte.isProperPointer(pte)) {
                return endWalk(pteAddress, pte, level, virtualAddress, asid, type, pathLength, result);
            }
            // Step 4.
            if (--level < 0) {
                return fail(result, TranslationFault.PAGE_FAULT);
            }
            table = Pte.physicalAddress(pte);
            pathLevels[pathLength] = level;
            pathTables[pathLength] = table;
            pathGlobals[pathLength++] = result.global;
        }
    }

    private TranslationFault endWalk(
            long pteAddress,
            long pte,
            int level,
            long virtualAddress,
            int asid,
            AccessType type,
            int pathLength,
            WalkResult result) {
        // Step 3.
        if (!Pte.isValid(pte) || Pte.isReserved(pte)) {
            return fail(result, TranslationFault.PAGE_FAULT);
        }
        TranslationFault fault = useLeaf(pteAddress, pte, level, virtualAddress, type, result);
        if (fault == null && pathLength > 0 && cache.entries() > 0) {
            rememberPath(virtualAddress, asid, pathLength, result);
        }
        return fault;
    }

    private TranslationFault useLeaf(
            long pteAddress, long found, int level, long virtualAddress, AccessType type, WalkResult result) {
        // Steps 5 to 8.
        if (!leafAllows(found, level, type)) {
            return fail(result, TranslationFault.PAGE_FAULT);
        }
        // Step 9. Nothing can have changed the PTE since step 2.
        long pte = found;
        long needed = type == AccessType.STORE ? Pte.A | Pte.D : Pte.A;
        if ((pte & needed) != needed) {
            if (!hardwareUpdatesAccessedDirty) {
                return fail(result, TranslationFault.PAGE_FAULT);
            }
            pte |= needed;
            memory.writeLong(pteAddress, pte);
            result.cycles += pteUpdateCycles;
        }
        succeed(result, pteAddress, pte, level, virtualAddress);
        return null;
    }

    /** Steps 5 to 8: the superpage is aligned, user mode may use it, and R, W or X allows the access. */
    private static boolean leafAllows(long pte, int level, AccessType type) {
        return isAligned(pte, level) && Pte.isUser(pte) && Pte.permits(pte, type);
    }

    private static boolean isAligned(long pte, int level) {
        return (Pte.physicalAddress(pte) & PagingMode.pageSizeBytes(level) - 1) == 0;
    }

    /** Step 10. */
    private static void succeed(WalkResult result, long pteAddress, long pte, int level, long virtualAddress) {
        result.fault = null;
        result.leaf = pte;
        result.leafAddress = pteAddress;
        result.level = level;
        result.physicalAddress = Pte.physicalAddress(pte) | virtualAddress & PagingMode.pageSizeBytes(level) - 1;
    }

    private static TranslationFault fail(WalkResult result, TranslationFault fault) {
        result.fault = fault;
        return fault;
    }

    private void rememberPath(long virtualAddress, int asid, int pathLength, WalkResult result) {
        for (int step = 0; step < pathLength; step++) {
            cache.insert(
                    virtualAddress,
                    asid,
                    pathGlobals[step],
                    pathLevels[step],
                    pathTables[step],
                    result.root,
                    result.staleMark);
        }
    }

    /**
     * Translates without a trace: A and D are neither required nor set, no cache is used, nothing is charged.
     *
     * @param root physical address of the root table
     * @param result overwritten; its reads and cycles are 0
     * @return the fault that the access would meet, A and D apart, or null
     */
    public TranslationFault probe(long root, long virtualAddress, AccessType type, WalkResult result) {
        result.pteReads = 0;
        result.cycles = 0;
        result.global = false;
        if (!mode.isCanonical(virtualAddress)) {
            return fail(result, TranslationFault.PAGE_FAULT);
        }
        long table = root;
        for (int level = mode.levels() - 1; level >= 0; level--) {
            long pteAddress = table + (long) mode.index(virtualAddress, level) * PTE_BYTES;
            if (!memory.contains(pteAddress, PTE_BYTES)) {
                return fail(result, TranslationFault.ACCESS_FAULT);
            }
            long pte = memory.readLong(pteAddress);
            if (!Pte.isValid(pte) || Pte.isReserved(pte)) {
                return fail(result, TranslationFault.PAGE_FAULT);
            }
            result.global |= Pte.isGlobal(pte);
            if (Pte.isLeaf(pte)) {
                if (!leafAllows(pte, level, type)) {
                    return fail(result, TranslationFault.PAGE_FAULT);
                }
                succeed(result, pteAddress, pte, level, virtualAddress);
                return null;
            }
            table = Pte.physicalAddress(pte);
        }
        return fail(result, TranslationFault.PAGE_FAULT);
    }

    /**
     * The steps of a walk, for people: the PTEs from the root down to the leaf or to the one that stops the walk.
     *
     * @param root physical address of the root table
     * @return empty where the address is not canonical
     */
    public List<WalkStep> explain(long root, long virtualAddress) {
        List<WalkStep> steps = new ArrayList<>();
        if (!mode.isCanonical(virtualAddress)) {
            return steps;
        }
        long table = root;
        for (int level = mode.levels() - 1; level >= 0; level--) {
            int index = mode.index(virtualAddress, level);
            long pteAddress = table + (long) index * PTE_BYTES;
            boolean readable = memory.contains(pteAddress, PTE_BYTES);
            long pte = readable ? memory.readLong(pteAddress) : 0;
            String problem = readable ? problemOf(pte, level) : "access fault: there is no RAM at this address";
            steps.add(new WalkStep(level, index, pteAddress, pte, problem));
            if (!problem.isEmpty() || Pte.isLeaf(pte)) {
                return steps;
            }
            table = Pte.physicalAddress(pte);
        }
        return steps;
    }

    private static String problemOf(long pte, int level) {
        if (!Pte.isValid(pte)) {
            return "page fault: not valid";
        }
        if (Pte.isReserved(pte)) {
            return "page fault: a reserved encoding";
        }
        if (!Pte.isLeaf(pte)) {
            return level == 0 ? "page fault: a pointer at the last level" : "";
        }
        if (!isAligned(pte, level)) {
            return "page fault: a misaligned superpage";
        }
        return Pte.isUser(pte) ? "" : "page fault: not for user mode";
    }
}
