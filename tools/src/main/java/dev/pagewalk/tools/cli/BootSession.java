package dev.pagewalk.tools.cli;

import dev.pagewalk.devices.console.ConsoleClosedException;
import dev.pagewalk.devices.console.ConsoleOutput;
import dev.pagewalk.devices.display.Framebuffer;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.trace.TraceSink;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.history.HistoryException;
import dev.pagewalk.tools.history.InputLogException;
import dev.pagewalk.tools.history.InputLogWriter;
import dev.pagewalk.tools.history.OnceOnly;
import dev.pagewalk.tools.history.OnceOnlyTrace;
import dev.pagewalk.tools.history.RepeatableOutput;
import dev.pagewalk.tools.live.Bell;
import dev.pagewalk.tools.live.DebuggerLink;
import dev.pagewalk.tools.live.LiveGuest;
import dev.pagewalk.tools.live.LiveRun;
import dev.pagewalk.tools.meters.MachineMeters;
import dev.pagewalk.tools.meters.MetricsServer;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.GuestDriver;
import dev.pagewalk.tools.run.GuestFiles;
import dev.pagewalk.tools.run.GuestRun;
import dev.pagewalk.tools.run.RunObserver;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.trace.RecentEvents;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One {@code boot}: the guest and its inputs, a debugger, a clean stop when the user interrupts it, reports at the end. */
final class BootSession {
    /** How long an interruption waits for the machine's thread to come to an instruction boundary. */
    private static final int STOP_SECONDS = 10;

    /** How many a debugger's user can look back at. */
    private static final int RECENT_EVENTS = 4096;

    private final BootCommand options;
    private final MachineConfig config;
    private final List<String> environment;
    private final ElfImage image;
    private final GuestFiles files;
    private final BootReports reports;
    /** Who looks at the run where it pauses. */
    private final RunObserver observer;

    /** Null where nobody asks for figures while it runs. */
    private final MachineMeters meters;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Bell bell = new Bell();

    private BootConsole console;

    /** Null where nothing is recorded. */
    private InputLogWriter log;

    /** Null where the machine has no screen. */
    private Framebuffer framebuffer;

    /** Null before the guest is booted. */
    private volatile GuestDriver driver;

    private long startNanos;

    /** @throws UserErrorException USAGE where a file could not be written or cannot be read */
    BootSession(BootCommand options, MachineConfig config, List<String> environment, ElfImage image)
            throws UserErrorException {
        this.options = options;
        this.config = config;
        this.environment = List.copyOf(environment);
        this.image = image;
        this.files = GuestFiles.ofOptions(options.files);
        this.reports = new BootReports(options, config);
        this.meters = options.metrics == null ? null : new MachineMeters(options.image, config);
        this.observer = meters == null ? RunObserver.NONE : meters;
    }

    int run() throws UserErrorException {
        MetricsServer metrics = MetricsEndpoint.open(options.metrics, meters);
        try {
            return runWithInputs();
        } finally {
            if (metrics != null) {
                metrics.close();
            }
        }
    }

    private int runWithInputs() throws UserErrorException {
        try (BootInputs inputs = BootInputs.open(options, environment, image, files, bell)) {
            console = inputs.console();
            log = inputs.log();
            boolean isAlone =
                    options.gdb == null && !console.arrives() && inputs.replayed() == null && inputs.log() == null;
            return isAlone ? runAlone() : runLive(inputs);
        } catch (HistoryException | InputLogException e) {
            throw new UserErrorException(ExitStatus.USAGE, e.getMessage());
        } finally {
            reports.endTrace(driver == null ? null : driver.assembly());
        }
    }

    private int runAlone() throws UserErrorException {
        MachineAssembly assembly = boot(options.arguments, kernelConfig(), console.output());
        return run(new GuestRun(assembly, console.output(), observer));
    }

    /** With inputs that arrive when they like, a log of them, or a debugger. */
    private int runLive(BootInputs inputs) throws UserErrorException {
        RepeatableOutput output = new RepeatableOutput(console.output());
        List<OnceOnly> sent = new ArrayList<>();
        RecentEvents events = options.gdb == null ? null : new RecentEvents(RECENT_EVENTS);
        KernelConfig kernel = events == null ? kernelConfig() : repeatable(kernelConfig(), events, sent);
        LiveGuest.Boot boot = new LiveGuest.Boot(
                        options.image,
                        arguments -> boot(arguments == null ? options.arguments : arguments, kernel, output))
                .receiving(console.queue())
                .sending(output.bytes());
        sent.forEach(boot::sending);
        if (inputs.replayed() != null) {
            boot.replaying(inputs.replayed().entries());
        }
        if (inputs.log() != null) {
            boot.recordingTo(inputs.log());
        }
        if (events != null) {
            boot.debuggedWith(events, !console.arrives());
        }
        LiveGuest guest = new LiveGuest(boot);
        try (DebuggerLink debugger = options.gdb == null ? null : listen(guest)) {
            LiveRun run = new LiveRun(guest, console.feed(), output, observer, debugger, bell);
            return run(new GuestRun(run, output, observer));
        }
    }

