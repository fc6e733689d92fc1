/**
 * What executes guest instructions: the contract of an {@link dev.pagewalk.emulator.engine.Engine}, and what all engines
 * share, the slow way to memory and the arithmetic that is not Java's.
 *
 * <p>Next on the path of a load: {@link dev.pagewalk.emulator.engine.code}, where decoded code is kept, {@link
 * dev.pagewalk.emulator.engine.interpreter}, for fetch, decode and execute, and {@link
 * dev.pagewalk.emulator.engine.translator}, for what has become hot. From there it comes back to {@link dev.pagewalk.emulator.engine.MemoryAccess#load}, whose next stop is {@link
 * dev.pagewalk.mmu.Mmu#translate}.
 */
package dev.pagewalk.emulator.engine;
