package dev.pagewalk.kernel.file;

import static dev.pagewalk.kernel.testing.TestFiles.PAGE;
import static dev.pagewalk.kernel.testing.TestFiles.read;
import static dev.pagewalk.kernel.testing.TestFiles.readAt;
import static dev.pagewalk.kernel.testing.TestFiles.write;
import static dev.pagewalk.kernel.testing.TestFiles.writeAt;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestFiles;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regular files, as those see them who have them open. */
class RegularFileTest {
    private static final int MODEL_BYTES = 5 * PAGE;

    private final TestFiles files = new TestFiles(1 << 20);

    @AfterEach
    void everyFrameComesBack() {
        files.end();
    }

    @Test
    void readsAndWritesMoveOneOffset() throws KernelException {
        OpenFile file = files.create("/tmp/file");

        assertThat(write(file, "hello, world")).isEqualTo(12);
        assertThat(read(file, 5)).isEmpty();
        assertThat(file.seek(7, OpenFile.SEEK_SET)).isEqualTo(7);
        assertThat(read(file, 3)).isEqualTo("wor");
        assertThat(write(file, "k!")).isEqualTo(2);
        assertThat(file.seek(0, OpenFile.SEEK_CURRENT)).isEqualTo(12);
        assertThat(readAt(file, 0, 100)).isEqualTo("hello, work!");
        assertThat(writeAt(file, 1, "a")).isEqualTo(1);
        assertThat(file.seek(0, OpenFile.SEEK_CURRENT)).isEqualTo(12);
        assertThat(readAt(file, 0, 5)).isEqualTo("hallo");
        assertThat(file.inode().sizeBytes()).isEqualTo(12);
        file.release();
    }

    @Test
    void twoOpensHaveTwoOffsetsAndOneContent() throws KernelException {
        OpenFile first = files.create("/tmp/file");
        OpenFile second = files.open("/tmp/file", OpenFlags.READ_ONLY);

        write(first, "abc");

        assertThat(read(second, 2)).isEqualTo("ab");
        assertThat(read(second, 2)).isEqualTo("c");
        first.release();
        second.release();
    }

    @Test
    void appendingGoesToTheEndWhereverTheOffsetIs() throws KernelException {
        OpenFile other = files.create("/tmp/log");
        OpenFile log = files.open("/tmp/log", OpenFlags.READ_WRITE | OpenFlags.APPEND);

        write(log, "one ");
        write(other, "two ");
        log.seek(0, OpenFile.SEEK_SET);
        write(log, "three ");
        writeAt(log, 0, "four");

        assertThat(readAt(log, 0, 100)).isEqualTo("two three four");
        assertThat(log.seek(0, OpenFile.SEEK_CURRENT)).isEqualTo(10);
        other.release();
        log.release();
    }

    @Test
    void seekingFollowsLinux() throws KernelException {
        OpenFile file = files.create("/tmp/file");
        write(file, "0123456789");

        assertThat(file.seek(-4, OpenFile.SEEK_END)).isEqualTo(6);
        assertThat(file.seek(-2, OpenFile.SEEK_CURRENT)).isEqualTo(4);
        assertThat(file.seek(Long.MAX_VALUE, OpenFile.SEEK_SET)).isEqualTo(Long.MAX_VALUE);
        assertThat(read(file, 1)).isEmpty();
        assertThat(Errors.of(() -> file.seek(1, OpenFile.SEEK_CURRENT))).isEqualTo(KernelError.INVALID_ARGUMENT);
        assertThat(Errors.of(() -> file.seek(Long.MAX_VALUE, OpenFile.SEEK_END)))
                .isEqualTo(KernelError.INVALID_ARGUMENT);
        assertThat(Errors.of(() -> file.seek(-1, OpenFile.SEEK_SET))).isEqualTo(KernelError.INVALID_ARGUMENT);
        assertThat(Errors.of(() -> file.seek(-11, OpenFile.SEEK_END))).isEqualTo(KernelError.INVALID_ARGUMENT);
        assertThat(Errors.of(() -> file.seek(0, 5))).isEqualTo(KernelError.INVALID_ARGUMENT);
        assertThat(Errors.of(() -> file.seek(0, -1))).isEqualTo(KernelError.INVALID_ARGUMENT);
        assertThat(file.seek(3, OpenFile.SEEK_DATA)).isEqualTo(3);
        assertThat(file.seek(3, OpenFile.SEEK_HOLE)).isEqualTo(10);
        assertThat(Errors.of(() -> file.seek(10, OpenFile.SEEK_DATA))).isEqualTo(KernelError.NO_SUCH_OFFSET);
        assertThat(Errors.of(() -> file.seek(-1, OpenFile.SEEK_HOLE))).isEqualTo(KernelError.NO_SUCH_OFFSET);
        // A failed one leaves the offset.
        assertThat(file.seek(0, OpenFile.SEEK_CURRENT)).isEqualTo(10);
        file.release();
    }

    @Test
    void aHoleReadsAsZerosAndTakesNoFrame() throws KernelException {
        OpenFile file = files.create("/tmp/sparse");

        writeAt(file, 1L << 60, "end");

        assertThat(files.framesInUse()).isEqualTo(1);
        assertThat(readAt(file, 1L << 50, 4)).isEqualTo("\0\0\0\0");
        assertThat(readAt(file, (1L << 60) - 2, 100)).isEqualTo("\0\0end");
        assertThat(files.framesInUse()).isEqualTo(1);
        assertThat(file.inode().sizeBytes()).isEqualTo((1L << 60) + 3);
        file.release();
    }

