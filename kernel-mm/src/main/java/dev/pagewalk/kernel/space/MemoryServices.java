package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.kernel.pagetable.PageTableEditor;
import dev.pagewalk.kernel.shootdown.InvalidationBatch;
import dev.pagewalk.kernel.shootdown.LocalInvalidation;

/**
 * What all address spaces of one kernel share.
 *
 * @param kernelTable the boot table, whose upper half every space copies
 * @param hugePages which memory gets pages of 2 MiB
 */
public record MemoryServices(
        PageTableEditor editor,
        PageTable kernelTable,
        FrameAllocator frames,
        LocalInvalidation invalidation,
        CostMeter meter,
        HugePages hugePages) {

    InvalidationBatch invalidationBatch(PageTable pageTable, int asid) {
        return new InvalidationBatch(invalidation, frames, pageTable, asid);
    }
}
