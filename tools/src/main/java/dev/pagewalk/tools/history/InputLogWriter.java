package dev.pagewalk.tools.history;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.emulator.MachinePosition;
import dev.pagewalk.tools.run.HostFiles;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a run's inputs to a file as they come: each line is in the file before the run goes on, so that a log of a run that
 * crashes leads to the crash. Only what the guest consumes of a synchronous input is gathered into lines of some size; {@link
 * #flush} writes what is left.
 *
 * <p>Where the file cannot be written, the first call that finds out throws, and later ones do nothing.
 */
public final class InputLogWriter implements GuestHistory.InputSink, AutoCloseable {
    /** What the file holds, for messages. */
    public static final String PURPOSE = "the input log";

    private static final int STREAM_LINE_BYTES = 4096;

    private final ObjectMapper json = new ObjectMapper();
    private final Path file;
    private final OutputStream out;
    /** The inputs that the file, read as a whole, has. */
    private final List<InputEntry> written = new ArrayList<>();

    private final ByteArrayOutputStream stream = new ByteArrayOutputStream();
    private boolean failed;

    /**
     * Empties the file, or makes it.
     *
     * @param imageSha256 of the image's file, 64 hexadecimal digits in lower case
     * @param options those that decide the run
     * @throws InputLogException where it cannot be written
     */
    public InputLogWriter(Path file, String imageSha256, ObjectNode options) {
        this.file = file;
        try {
            out = Files.newOutputStream(file);
        } catch (IOException e) {
            throw unwritable(e);
        }
        ObjectNode header = json.createObjectNode()
                .put(InputLogFormat.FIELD_FORMAT, InputLogFormat.FORMAT)
                .put(InputLogFormat.FIELD_VERSION, InputLogFormat.VERSION)
                .put(InputLogFormat.FIELD_IMAGE, imageSha256);
        header.set(InputLogFormat.FIELD_OPTIONS, options);
        write(header);
    }

    /** Whatever of {@code all} is new, up to the input that has come, is written; what is there no more is taken back. */
    @Override
    public void came(InputEntry entry, List<InputEntry> all) {
        int same = Math.min(written.size(), all.size());
        while (same > 0 && written.get(same - 1) != all.get(same - 1)) {
            same--;
        }
        if (same < written.size()) {
            written.subList(same, written.size()).clear();
            write(line(InputLogFormat.BACK).put(InputLogFormat.FIELD_INPUTS, same));
        }
        for (InputEntry next : all.subList(same, indexIn(all, entry, same) + 1)) {
            written.add(next);
            write(line(next));
        }
    }

    /** Where an input stands from an index on; the index before where it does not. */
    private static int indexIn(List<InputEntry> all, InputEntry entry, int from) {
        int index = all.size() - 1;
        while (index >= from && all.get(index) != entry) {
            index--;
        }
        return index;
    }

    /**
     * The guest has consumed a byte of a synchronous input.
     *
     * @param value its low 8 bits count
     */
    public void streamed(int value) {
        stream.write(value);
        if (stream.size() == STREAM_LINE_BYTES) {
            flush();
        }
    }

    /** Writes what was consumed of a synchronous input and is not in the file yet. */
    public void flush() {
        if (stream.size() > 0) {
            byte[] bytes = stream.toByteArray();
            stream.reset();
            write(line(InputLogFormat.STREAM).put(InputLogFormat.FIELD_BYTES, bytes));
        }
    }

    /** The run is over, and the log complete. */
    public void end() {
        flush();
        write(line(InputLogFormat.END));
    }

    /** Writes what is left, and gives the file back. */
    @Override
    public void close() {
        try {
            flush();
        } finally {
            try {
                out.close();
            } catch (IOException e) {
                fail(e);
            }
        }
    }

    private ObjectNode line(String kind) {
        return json.createObjectNode().put(InputLogFormat.FIELD_KIND, kind);
    }

    private ObjectNode line(InputEntry entry) {
        MachinePosition position = entry.position();
        ObjectNode line = json.createObjectNode()
                .put(InputLogFormat.FIELD_TURN, position.turn())
                .put(InputLogFormat.FIELD_RETIRED, position.retired());
        if (position.holds() != 0) {
            line.put(InputLogFormat.FIELD_HOLDS, position.holds());
        }
        describe(entry.input(), line);
        return line;
    }

    private static void describe(RecordedInput input, ObjectNode line) {
        if (input instanceof RecordedInput.ConsoleBytes console) {
            line.put(InputLogFormat.FIELD_KIND, InputLogFormat.CONSOLE)
                    .put(InputLogFormat.FIELD_BYTES, console.bytes());
        } else if (input instanceof RecordedInput.ConsoleHangUp) {
            line.put(InputLogFormat.FIELD_KIND, InputLogFormat.HANG_UP);
        } else if (input instanceof RecordedInput.MemoryWrite memory) {
            line.put(InputLogFormat.FIELD_KIND, InputLogFormat.MEMORY)
                    .put(InputLogFormat.FIELD_PID, memory.pid())
                    .put(InputLogFormat.FIELD_ADDRESS, memory.address())
                    .put(InputLogFormat.FIELD_BYTES, memory.bytes());
        } else if (input instanceof RecordedInput.RegisterWrite register) {
            line.put(InputLogFormat.FIELD_KIND, InputLogFormat.REGISTER)
                    .put(InputLogFormat.FIELD_TID, register.tid())
                    .put(InputLogFormat.FIELD_REGISTER, register.register())
                    .put(InputLogFormat.FIELD_VALUE, register.value());
        } else if (input instanceof RecordedInput.SuspendedTasks suspended) {
            ArrayNode tids =
                    line.put(InputLogFormat.FIELD_KIND, InputLogFormat.SUSPEND).putArray(InputLogFormat.FIELD_TIDS);
            suspended.tids().forEach(tids::add);
        } else if (input instanceof RecordedInput.SignalDecision decision) {
            line.put(InputLogFormat.FIELD_KIND, InputLogFormat.DECISION)
                    .put(InputLogFormat.FIELD_TID, decision.tid())
                    .put(InputLogFormat.FIELD_SIGNAL, decision.signal());
        } else if (input instanceof RecordedInput.SentSignal sent) {
            line.put(InputLogFormat.FIELD_KIND, InputLogFormat.SIGNAL)
                    .put(InputLogFormat.FIELD_TID, sent.tid())
                    .put(InputLogFormat.FIELD_SIGNAL, sent.signal());
        } else if (input instanceof RecordedInput.Kill kill) {
            line.put(InputLogFormat.FIELD_KIND, InputLogFormat.KILL).put(InputLogFormat.FIELD_PID, kill.pid());
        } else {
            throw new IllegalArgumentException("there is no line for " + input);
        }
    }

    private void write(ObjectNode line) {
        if (failed) {
            return;
        }
        try {
            byte[] text = json.writeValueAsBytes(line);
            byte[] ended = new byte[text.length + 1];
            System.arraycopy(text, 0, ended, 0, text.length);
            ended[text.length] = '\n';
            out.write(ended);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        } catch (IOException e) {
            fail(e);
        }
    }

    private void fail(IOException e) {
        if (!failed) {
            failed = true;
            throw unwritable(e);
        }
    }

    private InputLogException unwritable(IOException e) {
        return new InputLogException("cannot write " + PURPOSE + " to " + file + ": " + HostFiles.reason(e), e);
    }
}
