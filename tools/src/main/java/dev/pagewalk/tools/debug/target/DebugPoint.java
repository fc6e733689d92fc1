package dev.pagewalk.tools.debug.target;

/**
 * A breakpoint or a watchpoint of one process.
 *
 * @param kind what makes it stop the guest
 * @param address where, a virtual address
 * @param lengthBytes how many bytes are watched; of breakpoints it means nothing
 */
public record DebugPoint(PointKind kind, long address, long lengthBytes) {}
