package dev.pagewalk.tools.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.devices.display.Framebuffer;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.engine.EngineLog;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.engine.EngineLogFile;
import dev.pagewalk.tools.history.InputLogWriter;
import dev.pagewalk.tools.metrics.Statistics;
import dev.pagewalk.tools.metrics.StatisticsFile;
import dev.pagewalk.tools.metrics.StatisticsText;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.Screenshot;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.trace.TraceFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** What a boot leaves behind: statistics, the picture, the timeline, what the engine did. */
final class BootReports {
    /** What the files hold, for messages. */
    private static final String STATISTICS = "statistics";

    private static final String PICTURE = "the picture";

    private static final String STANDARD_ERROR = "-";

    private final BootCommand options;

    /** Null where nobody wants one. */
    private final TraceFile trace;

    /** Null where nobody wants one. */
    private final EngineLogFile engineLog;

    private boolean written;

    /** @throws UserErrorException USAGE where something could not be written when the guest has ended */
    BootReports(BootCommand options, MachineConfig config) throws UserErrorException {
        this.options = options;
        checkOutputs();
        this.trace = options.trace == null
                ? null
                : new TraceFile(
                        options.trace,
                        options.image,
                        config.harts(),
                        config.profile().clockHz());
        this.engineLog = openEngineLog();
    }

    private EngineLogFile openEngineLog() throws UserErrorException {
        if (options.engineLog == null) {
            return null;
        }
        return engineLogFile() == null ? EngineLogFile.to(Messages::printBare) : EngineLogFile.to(engineLogFile());
    }

    /** Null where there is none. */
    private Path engineLogFile() {
        Path file = options.engineLog;
        return file == null || file.toString().equals(STANDARD_ERROR) ? null : file;
    }

    private void checkOutputs() throws UserErrorException {
        List<Path> outputs = Stream.of(
                        options.statsFile, options.framebuffer, options.trace, options.record, engineLogFile())
                .filter(Objects::nonNull)
                .toList();
        for (int n = 0; n < outputs.size(); n++) {
            HostFiles.requireDistinct(outputs.get(n), Path.of(options.image));
            HostFiles.requireDistinct(outputs.get(n), options.replay);
            for (Path other : outputs.subList(n + 1, outputs.size())) {
                HostFiles.requireDistinct(outputs.get(n), other);
            }
        }
        if (options.statsFile != null) {
            HostFiles.requireWritable(options.statsFile, STATISTICS);
        }
        if (options.framebuffer != null) {
            HostFiles.requireWritable(options.framebuffer, PICTURE);
        }
        if (options.trace != null) {
            HostFiles.requireWritable(options.trace, TraceFile.PURPOSE);
        }
        if (options.record != null) {
            HostFiles.requireWritable(options.record, InputLogWriter.PURPOSE);
        }
        if (engineLogFile() != null) {
            HostFiles.requireWritable(engineLogFile(), EngineLogFile.PURPOSE);
        }
    }

    /** Null where nobody wants one. */
    TraceFile trace() {
        return trace;
    }

    EngineLog engineLog() {
        return engineLog == null ? EngineLog.NONE : engineLog;
    }

    /**
     * Writes what was asked for, once; where one file cannot be written, the other still is.
     *
     * @param framebuffer null where the machine has none
     */
    synchronized void write(MachineAssembly assembly, Framebuffer framebuffer, int status, long hostNanos)
            throws UserErrorException {
        if (written) {
            return;
        }
        written = true;
        try {
            writeStatistics(assembly, status, hostNanos);
        } finally {
            try {
                if (framebuffer != null) {
                    HostFiles.write(options.framebuffer, Screenshot.png(framebuffer), PICTURE);
                }
            } finally {
                try {
                    endTrace(assembly);
                } finally {
                    endEngineLog(assembly);
                }
            }
        }
    }

    /**
     * Completes the trace's file, if there is one and it is not complete already.
     *
     * @param assembly null where there is no machine yet
     */
    void endTrace(MachineAssembly assembly) throws UserErrorException {
        if (trace != null) {
            if (assembly != null) {
                assembly.endTrace();
            }
            trace.close();
        }
    }

    private void endEngineLog(MachineAssembly assembly) throws UserErrorException {
        if (engineLog != null) {
            Machine machine = assembly.machine();
            engineLog.end(assembly.engine(), machine.engineReport(), machine.retiredInstructions());
        }
    }

    private void writeStatistics(MachineAssembly assembly, int status, long hostNanos) throws UserErrorException {
        if (!options.stats && options.statsFile == null) {
            return;
        }
        Statistics statistics = new Statistics(assembly);
        ObjectNode tree = statistics.collect(options.image, status);
        if (!options.noHostStats) {
            statistics.addHost(tree, hostNanos);
        }
        if (options.stats) {
            StatisticsText.lines(tree).forEach(Messages::printBare);
        }
        if (options.statsFile != null) {
            byte[] text = StatisticsFile.text(tree).getBytes(StandardCharsets.UTF_8);
            HostFiles.write(options.statsFile, text, STATISTICS);
        }
    }
}
