/**
 * From the root table to a page: the walker, the cache of its pointers, and what a walk reports.
 *
 * <p>Next on the path of a load whose page is not there: a {@link dev.pagewalk.mmu.access.TranslationFault} goes back
 * through {@link dev.pagewalk.mmu.Mmu#translate} to the hart, which traps into the kernel. Where the page is there, the
 * load ends in {@link dev.pagewalk.mmu.memory.PhysicalMemory}.
 */
package dev.pagewalk.mmu.walk;
