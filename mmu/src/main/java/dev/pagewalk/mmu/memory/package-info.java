/**
 * RAM, and the frames in which a store must not go unseen.
 *
 * <p>A load ends here: its physical address becomes a host array and an offset. On the way it asked for a translation;
 * what it may ask for is in {@link dev.pagewalk.mmu.access}.
 */
package dev.pagewalk.mmu.memory;
