package dev.pagewalk.kernel.shootdown;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.timing.CrossHartCosts;
import dev.pagewalk.emulator.trap.HartControl;
import dev.pagewalk.kernel.cost.CostMeter;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.pagetable.PageTable;
import java.util.List;

/**
 * What shootdowns need of the machine and the kernel.
 *
 * @param harts by id
 * @param meter knows the hart that is at work
 * @param frames takes back what nobody can reach any more
 * @param kernelTable what harts have loaded that are in no address space
 * @param profilePages how many pages are flushed singly before a flush of the whole space is cheaper
 * @param invalidation carries fences out
 * @param ipis interrupts harts
 * @param hartControl wakes those that wait
 */
public record ShootdownServices(
        List<Hart> harts,
        CostMeter meter,
        FrameAllocator frames,
        PageTable kernelTable,
        CrossHartCosts costs,
        int profilePages,
        Invalidation invalidation,
        IpiSender ipis,
        HartControl hartControl) {}
