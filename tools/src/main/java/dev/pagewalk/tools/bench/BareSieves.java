package dev.pagewalk.tools.bench;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.trap.InterruptLine;
import dev.pagewalk.emulator.trap.KernelStep;
import dev.pagewalk.emulator.trap.TrapCause;
import dev.pagewalk.emulator.trap.TrapHandler;
import dev.pagewalk.images.asm.Assembler;
import dev.pagewalk.images.asm.AssemblyException;
import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfSegment;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.nio.ByteBuffer;
import java.util.List;

/** Builds a machine without a kernel, whose harts never stop: each sieves bytes of its own in an address space of its own. */
final class BareSieves {
    private static final int FIRST_ARGUMENT = 10;

    private final Machine machine;
    private final PhysicalMemory memory;
    private final PagingMode mode;
    private long nextFrame = PhysicalMemory.RAM_BASE;

    BareSieves(int harts, TimingProfile profile, EngineKind engine) {
        mode = PagingMode.SV48;
        machine = new Machine(new MachineConfig(harts, 64 << 20, mode, profile), EngineOptions.of(engine));
        machine.connect(new NoKernel());
        memory = machine.bus().memory();
        ElfImage image = sieve();
        long code = newFrame();
        byte[] bytes = bytes(image);
        memory.write(code + image.entryPoint() % PagingMode.PAGE_BYTES, bytes, 0, bytes.length);
        for (Hart hart : machine.harts()) {
            start(hart, image.entryPoint(), code);
        }
    }

    Machine machine() {
        return machine;
    }

    private static ElfImage sieve() {
        try {
            return Assembler.assemble("sieve.s", "        .globl _start\n_start:\n" + BusyHarts.SIEVE);
        } catch (AssemblyException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The code, from its entry on. */
    private static byte[] bytes(ElfImage image) {
        ElfSegment segment = image.segments().stream()
                .filter(candidate -> candidate.contains(image.entryPoint()))
                .findFirst()
                .orElseThrow();
        ByteBuffer file = segment.bytes();
        file.position((int) (image.entryPoint() - segment.virtualAddress()));
        byte[] bytes = new byte[file.remaining()];
        file.get(bytes);
        return bytes;
    }

    private void start(Hart hart, long entry, long code) {
        long root = newFrame();
        long codePage = entry & PagingMode.PAGE_MASK;
        long data = codePage + PagingMode.PAGE_BYTES;
        map(root, codePage, Pte.leaf(code, Pte.R | Pte.X | Pte.U | Pte.A));
        for (long va = data; va < data + BusyHarts.BYTES_PER_HART; va += PagingMode.PAGE_BYTES) {
            map(root, va, Pte.leaf(newFrame(), Pte.R | Pte.W | Pte.U | Pte.A | Pte.D));
        }
        hart.mmu().setAddressSpace(root, 1);
        hart.x[FIRST_ARGUMENT] = data;
        hart.x[FIRST_ARGUMENT + 1] = BusyHarts.BYTES_PER_HART;
        hart.pc = entry;
        hart.enter(HartPhase.RUNNING);
    }

    private long newFrame() {
        long frame = nextFrame;
        nextFrame += PhysicalMemory.FRAME_BYTES;
        return frame;
    }

    private void map(long root, long va, long leaf) {
        long table = root;
        for (int level = mode.levels() - 1; level > 0; level--) {
            long address = table + 8L * mode.index(va, level);
            if (!Pte.isValid(memory.readLong(address))) {
                memory.writeLong(address, Pte.table(newFrame()));
            }
            table = Pte.physicalAddress(memory.readLong(address));
        }
        memory.writeLong(table + 8L * mode.index(va, 0), leaf);
    }

    /** Nothing traps. */
    private static final class NoKernel implements TrapHandler {
        @Override
        public KernelStep trap(int hartId, TrapCause cause, long value) {
            throw new IllegalStateException(cause + " on hart " + hartId);
        }

        @Override
        public KernelStep continueWork(int hartId) {
            throw new IllegalStateException("there is no kernel");
        }

        @Override
        public void beginInterruptService(int hartId, InterruptLine line, long nowCycle) {
            throw new IllegalStateException("there is no kernel");
        }

        @Override
        public void endInterruptService(int hartId, InterruptLine line, long nowCycle) {
            throw new IllegalStateException("there is no kernel");
        }

        @Override
        public List<String> describeBlocked() {
            return List.of();
        }

        @Override
        public void save(ByteArrayDataOutput out) {}

        @Override
        public void restore(ByteArrayDataInput in) {}
    }
}
