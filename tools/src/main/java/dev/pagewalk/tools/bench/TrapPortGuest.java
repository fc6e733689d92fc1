package dev.pagewalk.tools.bench;

import dev.pagewalk.devices.console.BytesConsoleInput;
import dev.pagewalk.devices.console.CapturedConsoleOutput;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.images.catalog.ImageCatalog;
import dev.pagewalk.kernel.Kernel;
import dev.pagewalk.kernel.KernelConfig;
import dev.pagewalk.kernel.process.ProgramArguments;
import dev.pagewalk.kernel.process.ProgramException;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.tools.MachineAssembly;
import java.util.List;

/**
 * A guest of a whole machine whose traps the benchmark raises itself, at the port where the machine would: no instruction is
 * executed, so what is measured is the kernel and nothing else.
 */
final class TrapPortGuest {
    static final int READ_ONLY = 1;
    static final int READ_WRITE = 3;

    private static final int A0 = 10;
    private static final int A7 = 17;

    private static final int BRK = 214;
    private static final int MUNMAP = 215;
    private static final int CLONE = 220;
    private static final int MMAP = 222;
    private static final int KILL = 129;
    private static final int WAIT4 = 260;

    private static final int MAP_PRIVATE = 0x02;
    private static final int MAP_FIXED = 0x10;
    private static final int MAP_ANONYMOUS = 0x20;
    private static final int SIGKILL = 9;
    private static final int SIGCHLD = 17;

    private final Kernel kernel;
    private final Hart hart;

    /** Boots a process to act for, on a machine with profile u74 and Sv48 for all of whose RAM the host has memory already. */
    TrapPortGuest(long ramBytes, KernelConfig config) throws ProgramException {
        MachineConfig machineConfig = new MachineConfig(1, ramBytes, PagingMode.SV48, TimingProfiles.find("u74"));
        MachineAssembly assembly = new MachineAssembly(
                machineConfig, config, new BytesConsoleInput(new byte[0]), new CapturedConsoleOutput(1 << 10));
        kernel = assembly.kernel();
        hart = assembly.machine().harts().get(0);
        touch(assembly.machine().bus().memory());
        kernel.boot(ImageCatalog.image("hello").orElseThrow(), ProgramArguments.of(List.of("hello"), List.of()));
    }

    private static void touch(PhysicalMemory memory) {
        for (long address = memory.baseAddress();
                address < memory.endAddress();
                address += PhysicalMemory.CHUNK_BYTES) {
            memory.chunk(address);
        }
    }

    Kernel kernel() {
        return kernel;
    }

    /** Stores to an address whose page the hardware refuses. */
    void storeFault(long address) {
        finish(kernel.trap(hart.id(), TrapCause.STORE_PAGE_FAULT, address));
    }

    /** mmap of private anonymous memory where the kernel finds room. */
    long map(long lengthBytes, int protection) {
        return map(0, lengthBytes, protection, MAP_PRIVATE | MAP_ANONYMOUS);
    }

    /** mmap of private anonymous memory with MAP_FIXED. */
    long mapAt(long address, long lengthBytes, int protection) {
        return map(address, lengthBytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED);
    }

    private long map(long address, long lengthBytes, int protection, int flags) {
        hart.x[A0 + 3] = flags;
        hart.x[A0 + 4] = -1;
        hart.x[A0 + 5] = 0;
        return call(MMAP, address, lengthBytes, protection);
    }

    void unmap(long address, long lengthBytes) {
        call(MUNMAP, address, lengthBytes, 0);
    }

    /** brk: returns where the break is then. */
    long moveBreak(long address) {
        return call(BRK, address, 0, 0);
    }

    /** clone as fork: returns the child's pid. */
    long fork() {
        return call(CLONE, SIGCHLD, 0, 0);
    }

    /** Kills a child and waits until it is gone. */
    void endChild(long pid) {
        call(KILL, pid, SIGKILL, 0);
        hart.x[A0 + 3] = 0;
        call(WAIT4, pid, 0, 0);
    }

    /** A system call, to its end. */
    private long call(int number, long first, long second, long third) {
        hart.x[A7] = number;
        hart.x[A0] = first;
        hart.x[A0 + 1] = second;
        hart.x[A0 + 2] = third;
        finish(kernel.trap(hart.id(), TrapCause.SYSTEM_CALL, 0));
        long result = hart.x[A0];
        if (result < 0) {
            throw new IllegalStateException("system call " + number + " returned " + result);
        }
        return result;
    }

    /** Lets the kernel go on until it is the guest's turn again, and time pass as the machine does. */
    private void finish(KernelStep first) {
        hart.cycle += hart.takeCharge();
        KernelStep step = first;
        while (step == KernelStep.CONTINUE) {
            step = kernel.continueWork(hart.id());
            hart.cycle += hart.takeCharge();
        }
        if (step != KernelStep.RESUME) {
            throw new IllegalStateException("the guest has ended");
        }
    }
}
