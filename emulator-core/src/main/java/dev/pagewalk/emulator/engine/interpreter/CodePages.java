package dev.pagewalk.emulator.engine.interpreter;

import dev.pagewalk.emulator.bus.StoreObserver;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.memory.StoreGuards;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decoded instructions by physical frame: 2048 slots a frame, one for each 2-byte boundary, each decoded when it is first
 * executed.
 *
 * <p>A frame that has slots is guarded, so that every store into it comes here and empties the slots it touches: fetch is
 * coherent at once. A store of a whole frame (the kernel zeroing or copying it) lets the slots go.
 */
final class CodePages implements StoreObserver {
    private static final int FRAME_SHIFT = 12;
    private static final int FRAME_BYTES = 1 << FRAME_SHIFT;
    /** Slots of a frame. */
    static final int SLOTS = FRAME_BYTES / 2;

    private static final int GROUP_SHIFT = 10;
    private static final int GROUP_FRAMES = 1 << GROUP_SHIFT;

    /** 8192 decoded frames are 128 MiB of host memory; a guest that executes more starts over. */
    private static final int LIMIT_FRAMES = 8192;

    private final PhysicalMemory memory;
    private final StoreGuards guards;
    private final List<Hart> harts;
    private final long[][][] groups;
    private int frames;

    /** Physical addresses of instructions that are not kept decoded, because a debugger has a breakpoint there. */
    private final Set<Long> unkept = new HashSet<>();

    CodePages(PhysicalMemory memory, StoreGuards guards, List<Hart> harts) {
        this.memory = memory;
        this.guards = guards;
        this.harts = harts;
        long groupBytes = (long) GROUP_FRAMES * FRAME_BYTES;
        this.groups = new long[(int) ((memory.sizeBytes() + groupBytes - 1) / groupBytes)][][];
    }

    /** The slots of the frame that holds a physical address in RAM; guards the frame. */
    long[] slots(long address) {
        int frame = frameIndex(address);
        long[][] group = groups[frame >>> GROUP_SHIFT];
        if (group != null && group[frame & GROUP_FRAMES - 1] != null) {
            return group[frame & GROUP_FRAMES - 1];
        }
        return create(address, frame);
    }

    /** Lets the instruction at a physical address be decoded anew each time that it is due. */
    void doNotKeep(long address) {
        unkept.add(address);
        onStore(address, 1);
    }

    /** Whether an instruction may stay decoded. */
    boolean keeps(long address) {
        return unkept.isEmpty() || !unkept.contains(address);
    }

    /** From now on every instruction may stay decoded. */
    void keepAll() {
        unkept.clear();
    }

    private long[] create(long address, int frame) {
        if (frames == LIMIT_FRAMES) {
            discardAll();
        }
        if (groups[frame >>> GROUP_SHIFT] == null) {
            groups[frame >>> GROUP_SHIFT] = new long[GROUP_FRAMES][];
        }
        long[] slots = new long[SLOTS];
        groups[frame >>> GROUP_SHIFT][frame & GROUP_FRAMES - 1] = slots;
        frames++;
        guards.add(address, StoreGuards.CODE);
        return slots;
    }

    @Override
    public void onStore(long address, int lengthBytes) {
        int frame = frameIndex(address);
        long[][] group = groups[frame >>> GROUP_SHIFT];
        long[] slots = group == null ? null : group[frame & GROUP_FRAMES - 1];
        if (slots == null) {
            return;
        }
        if (lengthBytes == FRAME_BYTES) {
            discard(frame);
            return;
        }
        int offset = (int) address & FRAME_BYTES - 1;
        // The instruction one slot before may be 4 bytes long and reach into the stored bytes.
        int first = Math.max(0, (offset >>> 1) - 1);
        int last = offset + lengthBytes - 1 >>> 1;
        Arrays.fill(slots, first, last + 1, 0);
    }

    /** Lets all decoded code go. */
    void discardAll() {
        for (int group = 0; group < groups.length; group++) {
            if (groups[group] != null) {
                for (int i = 0; i < GROUP_FRAMES; i++) {
                    if (groups[group][i] != null) {
                        discard(group << GROUP_SHIFT | i);
                    }
                }
                groups[group] = null;
            }
        }
    }

    private void discard(int frame) {
        groups[frame >>> GROUP_SHIFT][frame & GROUP_FRAMES - 1] = null;
        frames--;
        long address = memory.baseAddress() + ((long) frame << FRAME_SHIFT);
        guards.remove(address, StoreGuards.CODE);
        for (Hart hart : harts) {
            hart.mmu().fetches().dropFrame(address);
        }
    }

    private int frameIndex(long address) {
        return (int) (address - memory.baseAddress() >>> FRAME_SHIFT);
    }
}
