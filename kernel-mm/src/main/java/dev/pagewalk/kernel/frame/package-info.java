/**
 * Who owns which frame of RAM. {@link dev.pagewalk.kernel.frame.FrameAllocator} is the front: it counts the owners of each
 * frame and takes frames from the free ones, which lie in buddy blocks by NUMA node and, a few, in a cache per hart.
 *
 * <p>Next on the path of a load, once it has its frame: {@link dev.pagewalk.kernel.pagetable.PageTable#map}.
 */
package dev.pagewalk.kernel.frame;
