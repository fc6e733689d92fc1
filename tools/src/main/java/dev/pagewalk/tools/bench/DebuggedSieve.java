package dev.pagewalk.tools.bench;

import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.debug.guest.GuestDebugger;
import dev.pagewalk.tools.debug.target.DebugPoint;
import dev.pagewalk.tools.debug.target.ThreadAction;
import dev.pagewalk.tools.debug.target.ThreadId;
import dev.pagewalk.tools.live.LiveGuest;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.UserErrorException;
import dev.pagewalk.tools.trace.RecentEvents;
import java.util.List;
import java.util.Map;

/** A sieve that repeats more often than any benchmark lasts, as {@code boot} runs it with or without a debugger. */
final class DebuggedSieve {
    private static final long RAM_BYTES = 64 << 20;
    private static final int RECENT_EVENTS = 4096;
    private static final ThreadId THREAD = new ThreadId(1, 1);

    private final Machine machine;

    /** Null where there is none. */
    private final GuestDebugger debugger;

    DebuggedSieve(boolean isDebugged) throws UserErrorException {
        if (!isDebugged) {
            machine = start(KernelConfig.quiet()).machine();
            debugger = null;
            return;
        }
        RecentEvents events = new RecentEvents(RECENT_EVENTS);
        KernelConfig kernel = KernelConfig.quiet().withTrace(events);
        LiveGuest guest = new LiveGuest(new LiveGuest.Boot("sieve", any -> start(kernel)).debuggedWith(events, true));
        machine = guest.assembly().machine();
        debugger = new GuestDebugger(guest);
        debugger.attach(THREAD.pid());
        resume();
    }

    private static MachineAssembly start(KernelConfig kernel) throws UserErrorException {
        try {
            MachineAssembly assembly = new MachineAssembly(
                    new MachineConfig(1, RAM_BYTES, PagingMode.SV48, TimingProfiles.find(TimingProfiles.DEFAULT_NAME)),
                    kernel,
                    new BytesConsoleInput(new byte[0]),
                    new CapturedConsoleOutput(1 << 10));
            assembly.kernel()
                    .boot(
                            ImageCatalog.image("sieve").orElseThrow(),
                            ProgramArguments.of(List.of("sieve", "1000000000"), List.of()));
            return assembly;
        } catch (ProgramException e) {
            throw new UserErrorException(ExitStatus.NOT_RUNNABLE, e.getMessage());
        }
    }

    private void resume() {
        debugger.resume(Map.of(THREAD, new ThreadAction.Continue(ThreadAction.NO_SIGNAL)));
    }

    void insert(DebugPoint point) {
        debugger.insert(THREAD.pid(), point);
        resume();
    }

    /** Executes so many instructions, or a few more. Returns the hart's clock. */
    long run(long instructions) {
        long target = machine.harts().get(0).retired + instructions;
        while (machine.harts().get(0).retired < target) {
            long missing = target - machine.harts().get(0).retired;
            long pauseCycle = machine.harts().get(0).cycle + missing;
            if (debugger == null) {
                machine.run(Long.MAX_VALUE, pauseCycle);
            } else {
                debugger.run(Long.MAX_VALUE, pauseCycle);
            }
            if (debugger != null && debugger.hasReport()) {
                throw new IllegalStateException("nothing was to stop it: " + debugger.takeReport());
            }
        }
        return machine.harts().get(0).cycle;
    }

    /** Goes back by an instruction. Returns the hart's clock. */
    long reverseStep() {
        debugger.reverseStep(THREAD);
        debugger.run(Long.MAX_VALUE, Long.MAX_VALUE);
        debugger.takeReport();
        return machine.harts().get(0).cycle;
    }
}
