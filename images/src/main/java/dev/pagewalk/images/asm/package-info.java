/**
 * The assembler: GNU syntax in, an executable for this machine out. Compiler-free, so that {@code boot hello} needs no
 * tool chain.
 *
 * <p>Reading order: {@code Assembler} (two passes over the source), {@code Pass} (one statement after another),
 * {@code Lexer} and {@code Statement}, {@code Expressions}, then {@code Directives}, {@code Instructions} and
 * {@code PseudoInstructions}; {@code Layout} stands between the passes. The first pass finds every label's place, the
 * second one writes the bytes.
 *
 * <p>Source: the GNU assembler's manual; RISC-V Assembly Programmer's Manual.
 */
package dev.pagewalk.images.asm;
