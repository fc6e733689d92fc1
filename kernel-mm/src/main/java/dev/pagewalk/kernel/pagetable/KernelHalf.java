package dev.pagewalk.kernel.pagetable;

import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;

/**
 * The upper half of every address space (S2): global, not for the user, and made once at boot.
 *
 * <p>It holds the linear map of RAM, readable and writable, in the largest leaves that fit. The kernel's code and data
 * need no mapping: the kernel runs on the host. With Sv48 and Sv57 kernel space starts at 0xFFFF_8000_0000_0000 and the
 * linear map 8 TiB above; Sv39's upper half is smaller, so both move up.
 */
public final class KernelHalf {
    private static final long WIDE_BASE = 0xFFFF_8000_0000_0000L;
    private static final long WIDE_LINEAR_MAP = 0xFFFF_8800_0000_0000L;
    private static final long SV39_BASE = 0xFFFF_FFC0_0000_0000L;
    private static final long SV39_LINEAR_MAP = 0xFFFF_FFD0_0000_0000L;

    private static final int LARGEST_LEAF_LEVEL = 2;

    private KernelHalf() {}

    /** The lowest kernel address. */
    public static long baseAddress(PagingMode mode) {
        return mode == PagingMode.SV39 ? SV39_BASE : WIDE_BASE;
    }

    /** The virtual address at which the linear map shows a physical address of RAM. */
    public static long linearAddress(PagingMode mode, long physicalAddress) {
        return (mode == PagingMode.SV39 ? SV39_LINEAR_MAP : WIDE_LINEAR_MAP) + physicalAddress;
    }

    /**
     * Makes the boot table, whose upper half all others copy.
     *
     * @throws KernelException OUT_OF_MEMORY
     */
    public static PageTable build(PageTableEditor editor, PhysicalMemory memory) throws KernelException {
        PageTable table = PageTable.create(editor);
        long flags = Pte.R | Pte.W | Pte.G | Pte.A | Pte.D;
        long physical = memory.baseAddress();
        while (physical < memory.endAddress()) {
            int level = largestLeaf(physical, memory.endAddress());
            table.map(linearAddress(editor.mode(), physical), level, Pte.leaf(physical, flags));
            physical += PagingMode.pageSizeBytes(level);
        }
        return table;
    }

    private static int largestLeaf(long physical, long end) {
        int level = LARGEST_LEAF_LEVEL;
        while (level > 0
                && (physical % PagingMode.pageSizeBytes(level) != 0
                        || end - physical < PagingMode.pageSizeBytes(level))) {
            level--;
        }
        return level;
    }
}
