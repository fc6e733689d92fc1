package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.mmu.table.PagingMode;

/** The kind of machine on which operations run. */
record Setup(PagingMode mode, HugePages hugePages, Arena.Size size) {
    Arena arena() {
        return Arena.of(mode, size);
    }
}
