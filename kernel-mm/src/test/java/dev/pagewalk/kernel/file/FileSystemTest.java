package dev.pagewalk.kernel.file;

import static dev.pagewalk.kernel.testing.TestFiles.NEW;
import static dev.pagewalk.kernel.testing.TestFiles.PAGE;
import static dev.pagewalk.kernel.testing.TestFiles.read;
import static dev.pagewalk.kernel.testing.TestFiles.readAt;
import static dev.pagewalk.kernel.testing.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestFiles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Names, opening, devices, and what limits them. */
class FileSystemTest {
    private static final int CREATE = OpenFlags.CREATE;
    private static final int DIRECTORY = OpenFlags.DIRECTORY;

    private final TestFiles files = new TestFiles(1 << 20, "line one\nline two");

    @AfterEach
    void everyFrameComesBack() {
        files.end();
    }

    private KernelError openError(String path, int flags) {
        return Errors.of(() -> files.open(path, flags).release());
    }

    private Inode find(String path) throws KernelException {
        return files.system.find(PathBase.ROOT, path);
    }

    @Test
    void aPreloadedFileAndItsFoldersAreThere() throws KernelException {
        files.system.preload("/data/deep/er/file.txt", "content".getBytes(StandardCharsets.US_ASCII));

        OpenFile file = files.open("/data/deep/er/file.txt", OpenFlags.READ_ONLY);
        assertThat(read(file, 100)).isEqualTo("content");
        assertThat(file.inode().status().mode()).isEqualTo(0100755);
        assertThat(find("/data/deep").kind()).isEqualTo(InodeKind.DIRECTORY);
        assertThat(openError("/data/deep/er/new", NEW)).isNull();
        file.release();
    }

