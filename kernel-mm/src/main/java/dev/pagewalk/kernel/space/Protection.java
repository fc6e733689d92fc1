package dev.pagewalk.kernel.space;

import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.Pte;

/** PROT bits, as mmap and mprotect take them (S27), and what they mean for PTEs. */
public final class Protection {
    public static final int NONE = 0;
    public static final int READ = 1;
    public static final int WRITE = 2;
    public static final int EXEC = 4;

    /** PROT_SEM: memory for atomics, which all memory here is. */
    private static final int SEMAPHORES = 8;

    private static final int ALL = READ | WRITE | EXEC;

    private Protection() {}

    /** Whether only bits are set that mprotect knows. Source: Linux, include/linux/mman.h, arch_validate_prot. */
    public static boolean isValid(long protection) {
        return (protection & ~(ALL | SEMAPHORES)) == 0;
    }

    /** The bits that make a difference; mmap takes no notice of others, as Linux's does. */
    public static int effective(long protection) {
        return (int) (protection & ALL);
    }

    /** Writing implies reading: a PTE with W and without R is reserved. */
    public static long pteRights(int protection) {
        long rights = (protection & EXEC) != 0 ? Pte.X : 0;
        if ((protection & WRITE) != 0) {
            return rights | Pte.R | Pte.W;
        }
        return (protection & READ) != 0 ? rights | Pte.R : rights;
    }

    public static boolean permits(int protection, AccessType access) {
        return (pteRights(protection) & Pte.rightFor(access)) != 0;
    }

    /** As in /proc/PID/maps: {@code r-x}. */
    public static String describe(int protection) {
        return ((protection & READ) != 0 ? "r" : "-")
                + ((protection & WRITE) != 0 ? "w" : "-")
                + ((protection & EXEC) != 0 ? "x" : "-");
    }
}
