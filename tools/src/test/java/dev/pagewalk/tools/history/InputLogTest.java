package dev.pagewalk.tools.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.io.ByteStreams;
import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.console.ConsoleInput;
import dev.pagewalk.emulator.MachinePosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputLogTest {
    private static final String IMAGE = "0123456789abcdef".repeat(4);
    private static final String HEADER = "{\"format\":\"pagewalk input log\",\"version\":1,\"image_sha256\":\"" + IMAGE
            + "\",\"options\":{\"harts\":4}}\n";

    @TempDir
    Path folder;

    private Path file;
    private final ObjectNode options = new ObjectMapper().createObjectNode().put("harts", 4);
    private final List<InputEntry> all = new ArrayList<>();

    @BeforeEach
    void nameTheFile() {
        file = folder.resolve("run.log");
    }

    @Test
    void whatIsWrittenIsReadAgain() throws IOException {
        List<InputEntry> entries = List.of(
                entry(0, 0, 1, new RecordedInput.ConsoleBytes(new byte[] {0, -1, '\n'})),
                entry(0, 0, 0, new RecordedInput.MemoryWrite(1, 0x7fff_ffff_f000L, new byte[] {1})),
                entry(7, 3, 0, new RecordedInput.RegisterWrite(2, 32, Long.MIN_VALUE)),
                entry(7, 3, 0, new RecordedInput.SuspendedTasks(new TreeSet<>(List.of(9, 3)))),
                entry(8, 3, 0, new RecordedInput.SuspendedTasks(new TreeSet<>())),
                entry(9, 4, 2, new RecordedInput.SignalDecision(3, 0)),
                entry(9, 4, 3, new RecordedInput.SentSignal(3, 64)),
                entry(1L << 60, 1L << 61, 0, new RecordedInput.Kill(5)),
                entry(1L << 60, 1L << 61, 0, new RecordedInput.ConsoleHangUp()));
        try (InputLogWriter writer = writer()) {
            entries.forEach(entry -> come(writer, entry));
        }

        InputLog log = InputLogReader.read(file);

        assertThat(log.imageSha256()).isEqualTo(IMAGE);
        assertThat(log.options()).isEqualTo(options);
        assertThat(log.entries()).usingRecursiveComparison().isEqualTo(entries);
        assertThat(log.stream()).isEmpty();
        assertThat(Files.readString(file)).startsWith(HEADER);
    }

    @Test
    void aLineIsInTheFileWhenItsInputHasCome() throws IOException {
        try (InputLogWriter writer = writer()) {
            come(writer, entry(5, 6, 0, new RecordedInput.Kill(1)));
            assertThat(Files.readString(file))
                    .isEqualTo(HEADER + "{\"turn\":5,\"retired\":6,\"input\":\"kill\",\"pid\":1}\n");
        }
    }

    @Test
    void anotherFutureReplacesTheOneThatWasWritten() {
        InputEntry first = entry(1, 1, 0, new RecordedInput.ConsoleBytes(new byte[] {1}));
        InputEntry second = entry(9, 9, 0, new RecordedInput.ConsoleHangUp());
        InputEntry other = entry(4, 4, 0, new RecordedInput.ConsoleBytes(new byte[] {2}));
        try (InputLogWriter writer = writer()) {
            come(writer, first);
            come(writer, second);
            // The run goes back, has the first one again, and somebody intervenes.
            writer.came(first, all);
            all.remove(second);
            come(writer, other);
        }
        assertThat(InputLogReader.read(file).entries())
                .usingRecursiveComparison()
                .isEqualTo(List.of(first, other));
    }

    @Test
    void inputsThatAreKnownAreWrittenOnlyWhenTheyCome() {
        InputEntry first = entry(1, 1, 0, new RecordedInput.Kill(1));
        InputEntry second = entry(2, 2, 0, new RecordedInput.Kill(2));
        all.addAll(List.of(first, second));
        try (InputLogWriter writer = writer()) {
            writer.came(first, all);
            assertThat(InputLogReader.read(file).entries()).hasSize(1);
            writer.came(first, all);
            assertThat(InputLogReader.read(file).entries()).hasSize(1);
            writer.came(second, all);
            assertThat(InputLogReader.read(file).entries()).hasSize(2);
        }
    }

    @Test
    void aStreamIsGatheredIntoLinesAndComesBackWhole() throws IOException {
        byte[] bytes = new byte[10_000];
        new Random(1).nextBytes(bytes);
        InputEntry kill = entry(1, 1, 0, new RecordedInput.Kill(1));
        try (InputLogWriter writer = writer()) {
            for (int i = 0; i < bytes.length; i++) {
                writer.streamed(bytes[i]);
                if (i == 5000) {
                    writer.flush();
                    writer.flush();
                    come(writer, kill);
                }
            }
            assertThat(Files.readAllLines(file)).hasSize(1 + 2 + 1 + 1);
        }
        assertThat(Files.readAllLines(file)).hasSize(1 + 2 + 1 + 2);
        assertThat(InputLogReader.read(file).stream()).isEqualTo(bytes);
        assertThat(InputLogReader.read(file).entries()).hasSize(1);
    }

    @Test
    void aRecordedStreamLogsEachByteOnceHoweverOftenItGoesBack() {
        byte[] bytes = "abcdef".getBytes(StandardCharsets.US_ASCII);
        try (InputLogWriter writer = writer()) {
            RecordedStream stream = new RecordedStream(new BytesConsoleInput(bytes), writer);
            stream.next();
            var out = ByteStreams.newDataOutput();
            stream.save(out);
            stream.next();
            stream.next();
            stream.restore(ByteStreams.newDataInput(out.toByteArray()));
            for (int value = stream.next(); value != ConsoleInput.NONE; value = stream.next()) {
                assertThat(stream.mayWait()).isFalse();
            }
            assertThat(stream.ended()).isTrue();
        }
        assertThat(InputLogReader.read(file).stream()).isEqualTo(bytes);
    }

    @Test
    void aFullDiskIsOneError() {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "the host has no disk that is full");
        assertThatThrownBy(() -> new InputLogWriter(full, IMAGE, options))
                .isInstanceOf(InputLogException.class)
                .hasMessage("cannot write the input log to /dev/full: No space left on device");
    }

    @Test
    void aFailureIsToldOnce() {
        InputLogWriter writer = writer();
        writer.close();
        // A file that has been closed cannot be written either.
        assertThatThrownBy(() -> come(writer, entry(1, 1, 0, new RecordedInput.Kill(1))))
                .isInstanceOf(InputLogException.class)
                .hasMessage("cannot write the input log to " + file + ": input or output fails");
        assertThatCode(() -> {
                    come(writer, entry(2, 2, 0, new RecordedInput.Kill(1)));
                    writer.streamed('x');
                    writer.close();
                })
                .doesNotThrowAnyException();
    }

    @Test
    void aFolderThatIsNotThereIsOneError() {
        assertThatThrownBy(() -> new InputLogWriter(folder.resolve("no/log"), IMAGE, options))
                .isInstanceOf(InputLogException.class)
                .hasMessageContaining("no such file or folder");
        assertThatThrownBy(() -> InputLogReader.read(file))
                .isInstanceOf(InputLogException.class)
                .hasMessage("cannot read the input log from " + file + ": no such file or folder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | the file is empty",
                "`\n` | not a JSON object",
                "`{}\n` | this is no input log of pagewalk's",
                "`[1]\n` | not a JSON object",
                "`\u007fELF\n` | not JSON",
                "`{\"format\":\"pagewalk input log\",\"version\":2}\n` | the log is of version 2, but this program reads version 1",
                "`{\"format\":\"pagewalk input log\",\"version\":\"1\"}\n` | the log is of version \"1\"",
                "`{\"format\":\"pagewalk input log\",\"version\":1}\n` | 'image_sha256' is missing",
                "`{\"format\":\"pagewalk input log\",\"version\":1,\"image_sha256\":\"xyz\",\"options\":{}}\n` | 'image_sha256' is no SHA-256",
            })
    void aBadHeaderIsRefused(String text, String problem) throws IOException {
        Files.writeString(file, text == null ? "" : text);
        assertThatThrownBy(() -> InputLogReader.read(file))
                .isInstanceOf(InputLogException.class)
                .hasMessageStartingWith(file + ", line 1: " + problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "nonsense | not JSON",
                "{\"turn\":5 | not JSON",
                "{\"turn\":5,\"turn\":6} | not JSON",
                "{\"turn\":5,\"retired\":5,\"input\":\"kill\",\"pid\":1}{} | not JSON",
                "5 | not a JSON object",
                "{\"turn\":5,\"retired\":5} | 'input' is missing",
                "{\"turn\":5,\"retired\":5,\"input\":\"rm\"} | 'rm' is no kind of input",
                "{\"turn\":5,\"retired\":5,\"input\":7} | 'input' is no text",
                "{\"turn\":5,\"retired\":5,\"input\":\"kill\",\"pid\":1,\"x\":1} | 'x' has no meaning here",
                "{\"turn\":5,\"retired\":5,\"input\":\"kill\"} | 'pid' is missing",
                "{\"turn\":5,\"retired\":5,\"input\":\"kill\",\"pid\":0} | 'pid' is not a number from 1 to",
                "{\"turn\":5,\"retired\":5,\"input\":\"kill\",\"pid\":2147483648} | 'pid' is not a number from 1 to",
                "{\"turn\":5,\"retired\":5,\"input\":\"kill\",\"pid\":1.5} | 'pid' is not a number from 1 to",
                "{\"turn\":-1,\"retired\":5,\"input\":\"kill\",\"pid\":1} | 'turn' is not a number from 0 to",
                "{\"turn\":5,\"retired\":99999999999999999999,\"input\":\"kill\",\"pid\":1} | 'retired' is not a number from 0 to",
                "{\"turn\":5,\"retired\":5,\"holds\":0,\"input\":\"kill\",\"pid\":1} | 'holds' is not a number from 1 to",
                "{\"turn\":3,\"retired\":5,\"input\":\"kill\",\"pid\":1} | the input comes before the one above it",
                "{\"turn\":5,\"retired\":3,\"input\":\"kill\",\"pid\":1} | the input comes before the one above it",
                "{\"turn\":4,\"retired\":4,\"holds\":1,\"input\":\"kill\",\"pid\":1} | the input comes before the one above it",
                "{\"turn\":5,\"retired\":5,\"input\":\"console\",\"bytes\":\"\"} | 'bytes' has 0 bytes, but must have 1 to 65536",
                "{\"turn\":5,\"retired\":5,\"input\":\"console\",\"bytes\":\"*\"} | 'bytes' is not in base64",
                "{\"turn\":5,\"retired\":5,\"input\":\"register\",\"tid\":1,\"register\":0,\"value\":1} | 'register' is not a number from 1 to 32",
                "{\"turn\":5,\"retired\":5,\"input\":\"register\",\"tid\":1,\"register\":33,\"value\":1} | 'register' is not a number from 1 to 32",
                "{\"turn\":5,\"retired\":5,\"input\":\"suspend\",\"tids\":[2,2]} | 'tids' is not a number from 3 to",
                "{\"turn\":5,\"retired\":5,\"input\":\"suspend\",\"tids\":7} | 'tids' is no array",
                "{\"turn\":5,\"retired\":5,\"input\":\"signal\",\"tid\":1,\"signal\":0} | 'signal' is not a number from 1 to 64",
                "{\"turn\":5,\"retired\":5,\"input\":\"decision\",\"tid\":1,\"signal\":65} | 'signal' is not a number from 0 to 64",
                "{\"input\":\"back\",\"inputs\":2} | 'inputs' is not a number from 0 to 1",
                "{\"turn\":5,\"retired\":5,\"input\":\"stream\",\"bytes\":\"YQ==\"} | 'turn' has no meaning here",
            })
    void aBadLineIsRefusedWithItsNumber(String line, String problem) throws IOException {
        Files.writeString(file, HEADER + "{\"turn\":4,\"retired\":4,\"input\":\"kill\",\"pid\":1}\n" + line + "\n");
        assertThatThrownBy(() -> InputLogReader.read(file))
                .isInstanceOf(InputLogException.class)
                .hasMessageStartingWith(file + ", line 3: " + problem)
                .message()
                .hasLineCount(1)
                .hasSizeLessThan(400);
    }

    @Test
    void onlyALogThatHasComeToItsEndIsComplete() throws IOException {
        Files.writeString(file, HEADER);
        assertThat(InputLogReader.read(file).isComplete()).isFalse();
        Files.writeString(file, HEADER + "{\"input\":\"end\"}\n");
        assertThat(InputLogReader.read(file).isComplete()).isTrue();
        Files.writeString(file, HEADER + "{\"input\":\"end\"}\n".repeat(2));
        assertThatThrownBy(() -> InputLogReader.read(file)).hasMessage(file + ", line 3: the log has ended above");
    }

    @Test
    void aCutLastLineIsRefused() throws IOException {
        Files.writeString(file, HEADER + "{\"turn\":4,\"retired\":4,\"input\":\"kill\",\"pid\":1}");
        assertThatThrownBy(() -> InputLogReader.read(file))
                .hasMessage(file + ", line 2: the line is cut off: the log is not complete");
    }

    @Test
    void aLineWithoutAnEndIsRefusedBeforeItIsAllRead() throws IOException {
        Files.writeString(file, HEADER + "[".repeat(5 << 20));
        assertThatThrownBy(() -> InputLogReader.read(file))
                .hasMessage(file + ", line 2: the line is longer than 2097152 bytes");
        Files.writeString(file, HEADER + "[".repeat(1 << 20) + "\n");
        assertThatThrownBy(() -> InputLogReader.read(file)).hasMessageStartingWith(file + ", line 2: not JSON: ");
    }

    @Test
    void nothingArrivesOnceTheConsoleIsHungUpUnlessThatIsTakenBack() throws IOException {
        String hangUp = "{\"turn\":4,\"retired\":4,\"input\":\"hang-up\"}\n";
        String bytes = "{\"turn\":4,\"retired\":4,\"input\":\"console\",\"bytes\":\"YQ==\"}\n";
        Files.writeString(file, HEADER + hangUp + bytes);
        assertThatThrownBy(() -> InputLogReader.read(file))
                .hasMessage(file + ", line 3: the console has been hung up above");
        Files.writeString(file, HEADER + hangUp + "{\"input\":\"back\",\"inputs\":0}\n" + bytes);
        assertThat(InputLogReader.read(file).entries()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void aDamagedLogIsReadOrRefusedAndNothingElse(long seed) throws IOException {
        try (InputLogWriter writer = writer()) {
            come(writer, entry(1, 1, 0, new RecordedInput.ConsoleBytes(new byte[] {1, 2, 3})));
            come(writer, entry(2, 2, 1, new RecordedInput.MemoryWrite(1, 4096, new byte[8])));
            come(writer, entry(3, 3, 0, new RecordedInput.SuspendedTasks(new TreeSet<>(List.of(1, 2)))));
            writer.streamed('x');
        }
        byte[] whole = Files.readAllBytes(file);
        Random random = new Random(seed);
        for (int round = 0; round < 500; round++) {
            byte[] damaged = whole.clone();
            for (int i = random.nextInt(4); i >= 0; i--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
            }
            Files.write(file, damaged);
            try {
                InputLogReader.read(file);
            } catch (InputLogException e) {
                assertThat(e.getMessage())
                        .as("seed %d", seed)
                        .startsWith(file + ", line ")
                        .hasLineCount(1);
            }
        }
    }

    private InputLogWriter writer() {
        return new InputLogWriter(file, IMAGE, options);
    }

    private void come(InputLogWriter writer, InputEntry entry) {
        all.add(entry);
        writer.came(entry, List.copyOf(all));
    }

    private static InputEntry entry(long turn, long retired, int holds, RecordedInput input) {
        return new InputEntry(new MachinePosition(turn, retired, holds), input);
    }
}
