package dev.pagewalk.tools.bench;

import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.images.asm.Assembler;
import dev.pagewalk.images.asm.AssemblyException;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.MachineAssembly;
import java.util.List;

/** A guest that has a thread on each hart of a whole machine, all in one address space, and never ends. */
final class ThreadedGuest {
    /** What each thread has for itself of the memory that they share. */
    static final int BYTES_PER_THREAD = 32 << 10;

    private static final long RAM_BYTES = 64 << 20;
    private static final int CONSOLE_LIMIT_BYTES = 1 << 10;

    /** None of them uses its stack. In s0 the memory, in s1 the thread's number. */
    private static final String START = """
                    .globl _start
            _start: li      a0, 0
                    li      a1, %1$d * %2$d
                    li      a2, 3               # PROT_READ | PROT_WRITE
                    li      a3, 0x22            # MAP_PRIVATE | MAP_ANONYMOUS
                    li      a4, -1
                    li      a5, 0
                    li      a7, 222             # mmap
                    ecall
                    mv      s0, a0
                    li      s1, 1
            1:      li      t0, %1$d
                    bge     s1, t0, 2f
                    li      a0, 0x50f00         # CLONE_VM | FS | FILES | SIGHAND | THREAD | SYSVSEM
                    li      a1, 0
                    li      a7, 220             # clone
                    ecall
                    beqz    a0, 3f
                    addi    s1, s1, 1
                    j       1b
            2:      li      s1, 0
            3:
            """;

    private ThreadedGuest() {}

    /**
     * Boots it.
     *
     * @param work what a thread does when it has begun; its memory is in s0, its number in s1: 0 for the first
     */
    static MachineAssembly boot(
            int threads, TimingProfile profile, EngineKind engine, KernelConfig kernel, String work) {
        CapturedConsoleOutput console = new CapturedConsoleOutput(CONSOLE_LIMIT_BYTES);
        try {
            MachineAssembly assembly = new MachineAssembly(
                    new MachineConfig(threads, RAM_BYTES, PagingMode.SV48, profile),
                    EngineOptions.of(engine),
                    kernel,
                    new BytesConsoleInput(new byte[0]),
                    console,
                    null);
            String source = START.formatted(threads, BYTES_PER_THREAD) + work;
            assembly.kernel()
                    .boot(Assembler.assemble("threads.s", source), ProgramArguments.of(List.of("threads"), List.of()));
            return assembly;
        } catch (ProgramException | AssemblyException e) {
            throw new IllegalStateException(e);
        }
    }
}
