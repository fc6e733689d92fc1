/**
 * What a hart remembers of page tables: the modelled TLBs, and the host-side filter in front of them.
 *
 * <p>Next on the path of a load that misses here: {@link dev.pagewalk.mmu.walk.PageTableWalker#walk}.
 */
package dev.pagewalk.mmu.tlb;
