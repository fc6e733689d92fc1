/**
 * Who owns which frame of RAM: a buddy allocator, and the use of each frame that it gave out.
 *
 * <p>Next on the path of a load, once it has its frame: {@link dev.pagewalk.kernel.pagetable.PageTable#map}.
 */
package dev.pagewalk.kernel.frame;