    private DebuggerLink listen(LiveGuest guest) throws UserErrorException {
        try {
            DebuggerLink link = new DebuggerLink(guest, options.gdb, options.waitGdb, bell);
            ListenAddress.announce("debugger", options.gdb.getAddress(), link.port());
            return link;
        } catch (IOException e) {
            throw new UserErrorException(ExitStatus.USAGE, "--gdb: " + e.getMessage());
        }
    }

    private KernelConfig kernelConfig() {
        return options.machine
                .kernelConfig()
                .withLog(Messages::print)
                .withSystemCallTrace(options.strace ? Messages::printBare : null)
                .withMapsAtExit(options.mapsAtExit ? Messages::printBare : null)
                .withTrace(reports.trace() == null ? TraceSink.NONE : reports.trace());
    }

    /** What is told of the kernel is told once, though a debugger may have the guest do it again. */
    private static KernelConfig repeatable(KernelConfig plain, RecentEvents events, List<OnceOnly> sent) {
        OnceOnly spans = newOutput(sent);
        TraceSink trace = plain.trace() == TraceSink.NONE ? TraceSink.NONE : new OnceOnlyTrace(plain.trace(), spans);
        return plain.withLog(once(plain.log(), sent))
                .withSystemCallTrace(once(plain.systemCallTrace(), sent))
                .withMapsAtExit(once(plain.mapsAtExit(), sent))
                .withTrace(events.and(trace));
    }

    private static Consumer<String> once(Consumer<String> lines, List<OnceOnly> sent) {
        if (lines == null) {
            return null;
        }
        OnceOnly told = newOutput(sent);
        return line -> {
            if (told.isNew()) {
                lines.accept(line);
            }
        };
    }

    private static OnceOnly newOutput(List<OnceOnly> sent) {
        OnceOnly output = new OnceOnly();
        sent.add(output);
        return output;
    }

    /** A machine at power-on, with the guest in it. */
    private MachineAssembly boot(List<String> arguments, KernelConfig kernel, ConsoleOutput output)
            throws UserErrorException {
        List<String> argv = new ArrayList<>();
        argv.add(options.image);
        argv.addAll(arguments);
        framebuffer = options.framebuffer == null ? null : new Framebuffer();
        try {
            MachineAssembly assembly = new MachineAssembly(
                    config,
                    options.machine.engineOptions().withLog(reports.engineLog()),
                    kernel,
                    console.input(),
                    output,
                    framebuffer);
            GuestRun.boot(assembly, options.image, image, ProgramArguments.of(argv, environment), files);
            return assembly;
        } catch (ProgramException e) {
            throw new UserErrorException(ExitStatus.NOT_RUNNABLE, options.image + ": " + e.getMessage());
        }
    }

    private int run(GuestRun guest) throws UserErrorException {
        driver = guest.driver();
        Thread interruption = new Thread(this::interrupt, "interruption");
        Runtime.getRuntime().addShutdownHook(interruption);
        try {
            startNanos = System.nanoTime();
            int status = guest.run(options.machine.cycleLimit());
            if (!guest.reason().isEmpty()) {
                Messages.print(guest.reason());
            }
            if (options.replay != null && status == ExitStatus.DEADLOCK) {
                Messages.print("the replay ends here: " + options.replay + " has no input that could wake one");
            }
            guest.violations().forEach(Messages::print);
            if (log != null) {
                log.end();
            }
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
        driver.interrupt();
        driver.assembly().machine().requestStop();
        try {
            boolean stopped = false;
            boolean waits = console.feed().isWaiting();
            for (int tenths = 0; tenths < STOP_SECONDS * 10 && !stopped && !waits; tenths++) {
                stopped = finished.await(100, TimeUnit.MILLISECONDS);
                waits = console.feed().isWaiting();
            }
            if (!stopped && waits) {
                // The machine's thread stands still inside the host's read, with all its state in place.
                Messages.print("interrupted while waiting for input");
                try {
                    if (log != null) {
                        log.end();
                    }
                } finally {
                    report(ExitStatus.INTERRUPTED);
                }
            }
        } catch (UserErrorException | InputLogException e) {
            Messages.print(e.getMessage());
        } catch (InterruptedException e) {
            Messages.print("ended without a report: " + e);
        }
    }

    private void report(int status) throws UserErrorException {
        reports.write(driver.assembly(), framebuffer, status, System.nanoTime() - startNanos);
    }
}
