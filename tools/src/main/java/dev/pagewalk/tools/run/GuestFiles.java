package dev.pagewalk.tools.run;

import com.google.common.hash.Hashing;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.file.GuestPath;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Files of the host that a guest finds in its file system; read once, before the machine starts. */
public final class GuestFiles {
    public static final GuestFiles NONE = new GuestFiles(Map.of());

    private final Map<String, byte[]> bytesByPath;

    private GuestFiles(Map<String, byte[]> bytesByPath) {
        this.bytesByPath = bytesByPath;
    }

    /** The SHA-256 of each file's bytes, in hexadecimal, by the guest's path, in the order of paths. */
    public SortedMap<String, String> sha256ByPath() {
        SortedMap<String, String> digests = new TreeMap<>();
        bytesByPath.forEach((path, bytes) ->
                digests.put(path, Hashing.sha256().hashBytes(bytes).toString()));
        return digests;
    }

    /**
     * Reads what a command line names.
     *
     * @param specifications each {@code GUEST=HOST}
     * @throws UserErrorException USAGE
     */
    public static GuestFiles ofOptions(List<String> specifications) throws UserErrorException {
        Map<String, Path> hostByGuest = new LinkedHashMap<>();
        for (String specification : specifications) {
            int equals = specification.indexOf('=');
            if (equals < 1 || equals == specification.length() - 1) {
                throw error("--file wants GUEST=HOST, not '" + specification + "'");
            }
            String guest = specification.substring(0, equals);
            Path host = hostPath(guest, specification.substring(equals + 1));
            if (hostByGuest.putIfAbsent(guest, host) != null) {
                throw error("--file gives '" + guest + "' twice");
            }
        }
        return read(hostByGuest);
    }

    private static Path hostPath(String guest, String name) throws UserErrorException {
        try {
            return Path.of(name);
        } catch (InvalidPathException e) {
            throw error("file for " + guest + ": no file can have the name '" + name + "'");
        }
    }

    /**
     * Reads files.
     *
     * @param hostByGuest the file of the host for each path in the guest
     * @throws UserErrorException USAGE where a path or a file cannot be used
     */
    public static GuestFiles read(Map<String, Path> hostByGuest) throws UserErrorException {
        Map<String, byte[]> bytesByPath = new LinkedHashMap<>();
        for (Map.Entry<String, Path> file : hostByGuest.entrySet()) {
            try {
                GuestPath.ofFile(file.getKey());
            } catch (IllegalArgumentException e) {
                throw error("file in the guest: " + e.getMessage());
            }
            bytesByPath.put(file.getKey(), HostFiles.readRegular(file.getValue(), "file for " + file.getKey()));
        }
        return new GuestFiles(bytesByPath);
    }

    /**
     * Puts them into a file system before anything executes.
     *
     * @param program where the guest's own program stands
     * @throws UserErrorException USAGE where a path is taken
     */
    void putInto(FileSystem files, String program) throws UserErrorException {
        if (bytesByPath.containsKey(program)) {
            throw error("file in the guest: '" + program + "' is where the guest's own program stands");
        }
        for (Map.Entry<String, byte[]> file : bytesByPath.entrySet()) {
            try {
                files.preload(file.getKey(), file.getValue());
            } catch (IllegalArgumentException e) {
                throw error("file in the guest: " + e.getMessage());
            }
        }
    }

    private static UserErrorException error(String message) {
        return new UserErrorException(ExitStatus.USAGE, message);
    }
}
