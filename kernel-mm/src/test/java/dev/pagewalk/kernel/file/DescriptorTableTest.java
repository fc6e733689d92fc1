package dev.pagewalk.kernel.file;

import static dev.pagewalk.kernel.testing.TestFiles.read;
import static dev.pagewalk.kernel.testing.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DescriptorTableTest {
    private final TestFiles files = new TestFiles(1 << 20);
    private final DescriptorTable table = new DescriptorTable(files.system);

    @AfterEach
    void everythingIsClosedAndEveryFrameIsBack() {
        table.closeAll();
        assertThat(table.size()).isZero();
        assertThat(files.system.openFileCount()).isZero();
        files.end();
    }

    private int open() throws KernelException {
        return table.add(files.create("/tmp/file"), false);
    }

    @Test
    void theLowestFreeDescriptorIsGiven() throws KernelException {
        assertThat(open()).isZero();
        assertThat(open()).isEqualTo(1);
        assertThat(open()).isEqualTo(2);
        table.close(1);
        assertThat(open()).isEqualTo(1);
        assertThat(table.addFrom(10, files.create("/tmp/file"), false)).isEqualTo(10);
        assertThat(table.addFrom(10, files.create("/tmp/file"), false)).isEqualTo(11);
        assertThat(open()).isEqualTo(3);
    }

    @Test
    void whatIsNoDescriptorIsRefused() throws KernelException {
        open();
        for (int descriptor : new int[] {1, -1, 1023, 1024, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            assertThat(Errors.of(() -> table.get(descriptor))).isEqualTo(KernelError.BAD_DESCRIPTOR);
            assertThat(Errors.of(() -> table.close(descriptor))).isEqualTo(KernelError.BAD_DESCRIPTOR);
            assertThat(Errors.of(() -> table.closesOnExec(descriptor))).isEqualTo(KernelError.BAD_DESCRIPTOR);
            assertThat(Errors.of(() -> table.setClosesOnExec(descriptor, true))).isEqualTo(KernelError.BAD_DESCRIPTOR);
        }
        OpenFile file = table.get(0);
        for (int descriptor : new int[] {-1, 1024}) {
            assertThat(Errors.of(() -> table.replace(descriptor, file, false))).isEqualTo(KernelError.BAD_DESCRIPTOR);
            assertThat(Errors.of(() -> table.addFrom(descriptor, file, false))).isEqualTo(KernelError.INVALID_ARGUMENT);
        }
    }

    @Test
    void thereAre1024Descriptors() throws KernelException {
        for (int i = 0; i < 1024; i++) {
            assertThat(open()).isEqualTo(i);
        }
        OpenFile file = files.create("/tmp/file");
        assertThat(Errors.of(() -> table.add(file, false))).isEqualTo(KernelError.TOO_MANY_DESCRIPTORS);
        assertThat(Errors.of(() -> table.requireRoom(1))).isEqualTo(KernelError.TOO_MANY_DESCRIPTORS);
        table.close(500);
        assertThat(Errors.of(() -> table.addFrom(501, file, false))).isEqualTo(KernelError.TOO_MANY_DESCRIPTORS);
        assertThat(Errors.of(() -> table.requireRoom(2))).isEqualTo(KernelError.TOO_MANY_DESCRIPTORS);
        table.requireRoom(1);
        assertThat(table.add(file, false)).isEqualTo(500);
    }

    @Test
    void aSecondDescriptorSharesTheOffset() throws KernelException {
        int first = open();
        OpenFile file = table.get(first);
        file.addReference();
        int second = table.add(file, true);

        write(table.get(first), "abcd");
        table.get(second).seek(1, OpenFile.SEEK_SET);
        assertThat(read(table.get(first), 2)).isEqualTo("bc");
        table.close(first);
        assertThat(read(table.get(second), 2)).isEqualTo("d");
    }

    @Test
    void replacingClosesWhatWasThere() throws KernelException {
        PipeEnds pipe = files.system.createPipe(0);
        int reader = table.add(pipe.reader(), false);
        int writer = table.add(pipe.writer(), true);
        OpenFile other = files.create("/tmp/file");

        table.replace(writer, other, false);

        assertThat(read(table.get(reader), 1)).isEmpty();
        assertThat(table.closesOnExec(writer)).isFalse();
        // In place of itself it stays open.
        other.addReference();
        table.replace(writer, other, true);
        assertThat(write(table.get(writer), "x")).isEqualTo(1);
        OpenFile far = files.create("/tmp/file");
        table.replace(700, far, false);
        assertThat(table.get(700)).isSameAs(far);
        assertThat(open()).isEqualTo(2);
    }

    @Test
    void execClosesWhatWasMarkedAndNothingElse() throws KernelException {
        for (int i = 0; i < 6; i++) {
            open();
            table.setClosesOnExec(i, i % 2 == 1);
        }
        table.setClosesOnExec(3, false);

        table.closeForExec();

        assertThat(table.size()).isEqualTo(4);
        assertThat(Errors.of(() -> table.get(1))).isEqualTo(KernelError.BAD_DESCRIPTOR);
        assertThat(Errors.of(() -> table.get(5))).isEqualTo(KernelError.BAD_DESCRIPTOR);
        assertThat(table.closesOnExec(3)).isFalse();
        // A descriptor that is given again does not inherit the mark.
        assertThat(open()).isEqualTo(1);
        assertThat(table.closesOnExec(1)).isFalse();
    }

    @Test
    void aCopyNamesTheSameOpenFiles() throws KernelException {
        open();
        table.add(files.create("/tmp/file"), true);
        DescriptorTable child = new DescriptorTable(files.system);
        child.copyFrom(table);

        write(child.get(0), "ab");
        assertThat(table.get(0).seek(0, OpenFile.SEEK_CURRENT)).isEqualTo(2);
        assertThat(child.closesOnExec(0)).isFalse();
        assertThat(child.closesOnExec(1)).isTrue();
        child.close(0);
        assertThat(table.get(0).seek(0, OpenFile.SEEK_CURRENT)).isEqualTo(2);
        table.closeAll();
        assertThat(files.system.openFileCount()).isEqualTo(1);
        child.closeAll();
    }
}
