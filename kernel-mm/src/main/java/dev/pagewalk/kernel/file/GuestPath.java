package dev.pagewalk.kernel.file;

import java.nio.charset.StandardCharsets;

/** Paths as people write them, and as guests see them: the bytes of their UTF-8 form, one character per byte. */
public final class GuestPath {
    private GuestPath() {}

    /**
     * The form in which a path of a file is kept.
     *
     * @param text an absolute path, without {@code .} and {@code ..} and not ending in a slash
     * @throws IllegalArgumentException saying what is wrong with it
     */
    public static String ofFile(String text) {
        String path = new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        if (!path.startsWith(Paths.ROOT)) {
            throw new IllegalArgumentException("'" + text + "' is not an absolute path");
        }
        if (path.endsWith("/")) {
            throw new IllegalArgumentException("'" + text + "' names a directory, not a file");
        }
        if (path.length() > Paths.MAX_PATH_BYTES) {
            throw new IllegalArgumentException("a path must be no longer than " + Paths.MAX_PATH_BYTES + " bytes");
        }
        if (path.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("'" + text.replace('\0', '?') + "' contains a NUL character");
        }
        for (String name : path.substring(1).split("/", -1)) {
            if (name.isEmpty() || name.equals(".") || name.equals("..")) {
                throw new IllegalArgumentException("'" + text + "' must have no empty, '.' or '..' part");
            }
            if (name.length() > Paths.MAX_NAME_BYTES) {
                throw new IllegalArgumentException(
                        "'" + text + "' has a part that is longer than " + Paths.MAX_NAME_BYTES + " bytes");
            }
        }
        return path;
    }
}
