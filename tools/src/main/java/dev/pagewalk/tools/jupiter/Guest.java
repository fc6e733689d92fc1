package dev.pagewalk.tools.jupiter;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfSymbol;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.process.MapsReport;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.process.ProcessStage;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.debug.guest.GuestDebugger;
import dev.pagewalk.tools.live.LiveGuest;
import dev.pagewalk.tools.metrics.Statistics;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.GuestsUnderTest;
import dev.pagewalk.tools.text.PrintableText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/**
 * A guest under test, on a machine of its own. It runs only while one of the {@code run} methods does, and stands still
 * between two instructions otherwise. Where it is stopped, looked at, or typed to changes nothing of what it does and costs.
 */
public final class Guest {
    private static final int FIRST_PID = 1;
    private static final int TAIL_LINES = 20;
    private static final int TAIL_CHARACTERS = 4000;

    /** So often it is looked whether the test's thread has been interrupted, as by a timeout. */
    private static final long LOOK_CYCLES = 20_000_000;

    private final String name;
    private final ElfImage image;
    private final long maxCycles;
    private final LiveGuest guest;
    private final GuestDebugger debugger;
    private final TypedInput input;
    private final WatchedOutput output;
    private boolean wantsInput;
    private boolean hasEnded;

    /** Why a run came back. */
    private enum Pause {
        ENDED,
        DEADLOCK,
        CYCLES_OVER,
        INPUT_WANTED,
        TEXT_CAME
    }

    /** @param guest booted, not yet run, with this input and output */
    Guest(String name, ElfImage image, long maxCycles, LiveGuest guest, TypedInput input, WatchedOutput output) {
        this.name = name;
        this.image = image;
        this.maxCycles = maxCycles;
        this.guest = guest;
        this.debugger = new GuestDebugger(guest);
        this.input = input;
        this.output = output;
        guest.history().watchConsole();
    }

    // Running.

    /**
     * Runs to the guest's end; nothing more can be typed. Once more changes nothing.
     *
     * @return its exit status: the first process's, or 128 + signal
     * @throws AssertionError where it does not end
     */
    public int run() {
        input.end();
        Pause pause = advance(Long.MAX_VALUE);
        if (pause != Pause.ENDED) {
            throw failure(describe(pause) + " and has not ended");
        }
        return exitStatus();
    }

    /**
     * Runs until the guest has printed a text, behind the one that was waited for last.
     *
     * @throws AssertionError where it ends, waits for input, or does not go on before
     */
    public Guest runUntilConsole(String text) {
        if (!output.await(text.getBytes(StandardCharsets.UTF_8))) {
            Pause pause = advance(Long.MAX_VALUE);
            output.forget();
            if (!output.hasCome()) {
                throw failure(describe(pause) + " and has not printed \"" + PrintableText.line(text) + '"');
            }
        }
        return this;
    }

    /**
     * Runs until the guest is about to read input that has not been typed.
     *
     * @throws AssertionError where it ends or does not go on before
     */
    public Guest runUntilInputWanted() {
        Pause pause = advance(Long.MAX_VALUE);
        if (pause != Pause.INPUT_WANTED) {
            throw failure(describe(pause) + " and has not read input");
        }
        return this;
    }

    /**
     * Runs until every hart's clock has gone on by so many cycles, the guest has ended, or it wants input.
     *
     * @param cycles 0 or more
     * @throws AssertionError where it does not go on before
     */
    public Guest runFor(long cycles) {
        if (cycles < 0) {
            throw new IllegalArgumentException("no guest runs for " + cycles + " cycles");
        }
        long now = cycles();
        long limit = now + cycles < 0 ? Long.MAX_VALUE : now + cycles;
        Pause pause = advance(limit);
        boolean isOver = pause == Pause.CYCLES_OVER && limit <= maxCycles;
        if (!isOver && pause != Pause.ENDED && pause != Pause.INPUT_WANTED) {
            throw failure(describe(pause) + " before " + cycles + " cycles were over");
        }
        return this;
    }

