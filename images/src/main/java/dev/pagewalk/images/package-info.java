/**
 * What an image is, from its source to what a test expects of it.
 *
 * <p>{@link dev.pagewalk.images.elf} is the executable file, {@link dev.pagewalk.images.asm} makes one from assembly,
 * {@link dev.pagewalk.images.listing} turns one back into assembly, {@link dev.pagewalk.images.catalog} carries the named
 * guests, {@link dev.pagewalk.images.suite} reads what a test image should do. A program's first instruction goes from
 * here into the kernel's exec.
 */
package dev.pagewalk.images;
