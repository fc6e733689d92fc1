/**
 * Address spaces: regions that promise memory, and the operations that change them, one file each.
 *
 * <p>{@link dev.pagewalk.kernel.space.AddressSpace} is the front; {@link dev.pagewalk.kernel.space.RegionMap} knows what is
 * mapped, the page tables what is there. {@link dev.pagewalk.kernel.space.UserLayout} says where things go.
 *
 * <p>Next on the path of a load: {@link dev.pagewalk.kernel.frame.FrameAllocator#allocate}, then {@link
 * dev.pagewalk.kernel.pagetable.PageTable#map}.
 */
package dev.pagewalk.kernel.space;
