package dev.pagewalk.kernel.pagetable;

import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.function.LongConsumer;

/**
 * What this kernel keeps in user PTEs beyond the hardware's fields.
 *
 * <p>A page whose protection is PROT_NONE keeps its frame in an invalid PTE: V, R, W and X are 0 and a software bit says
 * that the frame is there. Source of the idea: Linux, arch/riscv/include/asm/pgtable-bits.h, {@code _PAGE_PROT_NONE}.
 */
public final class KernelPte {
    /** The level of a huge page's leaf: 2 MiB. */
    public static final int HUGE_LEVEL = 1;

    /** RSW bit 0: an invalid PTE that owns a frame. */
    private static final long RESIDENT = 1L << Pte.RSW_SHIFT;

    private static final long RIGHTS = Pte.V | Pte.R | Pte.W | Pte.X;

    private KernelPte() {}

    /** Whether the PTE is a leaf that owns a frame, accessible or not. */
    public static boolean isPresent(long pte) {
        return (pte & RESIDENT) != 0 || Pte.isValid(pte) && Pte.isLeaf(pte);
    }

    /** Whether the PTE points to a table. */
    static boolean isTable(long pte) {
        return Pte.isValid(pte) && !Pte.isLeaf(pte);
    }

    /** Whether the PTE is a huge page of the user: it has a deposited table and can be split. */
    static boolean isSplittable(int level, long pte) {
        return level == HUGE_LEVEL && isPresent(pte) && Pte.isUser(pte);
    }

    /** Whether a present page is no RAM: its memory type is not that of its address. */
    public static boolean isDevice(long pte) {
        return Pte.memoryType(pte) != Pte.PBMT_PMA;
    }

    /** Names each frame of a page: one, or 512 of a huge page. */
    public static void forEachFrame(int level, long pte, LongConsumer frames) {
        long end = Pte.physicalAddress(pte) + PagingMode.pageSizeBytes(level);
        for (long frame = Pte.physicalAddress(pte); frame < end; frame += PagingMode.PAGE_BYTES) {
            frames.accept(frame);
        }
    }

    /** The PTE of one of the 512 pages that a huge page consists of. */
    public static long piece(long hugePte, int index) {
        return hugePte + ((long) index << Pte.PPN_SHIFT);
    }

    /**
     * A user page.
     *
     * @param rights any of {@link Pte#R}, {@link Pte#W}, {@link Pte#X}; none makes it inaccessible but present
     * @param status any of {@link Pte#A}, {@link Pte#D}
     */
    public static long userPage(long frame, long rights, long status) {
        return withRights(Pte.leaf(frame, Pte.U | status), rights);
    }

    /** The same page with other rights. */
    public static long withRights(long pte, long rights) {
        long base = pte & ~(RIGHTS | RESIDENT);
        return rights == 0 ? base | RESIDENT : base | rights | Pte.V;
    }

    /** Whether an access by the user needs nothing but A, and D for a store, to go through. */
    public static boolean permits(long pte, AccessType access) {
        return Pte.isValid(pte) && Pte.isUser(pte) && Pte.permits(pte, access);
    }

    /** The same page with A set, and D too for a store. */
    public static long touched(long pte, AccessType access) {
        return pte | Pte.A | (access == AccessType.STORE ? Pte.D : 0);
    }
}
