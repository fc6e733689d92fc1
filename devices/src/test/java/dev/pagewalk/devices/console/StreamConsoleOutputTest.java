package dev.pagewalk.devices.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.junit.jupiter.api.Test;

class StreamConsoleOutputTest {
    private final ByteArrayOutputStream host = new ByteArrayOutputStream();
    private final StreamConsoleOutput output = new StreamConsoleOutput(host);

    @Test
    void bytesAppearWhenFlushed() {
        output.write('a');
        output.write('\n');
        assertThat(host.size()).isZero();

        output.flush();
        assertThat(host.toByteArray()).containsExactly('a', '\n');

        output.flush();
        assertThat(host.size()).isEqualTo(2);
    }

    @Test
    void bytesAppearWhenEightKibibytesArePending() {
        for (int i = 0; i < 8191; i++) {
            output.write(i);
        }
        assertThat(host.size()).isZero();
        output.write(8191);
        assertThat(host.size()).isEqualTo(8192);
        output.write(0);
        output.flush();
        assertThat(host.size()).isEqualTo(8193);
        assertThat(host.toByteArray()[300]).isEqualTo((byte) 300);
    }

    @Test
    void aFlushReachesTheHostsOwnBuffer() {
        int[] flushes = {0};
        StreamConsoleOutput counted = new StreamConsoleOutput(new OutputStream() {
            @Override
            public void write(int value) {}

            @Override
            public void flush() {
                flushes[0]++;
            }
        });
        counted.flush();
        counted.write('a');
        counted.flush();
        assertThat(flushes[0]).isEqualTo(1);
    }

    @Test
    void aClosedPipeIsReportedOnceInOneLine() {
        StreamConsoleOutput broken = new StreamConsoleOutput(brokenPipe("Broken pipe\nsecond line"));
        broken.write('a');

        assertThatThrownBy(broken::flush)
                .isInstanceOf(ConsoleClosedException.class)
                .hasMessage("cannot write console output: Broken pipe")
                .hasCauseInstanceOf(IOException.class);

        assertThatCode(() -> {
                    for (int i = 0; i < 20_000; i++) {
                        broken.write('b');
                    }
                    broken.flush();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void aFailureWithoutAMessageIsNamedByItsKind() {
        StreamConsoleOutput broken = new StreamConsoleOutput(brokenPipe(null));
        broken.write('a');
        assertThatThrownBy(broken::flush).hasMessage("cannot write console output: IOException");
    }

    @Test
    void aCaptureKeepsUpToItsLimit() {
        CapturedConsoleOutput capture = new CapturedConsoleOutput(3);
        for (char c : "abc".toCharArray()) {
            capture.write(c);
        }
        assertThat(capture.truncated()).isFalse();

        capture.write('d');
        capture.flush();

        assertThat(capture.truncated()).isTrue();
        assertThat(capture.text()).isEqualTo("abc");
        assertThat(capture.bytes()).containsExactly('a', 'b', 'c');
    }

    @Test
    void aCaptureIsReadAsUtf8() {
        CapturedConsoleOutput capture = new CapturedConsoleOutput(10);
        capture.write(0xC3);
        capture.write(0xA4);
        assertThat(capture.text()).isEqualTo("ä");
    }

    @Test
    void aNegativeLimitIsRefused() {
        assertThatThrownBy(() -> new CapturedConsoleOutput(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    private static OutputStream brokenPipe(String message) {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(message);
            }
        };
    }
}
