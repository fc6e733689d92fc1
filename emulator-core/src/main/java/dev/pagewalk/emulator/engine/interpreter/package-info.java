/**
 * The reference engine: small, obvious, decoded once.
 *
 * <p>In the order of one instruction: {@code FetchUnit} translates the page that the pc stands in and hands out its
 * {@link dev.pagewalk.emulator.engine.code.CodePage}; an empty slot is decoded by the table of {@link
 * dev.pagewalk.emulator.isa} into a {@link dev.pagewalk.emulator.engine.code.DecodedWord};
 * {@link dev.pagewalk.emulator.engine.interpreter.Interpreter#run} executes it in its fast loop, or hands it to the slow
 * twin, {@code SlowPath}.
 *
 * <p>Next on the path of a load: nothing where L0 knows the page; else {@link
 * dev.pagewalk.emulator.engine.MemoryAccess#load}.
 */
package dev.pagewalk.emulator.engine.interpreter;
