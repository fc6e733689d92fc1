package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.kernel.pagetable.PageTableEditor;
import dev.pagewalk.kernel.shootdown.InvalidationBatch;
import dev.pagewalk.kernel.shootdown.Shootdowns;
import dev.pagewalk.kernel.shootdown.SpaceTranslations;

/**
 * What all address spaces of one kernel share.
 *
 * @param kernelTable the boot table, whose upper half every space copies
 * @param files where memory that is shared without a file has its unnamed ones
 * @param regionBudget how many regions all spaces may have
 * @param hugePages which memory gets pages of 2 MiB
 */
public record MemoryServices(
        PageTableEditor editor,
        PageTable kernelTable,
        FrameAllocator frames,
        Shootdowns shootdowns,
        CostMeter meter,
        FileSystem files,
        RegionBudget regionBudget,
        HugePages hugePages) {

    InvalidationBatch invalidationBatch(SpaceTranslations space) {
        return new InvalidationBatch(shootdowns, space);
    }
}