    @ParameterizedTest
    @CsvSource({
        "relative, 'relative' is not an absolute path",
        "'', '' is not an absolute path",
        "/, '/' names a directory",
        "/tmp/, names a directory",
        "/a//b, must have no empty",
        "/a/../b, must have no empty",
        "/a/./b, must have no empty",
        "/tmp, is there already",
        "/dev/null, is there already",
        "/dev/null/x, lies in something that is no directory",
        "/proc/self/exe, is there already",
    })
    void aPathThatCannotBeAPreloadedFilesIsRefused(String path, String reason) {
        assertThatThrownBy(() -> files.system.preload(path, new byte[0]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason.replace("''", "'"));
    }

    @Test
    void longPreloadedNamesAreRefused() throws KernelException {
        assertThatThrownBy(() -> files.system.preload("/" + "x".repeat(256), new byte[0]))
                .hasMessageContaining("longer than 255 bytes");
        assertThatThrownBy(() -> files.system.preload("/" + "ä/".repeat(2000) + "x", new byte[0]))
                .hasMessageContaining("longer than 4095 bytes");
        files.system.preload("/" + "ä".repeat(127), new byte[0]);
        assertThatThrownBy(() -> files.system.preload("/" + "ä".repeat(127), new byte[0]))
                .hasMessageContaining("is there already");
        // Guests see the bytes of the UTF-8 form.
        assertThat(find("/" + "\u00c3\u00a4".repeat(127)).sizeBytes()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "/tmp/file, /tmp/file",
        "tmp/file, /tmp/file",
        "//tmp///file, /tmp/file",
        "/tmp/./file, /tmp/file",
        "/tmp/../tmp/file, /tmp/file",
        "/../../tmp/file, /tmp/file",
        "../tmp/file, /tmp/file",
        "/tmp/, /tmp",
        "/tmp/., /tmp",
        "/tmp/.., /",
        ".., /",
        "., /",
    })
    void pathsLeadToTheirFiles(String path, String same) throws KernelException {
        files.create("/tmp/file").release();

        assertThat(find(path)).isSameAs(find(same));
    }

    @Test
    void pathsThatLeadNowhereFailAsOnLinux() throws KernelException {
        files.create("/tmp/file").release();
        assertThat(openError("", NEW)).isEqualTo(KernelError.NOT_FOUND);
        assertThat(openError("/tmp/none", 0)).isEqualTo(KernelError.NOT_FOUND);
        assertThat(openError("/none/file", NEW)).isEqualTo(KernelError.NOT_FOUND);
        assertThat(openError("/none/../tmp/file", 0)).isEqualTo(KernelError.NOT_FOUND);
        assertThat(openError("/tmp/file/", 0)).isEqualTo(KernelError.NOT_A_DIRECTORY);
        assertThat(openError("/tmp/file/x", NEW)).isEqualTo(KernelError.NOT_A_DIRECTORY);
        assertThat(openError("/tmp/file/..", 0)).isEqualTo(KernelError.NOT_A_DIRECTORY);
        assertThat(openError("/tmp/none/", 0)).isEqualTo(KernelError.NOT_FOUND);
        assertThat(openError("/tmp/" + "x".repeat(255), NEW)).isNull();
        assertThat(openError("/tmp/" + "x".repeat(256), NEW)).isEqualTo(KernelError.NAME_TOO_LONG);
        assertThat(openError("/./".repeat(1365), 0)).isNull();
        assertThat(openError("/./".repeat(1365) + "/", 0)).isEqualTo(KernelError.NAME_TOO_LONG);
        assertThat(openError("/proc/none", NEW)).isEqualTo(KernelError.NOT_FOUND);
    }

    @Test
    void openingChecksItsFlagsAsLinuxDoes() throws KernelException {
        files.create("/tmp/file").release();
        assertThat(openError("/tmp/file", NEW)).isNull();
        assertThat(openError("/tmp/file", NEW | OpenFlags.EXCLUSIVE)).isEqualTo(KernelError.ALREADY_EXISTS);
        assertThat(openError("/tmp/new", NEW | OpenFlags.EXCLUSIVE)).isNull();
        assertThat(openError("/tmp/file", DIRECTORY)).isEqualTo(KernelError.NOT_A_DIRECTORY);
        assertThat(openError("/tmp", DIRECTORY)).isNull();
        assertThat(openError("/tmp", CREATE)).isEqualTo(KernelError.IS_A_DIRECTORY);
        assertThat(openError("/tmp/none/", CREATE)).isEqualTo(KernelError.IS_A_DIRECTORY);
        assertThat(openError("/tmp/file/", CREATE)).isEqualTo(KernelError.IS_A_DIRECTORY);
        assertThat(openError("/tmp", OpenFlags.WRITE_ONLY)).isEqualTo(KernelError.IS_A_DIRECTORY);
        assertThat(openError("/tmp", OpenFlags.READ_WRITE)).isEqualTo(KernelError.IS_A_DIRECTORY);
        assertThat(openError("/tmp", OpenFlags.TRUNCATE)).isEqualTo(KernelError.IS_A_DIRECTORY);
        assertThat(openError("/tmp", CREATE | DIRECTORY)).isEqualTo(KernelError.INVALID_ARGUMENT);
        assertThat(openError("/tmp", OpenFlags.TEMPORARY | DIRECTORY)).isEqualTo(KernelError.INVALID_ARGUMENT);
        assertThat(files.system.openFileCount()).isZero();
    }

    @Test
    void theAccessModeDecidesWhatAFileMayBeUsedFor() throws KernelException {
        files.create("/tmp/file").release();
        boolean[][] expected = {{true, false}, {false, true}, {true, true}, {false, false}};
        for (int mode = 0; mode <= 3; mode++) {
            OpenFile file = files.open("/tmp/file", mode);
            assertThat(new boolean[] {file.isReadable(), file.isWritable()}).isEqualTo(expected[mode]);
            file.release();
        }
        OpenFile path = files.open("/tmp/file", OpenFlags.PATH_ONLY | NEW | OpenFlags.TRUNCATE);
        assertThat(path.isReadable()).isFalse();
        assertThat(path.isWritable()).isFalse();
        path.release();
    }

    @Test
    void statusFlagsAreWhatWasAskedForWithoutWhatConcernsOnlyTheOpening() throws KernelException {
        OpenFile file = files.open(
                "/tmp/file",
                NEW | OpenFlags.EXCLUSIVE | OpenFlags.TRUNCATE | OpenFlags.CLOSE_ON_EXEC | OpenFlags.APPEND);
        assertThat(file.statusFlags()).isEqualTo(OpenFlags.READ_WRITE | OpenFlags.APPEND | OpenFlags.LARGE_FILE);

        file.setStatusFlags(OpenFlags.NON_BLOCKING | OpenFlags.WRITE_ONLY | OpenFlags.CREATE);
        assertThat(file.statusFlags()).isEqualTo(OpenFlags.READ_WRITE | OpenFlags.NON_BLOCKING | OpenFlags.LARGE_FILE);
        assertThat(file.isNonBlocking()).isTrue();
        file.release();
    }

    @Test
    void truncatingAtOpenEmptiesTheFile() throws KernelException {
        OpenFile first = files.create("/tmp/file");
        write(first, "x".repeat(2 * PAGE));

        files.open("/tmp/file", OpenFlags.WRITE_ONLY | OpenFlags.TRUNCATE).release();

        assertThat(first.inode().sizeBytes()).isZero();
        assertThat(files.framesInUse()).isZero();
        first.release();
    }

    @Test
    void aNewFileHasItsPermissionsWithoutTheUmask() throws KernelException {
        files.system.open(PathBase.ROOT, "/tmp/file", NEW, 0177777).release();

        assertThat(find("/tmp/file").status().mode()).isEqualTo(0100000 | 07755);
    }

    @Test
    void anUnlinkedFileStaysWhileSomebodyHasItOpenOrMapped() throws KernelException {
        OpenFile file = files.create("/tmp/file");
        write(file, "still here");
        Inode inode = file.inode();
        inode.addReference();

        files.system.unlink(PathBase.ROOT, "/tmp/file");
        assertThat(openError("/tmp/file", 0)).isEqualTo(KernelError.NOT_FOUND);
        assertThat(inode.links()).isZero();
        assertThat(readAt(file, 0, 100)).isEqualTo("still here");
        OpenFile another = files.create("/tmp/file");
        assertThat(read(another, 1)).isEmpty();
        another.release();
        file.release();
        assertThat(files.framesInUse()).isEqualTo(1);
        inode.release();
        assertThat(files.framesInUse()).isZero();
        assertThat(files.system.inode(inode.number())).isNull();
    }

    @Test
    void aNamedFileStaysWithoutReferences() throws KernelException {
        OpenFile file = files.create("/tmp/file");
        write(file, "kept");
        file.release();

        OpenFile again = files.open("/tmp/file", OpenFlags.READ_ONLY);
        assertThat(read(again, 10)).isEqualTo("kept");
        again.release();
        files.system.unlink(PathBase.ROOT, "/tmp/file");
        assertThat(files.framesInUse()).isZero();
    }

    @Test
    void unlinkingFailsAsOnLinux() throws KernelException {
        Inode program = files.create("/tmp/program").inode();
        PathBase process = new PathBase("/", program);
        assertThat(Errors.of(() -> files.system.unlink(process, "/tmp/none"))).isEqualTo(KernelError.NOT_FOUND);
        assertThat(Errors.of(() -> files.system.unlink(process, "/tmp"))).isEqualTo(KernelError.IS_A_DIRECTORY);
        assertThat(Errors.of(() -> files.system.unlink(process, "/tmp/program/")))
                .isEqualTo(KernelError.NOT_A_DIRECTORY);
        assertThat(Errors.of(() -> files.system.unlink(process, "/proc/self/exe")))
                .isEqualTo(KernelError.NOT_PERMITTED);
        assertThat(Errors.of(() -> files.system.removeDirectory(process, "/tmp")))
                .isEqualTo(KernelError.BUSY);
        assertThat(Errors.of(() -> files.system.removeDirectory(process, "/tmp/program")))
                .isEqualTo(KernelError.NOT_A_DIRECTORY);
        assertThat(Errors.of(() -> files.system.removeDirectory(process, "/none")))
                .isEqualTo(KernelError.NOT_FOUND);
    }

    @Test
    void aProcessFindsItsOwnExecutable() throws KernelException {
        files.create("/tmp/program").release();
        PathBase process = new PathBase("/proc", find("/tmp/program"));

        assertThat(files.system.find(process, "/proc/self/exe")).isSameAs(find("/tmp/program"));
        assertThat(files.system.find(process, "self/exe")).isSameAs(find("/tmp/program"));
        assertThat(Errors.of(() -> files.system.open(process, "self/exe", OpenFlags.NO_FOLLOW, 0)))
                .isEqualTo(KernelError.TOO_MANY_LINKS);
        assertThat(openError("/proc/self/exe", 0)).isEqualTo(KernelError.NOT_FOUND);
    }

    @Test
    void aDirectoryIsAPlaceForRelativePaths() throws KernelException {
        files.create("/tmp/file").release();
        OpenFile directory = files.open("/tmp/.", DIRECTORY);

        assertThat(directory.directoryPath()).isEqualTo("/tmp");
        assertThat(files.system.find(new PathBase(directory.directoryPath(), null), "file"))
                .isSameAs(find("/tmp/file"));
        assertThat(Errors.of(() -> read(directory, 1))).isEqualTo(KernelError.IS_A_DIRECTORY);
        assertThat(directory.inode().status().mode()).isEqualTo(041777);
        OpenFile file = files.open("/tmp/file", 0);
        assertThat(Errors.of(file::directoryPath)).isEqualTo(KernelError.NOT_A_DIRECTORY);
        file.release();
        directory.release();
    }

    @Test
    void theConsoleReadsLinesAndWritesAtOnce() throws KernelException {
        OpenFile console = files.open("/dev/console", OpenFlags.READ_WRITE);

        assertThat(read(console, 100)).isEqualTo("line one\n");
        assertThat(read(console, 4)).isEqualTo("line");
        assertThat(read(console, 100)).isEqualTo(" two");
        assertThat(read(console, 100)).isEmpty();
        assertThat(write(console, "out")).isEqualTo(3);
        assertThat(files.console()).isEqualTo("out");
        assertThat(Errors.of(() -> console.seek(0, OpenFile.SEEK_SET))).isEqualTo(KernelError.NOT_SEEKABLE);
        assertThat(Errors.of(() -> readAt(console, 0, 1))).isEqualTo(KernelError.NOT_SEEKABLE);
        assertThat(Errors.of(() -> console.truncate(0))).isEqualTo(KernelError.INVALID_ARGUMENT);
        assertThat(console.inode().status().mode() & 0170000).isEqualTo(0020000);
        assertThat(console.inode().status().device()).isEqualTo(0x501);
        console.release();
    }

    @Test
    void nullGivesNothingAndZeroGivesZeros() throws KernelException {
        OpenFile none = files.open("/dev/null", OpenFlags.READ_WRITE | OpenFlags.TRUNCATE);
        OpenFile zero = files.open("/dev/zero", OpenFlags.READ_WRITE);

        assertThat(read(none, 5)).isEmpty();
        assertThat(read(zero, 5)).isEqualTo("\0".repeat(5));
        assertThat(readAt(zero, 1L << 62, 2)).isEqualTo("\0\0");
        for (OpenFile file : List.of(none, zero)) {
            assertThat(write(file, "lost")).isEqualTo(4);
            assertThat(file.seek(100, OpenFile.SEEK_SET)).isZero();
            assertThat(Errors.of(() -> file.truncate(0))).isEqualTo(KernelError.INVALID_ARGUMENT);
            file.release();
        }
    }

    @Test
    void theFramebufferSaysWhereItsMemoryIs() throws KernelException {
        assertThat(openError("/dev/fb0", 0)).isEqualTo(KernelError.NOT_FOUND);
        files.system.attachFramebuffer(0x5000_0000L, 0x30_0000L);

        OpenFile framebuffer = files.open("/dev/fb0", OpenFlags.READ_WRITE);
        assertThat(framebuffer.inode().kind()).isEqualTo(InodeKind.DEVICE);
        assertThat(framebuffer.inode().deviceAddress()).isEqualTo(0x5000_0000L);
        assertThat(framebuffer.inode().deviceLengthBytes()).isEqualTo(0x30_0000L);
        assertThat(framebuffer.inode().status().device()).isEqualTo(29 << 8);
        framebuffer.release();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void openFilesAndInodesAreBounded(boolean named) throws KernelException {
        files.create("/tmp/file").release();
        List<OpenFile> open = new ArrayList<>();
        KernelError error = Errors.of(() -> {
            for (int i = 0; ; i++) {
                open.add(named ? files.create("/tmp/" + i) : files.open("/tmp/file", 0));
            }
        });

        assertThat(error).isEqualTo(named ? KernelError.NO_SPACE : KernelError.TOO_MANY_OPEN_FILES);
        assertThat(open).hasSizeBetween(65_500, 65_536);
        if (named) {
            assertThat(Errors.of(() -> files.system.createUnnamed(1))).isEqualTo(KernelError.NO_SPACE);
        }
        open.remove(0).release();
        assertThat(Errors.of(() -> files.system.createPipe(0)))
                .isEqualTo(named ? KernelError.NO_SPACE : KernelError.TOO_MANY_OPEN_FILES);
        open.forEach(OpenFile::release);
        assertThat(files.system.openFileCount()).isZero();
    }
}
