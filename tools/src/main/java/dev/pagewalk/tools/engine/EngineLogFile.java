package dev.pagewalk.tools.engine;

import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineLog;
import dev.pagewalk.emulator.engine.EngineReport;
import dev.pagewalk.emulator.engine.RegionReport;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.UserErrorException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Tells what the engine does, a line for each event as it happens, and at the end how much of the run the regions were. A guest that
 * changes its code for ever does not fill the host's disk: of very many events the first are told, and the end counts them all.
 */
public final class EngineLogFile implements EngineLog {
    /** What the file holds, for messages. */
    public static final String PURPOSE = "the engine's log";

    static final int MOST_EVENTS = 10_000;

    private final Lines lines;
    private long events;
    private boolean hasEnded;

    /** Where lines go. */
    private interface Lines {
        void add(String line);

        /** @throws UserErrorException USAGE where they have not all been written */
        void close() throws UserErrorException;
    }

    private EngineLogFile(Lines lines) {
        this.lines = lines;
    }

    /** A log whose lines somebody takes as they come. */
    public static EngineLogFile to(Consumer<String> taker) {
        return new EngineLogFile(new Lines() {
            @Override
            public void add(String line) {
                taker.accept(line);
            }

            @Override
            public void close() {}
        });
    }

    /**
     * Empties the file, or makes it.
     *
     * @throws UserErrorException USAGE where it cannot be written
     */
    public static EngineLogFile to(Path file) throws UserErrorException {
        try {
            return new EngineLogFile(new FileLines(file, Files.newBufferedWriter(file)));
        } catch (IOException e) {
            throw HostFiles.unwritable(file, PURPOSE, e);
        }
    }

    @Override
    public void onTranslated(RegionReport region) {
        event(() -> "translated  " + name(region) + " (physical " + RegionText.hex(region.physicalAddress()) + "): "
                + RegionText.count(region.guestInstructions(), "instruction") + " in "
                + RegionText.count(region.blocks(), "block") + ", entered at "
                + RegionText.count(region.entries(), "place") + ", "
                + RegionText.count(region.bytecodeBytes(), "byte") + " of bytecode");
    }

    @Override
    public void onRefused(long virtualAddress, String reason) {
        event(() -> "refused     code at " + RegionText.hex(virtualAddress) + ": " + reason);
    }

    @Override
    public void onDropped(RegionReport region, DropReason reason) {
        event(() -> "dropped     " + name(region) + ": " + RegionText.describe(reason) + "; entered "
                + RegionText.count(region.entered(), "time") + ", executed "
                + RegionText.count(region.executedInstructions(), "instruction") + ", left for "
                + RegionText.reasons(region.exits()));
    }

    private static String name(RegionReport region) {
        return "region " + region.id() + " at " + RegionText.hex(region.virtualAddress());
    }

    /** The machine's thread tells; the one that interrupts it may end the log meanwhile. */
    private synchronized void event(Supplier<String> line) {
        if (hasEnded) {
            return;
        }
        events++;
        if (events <= MOST_EVENTS) {
            lines.add(line.get());
        } else if (events == MOST_EVENTS + 1) {
            lines.add("...         from here on events are only counted");
        }
    }

    /**
     * Tells how it stands, and closes the file; once is enough.
     *
     * @param asked the engine that the user wanted
     * @param instructions that the guest has executed
     * @throws UserErrorException USAGE where the file could not be written as a whole
     */
    public synchronized void end(EngineKind asked, EngineReport report, long instructions) throws UserErrorException {
        if (hasEnded) {
            return;
        }
        hasEnded = true;
        if (asked == EngineKind.INTERPRETER) {
            lines.add("the engine is the interpreter, which translates nothing: use --engine auto or translator");
        } else {
            addSummary(report, instructions);
        }
        lines.close();
    }

    private void addSummary(EngineReport report, long instructions) {
        if (events > MOST_EVENTS) {
            lines.add("...         " + RegionText.number(events - MOST_EVENTS) + " more events");
        }
        RegionText.summary(report, instructions).forEach(lines::add);
        if (!report.regions().isEmpty()) {
            RegionText.table(report.regions(), instructions, "  ").forEach(lines::add);
        }
    }

    /** Lines are in the file when they have been added: who looks while the guest runs sees them. */
    private static final class FileLines implements Lines {
        private final Path file;
        private final BufferedWriter writer;
        private IOException failure;

        FileLines(Path file, BufferedWriter writer) {
            this.file = file;
            this.writer = writer;
        }

        @Override
        public void add(String line) {
            if (failure != null) {
                return;
            }
            try {
                writer.write(line);
                writer.write('\n');
                writer.flush();
            } catch (IOException e) {
                failure = e;
            }
        }

        @Override
        public void close() throws UserErrorException {
            try {
                writer.close();
            } catch (IOException e) {
                failure = failure == null ? e : failure;
            }
            if (failure != null) {
                throw HostFiles.unwritable(file, PURPOSE, failure);
            }
        }
    }
}
