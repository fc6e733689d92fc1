package dev.pagewalk.kernel.file;

import static dev.pagewalk.kernel.testing.TestFiles.PAGE;
import static dev.pagewalk.kernel.testing.TestFiles.read;
import static dev.pagewalk.kernel.testing.TestFiles.readAt;
import static dev.pagewalk.kernel.testing.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestFiles;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** What is restored goes on as what was saved would have. */
class FileSnapshotTest {
    private final TestFiles files = new TestFiles(1 << 20, "input");

    @Test
    void everythingComesBack() throws KernelException {
        files.system.attachFramebuffer(0x5000_0000L, 0x1000);
        files.system.preload("/data/preloaded", "p".repeat(PAGE + 5).getBytes(StandardCharsets.US_ASCII));
        DescriptorTable table = new DescriptorTable(files.system);
        OpenFile preloaded = files.open("/data/preloaded", OpenFlags.READ_WRITE | OpenFlags.APPEND);
        preloaded.truncate(PAGE + 3);
        assertThat(read(preloaded, 2)).isEqualTo("pp");
        OpenFile unlinked = files.create("/tmp/unlinked");
        write(unlinked, "gone but open");
        files.system.unlink(PathBase.ROOT, "/tmp/unlinked");
        PipeEnds pipe = files.system.createPipe(OpenFlags.NON_BLOCKING);
        write(pipe.writer(), "x".repeat(PAGE) + "in the pipe");
        read(pipe.reader(), PAGE + 3);
        Inode mapped = files.system.createUnnamed(3 * PAGE);
        long frame = mapped.pageToWrite(1);
        table.add(preloaded, true);
        table.add(unlinked, false);
        table.add(pipe.reader(), false);
        table.add(pipe.writer(), false);
        table.add(files.open("/dev/console", OpenFlags.READ_WRITE), false);
        table.add(files.open("/tmp", OpenFlags.DIRECTORY), false);
        table.add(files.open("/dev/fb0", OpenFlags.READ_WRITE), false);
        table.add(files.open("/dev/zero", OpenFlags.READ_WRITE), false);
        unlinked.addReference();
        table.addFrom(100, unlinked, false);
        byte[] saved = files.saved();
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        table.save(out);

        // The frames are the memory's, which a whole snapshot would hold too.
        FileSystem system = files.another();
        system.restore(ByteStreams.newDataInput(saved));
        DescriptorTable again = new DescriptorTable(system);
        again.restore(ByteStreams.newDataInput(out.toByteArray()));

        ByteArrayDataOutput twice = ByteStreams.newDataOutput();
        system.save(twice);
        assertThat(twice.toByteArray()).isEqualTo(saved);
        assertThat(again.closesOnExec(0)).isTrue();
        assertThat(again.get(0).seek(0, OpenFile.SEEK_CURRENT)).isEqualTo(2);
        assertThat(again.get(0).statusFlags()).isEqualTo(preloaded.statusFlags());
        assertThat(write(again.get(0), "!")).isEqualTo(1);
        assertThat(readAt(again.get(0), PAGE, 100)).isEqualTo("ppp!");
        assertThat(readAt(again.get(1), 0, 100)).isEqualTo("gone but open");
        assertThat(again.get(100)).isSameAs(again.get(1));
        assertThat(again.get(2).isNonBlocking()).isTrue();
        assertThat(read(again.get(2), 100)).isEqualTo("the pipe");
        assertThat(read(again.get(2), 100)).isNull();
        again.close(3);
        assertThat(read(again.get(2), 100)).isEmpty();
        assertThat(read(again.get(4), 100)).isEqualTo("input");
        assertThat(again.get(5).directoryPath()).isEqualTo("/tmp");
        assertThat(again.get(6).inode().deviceAddress()).isEqualTo(0x5000_0000L);
        assertThat(read(again.get(7), 1)).isEqualTo("\0");
        assertThat(system.inode(mapped.number()).pageIfResident(1)).isEqualTo(frame);
        assertThat(Errors.of(() -> system.find(PathBase.ROOT, "/tmp/unlinked"))).isEqualTo(KernelError.NOT_FOUND);

        system.inode(mapped.number()).release();
        again.closeAll();
        assertThat(system.openFileCount()).isZero();
        files.end(system);
    }
}