    private Pause advance(long limitCycle) {
        wantsInput = false;
        while (true) {
            long lookCycle = cycles() + LOOK_CYCLES;
            RunStop stop = guest.history().advance(Math.min(limitCycle, maxCycles), lookCycle);
            if (output.overflows()) {
                throw failure("prints more than " + (GuestsUnderTest.MOST_CONSOLE_BYTES >> 20) + " MiB");
            }
            if (Thread.currentThread().isInterrupted()) {
                throw failure("is interrupted");
            }
            switch (stop) {
                case POWERED_OFF -> {
                    hasEnded = true;
                    return Pause.ENDED;
                }
                case DEADLOCK -> {
                    return Pause.DEADLOCK;
                }
                case CYCLE_LIMIT -> {
                    return Pause.CYCLES_OVER;
                }
                case STOP_REQUESTED -> {
                    if (output.hasCome()) {
                        return Pause.TEXT_CAME;
                    }
                }
                case DEBUGGER -> {
                    int wanted = guest.history().takeWantedInput();
                    if (wanted > 0 && input.wouldWait(wanted)) {
                        guest.history().wantInput(wanted);
                        wantsInput = true;
                        return Pause.INPUT_WANTED;
                    }
                }
                case PAUSED -> {
                    // Nobody wants anything of it.
                }
            }
        }
    }

    private String describe(Pause pause) {
        return switch (pause) {
            case ENDED -> "has ended with status " + exitStatus();
            case DEADLOCK ->
                "is deadlocked, for nothing can wake any task (" + String.join("; ", kernel().describeBlocked()) + ")";
            case CYCLES_OVER -> "has run for " + cycles() + " cycles, of maxCycles = " + maxCycles + ",";
            case INPUT_WANTED -> "waits for input that nobody has typed";
            case TEXT_CAME -> "has printed";
        };
    }

    /** Whether its processes have all ended. */
    public boolean hasEnded() {
        return hasEnded;
    }

    /** Whether the last run came back because the guest is about to read input that has not been typed. */
    public boolean wantsInput() {
        return wantsInput;
    }

    /**
     * The exit status of a guest that has ended.
     *
     * @throws IllegalStateException where it has not
     */
    public int exitStatus() {
        if (!hasEnded()) {
            throw new IllegalStateException(
                    "guest '" + PrintableText.line(name) + "' has not ended, so it has no exit status");
        }
        return machine().exitStatus();
    }

    /** The time that the machine has come to, in cycles: the clock of the hart with most. */
    public long cycles() {
        return machine().longestCycle();
    }

    // The console.

