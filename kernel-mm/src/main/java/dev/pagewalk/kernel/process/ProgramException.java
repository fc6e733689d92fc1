package dev.pagewalk.kernel.process;

/** A well-formed image cannot be started on this machine: one line saying why and what would be right. */
public final class ProgramException extends Exception {
    private static final long serialVersionUID = 1L;

    ProgramException(String reason) {
        super(reason);
    }

    /** The image needs more frames than there are. */
    public static ProgramException ramTooSmall(long ramBytes) {
        return new ProgramException(
                "RAM of " + ramBytes / 1024 + " KiB is too small for this image; give the machine more with --ram");
    }
}
