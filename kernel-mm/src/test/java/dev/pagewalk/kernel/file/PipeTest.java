package dev.pagewalk.kernel.file;

import static dev.pagewalk.kernel.testing.TestFiles.PAGE;
import static dev.pagewalk.kernel.testing.TestFiles.read;
import static dev.pagewalk.kernel.testing.TestFiles.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PipeTest {
    private static final int CAPACITY = 65_536;

    private final TestFiles files = new TestFiles(1 << 20);
    private PipeEnds pipe;

    @AfterEach
    void everyFrameComesBack() {
        assertThat(files.framesInUse()).isZero();
        assertThat(files.system.openFileCount()).isZero();
    }

    private OpenFile reader() throws KernelException {
        pipe = files.system.createPipe(0);
        return pipe.reader();
    }

    @Test
    void bytesComeOutInTheOrderInWhichTheyWentIn() throws KernelException {
        OpenFile reader = reader();
        write(pipe.writer(), "one ");
        write(pipe.writer(), "two");

        assertThat(read(reader, 5)).isEqualTo("one t");
        assertThat(read(reader, 5)).isEqualTo("wo");
        reader.release();
        pipe.writer().release();
    }

    @Test
    void anEmptyPipeWouldWaitWhileThereIsAWriterAndIsAtItsEndAfterwards() throws KernelException {
        OpenFile reader = reader();
        Readiness awaited = reader.awaited(true, 10);

        assertThat(read(reader, 10)).isNull();
        assertThat(read(reader, 0)).isEmpty();
        assertThat(awaited).isEqualTo(new Readiness(reader.inode().number(), true, 1));
        assertThat(files.system.isReady(awaited)).isFalse();
        write(pipe.writer(), "x");
        assertThat(files.system.isReady(awaited)).isTrue();
        pipe.writer().release();
        assertThat(files.system.isReady(awaited)).isTrue();
        assertThat(read(reader, 10)).isEqualTo("x");
        assertThat(read(reader, 10)).isEmpty();
        assertThat(files.system.isReady(awaited)).isTrue();
        reader.release();
        assertThat(files.system.isReady(awaited)).isTrue();
    }

    @Test
    void framesAreTakenWhenBytesComeAndGivenBackWhenTheyGo() throws KernelException {
        OpenFile reader = reader();
        assertThat(files.framesInUse()).isZero();

        write(pipe.writer(), "x".repeat(CAPACITY));
        assertThat(files.memory.frames.inUse(FrameUse.BUFFER)).isEqualTo(16);
        read(reader, PAGE + 1);
        assertThat(files.framesInUse()).isEqualTo(15);
        read(reader, CAPACITY);
        assertThat(files.framesInUse()).isZero();
        write(pipe.writer(), "unread");
        reader.release();
        pipe.writer().release();
    }

    @Test
    void aWriteUpTo4096BytesGoesInAsAWholeOrWaits() throws KernelException {
        OpenFile reader = reader();
        OpenFile writer = pipe.writer();
        write(writer, "x".repeat(CAPACITY - 10));

        assertThat(writer.room(11)).isZero();
        assertThat(writer.room(4096)).isZero();
        assertThat(writer.room(10)).isEqualTo(10);
        // A longer one may be cut.
        assertThat(writer.room(4097)).isEqualTo(10);
        Readiness small = writer.awaited(false, 11);
        Readiness large = writer.awaited(false, 5000);
        assertThat(files.system.isReady(small)).isFalse();
        assertThat(files.system.isReady(large)).isTrue();
        read(reader, 1);
        assertThat(files.system.isReady(small)).isTrue();
        assertThat(writer.room(11)).isEqualTo(11);
        reader.release();
        assertThat(files.system.isReady(writer.awaited(false, 4096))).isTrue();
        writer.release();
    }

    @Test
    void writingWithoutAReaderIsABrokenPipe() throws KernelException {
        reader().release();
        OpenFile writer = pipe.writer();

        assertThat(Errors.of(() -> writer.room(1))).isEqualTo(KernelError.BROKEN_PIPE);
        assertThat(Errors.of(() -> write(writer, "x"))).isEqualTo(KernelError.BROKEN_PIPE);
        assertThat(KernelError.BROKEN_PIPE.signal()).isEqualTo(Signal.SIGPIPE);
        writer.release();
    }

    @Test
    void anEndIsOpenAsLongAsAnyDescriptorNamesIt() throws KernelException {
        OpenFile reader = reader();
        OpenFile writer = pipe.writer();
        writer.addReference();

        writer.release();
        assertThat(read(reader, 1)).isNull();
        writer.release();
        assertThat(read(reader, 1)).isEmpty();
        reader.release();
    }

    @Test
    void whoeverWaitsIsToldOfEveryChange() throws KernelException {
        List<Long> told = new ArrayList<>();
        files.system.observePipes(told::add);
        OpenFile reader = reader();
        long number = reader.inode().number();
        assertThat(told).isEmpty();

        write(pipe.writer(), "abc");
        assertThat(told).containsExactly(number);
        read(reader, 2);
        assertThat(told).hasSize(2);
        read(reader, 2);
        assertThat(told).hasSize(3);
        assertThat(read(reader, 2)).isNull();
        assertThat(told).hasSize(3);
        pipe.writer().release();
        assertThat(told).hasSize(4);
        reader.release();
        assertThat(told).hasSize(5).containsOnly(number);
    }

    @Test
    void aPipeHasNoOffsetAndEachEndGoesOneWay() throws KernelException {
        OpenFile reader = reader();
        OpenFile writer = pipe.writer();

        assertThat(Errors.of(() -> reader.seek(0, OpenFile.SEEK_CURRENT))).isEqualTo(KernelError.NOT_SEEKABLE);
        assertThat(Errors.of(() -> reader.readAt(0, new byte[1], 1))).isEqualTo(KernelError.NOT_SEEKABLE);
        assertThat(Errors.of(() -> writer.writeAt(0, new byte[1], 1))).isEqualTo(KernelError.NOT_SEEKABLE);
        assertThat(Errors.of(() -> writer.truncate(0))).isEqualTo(KernelError.INVALID_ARGUMENT);
        assertThat(reader.isReadable()).isTrue();
        assertThat(reader.isWritable()).isFalse();
        assertThat(writer.isReadable()).isFalse();
        assertThat(writer.isWritable()).isTrue();
        assertThat(reader.inode().status().mode()).isEqualTo(0010600);
        reader.release();
        writer.release();
    }

    @Test
    void whereMemoryRunsOutAnAtomicWriteTakesNothingAndALongOneIsShort() throws KernelException {
        OpenFile reader = reader();
        OpenFile writer = pipe.writer();
        write(writer, "x".repeat(100));
        int[] left = {0};
        files.memory.frames.setFailurePlan(() -> left[0]-- <= 0);

        assertThat(Errors.of(() -> write(writer, "y".repeat(4096)))).isEqualTo(KernelError.OUT_OF_MEMORY);
        assertThat(files.framesInUse()).isEqualTo(1);
        assertThat(write(writer, "z")).isEqualTo(1);
        left[0] = 1;
        assertThat(write(writer, "a".repeat(3 * PAGE))).isEqualTo(2 * PAGE - 101);
        assertThat(files.framesInUse()).isEqualTo(2);
        assertThat(Errors.of(() -> write(writer, "b".repeat(3 * PAGE)))).isEqualTo(KernelError.OUT_OF_MEMORY);
        files.memory.frames.setFailurePlan(() -> false);
        assertThat(read(reader, CAPACITY)).isEqualTo("x".repeat(100) + "z" + "a".repeat(2 * PAGE - 101));
        reader.release();
        writer.release();
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13})
    void aPipeIsAQueueOfBytes(long seed) throws KernelException {
        Random random = new Random(seed);
        OpenFile reader = reader();
        StringBuilder model = new StringBuilder();
        for (int step = 0; step < 2000; step++) {
            int length = 1 + random.nextInt(random.nextBoolean() ? 100 : 20_000);
            if (random.nextBoolean()) {
                int room = pipe.writer().room(length);
                int free = CAPACITY - model.length();
                assertThat(room)
                        .as("seed " + seed)
                        .isEqualTo(length <= 4096 && free < length ? 0 : Math.min(length, free));
                String text = String.valueOf((char) ('a' + step % 26)).repeat(room);
                assertThat(write(pipe.writer(), text)).isEqualTo(room);
                model.append(text);
            } else {
                String expected = model.substring(0, Math.min(length, model.length()));
                assertThat(read(reader, length)).as("seed " + seed).isEqualTo(expected.isEmpty() ? null : expected);
                model.delete(0, expected.length());
            }
            assertThat(files.framesInUse()).isBetween((model.length() + PAGE - 1) / PAGE, model.length() / PAGE + 2);
        }
        reader.release();
        pipe.writer().release();
    }
}
