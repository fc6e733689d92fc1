package dev.pagewalk.kernel.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.emulator.MachineConfig;
import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.hart.HartPhase;
import dev.pagewalk.emulator.timing.TimingProfile;
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
import dev.pagewalk.kernel.shootdown.AsidAllocator;
import dev.pagewalk.kernel.shootdown.Invalidation;
import dev.pagewalk.kernel.shootdown.MmuInvalidation;
import dev.pagewalk.kernel.shootdown.ShootdownPolicy;
import dev.pagewalk.kernel.shootdown.ShootdownServices;
import dev.pagewalk.kernel.shootdown.Shootdowns;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.ForkProgress;
import dev.pagewalk.kernel.space.ForkStrategy;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.space.MemoryServices;
import dev.pagewalk.kernel.space.RegionBudget;
import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.kernel.timeline.KernelTimeline;
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
    private static final int RANGE_CEILING_PAGES = 64;

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
    public final Shootdowns shootdowns;
    public final TlbSanitizer sanitizer;
    /** Harts that were sent interrupts, in that order. */
    public final List<Integer> interrupted = new ArrayList<>();
    /** Harts that need not wait any more, in that order. */
    public final List<Integer> woken = new ArrayList<>();
    /** Harts' ASIDs that are flushed before they are used again, beyond what the kernel knows of: hart << 16 | ASID. */
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
        this(ramBytes, mode, hugePages, invalidations, HARTS, new TellsNobody(), AsidAllocator.MOST_BITS, "ideal");
    }

    /** @param policy whom shootdowns are told to */
    public TestMemory(
            long ramBytes,
            PagingMode mode,
            HugePages hugePages,
            UnaryOperator<Invalidation> invalidations,
            int hartCount,
            ShootdownPolicy policy,
            int asidBits,
            String profileName) {
        ram = new PhysicalMemory(ramBytes);
        bus = new PhysicalBus(ram, new StoreGuards(ram));
        TimingProfile profile = TimingProfiles.find(profileName);
        meter = new CostMeter(profile.kernel());
        frames = new FrameAllocator(bus, meter, NumaNodes.of(1, ramBytes, MachineConfig.MAX_HARTS));
        editor = new PageTableEditor(bus, frames, meter, mode);
        try {
            kernelTable = KernelHalf.build(editor, ram);
        } catch (KernelException e) {
            throw new AssertionError(e);
        }
        files = new FileSystem(frames, bus, meter);
        MmuInvalidation mmuInvalidation = new MmuInvalidation();
        for (int id = 0; id < hartCount; id++) {
            harts.add(new Hart(id, new Mmu(ram, bus.guards(), mode, MMU, id)));
        }
        shootdowns = new Shootdowns(
                new ShootdownServices(
                        harts,
                        meter,
                        frames,
                        kernelTable,
                        profile.crossHart(),
                        RANGE_CEILING_PAGES,
                        invalidations.apply(mmuInvalidation),
                        hartId -> interrupted.add(hartId),
                        this::wake),
                policy,
                asidBits);
        sanitizer = new TlbSanitizer(harts, ram, meter, this::isQueued);
        frames.setObserver(sanitizer);
        editor.setObserver(sanitizer);
        mmuInvalidation.setObserver(sanitizer);
        shootdowns.setObserver(sanitizer);
        services = new MemoryServices(
                editor, kernelTable, frames, shootdowns, meter, files, new RegionBudget(), hugePages);
        faults = new PageFaultHandler(meter, counters, KernelTimeline.silent(meter));
        userMemory = new UserMemory(bus, meter, faults, (space, address, length, access) -> {});
    }

    private void wake(int hartId, long atCycle) {
        HartPhase phase = harts.get(hartId).phase();
        assertThat(phase).as("hart %d", hartId).isIn(HartPhase.WAITING, HartPhase.BUSY);
        woken.add(hartId);
    }

    public AddressSpace space() {
        return space(UserLayout.DEFAULT);
    }

    public AddressSpace space(UserLayout layout) {
        try {
            return AddressSpace.create(services, layout);
        } catch (KernelException e) {
            throw new AssertionError(e);
        }
    }

    private boolean isQueued(int hartId, int asid) {
        return queuedFlushes.contains(hartId << 16 | asid) || shootdowns.isQueued(hartId, asid);
    }

    /**
     * Forks step by step.
     *
     * @return the child, or null where memory ran out: its remains are gone then
     */
    public AddressSpace fork(AddressSpace parent, ForkStrategy strategy) {
        try {
            AddressSpace child = parent.beginFork();
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
        workOn(hartId);
        shootdowns.loader().load(harts.get(hartId), space.translations());
        harts.get(hartId).enter(HartPhase.RUNNING);
    }

    /** As {@link #run}, with an ASID of the test's choice and behind the kernel's back. */
    public void runUnder(int asid, int hartId, AddressSpace space) {
        Hart hart = harts.get(hartId);
        hart.mmu().setAddressSpace(space.pageTable().rootAddress(), asid);
        hart.enter(HartPhase.RUNNING);
    }

    /** The hart is in no address space; it is in the kernel. */
    public void leave(int hartId) {
        workOn(hartId);
        shootdowns.loader().leave(harts.get(hartId));
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
