package dev.pagewalk.devices.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.devices.testing.Snapshots;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleInputTest {
    static Stream<Function<byte[], ConsoleInput>> kinds() {
        return Stream.of(
                BytesConsoleInput::new,
                bytes -> new StreamConsoleInput(new ByteArrayInputStream(bytes)),
                bytes -> new StreamConsoleInput(new OneByteAtATime(bytes)));
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void deliversEveryByteAndThenNone(Function<byte[], ConsoleInput> kind) {
        ConsoleInput input = kind.apply(new byte[] {0, 127, -128, -1});
        assertThat(input.next()).isZero();
        assertThat(input.next()).isEqualTo(127);
        assertThat(input.next()).isEqualTo(128);
        assertThat(input.next()).isEqualTo(255);
        assertThat(input.next()).isEqualTo(ConsoleInput.NONE);
        assertThat(input.next()).isEqualTo(ConsoleInput.NONE);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aRestoreGoesBackToTheSavedPosition(Function<byte[], ConsoleInput> kind) {
        ConsoleInput input = kind.apply(ascii("abcdef"));
        take(input, 2);
        byte[] atTwo = Snapshots.save(input);
        take(input, 2);
        byte[] atFour = Snapshots.save(input);
        assertThat(take(input, 9)).isEqualTo("ef");

        Snapshots.restore(input, atTwo);
        assertThat(Snapshots.save(input)).isEqualTo(atTwo);
        assertThat(take(input, 1)).isEqualTo("c");

        Snapshots.restore(input, atFour);
        assertThat(take(input, 9)).isEqualTo("ef");

        Snapshots.restore(input, atTwo);
        assertThat(take(input, 9)).isEqualTo("cdef");
        assertThat(input.next()).isEqualTo(ConsoleInput.NONE);
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void aFreshInputTakesUpASnapshotOfAnother(Function<byte[], ConsoleInput> kind) {
        ConsoleInput original = kind.apply(ascii("abcdef"));
        take(original, 3);
        byte[] saved = Snapshots.save(original);
        ConsoleInput fresh = kind.apply(ascii("abcdef"));

        Snapshots.restore(fresh, saved);
        assertThat(take(fresh, 9)).isEqualTo("def");

        Snapshots.restore(fresh, saved);
        assertThat(take(fresh, 9)).isEqualTo("def");
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void aStreamAgreesWithGivenBytesUnderRandomSnapshots(long seed) {
        Random random = new Random(seed);
        byte[] bytes = new byte[20_000];
        random.nextBytes(bytes);
        ConsoleInput stream = new StreamConsoleInput(new ByteArrayInputStream(bytes));
        ConsoleInput given = new BytesConsoleInput(bytes);
        byte[] saved = Snapshots.save(stream);
        for (int step = 0; step < 200; step++) {
            if (random.nextInt(4) == 0) {
                Snapshots.restore(stream, saved);
                Snapshots.restore(given, saved);
            } else if (random.nextInt(3) == 0) {
                saved = Snapshots.save(stream);
            }
            for (int i = random.nextInt(400); i > 0; i--) {
                assertThat(stream.next()).as("seed %d, step %d", seed, step).isEqualTo(given.next());
            }
        }
    }

    @Test
    void aStreamForgetsWhatItDeliveredBeforeTheFirstSnapshot() {
        StreamConsoleInput input = new StreamConsoleInput(new ByteArrayInputStream(ascii("abcdef")));
        byte[] atZero = Snapshots.save(new BytesConsoleInput(new byte[0]));
        take(input, 3);

        assertThatThrownBy(() -> Snapshots.restore(input, atZero))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("console input before byte 3 was not kept, but the snapshot is at byte 0");
        assertThat(take(input, 1)).isEqualTo("d");
    }

    @Test
    void aSnapshotBeyondTheEndOfTheInputIsRefused() {
        StreamConsoleInput longer = new StreamConsoleInput(new ByteArrayInputStream(ascii("abcdef")));
        take(longer, 5);
        byte[] saved = Snapshots.save(longer);
        StreamConsoleInput shorter = new StreamConsoleInput(new ByteArrayInputStream(ascii("abc")));

        assertThatThrownBy(() -> Snapshots.restore(shorter, saved))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("console input ends at byte 3, but the snapshot is at byte 5");
    }

    @Test
    void theEndIsFinalEvenWhereTheHostWouldGoOn() {
        StreamConsoleInput input = new StreamConsoleInput(new InputStream() {
            private int calls;

            @Override
            public int read() {
                throw new AssertionError("reads whole buffers");
            }

            @Override
            public int read(byte[] buffer, int offset, int length) {
                buffer[offset] = 'x';
                return calls++ == 1 ? -1 : 1;
            }
        });
        assertThat(take(input, 9)).isEqualTo("x");
        assertThat(input.next()).isEqualTo(ConsoleInput.NONE);
        assertThat(input.mayWait()).isFalse();
    }

    @Test
    void mayWaitOnlyWhereTheHostHasToBeAsked() {
        StreamConsoleInput input = new StreamConsoleInput(new ByteArrayInputStream(ascii("ab")));
        assertThat(input.mayWait()).isTrue();
        byte[] start = Snapshots.save(input);
        input.next();
        assertThat(input.mayWait()).isFalse();
        input.next();
        assertThat(input.mayWait()).isTrue();
        Snapshots.restore(input, start);
        assertThat(input.mayWait()).isFalse();
        assertThat(new BytesConsoleInput(ascii("ab")).mayWait()).isFalse();
    }

    /** The limit only keeps a broken build from hanging. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void tellsOtherThreadsThatItWaits() throws Exception {
        try (PipedOutputStream typing = new PipedOutputStream();
                PipedInputStream stream = new PipedInputStream(typing)) {
            StreamConsoleInput input = new StreamConsoleInput(stream);
            assertThat(input.waiting()).isFalse();

            CompletableFuture<Integer> next = CompletableFuture.supplyAsync(input::next);
            while (!input.waiting()) {
                Thread.onSpinWait();
            }
            typing.write('k');
            typing.flush();

            assertThat(next.get(60, TimeUnit.SECONDS)).isEqualTo('k');
            assertThat(input.waiting()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void theEndIsKnownWhenItHasBeenMet(Function<byte[], ConsoleInput> kind) {
        ConsoleInput input = kind.apply(ascii("ab"));
        input.next();
        assertThat(input.ended()).isFalse();
        input.next();
        byte[] atEnd = Snapshots.save(input);
        input.next();
        assertThat(input.ended()).isTrue();
        assertThat(input.hasArrived()).isFalse();
        Snapshots.restore(input, atEnd);
        assertThat(input.next()).isEqualTo(ConsoleInput.NONE);
        assertThat(input.ended()).isTrue();
    }

    @Test
    void theHostIsReadOnlyWhenTheGuestAsksForMore() throws Exception {
        Semaphore reads = new Semaphore(0);
        StreamConsoleInput input = new StreamConsoleInput(new ByteArrayInputStream(ascii("abcd")) {
            @Override
            public synchronized int read(byte[] buffer, int offset, int length) {
                reads.release();
                return super.read(buffer, offset, Math.min(length, 2));
            }
        });
        assertThat(input.wouldWait(1)).isTrue();
        assertThat(reads.tryAcquire(100, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(take(input, 2)).isEqualTo("ab");
        assertThat(reads.tryAcquire()).isTrue();
        assertThat(reads.tryAcquire(100, TimeUnit.MILLISECONDS)).isFalse();
        assertThat(take(input, 1)).isEqualTo("c");
        assertThat(reads.tryAcquire()).isTrue();
    }

    @Test
    void aLineThatHasComeIsReadWithoutWaiting() {
        StreamConsoleInput input = new StreamConsoleInput(new ByteArrayInputStream(ascii("one\ntwo")));
        assertThat(input.awaitLine(100, () -> false)).isTrue();
        assertThat(input.wouldWait(100)).isFalse();
        assertThat(input.mayWait()).isFalse();
        byte[] start = Snapshots.save(input);
        assertThat(take(input, 4)).isEqualTo("one\n");

        assertThat(input.wouldWait(3)).isFalse();
        assertThat(input.awaitLine(4, () -> false)).isTrue();
        assertThat(input.wouldWait(4)).isFalse();
        assertThat(take(input, 9)).isEqualTo("two");
        assertThat(input.wouldWait(1)).isFalse();
        assertThat(input.awaitLine(1, () -> false)).isTrue();

        Snapshots.restore(input, start);
        assertThat(input.wouldWait(100)).isFalse();
        assertThat(take(input, 9)).isEqualTo("one\ntwo");
    }

    /** The limit only keeps a broken build from hanging. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void waitingForALineEndsWhenItIsComplete() throws Exception {
        try (PipedOutputStream typing = new PipedOutputStream();
                PipedInputStream stream = new PipedInputStream(typing)) {
            StreamConsoleInput input = new StreamConsoleInput(stream);
            CompletableFuture<Boolean> line = CompletableFuture.supplyAsync(() -> input.awaitLine(100, () -> false));
            typing.write(ascii("ab"));
            typing.flush();
            while (!input.waiting()) {
                Thread.onSpinWait();
            }
            assertThat(line.isDone()).isFalse();
            typing.write('\n');
            typing.flush();
            assertThat(line.get(60, TimeUnit.SECONDS)).isTrue();
            assertThat(input.waiting()).isFalse();
            assertThat(take(input, 3)).isEqualTo("ab\n");
        }
    }

    /** The limit only keeps a broken build from hanging. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void waitingForALineCanBeGivenUpAndLosesNothing() throws Exception {
        try (PipedOutputStream typing = new PipedOutputStream();
                PipedInputStream stream = new PipedInputStream(typing)) {
            StreamConsoleInput input = new StreamConsoleInput(stream);
            typing.write(ascii("ab"));
            typing.flush();
            int[] looks = {0};
            assertThat(input.awaitLine(100, () -> looks[0]++ == 3)).isFalse();
            assertThat(input.waiting()).isFalse();
            assertThat(input.awaitLine(2, () -> false)).isTrue();
            typing.write('c');
            typing.flush();
            assertThat(take(input, 3)).isEqualTo("abc");
        }
    }

    @Test
    void aFailingHostDoesNotMakeAReadWait() {
        StreamConsoleInput input = new StreamConsoleInput(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Input/output error");
            }
        });
        assertThat(input.awaitLine(5, () -> false)).isTrue();
        assertThatThrownBy(input::next).isInstanceOf(ConsoleClosedException.class);
    }

    @Test
    void aFailingHostIsReportedOnceAndThenTheInputHasEnded() {
        StreamConsoleInput input = new StreamConsoleInput(new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("Input/output error");
            }
        });
        assertThatThrownBy(input::next)
                .isInstanceOf(ConsoleClosedException.class)
                .hasMessage("cannot read console input: Input/output error");
        assertThat(input.waiting()).isFalse();
        assertThat(input.next()).isEqualTo(ConsoleInput.NONE);
    }

    private static String take(ConsoleInput input, int atMost) {
        StringBuilder taken = new StringBuilder();
        for (int i = 0; i < atMost; i++) {
            int value = input.next();
            if (value == ConsoleInput.NONE) {
                break;
            }
            taken.append((char) value);
        }
        return taken.toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** A host that hands over one byte per read, as a terminal may. */
    private static final class OneByteAtATime extends ByteArrayInputStream {
        OneByteAtATime(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] buffer, int offset, int length) {
            return super.read(buffer, offset, Math.min(length, 1));
        }
    }
}
