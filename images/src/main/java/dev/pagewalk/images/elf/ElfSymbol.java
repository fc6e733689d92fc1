package dev.pagewalk.images.elf;

/**
 * A name for an address or a number: it serves the debugger, the disassembler and profiles, never the machine.
 *
 * @param value the address, or the number of an absolute symbol
 * @param sizeBytes the extent of what is named, 0 where unknown
 * @param global whether other files may refer to it
 * @param section the name of the section that holds it; empty for an absolute symbol
 */
public record ElfSymbol(String name, long value, long sizeBytes, Kind kind, boolean global, String section) {

    /** What a symbol names. */
    public enum Kind {
        /** Not said: a plain label or a number. */
        UNSPECIFIED,
        OBJECT,
        FUNCTION
    }
}
