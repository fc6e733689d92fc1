package dev.pagewalk.tools.differential;

import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.images.asm.Assembler;
import dev.pagewalk.images.asm.AssemblyException;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.run.GuestRun;
import java.util.List;

/** Our machine, a new one for each guest. */
final class Emulator implements Computer {
    private static final int RAM_BYTES = 16 << 20;
    private static final int CONSOLE_BYTES = 1 << 20;
    private static final long LIMIT_CYCLES = 1_000_000_000;

    @Override
    public Outcome run(String source) {
        CapturedConsoleOutput console = new CapturedConsoleOutput(CONSOLE_BYTES);
        try {
            MachineAssembly assembly = new MachineAssembly(
                    new MachineConfig(1, RAM_BYTES, PagingMode.SV48, TimingProfiles.find(TimingProfiles.DEFAULT_NAME)),
                    KernelConfig.quiet(),
                    new BytesConsoleInput(new byte[0]),
                    console);
            assembly.kernel().boot(assemble(source), ProgramArguments.of(List.of("random"), List.of()));
            int status = new GuestRun(assembly, console).run(LIMIT_CYCLES);
            return new Outcome(console.bytes(), status);
        } catch (ProgramException e) {
            throw new AssertionError(e);
        }
    }

    static ElfImage assemble(String source) {
        try {
            return Assembler.assemble("random.s", source);
        } catch (AssemblyException e) {
            throw new AssertionError(e);
        }
    }
}
