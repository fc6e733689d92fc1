/**
 * Our own conformance suite: one image for each instruction, generated from a table that says what the manual says.
 *
 * <p>Read {@link dev.pagewalk.images.conformance.Specification} first: it is the table, one row an instruction. The
 * classes named {@code …Cases} turn a row into cases at the corners of its operands, {@link
 * dev.pagewalk.images.conformance.ProgramWriter} writes the cases down as a guest that checks itself. Nothing here asks an
 * engine: what must come out is said a second time, in integers without bounds.
 */
package dev.pagewalk.images.conformance;
