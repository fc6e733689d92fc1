package dev.pagewalk.emulator.timing;

/**
 * What the steps of kernel work cost, in cycles unless the name says otherwise.
 *
 * @param trapEntryCycles from the trapping instruction to the first line of the handler, registers saved
 * @param trapExitCycles registers restored and back in the guest
 * @param systemCallCycles dispatch of a system call, on top of trap entry and exit
 * @param pageTableReadCycles one PTE read by the kernel
 * @param pageTableWriteCycles one PTE written by the kernel
 * @param zeroBytesPerCycle throughput of clearing a frame, at least 1
 * @param copyBytesPerCycle throughput of copying, at least 1
 * @param regionLookupCycles finding the region of an address
 * @param regionChangeCycles inserting, removing, merging or splitting one region
 * @param frameAllocateCycles taking a frame from the allocator, without clearing it
 * @param frameFreeCycles giving a frame back
 * @param contextSwitchCycles switching a hart to another task, without the flushes
 * @param tlbFlushAllCycles one local flush of everything or of one ASID
 * @param tlbFlushPageCycles one local flush of one address
 * @param rangeFlushCeilingPages the most pages that are flushed one by one, at least 1; from one more on it is one flush of
 *     everything
 */
public record KernelCosts(
        int trapEntryCycles,
        int trapExitCycles,
        int systemCallCycles,
        int pageTableReadCycles,
        int pageTableWriteCycles,
        int zeroBytesPerCycle,
        int copyBytesPerCycle,
        int regionLookupCycles,
        int regionChangeCycles,
        int frameAllocateCycles,
        int frameFreeCycles,
        int contextSwitchCycles,
        int tlbFlushAllCycles,
        int tlbFlushPageCycles,
        int rangeFlushCeilingPages) {
    public KernelCosts {
        Checks.cycles("kernel.trapEntryCycles", trapEntryCycles);
        Checks.cycles("kernel.trapExitCycles", trapExitCycles);
        Checks.cycles("kernel.systemCallCycles", systemCallCycles);
        Checks.cycles("kernel.pageTableReadCycles", pageTableReadCycles);
        Checks.cycles("kernel.pageTableWriteCycles", pageTableWriteCycles);
        Checks.range("kernel.zeroBytesPerCycle", zeroBytesPerCycle, 1, 1 << 20);
        Checks.range("kernel.copyBytesPerCycle", copyBytesPerCycle, 1, 1 << 20);
        Checks.cycles("kernel.regionLookupCycles", regionLookupCycles);
        Checks.cycles("kernel.regionChangeCycles", regionChangeCycles);
        Checks.cycles("kernel.frameAllocateCycles", frameAllocateCycles);
        Checks.cycles("kernel.frameFreeCycles", frameFreeCycles);
        Checks.cycles("kernel.contextSwitchCycles", contextSwitchCycles);
        Checks.cycles("kernel.tlbFlushAllCycles", tlbFlushAllCycles);
        Checks.cycles("kernel.tlbFlushPageCycles", tlbFlushPageCycles);
        Checks.range("kernel.rangeFlushCeilingPages", rangeFlushCeilingPages, 1, 1 << 20);
    }

    /** The cycles of clearing {@code lengthBytes}, rounded up; {@code lengthBytes} is not negative. */
    public long zeroCycles(long lengthBytes) {
        return roundedUp(lengthBytes, zeroBytesPerCycle);
    }

    /** The cycles of copying {@code lengthBytes}, rounded up; {@code lengthBytes} is not negative. */
    public long copyCycles(long lengthBytes) {
        return roundedUp(lengthBytes, copyBytesPerCycle);
    }

    private static long roundedUp(long lengthBytes, int bytesPerCycle) {
        return lengthBytes / bytesPerCycle + (lengthBytes % bytesPerCycle == 0 ? 0 : 1);
    }
}
