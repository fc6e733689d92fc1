package dev.pagewalk.images.elf;

/** The numbers of the ELF specification that reader and writer share, under the specification's names. */
final class ElfConstants {
    static final int MAGIC = 0x464C457F;
    static final int EI_CLASS = 4;
    static final int EI_DATA = 5;
    static final int EI_VERSION = 6;
    static final int ELFCLASS32 = 1;
    static final int ELFCLASS64 = 2;
    static final int ELFDATA2LSB = 1;
    static final int ELFDATA2MSB = 2;
    static final int EV_CURRENT = 1;

    static final int HEADER_SIZE_BYTES = 64;
    static final int PROGRAM_HEADER_SIZE_BYTES = 56;
    static final int SECTION_HEADER_SIZE_BYTES = 64;
    static final int SYMBOL_SIZE_BYTES = 24;

    static final int ET_REL = 1;
    static final int ET_EXEC = 2;
    static final int ET_DYN = 3;
    static final int ET_CORE = 4;
    static final int EM_RISCV = 243;

    static final int EF_RISCV_RVC = 1;
    static final int EF_RISCV_FLOAT_ABI = 6;
    static final int EF_RISCV_RVE = 8;

    static final int PT_LOAD = 1;
    static final int PT_INTERP = 3;
    static final int PF_X = 1;
    static final int PF_W = 2;
    static final int PF_R = 4;

    static final int SHT_PROGBITS = 1;
    static final int SHT_SYMTAB = 2;
    static final int SHT_STRTAB = 3;
    static final int SHT_NOBITS = 8;
    static final int SHF_WRITE = 1;
    static final int SHF_ALLOC = 2;
    static final int SHF_EXECINSTR = 4;
    static final int SHN_UNDEF = 0;
    static final int SHN_ABS = 0xFFF1;

    static final int STB_LOCAL = 0;
    static final int STB_GLOBAL = 1;
    static final int STT_NOTYPE = 0;
    static final int STT_OBJECT = 1;
    static final int STT_FUNC = 2;

    static final int PAGE_SIZE_BYTES = 4096;

    private ElfConstants() {}
}
