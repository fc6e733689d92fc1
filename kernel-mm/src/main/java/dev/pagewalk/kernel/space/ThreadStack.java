package dev.pagewalk.kernel.space;

import dev.pagewalk.mmu.table.PagingMode;

/**
 * A thread's stack (S25): a guard page at the bottom, which no access reaches, and what can be used above it.
 *
 * @param base the guard's first address, a multiple of 4096
 * @param lengthBytes guard included: at least two pages, a multiple of 4096
 */
public record ThreadStack(long base, long lengthBytes) {
    public static final long GUARD_BYTES = PagingMode.PAGE_BYTES;

    /** A guard and one page. */
    public static final long SMALLEST_BYTES = 2 * GUARD_BYTES;

    /** @throws IllegalArgumentException where it is too small or not made of whole pages */
    public ThreadStack {
        if (lengthBytes < SMALLEST_BYTES || ((base | lengthBytes) & ~PagingMode.PAGE_MASK) != 0 || base < 0) {
            throw new IllegalArgumentException(String.format(
                    "no thread's stack at 0x%x of %d bytes: two whole pages at least", base, lengthBytes));
        }
    }

    /** The address after the highest byte, where the stack pointer begins. */
    public long top() {
        return base + lengthBytes;
    }

    /** The lowest address that can be used. */
    public long usableStart() {
        return base + GUARD_BYTES;
    }

    public long usableBytes() {
        return lengthBytes - GUARD_BYTES;
    }

    /** Whether a stack pointer's access at the address goes through; the top is outside. */
    public boolean contains(long address) {
        return address >= usableStart() && address < top();
    }

    public boolean isInGuard(long address) {
        return address >= base && address < usableStart();
    }
}
