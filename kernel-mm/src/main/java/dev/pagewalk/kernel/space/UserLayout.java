package dev.pagewalk.kernel.space;

import dev.pagewalk.mmu.table.PagingMode;

/**
 * Where things go in the user half (S6, S24). All addresses and lengths are multiples of 4096.
 *
 * @param userStart the lowest address that a guest may map
 * @param userEnd the address after the highest
 * @param heapStart where the heap begins, or {@link #HEAP_AFTER_IMAGE}
 * @param heapLimitBytes how long the heap may get, inclusive
 * @param mmapStart where mmap begins to look for room
 * @param stackTop the address after the first stack's highest byte
 * @param stackLimitBytes how far that stack may grow down
 * @param stackGuardBytes what stays free below it: Linux's {@code stack_guard_gap} is 256 pages
 */
public record UserLayout(
        long userStart,
        long userEnd,
        long heapStart,
        long heapLimitBytes,
        long mmapStart,
        long stackTop,
        long stackLimitBytes,
        long stackGuardBytes) {
    /** The heap begins on the page after the image, as Linux does without randomization. */
    public static final long HEAP_AFTER_IMAGE = 0;

    private static final long MIB = 1 << 20;
    private static final long GIB = 1 << 30;
    private static final long GUARD_BYTES = 256 * 4096;

    /** VeridianOS's process layout. What it leaves open (bounds, heap limit) is B's. */
    public static final UserLayout SET_A = new UserLayout(
            0x1_0000L,
            0x7FFF_FFFF_0000L,
            0x2000_0000_0000L,
            8 * GIB,
            0x4000_0000_0000L,
            0x7FFF_FFFF_0000L,
            8 * MIB,
            GUARD_BYTES);

    /** VeridianOS's loader layout. What it leaves open (the mmap area) is A's. */
    public static final UserLayout SET_B = new UserLayout(
            0x1_0000L,
            0x7FFF_FFFF_0000L,
            0x1000_0000L,
            8 * GIB,
            0x4000_0000_0000L,
            0x7FFF_0000_0000L,
            8 * MIB,
            GUARD_BYTES);

    /** B's bounds, with the heap after the image. */
    public static final UserLayout DEFAULT = new UserLayout(
            SET_B.userStart,
            SET_B.userEnd,
            HEAP_AFTER_IMAGE,
            SET_B.heapLimitBytes,
            SET_B.mmapStart,
            SET_B.stackTop,
            SET_B.stackLimitBytes,
            SET_B.stackGuardBytes);

    /** Validates the order of the parts. */
    public UserLayout {
        long all = userStart
                | userEnd
                | heapStart
                | heapLimitBytes
                | mmapStart
                | stackTop
                | stackLimitBytes
                | stackGuardBytes;
        if ((all & 4095) != 0 || all < 0) {
            throw new IllegalArgumentException("a layout consists of whole pages");
        }
        long stackReserve = stackLimitBytes + stackGuardBytes;
        if (stackLimitBytes == 0 || stackReserve < 0 || stackReserve >= stackTop) {
            throw new IllegalArgumentException("a layout's stack has at least a page and ends above address 0");
        }
        if (userStart >= mmapStart || stackTop > userEnd || mmapStart >= stackTop - stackReserve) {
            throw new IllegalArgumentException("a layout is ordered: user start, mmap area, stack, user end");
        }
        if (heapStart != HEAP_AFTER_IMAGE && (heapStart < userStart || heapStart >= stackTop - stackReserve)) {
            throw new IllegalArgumentException("a layout's heap begins between user start and stack");
        }
    }

    /** This layout where it fits the paging mode's user half; else moved down into it, in proportion. */
    public UserLayout clampedTo(PagingMode mode) {
        long halfEnd = mode.userHalfEnd();
        if (userEnd <= halfEnd) {
            return this;
        }
        return new UserLayout(
                userStart,
                halfEnd - 0x1_0000,
                heapStart < halfEnd / 2 ? heapStart : halfEnd / 4,
                Math.min(heapLimitBytes, halfEnd / 8),
                halfEnd / 2,
                halfEnd - 0x1_0000,
                stackLimitBytes,
                stackGuardBytes);
    }

    /** The lowest address that the stack may reach. */
    public long stackLimit() {
        return stackTop - stackLimitBytes;
    }

    /** The lowest address that is kept free of other mappings for the stack's sake. */
    public long stackReserveStart() {
        return stackLimit() - stackGuardBytes;
    }

    /**
     * The page with the kernel's code for user space, which calls rt_sigreturn: above the stack and a guard, or, where there is no
     * room, the last one below its reserve.
     */
    public long trampoline() {
        long above = stackTop + stackGuardBytes;
        return above < userEnd ? above : stackReserveStart() - PagingMode.PAGE_BYTES;
    }

    /** Where an image has to end: before the stack's reserve and the trampoline. */
    public long imageLimit() {
        return Math.min(stackReserveStart(), trampoline());
    }

    /** Whether an address lies in the guard below the stack. */
    public boolean isInStackGuard(long address) {
        return address >= stackReserveStart() && address < stackLimit();
    }

    /** Whether a range of user space lies where the stack may want to grow: only those who insist get it. */
    boolean meetsStackReserve(long start, long lengthBytes) {
        return start < stackTop && start + lengthBytes > stackReserveStart();
    }

    /** Whether {@code [start, start + lengthBytes)} lies in user space, wrapping around excluded. */
    public boolean isUserRange(long start, long lengthBytes) {
        return lengthBytes >= 0 && start >= userStart && start <= userEnd && lengthBytes <= userEnd - start;
    }
}
