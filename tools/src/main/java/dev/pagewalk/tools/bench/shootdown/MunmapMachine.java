package dev.pagewalk.tools.bench.shootdown;

import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.console.ConsoleOutput;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.MachineAssembly;
import dev.pagewalk.tools.run.ExitStatus;
import dev.pagewalk.tools.run.GuestRun;
import dev.pagewalk.tools.run.UserErrorException;
import java.util.List;

/** Runs the catalog's guest latr-micro, which takes the time of munmap with the cycle counter of its own hart. */
public final class MunmapMachine implements MunmapExperiment {
    private static final String GUEST = "latr-micro";

    private static final int ROUNDS = 3;

    /** Beside the pages: code, stacks, page tables, and the kernel's own. */
    private static final long RAM_BYTES = 64L << 20;

    /** A guest that needs more has been caught in something. */
    private static final long MOST_CYCLES = 2_000_000_000L;

    private final ElfImage image = ImageCatalog.image(GUEST).orElseThrow();

    @Override
    public MunmapCost measure(MunmapPoint point) throws UserErrorException {
        MunmapRounds rounds = new MunmapRounds();
        MachineAssembly assembly = assemble(point, rounds);
        rounds.watch(assembly.kernel().shootdowns().statistics());
        GuestRun guest = new GuestRun(assembly, rounds);
        List<String> arguments = List.of(
                GUEST, Integer.toString(point.pages()), Integer.toString(point.threads()), Integer.toString(ROUNDS));
        guest.boot(GUEST, image, ProgramArguments.of(arguments, List.of()));
        int status = guest.run(MOST_CYCLES);
        if (status != 0) {
            throw new UserErrorException(
                    ExitStatus.USAGE,
                    GUEST + " fails on " + point + ": " + guest.reason()
                            + rounds.text().strip());
        }
        return rounds.cost();
    }

    private static MachineAssembly assemble(MunmapPoint point, ConsoleOutput console) throws UserErrorException {
        long ramBytes = RAM_BYTES + ROUNDS * (long) point.pages() * PagingMode.PAGE_BYTES;
        try {
            MachineConfig config =
                    new MachineConfig(point.harts(), ramBytes, PagingMode.SV48, TimingProfiles.find(point.profile()));
            KernelConfig kernel = KernelConfig.quiet().withShootdownPolicy(point.policy());
            return new MachineAssembly(config, kernel, new BytesConsoleInput(new byte[0]), console);
        } catch (IllegalArgumentException | ProgramException e) {
            throw new UserErrorException(ExitStatus.USAGE, e.getMessage());
        }
    }
}
