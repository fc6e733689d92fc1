/**
 * What is asked of a translation, and the two ways in which it can fail.
 *
 * <p>Next on the path of a load: {@link dev.pagewalk.mmu.Mmu#translate}, which knows both.
 */
package dev.pagewalk.mmu.access;
