package dev.pagewalk.devices.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The limit only keeps a broken build from hanging. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HostInputPumpTest {
    private final Semaphore wakeUps = new Semaphore(0);

    @Test
    void whatIsTypedWakesTheOwnerAndCanBeTaken() throws Exception {
        HostInputPump pump;
        try (PipedOutputStream typing = new PipedOutputStream()) {
            pump = new HostInputPump(new PipedInputStream(typing), wakeUps::release);
            pump.start();
            assertThat(pump.take(10)).isEmpty();
            typing.write(new byte[] {1, 2, 3});
            typing.flush();
            wakeUps.acquire();
            assertThat(pump.take(2)).containsExactly(1, 2);
            assertThat(pump.take(2)).containsExactly(3);
            assertThat(pump.take(2)).isEmpty();
            assertThat(pump.isOver()).isFalse();
        }
        wakeUps.acquire();
        assertThat(pump.isOver()).isTrue();
        assertThat(pump.take(1)).isEmpty();
    }

    @Test
    void nothingIsReadBeforeItStarts() throws Exception {
        ByteArrayInputStream stream = new ByteArrayInputStream(new byte[] {1});
        HostInputPump pump = new HostInputPump(stream, wakeUps::release);
        assertThat(pump.isOver()).isFalse();
        assertThat(stream.available()).isEqualTo(1);
        pump.start();
        wakeUps.acquire();
        pump.start();
        assertThat(pump.take(9)).containsExactly(1);
    }

    @Test
    void aHostThatSendsForEverIsReadNoFurtherThanThereIsRoom() throws Exception {
        long[] read = {0};
        HostInputPump pump = new HostInputPump(
                new InputStream() {
                    @Override
                    public int read() {
                        throw new AssertionError("reads whole pieces");
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) {
                        read[0] += length;
                        return length;
                    }
                },
                wakeUps::release);
        pump.start();
        wakeUps.acquire(8);
        // Each read of the eight has brought 8 KiB: there is no room for another.
        assertThat(read[0]).isEqualTo(65_536);
        assertThat(pump.take(100)).hasSize(100);
        wakeUps.acquire();
        assertThat(pump.take(100_000)).hasSize(65_536);
    }

    @Test
    void aFailureIsToldOnceAfterWhatHasComeBefore() throws Exception {
        HostInputPump pump = new HostInputPump(
                new InputStream() {
                    private int calls;

                    @Override
                    public int read() throws IOException {
                        if (calls++ > 0) {
                            throw new IOException("Input/output error");
                        }
                        return 7;
                    }

                    @Override
                    public int read(byte[] target, int offset, int length) throws IOException {
                        target[offset] = (byte) read();
                        return 1;
                    }
                },
                wakeUps::release);
        pump.start();
        wakeUps.acquire(2);
        assertThat(pump.isOver()).isFalse();
        assertThat(pump.take(9)).containsExactly(7);
        assertThatThrownBy(() -> pump.take(9))
                .isInstanceOf(ConsoleClosedException.class)
                .hasMessage("cannot read console input: Input/output error");
        assertThat(pump.take(9)).isEmpty();
        assertThat(pump.isOver()).isTrue();
    }
}
