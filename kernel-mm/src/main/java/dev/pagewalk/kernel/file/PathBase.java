package dev.pagewalk.kernel.file;

/**
 * From where a process's paths go.
 *
 * @param directory the normalised path of the directory where relative paths begin
 * @param executable what {@code /proc/self/exe} names for it; null for nothing
 */
public record PathBase(String directory, Inode executable) {
    /** Relative paths begin at the root, and there is no process. */
    public static final PathBase ROOT = new PathBase(Paths.ROOT, null);
}
