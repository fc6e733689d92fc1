package dev.pagewalk.tools.run;

import dev.pagewalk.devices.console.ConsoleOutput;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.lifecycle.FirstProcess;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.kernel.sanitizer.TlbSanitizer;
import dev.pagewalk.tools.MachineAssembly;
import java.util.List;

/** One guest from power-on to its end, or to whatever stops it. */
public final class GuestRun {
    /** By all harts together: console output reaches the host, and an observer looks, at least this often. */
    private static final long PAUSE_INTERVAL_CYCLES = 50_000_000;

    private final ConsoleOutput output;
    private final GuestDriver driver;
    private final RunObserver observer;
    private String reason = "";
    private List<String> violations = List.of();

    /** A run that nobody looks after or at. */
    public GuestRun(MachineAssembly assembly, ConsoleOutput output) {
        this(assembly, output, RunObserver.NONE);
    }

    /** A run that nobody looks after; for the observer see below. */
    public GuestRun(MachineAssembly assembly, ConsoleOutput output, RunObserver observer) {
        this(new UnattendedRun(assembly), output, observer);
    }

    /**
     * @param driver has the machine run
     * @param observer is told at the start, at each pause and at the end
     */
    public GuestRun(GuestDriver driver, ConsoleOutput output, RunObserver observer) {
        this.driver = driver;
        this.output = output;
        this.observer = observer;
    }

    public GuestDriver driver() {
        return driver;
    }

    /** Starts the first process, without files of the host's; see below. */
    public void boot(String name, ElfImage image, ProgramArguments program) throws UserErrorException {
        boot(name, image, program, GuestFiles.NONE);
    }

    /**
     * Starts the first process.
     *
     * @param files what it finds in its file system
     * @throws UserErrorException NOT_RUNNABLE where the image does not fit the machine; USAGE where a file has no place
     */
    public void boot(String name, ElfImage image, ProgramArguments program, GuestFiles files)
            throws UserErrorException {
        boot(driver.assembly(), name, image, program, files);
    }

    /** As above, on a machine that no run has yet. */
    public static void boot(
            MachineAssembly assembly, String name, ElfImage image, ProgramArguments program, GuestFiles files)
            throws UserErrorException {
        Kernel kernel = assembly.kernel();
        try {
            kernel.boot(image, program);
        } catch (ProgramException e) {
            throw new UserErrorException(ExitStatus.NOT_RUNNABLE, name + ": " + e.getMessage());
        }
        files.putInto(kernel.files(), FirstProcess.programPath(program));
    }

    /**
     * Runs to the end.
     *
     * @param maxCycles where to stop at the latest; Long.MAX_VALUE for no limit
     * @return the exit status: the guest's, or one of {@link ExitStatus} with {@link #reason()}
     */
    public int run(long maxCycles) {
        RunStop stop;
        long pauseCycle = 0;
        long intervalCycles =
                PAUSE_INTERVAL_CYCLES / driver.assembly().machine().harts().size();
        observer.onPause(driver.assembly());
        do {
            pauseCycle += intervalCycles;
            stop = driver.run(maxCycles, pauseCycle);
            output.flush();
            observer.onPause(driver.assembly());
        } while (stop == RunStop.PAUSED);
        int status = statusOf(stop, maxCycles);
        TlbSanitizer sanitizer = driver.assembly().kernel().sanitizer();
        if (sanitizer == null || sanitizer.violations() == 0) {
            return status;
        }
        violations = sanitizer.reports();
        reason = "the kernel is wrong, says the TLB coherence sanitizer; violations: " + sanitizer.violations();
        return ExitStatus.USAGE;
    }

    private int statusOf(RunStop stop, long maxCycles) {
        Machine machine = driver.assembly().machine();
        return switch (stop) {
            case POWERED_OFF -> machine.exitStatus();
            case DEADLOCK -> {
                reason = "deadlock: no task can run and nothing can wake one"
                        + String.join(
                                "",
                                driver.assembly().kernel().describeBlocked().stream()
                                        .map(line -> "; " + line)
                                        .toList());
                yield ExitStatus.DEADLOCK;
            }
            case CYCLE_LIMIT -> {
                reason = "stopped after " + machine.longestCycle() + " cycles, at the limit of " + maxCycles
                        + " cycles (max-cycles)";
                yield ExitStatus.CYCLE_LIMIT;
            }
            case STOP_REQUESTED -> {
                reason = "interrupted after " + machine.longestCycle() + " cycles";
                yield ExitStatus.INTERRUPTED;
            }
            case PAUSED, DEBUGGER -> throw new IllegalStateException("a pause is no end");
        };
    }

    /** Why the status is not the guest's; empty where it is. */
    public String reason() {
        return reason;
    }

    /** What the TLB coherence sanitizer has found, a line each; empty also where there is none. */
    public List<String> violations() {
        return violations;
    }
}
