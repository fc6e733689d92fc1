package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.tools.testing.TestGuest;
import dev.pagewalk.tools.trace.RecentEvents;
import java.util.List;
import java.util.function.Predicate;

/** A guest, paused at some moment, with its monitor. */
final class Monitored {
    private static final int STEP_CYCLES = 53;

    final TestGuest guest;
    final RecentEvents events;
    final MonitorCommands monitor;
    private long cycle;

    private Monitored(TestGuest guest, RecentEvents events) {
        this.guest = guest;
        this.events = events;
        this.monitor = new MonitorCommands(guest.assembly(), "guest", events);
    }

    /** A guest of the catalog. */
    static Monitored booted(String name, MachineConfig config, KernelConfig kernel) {
        RecentEvents events = new RecentEvents(500);
        return new Monitored(TestGuest.booted(name, config, kernel.withTrace(events)), events);
    }

    static Monitored booted(String name) {
        return booted(name, TestGuest.config(), KernelConfig.quiet());
    }

    /** A guest that is written for a test. */
    static Monitored assembled(String source, MachineConfig config) {
        RecentEvents events = new RecentEvents(500);
        return new Monitored(
                TestGuest.assembled(source, config, KernelConfig.quiet().withTrace(events)), events);
    }

    static Monitored assembled(String source) {
        return assembled(source, TestGuest.config());
    }

    /** Runs on until something is so. */
    Monitored until(Predicate<Kernel> wanted) {
        while (!wanted.test(kernel())) {
            cycle += STEP_CYCLES;
            if (guest.pauseAt(cycle) != RunStop.PAUSED) {
                throw new AssertionError("the guest has ended, and it never came");
            }
        }
        return this;
    }

    /** Runs on until the guest loops for good, or waits. */
    Monitored at(long pauseCycle) {
        cycle = pauseCycle;
        guest.pauseAt(pauseCycle);
        return this;
    }

    Kernel kernel() {
        return guest.assembly().kernel();
    }

    Process process(int pid) {
        return kernel().processes().stream()
                .filter(process -> process.pid() == pid)
                .findFirst()
                .orElseThrow();
    }

    String ask(String line) {
        return monitor.execute(1, line);
    }

    /** The answer's lines with their blanks made one. */
    List<String> lines(String line) {
        return ask(line).lines().map(text -> text.strip().replaceAll(" +", " ")).toList();
    }

    byte[] state() {
        return guest.assembly().machine().snapshot().state();
    }
}
