package dev.pagewalk.tools.run;

import dev.pagewalk.images.asm.Assembler;
import dev.pagewalk.images.asm.AssemblyError;
import dev.pagewalk.images.asm.AssemblyException;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.conformance.ConformanceSuite;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfReader;
import dev.pagewalk.images.elf.ImageFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds the image that a command line names: in the catalog, among the conformance guests, or a file with ELF or assembly inside.
 */
public final class ImageSource {
    /** Before the mnemonic of the instruction that a conformance guest checks. */
    public static final String CONFORMANCE_PREFIX = "conformance/";

    /** Larger files are no images for this machine. */
    static final int MAX_FILE_BYTES = 256 << 20;

    private static final byte[] ELF_MAGIC = {0x7F, 'E', 'L', 'F'};

    private ImageSource() {}

    /**
     * Loads an image.
     *
     * @param name a catalog name, {@code conformance/} and a mnemonic, or a path
     * @throws UserErrorException NO_SUCH_IMAGE or NOT_RUNNABLE
     */
    public static ElfImage load(String name) throws UserErrorException {
        Optional<ElfImage> catalogued = ImageCatalog.image(name);
        if (catalogued.isPresent()) {
            return catalogued.get();
        }
        if (name.startsWith(CONFORMANCE_PREFIX)) {
            Optional<ElfImage> guest = ConformanceSuite.image(name.substring(CONFORMANCE_PREFIX.length()));
            if (guest.isPresent()) {
                return guest.get();
            }
        }
        return loadFile(name);
    }

    /**
     * Loads an image from a file.
     *
     * @throws UserErrorException as {@link #load}
     */
    public static ElfImage loadFile(String name) throws UserErrorException {
        return parse(name, readAll(existing(name), name));
    }

    /**
     * Reads an image that has been loaded from somewhere.
     *
     * @param name the file's name, whose ending says what is inside where the bytes do not; errors begin with it
     * @throws UserErrorException NOT_RUNNABLE
     */
    public static ElfImage parse(String name, byte[] bytes) throws UserErrorException {
        try {
            if (startsWith(bytes, ELF_MAGIC)) {
                return ElfReader.read(bytes);
            }
            if (isAssembly(name)) {
                return Assembler.assemble(name, text(bytes, name));
            }
            // The reader knows best what is wrong with it: empty, cut short, or something else.
            return ElfReader.read(bytes);
        } catch (ImageFormatException e) {
            throw new UserErrorException(ExitStatus.NOT_RUNNABLE, name + ": " + e.getMessage());
        } catch (AssemblyException e) {
            String lines = e.errors().stream().map(AssemblyError::toString).collect(Collectors.joining("\n"));
            throw new UserErrorException(ExitStatus.NOT_RUNNABLE, lines);
        }
    }

    /** Whether a file is read as assembly: by its name, {@code .s} or {@code .S}. */
    public static boolean isAssembly(String name) {
        return name.endsWith(".s") || name.endsWith(".S");
    }

    private static Path existing(String name) throws UserErrorException {
        if (name.isEmpty()) {
            throw new UserErrorException(
                    ExitStatus.NO_SUCH_IMAGE, "the image's name is empty; 'pagewalk images' lists the catalog");
        }
        Path path;
        try {
            path = Path.of(name);
        } catch (InvalidPathException e) {
            throw new UserErrorException(
                    ExitStatus.NO_SUCH_IMAGE, "'" + name + "' is neither an image nor a file name");
        }
        if (!Files.exists(path)) {
            throw new UserErrorException(
                    ExitStatus.NO_SUCH_IMAGE,
                    name + ": no such image; 'pagewalk images' lists the catalog, and a file must exist");
        }
        if (Files.isDirectory(path)) {
            throw new UserErrorException(
                    ExitStatus.NOT_RUNNABLE, name + ": is a directory, not an ELF file or an assembly source");
        }
        return path;
    }

    private static byte[] readAll(Path path, String name) throws UserErrorException {
        try (InputStream stream = Files.newInputStream(path)) {
            return readAll(stream, name);
        } catch (NoSuchFileException e) {
            throw new UserErrorException(ExitStatus.NO_SUCH_IMAGE, name + ": no such file");
        } catch (IOException e) {
            throw new UserErrorException(ExitStatus.NOT_RUNNABLE, name + ": cannot be read: " + HostFiles.reason(e));
        }
    }

    /**
     * Reads a stream to its end.
     *
     * @param name with which the message begins where there is too much
     * @throws UserErrorException NOT_RUNNABLE where it has more bytes than any image
     */
    public static byte[] readAll(InputStream stream, String name) throws IOException, UserErrorException {
        byte[] bytes = stream.readNBytes(MAX_FILE_BYTES + 1);
        if (bytes.length > MAX_FILE_BYTES) {
            throw new UserErrorException(
                    ExitStatus.NOT_RUNNABLE,
                    name + ": is larger than " + (MAX_FILE_BYTES >> 20) + " MiB, which no image here is");
        }
        return bytes;
    }

    private static String text(byte[] bytes, String name) throws UserErrorException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UserErrorException(ExitStatus.NOT_RUNNABLE, name + ": is no assembly source: not text in UTF-8");
        }
    }

    private static boolean startsWith(byte[] bytes, byte[] prefix) {
        return bytes.length >= prefix.length
                && ByteBuffer.wrap(bytes, 0, prefix.length).equals(ByteBuffer.wrap(prefix));
    }
}
