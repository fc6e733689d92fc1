package dev.pagewalk.images.asm;

/**
 * One thing wrong with a source.
 *
 * @param file the source's name as given to the assembler
 * @param line from 1
 * @param column from 1
 * @param reason one line, no full stop
 */
public record AssemblyError(String file, int line, int column, String reason) {
    /** {@code hello.s:12:9: unknown instruction 'adi'}, the form that editors understand. */
    @Override
    public String toString() {
        return file + ":" + line + ":" + column + ": " + reason;
    }
}
