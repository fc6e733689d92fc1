package dev.pagewalk.emulator.testing;

import dev.pagewalk.emulator.Machine;
import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.RunStop;
import dev.pagewalk.emulator.engine.EngineKind;
import dev.pagewalk.emulator.engine.EngineOptions;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.timing.TimingProfile;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;

/**
 * A machine with a scripted kernel and page tables made by hand. All harts share one address space (ASID 1). Tables lie in
 * the first MiB of RAM, frames that {@link #map(long, long)} takes follow.
 */
public final class GuestMachine {
    public static final long RAM_BYTES = 16 << 20;
    public static final long CODE = 0x1_0000;
    public static final long DATA = 0x20_0000;

    /** Read, write, user, accessed, dirty. */
    public static final long RW = Pte.R | Pte.W | Pte.U | Pte.A | Pte.D;

    public static final long RX = Pte.R | Pte.X | Pte.U | Pte.A;
    public static final long RWX = RW | Pte.X;

    public final Machine machine;
    public final ScriptedKernel kernel;
    public final PhysicalMemory memory;

    private final PagingMode mode;
    private final long root;
    private long nextTable = PhysicalMemory.RAM_BASE;
    private long nextFrame = PhysicalMemory.RAM_BASE + (1 << 20);

    public GuestMachine(MachineConfig config) {
        this(config, EngineOptions.of(EngineKind.INTERPRETER));
    }

    public GuestMachine(MachineConfig config, EngineOptions engineOptions) {
        this.machine = new Machine(config, engineOptions);
        this.memory = machine.bus().memory();
        this.mode = config.pagingMode();
        this.kernel = new ScriptedKernel(machine.harts());
        machine.connect(kernel);
        this.root = newTable();
        for (Hart hart : machine.harts()) {
            hart.mmu().setAddressSpace(root, 1);
        }
    }

    public static GuestMachine of(TimingProfile profile, int harts) {
        return new GuestMachine(new MachineConfig(harts, RAM_BYTES, PagingMode.SV48, profile));
    }

    public static GuestMachine of(String profile, int harts) {
        return of(TimingProfiles.find(profile), harts);
    }

    /** One hart, a page of code at {@link #CODE} and a page of data at {@link #DATA}. */
    public static GuestMachine of(String profile) {
        GuestMachine guest = of(profile, 1);
        guest.map(CODE, RWX);
        guest.map(DATA, RW);
        return guest;
    }

    public Hart hart() {
        return machine.harts().get(0);
    }

    public Hart hart(int id) {
        return machine.harts().get(id);
    }

    public long root() {
        return root;
    }

    private long newTable() {
        long table = nextTable;
        nextTable += PhysicalMemory.FRAME_BYTES;
        return table;
    }

    public long newFrame() {
        long frame = nextFrame;
        nextFrame += PhysicalMemory.FRAME_BYTES;
        return frame;
    }

    /** Maps a page to a frame of its own and returns the frame's physical address. */
    public long map(long va, long flags) {
        long frame = newFrame();
        mapTo(va, frame, flags);
        return frame;
    }

    public void map(long va, int pages, long flags) {
        for (int page = 0; page < pages; page++) {
            map(va + 4096L * page, flags);
        }
    }

    public void mapTo(long va, long physicalAddress, long flags) {
        put(va, 0, Pte.leaf(physicalAddress, flags));
    }

    /** Writes the PTE that a walk for this address reads at this level, and the tables above it. */
    public void put(long va, int level, long pte) {
        memory.writeLong(pteAddress(va, level), pte);
    }

    public long pteAddress(long va, int level) {
        long table = root;
        for (int above = mode.levels() - 1; above > level; above--) {
            long address = table + 8L * mode.index(va, above);
            long pte = memory.readLong(address);
            if (!Pte.isValid(pte)) {
                pte = Pte.table(newTable());
                memory.writeLong(address, pte);
            }
            table = Pte.physicalAddress(pte);
        }
        return table + 8L * mode.index(va, level);
    }

    /** The physical address behind a mapped 4 KiB page's address. */
    public long physical(long va) {
        return Pte.physicalAddress(memory.readLong(pteAddress(va, 0))) | va & 4095;
    }

    /** Writes code as the kernel would: announced. */
    public void code(long va, int... words) {
        for (int n = 0; n < words.length; n++) {
            long address = physical(va + 4L * n);
            machine.bus().announceStore(address, 4);
            memory.writeInt(address, words[n]);
        }
    }

    public void code(long va, Code code) {
        code(va, code.words());
    }

    /** Makes a hart run at an address. */
    public void start(int hartId, long pc) {
        Hart hart = hart(hartId);
        hart.pc = pc;
        hart.enter(HartPhase.RUNNING);
    }

    /** Writes code at {@link #CODE} and runs hart 0 there until nothing happens any more: its trap parks it. */
    public RunStop run(Code code) {
        code(CODE, code);
        start(0, CODE);
        return machine.run();
    }

    /** One instruction of hart 0 that does not trap, alone on its machine. */
    public void step() {
        RunStop stop = machine.run(Long.MAX_VALUE, hart().cycle + 1);
        if (stop != RunStop.PAUSED) {
            throw new AssertionError("no step, but " + stop + ": " + kernel.calls);
        }
    }

    public long readLong(long va) {
        return memory.readLong(physical(va));
    }

    public void writeLong(long va, long value) {
        long address = physical(va);
        machine.bus().announceStore(address, 8);
        memory.writeLong(address, value);
    }
}
