package dev.pagewalk.mmu.testing;

import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.memory.StoreGuards;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.tlb.L0Filter;
import dev.pagewalk.mmu.tlb.Tlb;

/** Accesses memory as an engine does: it counts, looks into L0, stamps on a hit, else asks the MMU. */
public final class TestEngine {
    private final Mmu mmu;
    public long l0Hits;

    public TestEngine(Mmu mmu) {
        this.mmu = mmu;
    }

    /** The physical address of an aligned access, or -1 where the MMU says that it faults. */
    public long access(long va, AccessType type, int sizeBytes) {
        L0Filter filter = switch (type) {
            case FETCH -> mmu.fetches();
            case LOAD -> mmu.loads();
            case STORE -> mmu.stores();
        };
        long ordinal = type == AccessType.FETCH ? ++mmu.instructionAccesses : ++mmu.dataAccesses;
        int line = filter.lineOf(va);
        if (filter.tags[line] == (va & (PagingMode.PAGE_MASK | sizeBytes - 1))) {
            l0Hits++;
            int place = filter.places[line];
            (type == AccessType.FETCH ? mmu.instructionStamps() : mmu.dataStamps())[place >>> L0Filter.ENTRY_SHIFT] =
                    ordinal;
            return filter.frames[line] + (va & 4095);
        }
        return mmu.translate(va, type);
    }

    /** The rule of the L0 filter, checked line by line. */
    public void checkL0(PhysicalMemory memory, StoreGuards guards) {
        checkL0(mmu.fetches(), mmu.instructionTlb(), AccessType.FETCH, memory, guards);
        checkL0(mmu.loads(), mmu.dataTlb(), AccessType.LOAD, memory, guards);
        checkL0(mmu.stores(), mmu.dataTlb(), AccessType.STORE, memory, guards);
    }

    private void checkL0(L0Filter filter, Tlb l1, AccessType type, PhysicalMemory memory, StoreGuards guards) {
        for (int line = 0; line < L0Filter.LINES; line++) {
            if (!filter.isFilled(line)) {
                continue;
            }
            long va = filter.tags[line];
            int entry = filter.places[line] >>> L0Filter.ENTRY_SHIFT;
            check(filter.lineOf(va) == line, "line", va);
            check(l1.lookup(va, mmu.asid()) == entry, "L1 entry", va);
            long physicalAddress = l1.physicalAddress(entry, va);
            check(filter.frames[line] == physicalAddress, "frame", va);
            check(filter.chunks[line] == memory.chunk(physicalAddress), "chunk", va);
            int offset = filter.places[line] & (1 << L0Filter.ENTRY_SHIFT) - 1;
            check(offset == PhysicalMemory.chunkOffset(physicalAddress), "offset", va);
            check(l1.staleMark(entry) == 0, "stale mark", va);
            check(Pte.permits(l1.leaf(entry), type), "right", va);
            check(Pte.memoryType(l1.leaf(entry)) != Pte.PBMT_IO, "memory type", va);
            if (type == AccessType.STORE) {
                check(Pte.isDirty(l1.leaf(entry)), "D", va);
                check(!guards.guarded(physicalAddress), "guard", va);
            }
        }
    }

    private static void check(boolean right, String what, long va) {
        if (!right) {
            throw new AssertionError(String.format("L0 line of 0x%x: wrong %s", va, what));
        }
    }
}
