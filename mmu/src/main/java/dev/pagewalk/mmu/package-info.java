/**
 * The hardware that turns virtual addresses into physical ones.
 *
 * <p>{@link dev.pagewalk.mmu.Mmu} is the whole of it for one hart. A load that its engine does not find in L0 enters at
 * {@link dev.pagewalk.mmu.Mmu#translate}.
 *
 * <p>Next on the path of a load: {@link dev.pagewalk.mmu.tlb.Tlb#lookup}, then {@link
 * dev.pagewalk.mmu.walk.PageTableWalker#walk}.
 */
package dev.pagewalk.mmu;
