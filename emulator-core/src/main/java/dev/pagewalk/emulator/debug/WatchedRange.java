package dev.pagewalk.emulator.debug;

import dev.pagewalk.mmu.access.AccessType;

/**
 * Virtual addresses, of whatever address space, whose accesses a debugger wants to see.
 *
 * @param firstAddress the lowest one
 * @param lastAddress the highest one, unsigned not below {@code firstAddress}
 * @param loads whether loads count
 * @param stores whether stores count
 */
public record WatchedRange(long firstAddress, long lastAddress, boolean loads, boolean stores) {
    boolean covers(long address, long lengthBytes, AccessType type) {
        boolean counts = type == AccessType.LOAD && loads || type == AccessType.STORE && stores;
        return counts
                && Long.compareUnsigned(address, lastAddress) <= 0
                && Long.compareUnsigned(address + lengthBytes - 1, firstAddress) >= 0;
    }
}
