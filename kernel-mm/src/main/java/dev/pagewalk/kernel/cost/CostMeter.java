package dev.pagewalk.kernel.cost;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.emulator.timing.KernelCosts;

/**
 * Turns kernel work into cycles of the hart that does it. The figures are the timing profile's; here stands only what
 * counts as work.
 */
public final class CostMeter {
    private static final int PTE_BYTES = 8;

    private final KernelCosts costs;
    private Hart hart;
    private long beginCycle;

    public CostMeter(KernelCosts costs) {
        this.costs = costs;
    }

    /** Names the hart that does the kernel's work from now on, at its own clock, and pays for it. */
    public void workOn(Hart worker) {
        workOn(worker, worker.cycle);
    }

    /**
     * Names the hart that does the kernel's work from now on and pays for it.
     *
     * @param nowCycle the time, which the clock of a hart that waits or idles does not show
     */
    public void workOn(Hart worker, long nowCycle) {
        this.hart = worker;
        this.beginCycle = nowCycle;
    }

    /** What follows takes no time and is nobody's: a debugger intervenes. */
    public void workOutsideTime(long nowCycle) {
        this.hart = null;
        this.beginCycle = nowCycle;
    }

    /** The hart that does the kernel's work; null while the machine boots or a debugger intervenes, when nothing is charged. */
    public Hart hart() {
        return hart;
    }

    /** The time at which the work has got to, in cycles. */
    public long nowCycle() {
        return hart == null ? beginCycle : beginCycle + hart.chargedCycles();
    }

    public void trapEntryAndExit() {
        charge(costs.trapEntryCycles() + costs.trapExitCycles());
    }

    public void systemCall() {
        charge(costs.systemCallCycles());
    }

    public void pageTableRead() {
        charge(costs.pageTableReadCycles());
    }

    public void pageTableWrite() {
        charge(costs.pageTableWriteCycles());
    }

    /** Reading entries in a row: priced as a copy, not as single reads. */
    public void pageTableSweep(int entries) {
        copied((long) entries * PTE_BYTES);
    }

    public void zeroed(long lengthBytes) {
        charge(costs.zeroCycles(lengthBytes));
    }

    public void copied(long lengthBytes) {
        charge(costs.copyCycles(lengthBytes));
    }

    public void regionLookup() {
        charge(costs.regionLookupCycles());
    }

    public void regionChange() {
        charge(costs.regionChangeCycles());
    }

    public void frameAllocated() {
        charge(costs.frameAllocateCycles());
    }

    public void frameFreed() {
        charge(costs.frameFreeCycles());
    }

    public void contextSwitch() {
        charge(costs.contextSwitchCycles());
    }

    public void tlbFlushAll() {
        charge(costs.tlbFlushAllCycles());
    }

    public void tlbFlushPages(long pages) {
        charge(costs.tlbFlushPageCycles() * pages);
    }

    /** A cost that is not the kernel profile's, such as that of a device access. */
    public void charge(long cycles) {
        if (hart != null) {
            hart.charge(cycles);
        }
    }
}
