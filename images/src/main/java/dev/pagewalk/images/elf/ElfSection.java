package dev.pagewalk.images.elf;

/**
 * One section that occupies memory: the disassembler's and the debugger's view of a part of a segment.
 *
 * @param name the section's name, {@code .text} for example
 * @param virtualAddress the first byte's address
 * @param sizeBytes the bytes in memory
 * @param noBits whether the section has no bytes in the file ({@code .bss})
 */
public record ElfSection(
        String name, long virtualAddress, long sizeBytes, boolean writable, boolean executable, boolean noBits) {}
