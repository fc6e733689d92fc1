/**
 * ELF64 files for RISC-V: reading what the kernel loads, writing what the assembler makes.
 *
 * <p>{@link dev.pagewalk.images.elf.ElfReader} judges a file, {@link dev.pagewalk.images.elf.ElfImage} is a file judged
 * loadable; the kernel's exec takes it from there.
 *
 * <p>Source: System V Application Binary Interface, "Object Files" and "Program Loading"; RISC-V ELF psABI, "ELF Object
 * Files".
 */
package dev.pagewalk.images.elf;
