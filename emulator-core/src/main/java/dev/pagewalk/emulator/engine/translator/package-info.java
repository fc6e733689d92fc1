/**
 * The fast engine: hot guest code as JVM bytecode, with the interpreter's clock, counters and traps to the bit.
 *
 * <p>In the order in which code becomes fast: {@link dev.pagewalk.emulator.engine.translator.Translator} puts a {@code Head} at the
 * beginning of each loop and function, which counts visits; {@code RegionPlanner} follows branches and calls from a hot one and
 * makes a {@code RegionPlan} of {@code Block}s, in {@code BlockOrder} and with {@code DeadlineChecks}; {@code RegionEmitter} writes it as a method, {@code InstructionEmitter} each
 * instruction, {@code RegionLocals} says what is kept where; {@code RegionCompiler} loads the hidden class, {@code
 * TranslationQueue} on another thread if need be; a {@code Region} is what then stands behind the head.
 *
 * <p>In the order of one execution: the interpreter comes to a mark, {@code Head.visit} leads to {@code Passage.enter}, the region's
 * method runs until a deadline, an exit or a trap. What its fast path cannot do, {@code Passage.slow} has done by the
 * interpreter's {@link dev.pagewalk.emulator.engine.interpreter.SlowPath}, on a hart that is exactly where it would be had
 * everything been interpreted.
 *
 * <p>Next on the path of a load: nothing where L0 knows the page; else {@link
 * dev.pagewalk.emulator.engine.MemoryAccess#load}.
 */
package dev.pagewalk.emulator.engine.translator;
