package dev.pagewalk.tools.history;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.emulator.MachinePosition;
import dev.pagewalk.tools.run.HostFiles;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Reads an input log as a whole, and believes nothing of it. */
public final class InputLogReader {
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final int NO_HANG_UP = -1;
    private static final int MAX_NESTING = 20;
    private static final int MAX_NUMBER_LENGTH = 40;

    private final ObjectMapper json = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(MAX_NESTING)
                            .maxNumberLength(MAX_NUMBER_LENGTH)
                            .maxStringLength(InputLogFormat.MAX_LINE_BYTES)
                            .build())
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final Path file;
    private final List<InputEntry> entries = new ArrayList<>();
    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private long lineNumber;
    private boolean ended;
    /** Which input has been the console's end. */
    private int hangUp = NO_HANG_UP;

    private InputLogReader(Path file) {
        this.file = file;
    }

    /**
     * Reads a log.
     *
     * @throws InputLogException where it cannot be read, or anything in it is not as {@link InputLogWriter} has it
     */
    public static InputLog read(Path file) {
        return new InputLogReader(file).read();
    }

    private InputLog read() {
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file))) {
            byte[] first = nextLine(in);
            if (first == null) {
                lineNumber = 1;
                throw wrong("the file is empty");
            }
            ObjectNode header = object(first);
            checkFormat(header);
            LogLine line = new LogLine(header);
            line.text(InputLogFormat.FIELD_FORMAT);
            line.integer(InputLogFormat.FIELD_VERSION, 1, InputLogFormat.VERSION);
            String image = line.text(InputLogFormat.FIELD_IMAGE);
            if (!SHA256.matcher(image).matches()) {
                throw wrong("'" + InputLogFormat.FIELD_IMAGE + "' is no SHA-256 in hexadecimal");
            }
            ObjectNode options = line.object(InputLogFormat.FIELD_OPTIONS);
            line.finish();
            for (byte[] next = nextLine(in); next != null; next = nextLine(in)) {
                add(new LogLine(object(next)));
            }
            return new InputLog(image, options, entries, stream.toByteArray(), ended);
        } catch (IOException e) {
            throw new InputLogException(
                    "cannot read " + InputLogWriter.PURPOSE + " from " + file + ": " + HostFiles.reason(e), e);
        } catch (LogLineException e) {
            throw wrong(e.getMessage());
        }
    }

    /** Before the rest of the header: another version may have another one. */
    private void checkFormat(ObjectNode header) {
        if (!InputLogFormat.FORMAT.equals(
                header.path(InputLogFormat.FIELD_FORMAT).textValue())) {
            throw wrong("this is no input log of pagewalk's");
        }
        JsonNode version = header.path(InputLogFormat.FIELD_VERSION);
        if (!version.isInt() || version.intValue() != InputLogFormat.VERSION) {
            throw wrong(
                    "the log is of version " + version + ", but this program reads version " + InputLogFormat.VERSION);
        }
    }

    private void add(LogLine line) throws LogLineException {
        if (ended) {
            throw new LogLineException("the log has ended above");
        }
        String kind = line.text(InputLogFormat.FIELD_KIND);
        switch (kind) {
            case InputLogFormat.STREAM -> {
                stream.writeBytes(line.bytes(InputLogFormat.MAX_STREAM_CHUNK_BYTES));
                if (stream.size() > InputLogFormat.MAX_STREAM_BYTES) {
                    throw new LogLineException("the log has more input than a run can be given");
                }
            }
            case InputLogFormat.BACK -> {
                int kept = line.integer(InputLogFormat.FIELD_INPUTS, 0, entries.size());
                entries.subList(kept, entries.size()).clear();
                hangUp = hangUp < kept ? hangUp : NO_HANG_UP;
            }
            case InputLogFormat.END -> ended = true;
            default -> addEntry(new InputEntry(position(line), input(kind, line)));
        }
        line.finish();
    }

    private void addEntry(InputEntry entry) throws LogLineException {
        if (entries.size() == InputLogFormat.MAX_ENTRIES) {
            throw new LogLineException("the log has more than " + InputLogFormat.MAX_ENTRIES + " inputs");
        }
        entries.add(entry);
    }

    private MachinePosition position(LogLine line) throws LogLineException {
        MachinePosition position = new MachinePosition(
                line.number(InputLogFormat.FIELD_TURN, 0),
                line.number(InputLogFormat.FIELD_RETIRED, 0),
                line.has(InputLogFormat.FIELD_HOLDS)
                        ? line.integer(InputLogFormat.FIELD_HOLDS, 1, Integer.MAX_VALUE)
                        : 0);
        MachinePosition last = entries.isEmpty()
                ? MachinePosition.START
                : entries.get(entries.size() - 1).position();
        boolean isBefore = position.turn() < last.turn() || position.retired() < last.retired();
        if (isBefore || !entries.isEmpty() && position.compareTo(last) < 0) {
            throw new LogLineException("the input comes before the one above it");
        }
        return position;
    }

    private RecordedInput input(String kind, LogLine line) throws LogLineException {
        return switch (kind) {
            case InputLogFormat.CONSOLE -> {
                requireConnected();
                yield new RecordedInput.ConsoleBytes(line.bytes(InputLogFormat.MAX_CONSOLE_BYTES));
            }
            case InputLogFormat.HANG_UP -> {
                requireConnected();
                hangUp = entries.size();
                yield new RecordedInput.ConsoleHangUp();
            }
            case InputLogFormat.MEMORY ->
                new RecordedInput.MemoryWrite(
                        line.id(InputLogFormat.FIELD_PID),
                        line.number(InputLogFormat.FIELD_ADDRESS, Long.MIN_VALUE),
                        line.bytes(InputLogFormat.MAX_MEMORY_BYTES));
            case InputLogFormat.REGISTER ->
                new RecordedInput.RegisterWrite(
                        line.id(InputLogFormat.FIELD_TID),
                        line.integer(InputLogFormat.FIELD_REGISTER, 1, RecordedInput.RegisterWrite.PC),
                        line.number(InputLogFormat.FIELD_VALUE, Long.MIN_VALUE));
            case InputLogFormat.SUSPEND ->
                new RecordedInput.SuspendedTasks(
                        new TreeSet<>(line.ids(InputLogFormat.FIELD_TIDS, InputLogFormat.MAX_TIDS)));
            case InputLogFormat.DECISION ->
                new RecordedInput.SignalDecision(
                        line.id(InputLogFormat.FIELD_TID),
                        line.integer(InputLogFormat.FIELD_SIGNAL, 0, InputLogFormat.MAX_SIGNAL));
            case InputLogFormat.SIGNAL ->
                new RecordedInput.SentSignal(
                        line.id(InputLogFormat.FIELD_TID),
                        line.integer(InputLogFormat.FIELD_SIGNAL, 1, InputLogFormat.MAX_SIGNAL));
            case InputLogFormat.KILL -> new RecordedInput.Kill(line.id(InputLogFormat.FIELD_PID));
            default -> throw new LogLineException("'" + LogLine.abridged(kind) + "' is no kind of input");
        };
    }

    private void requireConnected() throws LogLineException {
        if (hangUp != NO_HANG_UP) {
            throw new LogLineException("the console has been hung up above");
        }
    }

    private ObjectNode object(byte[] line) {
        JsonNode node;
        try {
            node = json.readTree(line);
        } catch (JsonProcessingException e) {
            throw wrong("not JSON: "
                    + LogLine.abridged(
                            e.getOriginalMessage().lines().findFirst().orElse("")));
        } catch (IOException e) {
            throw wrong("not JSON");
        }
        if (!(node instanceof ObjectNode)) {
            throw wrong("not a JSON object");
        }
        return (ObjectNode) node;
    }

    /** The bytes of the next line, without its end; null behind the last one. */
    private byte[] nextLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int value = in.read();
        if (value < 0) {
            return null;
        }
        lineNumber++;
        while (value != '\n') {
            if (value < 0) {
                throw wrong("the line is cut off: the log is not complete");
            }
            if (line.size() == InputLogFormat.MAX_LINE_BYTES) {
                throw wrong("the line is longer than " + InputLogFormat.MAX_LINE_BYTES + " bytes");
            }
            line.write(value);
            value = in.read();
        }
        return line.toByteArray();
    }

    private InputLogException wrong(String what) {
        return new InputLogException(file + ", line " + lineNumber + ": " + what);
    }
}
