package dev.pagewalk.tools.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pagewalk.devices.console.ConsoleClosedException;
import dev.pagewalk.devices.console.StreamConsoleInput;
import dev.pagewalk.devices.console.StreamConsoleOutput;
import dev.pagewalk.devices.display.Framebuffer;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.trace.TraceSink;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.metrics.Statistics;
import dev.pagewalk.tools.metrics.StatisticsFile;
import dev.pagewalk.tools.metrics.StatisticsText;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.GuestFiles;
import dev.pagewalk.tools.run.GuestRun;
import dev.pagewalk.tools.run.HostFiles;
import dev.pagewalk.tools.run.Screenshot;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.trace.TraceFile;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * One {@code boot}: the guest on the terminal, a clean stop when the user interrupts it, the statistics and the picture at
 * the end.
 */
final class BootSession {
    /** How long an interruption waits for the machine's thread to come to an instruction boundary. */
    private static final int STOP_SECONDS = 10;

    /** What the files hold, for messages. */
    private static final String STATISTICS = "statistics";

    private static final String PICTURE = "the picture";

    private final BootCommand options;
    private final MachineConfig config;
    private final CountDownLatch finished = new CountDownLatch(1);
    private final StreamConsoleInput input = new StreamConsoleInput(new FileInputStream(FileDescriptor.in));
    private final StreamConsoleOutput output = new StreamConsoleOutput(new FileOutputStream(FileDescriptor.out));
    /** Null where the machine has no screen. */
    private final Framebuffer framebuffer;
    /** Null where nobody wants one. */
    private TraceFile trace;

    private MachineAssembly assembly;
    private long startNanos;
    private boolean reported;

    BootSession(BootCommand options, MachineConfig config) {
        this.options = options;
        this.config = config;
        this.framebuffer = options.framebuffer == null ? null : new Framebuffer();
    }

    int run(ElfImage image, ProgramArguments program) throws UserErrorException {
        GuestFiles files = GuestFiles.ofOptions(options.files);
        checkOutputs();
        if (options.trace != null) {
            trace = new TraceFile(
                    options.trace,
                    options.image,
                    config.harts(),
                    config.profile().clockHz());
        }
        try {
            return run(image, program, files);
        } finally {
            endTrace();
        }
    }

    /** Finds out what cannot be written before the guest runs. */
    private void checkOutputs() throws UserErrorException {
        List<Path> outputs = Stream.of(options.statsFile, options.framebuffer, options.trace)
                .filter(Objects::nonNull)
                .toList();
        for (int n = 0; n < outputs.size(); n++) {
            HostFiles.requireDistinct(outputs.get(n), Path.of(options.image));
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
    }

    private int run(ElfImage image, ProgramArguments program, GuestFiles files) throws UserErrorException {
        try {
            KernelConfig kernel = options.machine
                    .kernelConfig()
                    .withLog(Messages::print)
                    .withSystemCallTrace(options.strace ? Messages::printBare : null)
                    .withMapsAtExit(options.mapsAtExit ? Messages::printBare : null)
                    .withTrace(trace == null ? TraceSink.NONE : trace);
            assembly = new MachineAssembly(config, kernel, input, output, framebuffer);
        } catch (ProgramException e) {
            throw new UserErrorException(ExitStatus.NOT_RUNNABLE, options.image + ": " + e.getMessage());
        }
        GuestRun guest = new GuestRun(assembly, output);
        guest.boot(options.image, image, program, files);
        Thread interruption = new Thread(this::interrupt, "interruption");
        Runtime.getRuntime().addShutdownHook(interruption);
        try {
            startNanos = System.nanoTime();
            int status = guest.run(options.machine.cycleLimit());
            if (!guest.reason().isEmpty()) {
                Messages.print(guest.reason());
            }
            guest.violations().forEach(Messages::print);
            report(status);
            return status;
        } catch (ConsoleClosedException e) {
            throw new UserErrorException(ExitStatus.USAGE, e.getMessage());
        } finally {
            finished.countDown();
            forget(interruption);
        }
    }

    /** A hook that has nothing left to do would keep the machine in memory as long as the JVM lives. */
    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The JVM is on its way out, through this hook.
        }
    }

    /** On the way out of the JVM; it does something only where the guest is still running then. */
    private void interrupt() {
        if (finished.getCount() == 0) {
            return;
        }
        assembly.machine().requestStop();
        try {
            boolean stopped = false;
            for (int tenths = 0; tenths < STOP_SECONDS * 10 && !stopped && !input.waiting(); tenths++) {
                stopped = finished.await(100, TimeUnit.MILLISECONDS);
            }
            if (!stopped && input.waiting()) {
                // The machine's thread stands still inside the host's read, with all its state in place.
                Messages.print("interrupted while waiting for input");
                report(ExitStatus.INTERRUPTED);
            }
        } catch (UserErrorException e) {
            Messages.print(e.getMessage());
        } catch (InterruptedException e) {
            Messages.print("ended without a report: " + e);
        }
    }

    /** Writes what was asked for, once; where one file cannot be written, the other still is. */
    private synchronized void report(int status) throws UserErrorException {
        if (reported) {
            return;
        }
        reported = true;
        try {
            reportStatistics(status);
        } finally {
            try {
                writePicture();
            } finally {
                endTrace();
            }
        }
    }

    /** Completes the trace's file, if there is one and it is not complete already. */
    private void endTrace() throws UserErrorException {
        if (trace != null) {
            if (assembly != null) {
                assembly.endTrace();
            }
            trace.close();
        }
    }

    private void reportStatistics(int status) throws UserErrorException {
        if (!options.stats && options.statsFile == null) {
            return;
        }
        Statistics statistics = new Statistics(assembly);
        ObjectNode tree = statistics.collect(options.image, status);
        if (!options.noHostStats) {
            statistics.addHost(tree, System.nanoTime() - startNanos);
        }
        if (options.stats) {
            StatisticsText.lines(tree).forEach(Messages::printBare);
        }
        if (options.statsFile != null) {
            byte[] text = StatisticsFile.text(tree).getBytes(StandardCharsets.UTF_8);
            HostFiles.write(options.statsFile, text, STATISTICS);
        }
    }

    private void writePicture() throws UserErrorException {
        if (framebuffer != null) {
            HostFiles.write(options.framebuffer, Screenshot.png(framebuffer), PICTURE);
        }
    }
}
