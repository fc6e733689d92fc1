/**
 * The TLB coherence sanitizer: watches every PTE change, every frame that is freed and every use of a cached translation, and
 * reports a kernel that lets a hart go on with a translation that it has taken away.
 *
 * <p>{@link dev.pagewalk.kernel.sanitizer.TlbSanitizer} implements the observer ports of {@code frame}, {@code pagetable}
 * and {@code shootdown} and the {@code StaleUseListener} of each hart's MMU. Nothing of the machine depends on it: a run is
 * the same, to the cycle, with and without.
 */
package dev.pagewalk.kernel.sanitizer;
