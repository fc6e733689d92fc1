package dev.pagewalk.emulator.debug;

import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.tlb.L0Veto;
import java.util.Arrays;
import java.util.List;

/**
 * The virtual addresses at which engines have to ask the debugger. They are those of all address spaces together: the debugger
 * knows which of them the hart has.
 *
 * <p>A breakpoint's instruction is never kept decoded, so an engine comes by each time that it is due; pages with watched bytes are
 * kept out of the L0 filters, so that every access to them takes the slow path. Neither can be seen in a statistic.
 */
public final class DebugPoints implements L0Veto {
    private static final long[] NO_ADDRESSES = {};

    private DebugPort port;
    private long[] breakpoints = NO_ADDRESSES;
    private List<WatchedRange> watched = List.of();

    /** @param debugger null where there is none; then there are no points either */
    public void connect(DebugPort debugger) {
        port = debugger;
    }

    /** Replaces all points; the machine's business, which tells engines and L0 filters. */
    public void set(long[] breakpointAddresses, List<WatchedRange> watchedRanges) {
        breakpoints = breakpointAddresses.clone();
        Arrays.sort(breakpoints);
        watched = List.copyOf(watchedRanges);
    }

    public boolean haveBreakpoints() {
        return breakpoints.length != 0;
    }

    /** The breakpoints' addresses, ascending; not to be changed. */
    public long[] breakpoints() {
        return breakpoints;
    }

    /** Whether the hart's next instruction is not to be executed, because of a breakpoint. */
    public boolean stopsAt(Hart hart) {
        return Arrays.binarySearch(breakpoints, hart.pc) >= 0 && port.breaksAt(hart);
    }

    public boolean watchMemory() {
        return !watched.isEmpty();
    }

    /**
     * The instruction at the hart's pc is about to access memory. Ends the engine's run, before the instruction or behind it, where
     * the debugger wants that.
     *
     * @param type LOAD or STORE
     * @return whether it is not to be executed now
     */
    public boolean stopsBeforeAccess(Hart hart, long address, int lengthBytes, AccessType type) {
        if (!watches(address, lengthBytes, type)) {
            return false;
        }
        AccessStop stop = port.stopForAccess(hart, address, lengthBytes, type);
        if (stop != AccessStop.NOT) {
            hart.stopCycle = Long.MIN_VALUE;
        }
        return stop == AccessStop.BEFORE;
    }

    @Override
    public boolean forbids(long virtualAddress, AccessType type) {
        return !watched.isEmpty() && watches(virtualAddress & PagingMode.PAGE_MASK, PagingMode.PAGE_BYTES, type);
    }

    private boolean watches(long address, long lengthBytes, AccessType type) {
        for (WatchedRange range : watched) {
            if (range.covers(address, lengthBytes, type)) {
                return true;
            }
        }
        return false;
    }
}
