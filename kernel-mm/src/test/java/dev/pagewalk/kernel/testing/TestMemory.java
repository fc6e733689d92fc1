package dev.pagewalk.kernel.testing;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultCounters;
import dev.pagewalk.kernel.fault.PageFaultHandler;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.file.PathBase;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.frame.NumaNodes;
import dev.pagewalk.kernel.pagetable.KernelHalf;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.kernel.pagetable.PageTableEditor;
import dev.pagewalk.kernel.sanitizer.TlbSanitizer;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.kernel.shootdown.LocalInvalidation;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.ForkProgress;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.space.MemoryServices;
import dev.pagewalk.kernel.space.RegionBudget;
import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.mmu.Mmu;
import dev.pagewalk.mmu.MmuParameters;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.memory.StoreGuards;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import dev.pagewalk.mmu.tlb.TlbGeometry;
import dev.pagewalk.mmu.walk.WalkCacheParameters;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;

/**
 * The kernel's memory services over some RAM, and harts that can touch it, without a machine that runs. The kernel works on
 * nobody's account until {@link #workOn}; the sanitizer watches.
 */
public final class TestMemory {
    private static final int HARTS = 2;

    /** Small, and with pointers that outlive a flush by address. */
    private static final MmuParameters MMU = new MmuParameters(
            TlbGeometry.fullyAssociative(8, 0, ReplacementPolicy.FIFO),
            TlbGeometry.fullyAssociative(8, 0, ReplacementPolicy.LRU),
            new TlbGeometry(64, 4, 1, ReplacementPolicy.LRU),
            new WalkCacheParameters(8, ReplacementPolicy.FIFO, 1, false),
            1,
            1,
            true);

    public final PhysicalMemory ram;
    public final PhysicalBus bus;
    public final CostMeter meter;
    public final FrameAllocator frames;
    public final PageTableEditor editor;
    public final PageTable kernelTable;
    public final MemoryServices services;
    public final FaultCounters counters = new FaultCounters();
    public final PageFaultHandler faults;
    public final UserMemory userMemory;
    public final FileSystem files;
    public final List<Hart> harts = new ArrayList<>();
    public final TlbSanitizer sanitizer;
    /** Harts' ASIDs that are flushed before they are loaded again: hart << 16 | ASID. */
    public final Set<Integer> queuedFlushes = new TreeSet<>();

    private final Deque<Long> drained = new ArrayDeque<>();

    public TestMemory(long ramBytes, PagingMode mode) {
        this(ramBytes, mode, HugePages.NEVER);
    }

    public TestMemory(long ramBytes, PagingMode mode, HugePages hugePages) {
        this(ramBytes, mode, hugePages, UnaryOperator.identity());
    }

    /** @param invalidations puts mistakes before the kernel's own invalidation */
    public TestMemory(long ramBytes, PagingMode mode, HugePages hugePages, UnaryOperator<Invalidation> invalidations) {
        ram = new PhysicalMemory(ramBytes);
        bus = new PhysicalBus(ram, new StoreGuards(ram));
        meter = new CostMeter(TimingProfiles.find("ideal").kernel());
        frames = new FrameAllocator(bus, meter, NumaNodes.of(1, ramBytes, MachineConfig.MAX_HARTS));
        editor = new PageTableEditor(bus, frames, meter, mode);
        try {
            kernelTable = KernelHalf.build(editor, ram);
        } catch (KernelException e) {
            throw new AssertionError(e);
        }
        files = new FileSystem(frames, bus, meter);
        LocalInvalidation localInvalidation = new LocalInvalidation(meter);
        for (int id = 0; id < HARTS; id++) {
            harts.add(new Hart(id, new Mmu(ram, bus.guards(), mode, MMU, id)));
        }
        sanitizer = new TlbSanitizer(harts, ram, meter, (hart, asid) -> queuedFlushes.contains(hart << 16 | asid));
        frames.setObserver(sanitizer);
        editor.setObserver(sanitizer);
        localInvalidation.setObserver(sanitizer);
        Invalidation invalidation = invalidations.apply(localInvalidation);
        services = new MemoryServices(
                editor, kernelTable, frames, invalidation, meter, files, new RegionBudget(), hugePages);
        faults = new PageFaultHandler(meter, counters);
        userMemory = new UserMemory(bus, meter, faults);
    }

    public AddressSpace space() {
        return space(UserLayout.DEFAULT);
    }

    public AddressSpace space(UserLayout layout) {
        return space(layout, 1);
    }

    public AddressSpace space(UserLayout layout, int asid) {
        try {
            return AddressSpace.create(services, layout, asid);
        } catch (KernelException e) {
            throw new AssertionError(e);
        }
    }

    /**
     * Forks step by step.
     *
     * @param childAsid that no other space has
     * @return the child, or null where memory ran out: its remains are gone then
     */
    public AddressSpace fork(AddressSpace parent, ForkStrategy strategy, int childAsid) {
        try {
            AddressSpace child = parent.beginFork(childAsid);
            ForkProgress progress = ForkProgress.begin(strategy);
            while (!progress.isOver()) {
                progress = parent.forkStep(child, progress);
            }
            return progress.phase() == ForkProgress.Phase.DONE ? child : null;
        } catch (KernelException e) {
            return null;
        }
    }

    /** A file that was preloaded. */
    public Inode file(String path) {
        try {
            return files.find(PathBase.ROOT, path);
        } catch (KernelException e) {
            throw new AssertionError(e);
        }
    }

    /** From now on this hart does the kernel's work; it is in the kernel. */
    public void workOn(int hartId) {
        harts.get(hartId).enter(HartPhase.BUSY);
        meter.workOn(harts.get(hartId));
    }

    /** The hart leaves the kernel for the guest of a space. */
    public void run(int hartId, AddressSpace space) {
        Hart hart = harts.get(hartId);
        hart.mmu().setAddressSpace(space.pageTable().rootAddress(), space.asid());
        hart.enter(HartPhase.RUNNING);
    }

    /** An instruction of the guest accesses memory. Returns the physical address, or -1 where it faults. */
    public long touch(int hartId, long address, AccessType type) {
        Hart hart = harts.get(hartId);
        hart.retired++;
        hart.mmu().dataAccesses++;
        hart.mmu().instructionAccesses++;
        return hart.mmu().translate(address, type);
    }

    /** Takes frames until only so many are free. */
    public void drainTo(int freeFrames) {
        try {
            while (frames.freeFrames() > freeFrames) {
                drained.push(frames.allocate(FrameUse.USER));
            }
        } catch (KernelException e) {
            throw new AssertionError(e);
        }
    }

    /** Gives back what {@link #drainTo} took. */
    public void refill() {
        while (!drained.isEmpty()) {
            frames.release(drained.pop());
        }
    }
}
