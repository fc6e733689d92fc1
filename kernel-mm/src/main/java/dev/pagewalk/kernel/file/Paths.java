package dev.pagewalk.kernel.file;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The names of inodes: absolute paths without {@code .}, {@code ..} and doubled slashes, one character per byte.
 *
 * <p>Source: Linux, Documentation/filesystems/path-lookup.rst; limits: include/uapi/linux/limits.h.
 */
final class Paths {
    static final int MAX_PATH_BYTES = 4095;
    static final int MAX_NAME_BYTES = 255;
    static final String ROOT = "/";

    /** A link to the program that the calling process runs. */
    private static final String OWN_EXECUTABLE = "/proc/self/exe";

    private final TreeMap<String, Inode> byPath = new TreeMap<>();

    /**
     * Where a walk has ended.
     *
     * @param path normalised
     * @param inode null where the last name of the path does not exist, in a directory that does
     * @param isLink whether it was reached through a link as the last step
     * @param wantsDirectory whether the path says by its last character that it names a directory
     */
    record Place(String path, Inode inode, boolean isLink, boolean wantsDirectory) {
        boolean isDirectory() {
            return inode != null && inode.kind() == InodeKind.DIRECTORY;
        }

        /**
         * Refuses what is not there, or is no directory although the path says so.
         *
         * @throws KernelException NOT_FOUND, NOT_A_DIRECTORY
         */
        Inode existing() throws KernelException {
            if (inode == null) {
                throw KernelError.NOT_FOUND.exception();
            }
            if (wantsDirectory && !isDirectory()) {
                throw KernelError.NOT_A_DIRECTORY.exception();
            }
            return inode;
        }
    }

    /**
     * Walks a path name by name.
     *
     * @throws KernelException NOT_FOUND, NOT_A_DIRECTORY, NAME_TOO_LONG
     */
    Place walk(PathBase base, String path) throws KernelException {
        if (path.isEmpty()) {
            throw KernelError.NOT_FOUND.exception();
        }
        if (path.length() > MAX_PATH_BYTES) {
            throw KernelError.NAME_TOO_LONG.exception();
        }
        boolean wantsDirectory = path.endsWith("/");
        Place at = place(base, path.startsWith(ROOT) ? ROOT : base.directory(), wantsDirectory);
        for (String name : path.split("/")) {
            if (!name.isEmpty()) {
                at = step(base, at, name, wantsDirectory);
            }
        }
        return at;
    }

    private Place step(PathBase base, Place at, String name, boolean wantsDirectory) throws KernelException {
        if (at.inode() == null) {
            throw KernelError.NOT_FOUND.exception();
        }
        if (!at.isDirectory()) {
            throw KernelError.NOT_A_DIRECTORY.exception();
        }
        if (name.length() > MAX_NAME_BYTES) {
            throw KernelError.NAME_TOO_LONG.exception();
        }
        return switch (name) {
            case "." -> at;
            case ".." -> place(base, parent(at.path()), wantsDirectory);
            default -> place(base, at.path().equals(ROOT) ? ROOT + name : at.path() + "/" + name, wantsDirectory);
        };
    }

    private Place place(PathBase base, String path, boolean wantsDirectory) {
        boolean isLink = path.equals(OWN_EXECUTABLE) && base.executable() != null;
        return new Place(path, isLink ? base.executable() : byPath.get(path), isLink, wantsDirectory);
    }

    /** The directory that a normalised path lies in; the root's is the root. */
    static String parent(String path) {
        int slash = path.lastIndexOf('/');
        return slash <= 0 ? ROOT : path.substring(0, slash);
    }

    /** Gives an inode a name whose place {@link #walk} has found to be free. */
    void add(String path, Inode inode) {
        byPath.put(path, inode);
        inode.link();
    }

    void remove(String path) {
        byPath.remove(path).unlink();
    }

    /** What a normalised path names, or null. */
    Inode find(String path) {
        return byPath.get(path);
    }

    SortedMap<String, Inode> all() {
        return byPath;
    }

    /** Replaces all names by those of a snapshot, whose inodes count them already. */
    void restore(Map<String, Inode> names) {
        byPath.clear();
        byPath.putAll(names);
    }
}
