/**
 * The shape of page tables: how an address is cut into indexes, and what the bits of an entry mean.
 *
 * <p>Next on the path of a load: {@link dev.pagewalk.mmu.tlb.Tlb#lookup}, which spares most loads the table, and {@link
 * dev.pagewalk.mmu.walk.PageTableWalker#walk}, which reads it.
 */
package dev.pagewalk.mmu.table;
