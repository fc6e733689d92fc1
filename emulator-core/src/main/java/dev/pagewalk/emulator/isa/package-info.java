/**
 * The toy ISA, declared once: {@link dev.pagewalk.emulator.isa.InstructionTable} has a row for each instruction, and
 * decoder, disassembler, assembler and engines all read it.
 *
 * <p>On the path of a load this is where four bytes become {@code ld}: {@link
 * dev.pagewalk.emulator.isa.Decoder#decode}. Next: {@link dev.pagewalk.emulator.engine.interpreter.Interpreter#run}, which
 * executes it.
 */
package dev.pagewalk.emulator.isa;
