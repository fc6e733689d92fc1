package dev.pagewalk.mmu.memory;

import java.util.ArrayList;
import java.util.List;

/**
 * Which frames hold something that a store may disturb, so that a store to them must take the slow path.
 *
 * <p>A frame is guarded for any of the reasons below, which are bit flags. A reason is a flag, not a count: whoever
 * removes one knows that no other holder is left. Guards serve the host only and are not part of a snapshot.
 */
public final class StoreGuards {
    /** The frame holds decoded or translated code. */
    public static final int CODE = 1;

    /** The frame holds a reservation made by {@code lr}. */
    public static final int RESERVATION = 2;

    /** A debugger watches an address in the frame. */
    public static final int WATCHPOINT = 4;

    /** Whoever keeps a fast path for stores, which must avoid guarded frames. */
    public interface Listener {
        /** The frame was not guarded and is so from now on. */
        void onGuarded(long frameAddress);
    }

    private static final int FRAME_SHIFT = 12;
    private static final int BLOCK_SHIFT = 12;
    private static final int BLOCK_FRAMES = 1 << BLOCK_SHIFT;

    private final PhysicalMemory memory;
    /** Reasons by frame, in blocks that are allocated when the first of their frames is guarded. */
    private final byte[][] blocks;

    private final List<Listener> listeners = new ArrayList<>();

    public StoreGuards(PhysicalMemory memory) {
        this.memory = memory;
        long frames = memory.sizeBytes() >>> FRAME_SHIFT;
        this.blocks = new byte[(int) (frames + BLOCK_FRAMES - 1 >>> BLOCK_SHIFT)][];
    }

    /** Listeners are told in the order in which they registered. */
    public void register(Listener listener) {
        listeners.add(listener);
    }

    /** Whether a store to this address must be seen. Never so outside RAM. */
    public boolean guarded(long physicalAddress) {
        return reasons(physicalAddress) != 0;
    }

    /** The reasons why this address's frame is guarded, as flags; 0 outside RAM. */
    public int reasons(long physicalAddress) {
        if (!memory.contains(physicalAddress, 1)) {
            return 0;
        }
        int frame = frameNumber(physicalAddress);
        byte[] block = blocks[frame >>> BLOCK_SHIFT];
        return block == null ? 0 : block[frame & BLOCK_FRAMES - 1];
    }

    /** Guards the frame that holds this address; an address outside RAM is a host bug. */
    public void add(long physicalAddress, int reason) {
        checkInside(physicalAddress);
        int frame = frameNumber(physicalAddress);
        byte[] block = blocks[frame >>> BLOCK_SHIFT];
        if (block == null) {
            block = new byte[BLOCK_FRAMES];
            blocks[frame >>> BLOCK_SHIFT] = block;
        }
        int before = block[frame & BLOCK_FRAMES - 1];
        block[frame & BLOCK_FRAMES - 1] = (byte) (before | reason);
        if (before == 0 && reason != 0) {
            long frameAddress = physicalAddress & -PhysicalMemory.FRAME_BYTES;
            for (Listener listener : listeners) {
                listener.onGuarded(frameAddress);
            }
        }
    }

    /** Withdraws a reason; harmless where it is not set. */
    public void remove(long physicalAddress, int reason) {
        checkInside(physicalAddress);
        int frame = frameNumber(physicalAddress);
        byte[] block = blocks[frame >>> BLOCK_SHIFT];
        if (block != null) {
            block[frame & BLOCK_FRAMES - 1] &= (byte) ~reason;
        }
    }

    /** Withdraws a reason from every frame: what a restored machine does for code that it will decode again. */
    public void removeEverywhere(int reason) {
        for (byte[] block : blocks) {
            if (block != null) {
                for (int index = 0; index < BLOCK_FRAMES; index++) {
                    block[index] &= (byte) ~reason;
                }
            }
        }
    }

    private void checkInside(long physicalAddress) {
        if (!memory.contains(physicalAddress, 1)) {
            throw new OutsideRamException(physicalAddress, 1, memory);
        }
    }

    private static int frameNumber(long physicalAddress) {
        return (int) (physicalAddress - PhysicalMemory.RAM_BASE >>> FRAME_SHIFT);
    }
}
