package dev.pagewalk.tools.trace;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import dev.pagewalk.emulator.trace.TraceCategory;
import dev.pagewalk.emulator.trace.TraceSink;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Writes a timeline with a track for each hart, event by event as it is told: a run of any length takes no more memory than
 * a short one. {@link #close} makes it a whole file; one that was never closed lacks its last bracket, which viewers forgive.
 *
 * <p>Times are microseconds of simulated time with three decimals, and made of integers, so that the same run gives the same
 * bytes. Rounding keeps spans that nest nested.
 *
 * <p>Source: "Trace Event Format", the JSON Array Format; Perfetto, "External trace formats".
 */
public final class TraceFile implements TraceSink {
    /** What the file holds, for messages. */
    public static final String PURPOSE = "the trace";

    private static final int BUFFER_BYTES = 1 << 16;
    /** There is one process; viewers give number 0 a meaning of its own, for threads too. */
    private static final int PROCESS = 1;

    private static final long MICROSECONDS_PER_SECOND = 1_000_000;
    private static final long THOUSANDTHS = 1000;

    private final Path file;
    private final long clockHz;
    private JsonGenerator json;
    private IOException failure;
    private long arrows;

    /**
     * Empties the file, or makes it.
     *
     * @param title of the timeline
     * @throws UserErrorException USAGE where the file cannot be written
     */
    public TraceFile(Path file, String title, int harts, long clockHz) throws UserErrorException {
        this.file = file;
        this.clockHz = clockHz;
        try {
            json = JsonFactory.builder()
                    .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
                    .build()
                    .createGenerator(new BufferedOutputStream(Files.newOutputStream(file), BUFFER_BYTES));
            json.writeStartArray();
        } catch (IOException e) {
            throw HostFiles.unwritable(file, PURPOSE, e);
        }
        describe(title, harts);
    }

    private void describe(String title, int harts) {
        write(() -> {
            beginEvent("process_name", "M");
            writeArgument("name", title);
        });
        for (int id = 0; id < harts; id++) {
            int hartId = id;
            write(() -> {
                beginEvent("thread_name", "M");
                writeTrack(hartId);
                writeArgument("name", "hart " + hartId);
            });
            write(() -> {
                beginEvent("thread_sort_index", "M");
                writeTrack(hartId);
                json.writeObjectFieldStart("args");
                json.writeNumberField("sort_index", hartId);
                json.writeEndObject();
            });
        }
    }

    @Override
    public void span(int hartId, TraceCategory category, String name, long startCycle, long endCycle) {
        write(() -> {
            beginEvent(name, "X");
            writeCategory(category);
            writeTrack(hartId);
            writeTime("ts", thousandths(startCycle));
            writeTime("dur", thousandths(endCycle) - thousandths(startCycle));
        });
    }

    @Override
    public void instant(int hartId, TraceCategory category, String name, long cycle) {
        write(() -> {
            beginEvent(name, "i");
            writeCategory(category);
            writeTrack(hartId);
            writeTime("ts", thousandths(cycle));
            // The mark is as high as its track.
            json.writeStringField("s", "t");
        });
    }

    @Override
    public void arrow(int fromHart, long fromCycle, int toHart, long toCycle, String name) {
        long number = ++arrows;
        writeArrowEnd(number, "s", fromHart, fromCycle, name);
        writeArrowEnd(number, "f", toHart, toCycle, name);
    }

    private void writeArrowEnd(long number, String phase, int hartId, long cycle, String name) {
        write(() -> {
            beginEvent(name, phase);
            json.writeNumberField("id", number);
            json.writeStringField("cat", "arrow");
            writeTrack(hartId);
            writeTime("ts", thousandths(cycle));
        });
    }

    private void beginEvent(String name, String phase) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", name);
        json.writeStringField("ph", phase);
        json.writeNumberField("pid", PROCESS);
    }

    private void writeCategory(TraceCategory category) throws IOException {
        json.writeStringField("cat", category.name().toLowerCase(Locale.ROOT));
    }

    private void writeTrack(int hartId) throws IOException {
        json.writeNumberField("tid", hartId + 1);
    }

    private void writeArgument(String key, String value) throws IOException {
        json.writeObjectFieldStart("args");
        json.writeStringField(key, value);
        json.writeEndObject();
    }

    private void writeTime(String key, long thousandths) throws IOException {
        long decimals = thousandths % THOUSANDTHS;
        String padding = decimals < 10 ? ".00" : decimals < 100 ? ".0" : ".";
        json.writeFieldName(key);
        json.writeNumber(thousandths / THOUSANDTHS + padding + decimals);
    }

    /** A time in thousandths of a microsecond, rounded down. */
    private long thousandths(long cycle) {
        long microseconds = cycle % clockHz * MICROSECONDS_PER_SECOND;
        return (cycle / clockHz * MICROSECONDS_PER_SECOND + microseconds / clockHz) * THOUSANDTHS
                + microseconds % clockHz * THOUSANDTHS / clockHz;
    }

    /** What one event consists of. */
    private interface Event {
        void write() throws IOException;
    }

    /** The machine's thread writes; the one that interrupts it may close the file meanwhile. */
    private synchronized void write(Event event) {
        if (json.isClosed() || failure != null) {
            return;
        }
        try {
            event.write();
            json.writeEndObject();
            json.writeRaw('\n');
        } catch (IOException e) {
            failure = e;
        }
    }

    /**
     * Completes the file; once is enough.
     *
     * @throws UserErrorException USAGE where it could not be written as a whole
     */
    public synchronized void close() throws UserErrorException {
        if (json.isClosed()) {
            return;
        }
        try {
            json.close();
        } catch (IOException e) {
            failure = failure == null ? e : failure;
        }
        if (failure != null) {
            throw HostFiles.unwritable(file, PURPOSE, failure);
        }
    }
}
