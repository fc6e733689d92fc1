/**
 * The toy ISA, declared once: {@link dev.pagewalk.emulator.isa.InstructionTable} has a row for each instruction, {@link
 * dev.pagewalk.emulator.isa.CompressedTable} one for each short form, and decoder, disassembler, assembler and engines all
 * read them.
 *
 * <p>On the path of a load this is where four bytes, or two, become {@code ld}: {@link
 * dev.pagewalk.emulator.isa.Decoder#decode}. Next: {@link dev.pagewalk.emulator.engine.interpreter.Interpreter#run}, which
 * executes it.
 */
package dev.pagewalk.emulator.isa;
