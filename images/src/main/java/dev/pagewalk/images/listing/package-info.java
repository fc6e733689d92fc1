/**
 * Executables turned back into assembly: {@code pagewalk disasm IMAGE}.
 *
 * <p>{@link dev.pagewalk.images.listing.ImageListing} goes through the segments; single instructions are the business of
 * {@link dev.pagewalk.emulator.isa.Disassembler}.
 */
package dev.pagewalk.images.listing;