    /**
     * Types a text, behind what has been typed; a guest that wants it reads it in the next run.
     *
     * @throws IllegalStateException after {@link #endInput} or {@link #run}
     */
    public Guest type(String text) {
        input.type(text.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /** Nothing more will be typed: reads come to the end of input. */
    public Guest endInput() {
        input.end();
        return this;
    }

    /** All that the guest has printed, as UTF-8. */
    public String console() {
        return output.text();
    }

    // What it is and has done.

    /** What the run has cost up to now. */
    public GuestCounters counters() {
        int status = hasEnded() ? exitStatus() : ExitStatus.CYCLE_LIMIT;
        return GuestCounters.of(new Statistics(assembly()).collect(name, status));
    }

    /** All processes that there are and were, by pid; of very many that have ended, the kernel forgets some. */
    public List<GuestProcess> processes() {
        return kernel().processes().stream().map(this::describe).toList();
    }

    /**
     * A process, live or not.
     *
     * @throws IllegalArgumentException where there is none with this pid
     */
    public GuestProcess process(int pid) {
        return kernel().processes().stream()
                .filter(process -> process.pid() == pid)
                .findFirst()
                .map(this::describe)
                .orElseThrow(() -> new IllegalArgumentException("there is no process " + pid + "; there are "
                        + kernel().processes().stream()
                                .map(process -> Integer.toString(process.pid()))
                                .collect(Collectors.joining(", "))));
    }

    private GuestProcess describe(Process process) {
        if (process.hasEnded()) {
            return new GuestProcess(
                    process.pid(), process.parentPid(), "", OptionalInt.of(process.exitStatus()), List.of());
        }
        // A child that is being made has no regions worth looking at yet.
        MapsReport maps = process.stage() == ProcessStage.LIVE ? kernel().maps(process) : null;
        List<GuestRegion> regions = new ArrayList<>();
        for (MapsReport.Entry entry : maps == null ? List.<MapsReport.Entry>of() : maps.entries()) {
            Region region = entry.use().region();
            regions.add(new GuestRegion(
                    region.start(),
                    region.end(),
                    entry.rights(),
                    region.kind(),
                    entry.source(),
                    entry.use().residentPages(),
                    entry.use().sharedPages()));
        }
        String program = maps == null ? "" : maps.program();
        return new GuestProcess(process.pid(), process.parentPid(), program, OptionalInt.empty(), regions);
    }

    /** The memory of the first process. */
    public GuestMemory memory() {
        return memory(FIRST_PID);
    }

    /**
     * The memory of a process.
     *
     * @throws IllegalArgumentException where there is none with this pid
     */
    public GuestMemory memory(int pid) {
        process(pid);
        return new GuestMemory(debugger, pid);
    }

    /**
     * The address that the image's symbol table gives a name: of a label, a variable, a function.
     *
     * @throws IllegalArgumentException where it knows no such name
     */
    public long symbol(String symbolName) {
        return image.symbols().stream()
                .filter(symbol -> symbol.name().equals(symbolName))
                .findFirst()
                .map(ElfSymbol::value)
                .orElseThrow(() -> new IllegalArgumentException("image '" + name + "' has no symbol '" + symbolName
                        + "' among its " + image.symbols().size()));
    }

    // For the extension.

    /** What is wrong with the kernel that it ran on, a line each; empty where nothing is. */
    List<String> brokenPromises() {
        List<String> broken = new ArrayList<>();
        if (kernel().sanitizer() != null && kernel().sanitizer().violations() > 0) {
            broken.add("the TLB coherence sanitizer has found violations: "
                    + kernel().sanitizer().violations());
            broken.addAll(kernel().sanitizer().reports());
        }
        if (hasEnded()) {
            GuestsUnderTest.lostFrames(kernel()).ifPresent(broken::add);
        }
        return broken;
    }

    /** Where it stands and what it printed last, for messages. */
    String describe() {
        String state =
                hasEnded() ? "has ended with status " + exitStatus() : wantsInput ? "waits for input" : "has not ended";
        return "guest '" + PrintableText.line(name) + "' " + state + " after " + cycles() + " cycles\n" + tail();
    }

    private AssertionError failure(String what) {
        return new AssertionError("guest '" + PrintableText.line(name) + "' " + PrintableText.of(what) + "\n" + tail());
    }

    private String tail() {
        String text = console();
        if (text.isEmpty()) {
            return "it has printed nothing";
        }
        List<String> lines = PrintableText.of(text.substring(Math.max(0, text.length() - TAIL_CHARACTERS)))
                .lines()
                .toList();
        int left = Math.max(0, lines.size() - TAIL_LINES);
        boolean isWhole = left == 0 && text.length() <= TAIL_CHARACTERS;
        return (isWhole ? "its console:\n" : "the end of its console:\n")
                + lines.stream().skip(left).map(line -> "  " + line).collect(Collectors.joining("\n"));
    }

    MachineAssembly assembly() {
        return guest.assembly();
    }

    private Machine machine() {
        return assembly().machine();
    }

    private Kernel kernel() {
        return assembly().kernel();
    }
}
