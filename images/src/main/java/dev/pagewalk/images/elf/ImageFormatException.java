package dev.pagewalk.images.elf;

/** A file is not an image that this machine can run: one line saying what is wrong and what would be right. */
public final class ImageFormatException extends Exception {
    private static final long serialVersionUID = 1L;

    /** @param reason one line, no full stop, without the file's name: the caller knows it */
    public ImageFormatException(String reason) {
        super(reason);
    }
}
