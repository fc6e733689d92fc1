package dev.pagewalk.tools.run;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Reads and writes files of the host, and says in a few words why one cannot be used. */
public final class HostFiles {
    /** Larger files are not read: each stands in the host's memory as a whole. */
    static final int MAX_READ_BYTES = 256 << 20;

    private HostFiles() {}

    /** The reason, without the file's name and without names of Java types. */
    public static String reason(IOException e) {
        if (e instanceof NoSuchFileException) {
            return "no such file or folder";
        }
        if (e instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (e instanceof NotDirectoryException) {
            return "not a folder";
        }
        if (e instanceof FileAlreadyExistsException) {
            return "a file stands in its place";
        }
        if (e instanceof FileSystemLoopException) {
            return "a link leads back to its own folder";
        }
        if (e instanceof CharacterCodingException) {
            return "not text in UTF-8";
        }
        String detail = e instanceof FileSystemException file ? file.getReason() : e.getMessage();
        return detail == null ? "input or output fails" : detail;
    }

    /**
     * Reads a file as a whole.
     *
     * @param purpose what it is for, with which messages begin
     * @throws UserErrorException USAGE where it is no regular file, is larger than 256 MiB, or cannot be read
     */
    public static byte[] readRegular(Path file, String purpose) throws UserErrorException {
        if (Files.isDirectory(file)) {
            throw unreadable(file, purpose, "is a folder, not a file");
        }
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw unreadable(file, purpose, "is no regular file, so it may never end");
        }
        try (InputStream stream = Files.newInputStream(file)) {
            // The host may not know the size, as below /proc, or the file may grow.
            boolean isTooLarge = Files.size(file) > MAX_READ_BYTES;
            byte[] bytes = isTooLarge ? new byte[0] : stream.readNBytes(MAX_READ_BYTES + 1);
            if (isTooLarge || bytes.length > MAX_READ_BYTES) {
                throw unreadable(file, purpose, "is larger than " + (MAX_READ_BYTES >> 20) + " MiB");
            }
            return bytes;
        } catch (IOException e) {
            throw unreadable(file, purpose, "cannot be read: " + reason(e));
        }
    }

    private static UserErrorException unreadable(Path file, String purpose, String problem) {
        return new UserErrorException(ExitStatus.USAGE, purpose + ": " + file + ": " + problem);
    }

    /**
     * Checks, before the work whose result it is for, that a file can be written; its content stays as it is, and a file
     * that does not exist still does not.
     *
     * @param purpose what will be written, for the message
     * @throws UserErrorException USAGE where it cannot
     */
    public static void requireWritable(Path file, String purpose) throws UserErrorException {
        String problem = problem(file);
        if (problem != null) {
            throw unwritable(file, purpose, problem);
        }
    }

    /**
     * Makes a folder where it does not exist, before the work whose result it is for.
     *
     * @param purpose what will be written there, for the message
     * @throws UserErrorException USAGE where nothing can be written there
     */
    public static void makeFolder(Path folder, String purpose) throws UserErrorException {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw unwritable(folder, purpose, e);
        }
        if (!Files.isWritable(folder)) {
            throw unwritable(folder, purpose, "permission denied");
        }
    }

    /**
     * Writes a file as a whole: who reads it sees the old content or the new. What is no regular file, a pipe or a device,
     * is written to as it stands; so is a file in a folder that cannot be changed.
     *
     * @param purpose what is written, for the message
     * @throws UserErrorException USAGE where it cannot be written
     */
    public static void write(Path file, byte[] content, String purpose) throws UserErrorException {
        try {
            boolean exists = Files.exists(file);
            boolean isPlain = exists ? Files.isRegularFile(file) : !Files.isSymbolicLink(file);
            // A standard stream's name under /dev may be a link that leads to no name at all.
            Path place = exists && isPlain ? file.toRealPath() : file.toAbsolutePath();
            if (isPlain && Files.isWritable(folder(place))) {
                replace(place, content);
            } else {
                Files.write(file, content);
            }
        } catch (IOException e) {
            throw unwritable(file, purpose, e);
        }
    }

    private static void replace(Path file, byte[] content) throws IOException {
        String unique = Long.toString(ProcessHandle.current().pid());
        Path beside = file.resolveSibling("." + file.getFileName() + "." + unique);
        try {
            Files.write(beside, content);
            Files.move(beside, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(beside);
        }
    }

    /**
     * Refuses to write over a file that the same command reads, or writes for another purpose.
     *
     * @param output null where nothing is written
     * @param other null where there is none
     * @throws UserErrorException USAGE where both are the same file
     */
    public static void requireDistinct(Path output, Path other) throws UserErrorException {
        if (output == null || other == null) {
            return;
        }
        boolean same = output.toAbsolutePath()
                .normalize()
                .equals(other.toAbsolutePath().normalize());
        try {
            same |= Files.isRegularFile(output) && Files.exists(other) && Files.isSameFile(output, other);
        } catch (IOException e) {
            throw new UserErrorException(ExitStatus.USAGE, output + ": " + reason(e));
        }
        if (same) {
            throw new UserErrorException(
                    ExitStatus.USAGE, output + " would be written over " + other + ", the same file; name another one");
        }
    }

    /** Why a file cannot be written, or null. Only the host knows: of its answers, permissions are but one. */
    private static String problem(Path file) {
        if (file.toString().isEmpty()) {
            return "the name is empty";
        }
        Path folder = folder(file);
        if (Files.isDirectory(file)) {
            return "it is a folder";
        }
        if (!Files.isDirectory(folder)) {
            return Files.exists(folder) ? folder + " is not a folder" : "no such folder: " + folder;
        }
        boolean exists = Files.exists(file);
        if (exists && !Files.isRegularFile(file) || Files.isSymbolicLink(file)) {
            // Opening a pipe would wait for its reader, and making what a link names would not make it here.
            return Files.isWritable(exists ? file : folder) ? null : "permission denied";
        }
        try {
            if (exists) {
                Files.newByteChannel(file, StandardOpenOption.WRITE).close();
            } else {
                Files.newByteChannel(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)
                        .close();
                Files.delete(file);
            }
            return null;
        } catch (IOException e) {
            return reason(e);
        }
    }

    private static Path folder(Path file) {
        Path parent = file.toAbsolutePath().getParent();
        return parent == null ? file : parent;
    }

    /** What to tell the user of a file that was being written. */
    public static UserErrorException unwritable(Path file, String purpose, IOException e) {
        return unwritable(file, purpose, reason(e));
    }

    private static UserErrorException unwritable(Path file, String purpose, String problem) {
        return new UserErrorException(ExitStatus.USAGE, "cannot write " + purpose + " to " + file + ": " + problem);
    }
}