    @Test
    void theLargestOffsetIsTheLargestSize() throws KernelException {
        OpenFile file = files.create("/tmp/huge");
        long last = Long.MAX_VALUE - 1;

        assertThat(writeAt(file, last, "ab")).isEqualTo(1);
        assertThat(readAt(file, last, 2)).isEqualTo("a");
        assertThat(readAt(file, Long.MAX_VALUE, 2)).isEmpty();
        assertThat(Errors.of(() -> writeAt(file, Long.MAX_VALUE, "a"))).isEqualTo(KernelError.FILE_TOO_LARGE);
        assertThat(file.inode().sizeBytes()).isEqualTo(Long.MAX_VALUE);
        file.seek(0, OpenFile.SEEK_END);
        assertThat(Errors.of(() -> write(file, "a"))).isEqualTo(KernelError.FILE_TOO_LARGE);
        file.release();
    }

    @Test
    void truncatingCutsAndExtendsWithZeros() throws KernelException {
        OpenFile file = files.create("/tmp/file");
        write(file, "x".repeat(2 * PAGE));

        file.truncate(3);
        assertThat(files.framesInUse()).isEqualTo(1);
        assertThat(file.seek(0, OpenFile.SEEK_CURRENT)).isEqualTo(2 * PAGE);
        file.truncate(6);
        assertThat(readAt(file, 0, 100)).isEqualTo("xxx\0\0\0");
        file.truncate(0);
        assertThat(files.framesInUse()).isZero();
        assertThat(Errors.of(() -> file.truncate(-1))).isEqualTo(KernelError.INVALID_ARGUMENT);
        OpenFile readOnly = files.open("/tmp/file", OpenFlags.READ_ONLY);
        assertThat(Errors.of(() -> readOnly.truncate(1))).isEqualTo(KernelError.INVALID_ARGUMENT);
        readOnly.release();
        file.release();
    }

    @Test
    void aWriteThatMeetsTheEndOfMemoryIsShortAndTheNextOneFails() throws KernelException {
        OpenFile file = files.create("/tmp/file");
        int free = files.memory.frames.freeFrames();
        byte[] bytes = new byte[(free + 3) * PAGE];
        Arrays.fill(bytes, (byte) 'a');

        assertThat(file.write(bytes, bytes.length)).isEqualTo(free * PAGE);
        assertThat(Errors.of(() -> write(file, "b"))).isEqualTo(KernelError.NO_SPACE);
        // What is there can still be changed.
        assertThat(writeAt(file, PAGE, "c")).isEqualTo(1);
        assertThat(readAt(file, PAGE - 1, 3)).isEqualTo("aca");
        assertThat(file.inode().sizeBytes()).isEqualTo((long) free * PAGE);
        file.release();
    }

    @Test
    void aWriteHasRoomUpToTheEndOfAPage() throws KernelException {
        OpenFile file = files.create("/tmp/file");

        assertThat(file.room(1L << 40)).isEqualTo(PAGE);
        write(file, "abc");
        assertThat(file.room(1L << 40)).isEqualTo(PAGE - 3);
        assertThat(file.room(2)).isEqualTo(2);
        file.release();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    @Tag("S39")
    void aFileIsWhatAnArrayOfBytesWouldBe(long seed) throws KernelException {
        Random random = new Random(seed);
        byte[] model = new byte[MODEL_BYTES];
        int size = random.nextInt(3 * PAGE);
        byte[] first = bytes(random, size);
        System.arraycopy(first, 0, model, 0, size);
        files.system.preload("/model", first.clone());
        OpenFile file = files.open("/model", OpenFlags.READ_WRITE);
        for (int step = 0; step < 3000; step++) {
            String where = "seed " + seed + ", step " + step;
            int offset = random.nextInt(MODEL_BYTES);
            int length = random.nextInt(random.nextBoolean() ? 50 : 2 * PAGE);
            switch (random.nextInt(6)) {
                case 0, 1 -> {
                    byte[] written = bytes(random, Math.min(length, MODEL_BYTES - offset));
                    assertThat(file.writeAt(offset, written, written.length))
                            .as(where)
                            .isEqualTo(written.length);
                    System.arraycopy(written, 0, model, offset, written.length);
                    size = written.length == 0 ? size : Math.max(size, offset + written.length);
                }
                case 2 -> {
                    file.truncate(offset);
                    if (offset < size) {
                        Arrays.fill(model, offset, size, (byte) 0);
                    }
                    size = offset;
                }
                case 3 -> {
                    // A shared mapping may write anywhere on a page, behind the end too, where it does not count.
                    long page = offset / PAGE;
                    if (offset < size) {
                        long frame = file.inode().pageToWrite(page);
                        int to = Math.min(size, (int) (page + 1) * PAGE);
                        byte[] scribble = bytes(random, PAGE);
                        files.memory.ram.write(frame, scribble, 0, PAGE);
                        System.arraycopy(scribble, 0, model, (int) page * PAGE, to - (int) page * PAGE);
                    }
                }
                case 4 -> files.system.reclaim();
                default -> {
                    byte[] read = new byte[length];
                    int expected = Math.max(0, Math.min(length, size - offset));
                    assertThat(file.readAt(offset, read, length)).as(where).isEqualTo(expected);
                    assertThat(Arrays.copyOf(read, expected))
                            .as(where)
                            .isEqualTo(Arrays.copyOfRange(model, offset, offset + expected));
                }
            }
            assertThat(file.inode().sizeBytes()).as(where).isEqualTo(size);
        }
        file.release();
    }

    private static byte[] bytes(Random random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
