package dev.pagewalk.kernel.testing;

import dev.pagewalk.emulator.bus.PhysicalBus;
import dev.pagewalk.emulator.timing.TimingProfiles;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.FaultCounters;
import dev.pagewalk.kernel.fault.PageFaultHandler;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelHalf;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.kernel.pagetable.PageTableEditor;
import dev.pagewalk.kernel.shootdown.LocalInvalidation;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.HugePages;
import dev.pagewalk.kernel.space.MemoryServices;
import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.memory.StoreGuards;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.ArrayDeque;
import java.util.Deque;

/** The kernel's memory services over some RAM, without a machine that runs. */
public final class TestMemory {
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
    private final Deque<Long> drained = new ArrayDeque<>();

    public TestMemory(long ramBytes, PagingMode mode) {
        this(ramBytes, mode, HugePages.NEVER);
    }

    public TestMemory(long ramBytes, PagingMode mode, HugePages hugePages) {
        ram = new PhysicalMemory(ramBytes);
        bus = new PhysicalBus(ram, new StoreGuards(ram));
        meter = new CostMeter(TimingProfiles.find("ideal").kernel());
        frames = new FrameAllocator(bus, meter);
        editor = new PageTableEditor(bus, frames, meter, mode);
        try {
            kernelTable = KernelHalf.build(editor, ram);
        } catch (KernelException e) {
            throw new AssertionError(e);
        }
        LocalInvalidation invalidation = new LocalInvalidation(meter);
        services = new MemoryServices(editor, kernelTable, frames, invalidation, meter, hugePages);
        faults = new PageFaultHandler(meter, counters);
        userMemory = new UserMemory(bus, meter, faults);
    }

    public AddressSpace space() {
        return space(UserLayout.DEFAULT);
    }

    public AddressSpace space(UserLayout layout) {
        try {
            return AddressSpace.create(services, layout, 1);
        } catch (KernelException e) {
            throw new AssertionError(e);
        }
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
