/**
 * Page tables as the kernel edits them: words in simulated RAM, the same ones that the walker reads.
 *
 * <p>{@link dev.pagewalk.kernel.pagetable.PageTableEditor} is the one place where they are read and written; {@link
 * dev.pagewalk.kernel.pagetable.PageTable} is the tree of one address space, {@link
 * dev.pagewalk.kernel.pagetable.KernelHalf} the half that all share. What is longer has a file of its own: {@link
 * dev.pagewalk.kernel.pagetable.PageTableBuilder} puts pages in, {@code PageTableSweep} goes through them, {@code
 * PageTableTrimmer} takes tables out, and {@code TableFrames} owns the tables' frames.
 *
 * <p>A page of the user has 4 KiB or, as a leaf of level 1, 2 MiB (S14).
 *
 * <p>Next on the path of a load: where the edit took rights away, the invalidation in {@link
 * dev.pagewalk.kernel.shootdown.InvalidationBatch#issue}; where it gave some, the trap is over and the hart executes the load
 * again.
 */
package dev.pagewalk.kernel.pagetable;
