package dev.pagewalk.tools.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.file.PathBase;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.NumaNodes;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.memory.StoreGuards;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GuestFilesTest {
    @TempDir
    Path folder;

    private Path host;

    @BeforeEach
    void makeFile() throws IOException {
        host = Files.writeString(folder.resolve("a=b.txt"), "content");
    }

    private static FileSystem fileSystem() {
        PhysicalMemory ram = new PhysicalMemory(1 << 20);
        PhysicalBus bus = new PhysicalBus(ram, new StoreGuards(ram));
        CostMeter meter = new CostMeter(TimingProfiles.find("ideal").kernel());
        return new FileSystem(new FrameAllocator(bus, meter, NumaNodes.of(1, 1 << 20, 1)), bus, meter);
    }

    private static String refusal(String... specifications) {
        UserErrorException refused = catchThrowableOfType(
                UserErrorException.class,
                () -> GuestFiles.ofOptions(Arrays.asList(specifications)).putInto(fileSystem(), "/bin/guest"));
        assertThat(refused).isNotNull();
        assertThat(refused.status()).isEqualTo(ExitStatus.USAGE);
        assertThat(refused.getMessage()).doesNotContain("\n", "Exception", "java.");
        return refused.getMessage();
    }

    @Test
    void theGuestFindsTheBytesThatWereThereAtTheStart() throws Exception {
        Path empty = Files.createFile(folder.resolve("empty"));
        GuestFiles guestFiles = GuestFiles.ofOptions(List.of("/data/sub/a=" + host, "/empty=" + empty));
        Files.writeString(host, "changed");
        FileSystem files = fileSystem();

        guestFiles.putInto(files, "/bin/guest");

        Inode inode = files.find(PathBase.ROOT, "/data/sub/a");
        byte[] bytes = new byte[100];
        int count = inode.read(0, bytes, 100);
        assertThat(new String(bytes, 0, count, StandardCharsets.US_ASCII)).isEqualTo("content");
        assertThat(files.find(PathBase.ROOT, "/empty").sizeBytes()).isZero();
    }

    @Test
    void aMappingOfPathsDoesTheSame() throws Exception {
        FileSystem files = fileSystem();

        GuestFiles.read(Map.of("/a", host)).putInto(files, "/bin/guest");

        assertThat(files.find(PathBase.ROOT, "/a").sizeBytes()).isEqualTo(7);
    }

    @ParameterizedTest
    @CsvSource({
        "'', '--file wants GUEST=HOST, not '''''",
        "/a, '--file wants GUEST=HOST, not ''/a'''",
        "=x, '--file wants GUEST=HOST, not ''=x'''",
        "/a=, '--file wants GUEST=HOST, not ''/a='''",
    })
    void whatIsNoPairIsRefused(String specification, String message) {
        assertThat(refusal(specification)).isEqualTo(message);
    }

    @Test
    void aPathThatAGuestCannotHaveIsRefused() {
        assertThat(refusal("a=" + host)).isEqualTo("file in the guest: 'a' is not an absolute path");
        assertThat(refusal("/a/=" + host)).isEqualTo("file in the guest: '/a/' names a directory, not a file");
        assertThat(refusal("/a/../b=" + host)).contains("'/a/../b' must have no empty, '.' or '..' part");
        assertThat(refusal("/tmp=" + host)).isEqualTo("file in the guest: '/tmp' is there already");
        assertThat(refusal("/bin/guest=" + host))
                .isEqualTo("file in the guest: '/bin/guest' is where the guest's own program stands");
        assertThat(refusal("/dev/null=" + host)).isEqualTo("file in the guest: '/dev/null' is there already");
        assertThat(refusal("/a=" + host, "/a/b=" + host))
                .isEqualTo("file in the guest: '/a/b' lies in something that is no directory");
        assertThat(refusal("/a=" + host, "/a=" + host)).isEqualTo("--file gives '/a' twice");
    }

    @Test
    void aFileThatCannotBeReadIsRefused() throws IOException {
        Path missing = folder.resolve("missing");
        assertThat(refusal("/a=" + missing))
                .isEqualTo("file for /a: " + missing + ": cannot be read: no such file or folder");
        assertThat(refusal("/a=" + folder)).isEqualTo("file for /a: " + folder + ": is a folder, not a file");
        assertThat(refusal("/a=x\0y")).contains("file for /a: no file can have the name");
        Path locked = Files.createFile(
                folder.resolve("locked"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("---------")));
        assumeFalse(Files.isReadable(locked));
        assertThat(refusal("/a=" + locked)).isEqualTo("file for /a: " + locked + ": cannot be read: permission denied");
    }

    @Test
    void aFileThatIsTooLargeIsRefused() throws IOException {
        Path large = folder.resolve("large");
        try (RandomAccessFile sparse = new RandomAccessFile(large.toFile(), "rw")) {
            sparse.setLength(HostFiles.MAX_READ_BYTES + 1L);
        }

        assertThat(refusal("/a=" + large)).isEqualTo("file for /a: " + large + ": is larger than 256 MiB");
    }
}
