package dev.pagewalk.emulator.engine.code;

import dev.pagewalk.emulator.bus.StoreObserver;
import dev.pagewalk.emulator.engine.DropReason;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.memory.StoreGuards;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Guest code by physical frame: a {@link CodePage} for each frame that has been executed from.
 *
 * <p>Such a frame is guarded, so that every store into it comes here and empties the slots it touches: fetch is coherent at
 * once. A store of a whole frame (the kernel zeroing or copying it) lets the page go.
 */
public final class CodePages implements StoreObserver {
    private static final int FRAME_SHIFT = 12;
    private static final int FRAME_BYTES = 1 << FRAME_SHIFT;
    private static final int GROUP_SHIFT = 10;
    private static final int GROUP_FRAMES = 1 << GROUP_SHIFT;

    /**
     * 4096 frames are 64 MiB of host memory; with marks twice that, and with one in each slot half a gigabyte. A guest that executes more
     * starts over.
     */
    private static final int LIMIT_FRAMES = 4096;

    private final PhysicalMemory memory;
    private final StoreGuards guards;
    private final List<Hart> harts;
    private final CodePage[][] groups;
    private int frames;

    /** Physical addresses of instructions that are not kept decoded, because a debugger has a breakpoint there. */
    private final Set<Long> unkept = new HashSet<>();

    public CodePages(PhysicalMemory memory, StoreGuards guards, List<Hart> harts) {
        this.memory = memory;
        this.guards = guards;
        this.harts = harts;
        long groupBytes = (long) GROUP_FRAMES * FRAME_BYTES;
        this.groups = new CodePage[(int) ((memory.sizeBytes() + groupBytes - 1) / groupBytes)][];
    }

    /** The page of the frame that holds a physical address in RAM; guards the frame. */
    public CodePage page(long address) {
        CodePage page = find(address);
        return page != null ? page : create(address, frameIndex(address));
    }

    /** The page of a frame, or null where nothing has been executed from it. */
    public CodePage find(long address) {
        int frame = frameIndex(address);
        CodePage[] group = groups[frame >>> GROUP_SHIFT];
        return group == null ? null : group[frame & GROUP_FRAMES - 1];
    }

    /** Lets the instruction at a physical address be decoded anew each time that it is due. */
    public void doNotKeep(long address) {
        if (unkept.add(address)) {
            clear(address, 1, DropReason.BREAKPOINT);
        }
    }

    /** Whether an instruction may stay decoded. */
    public boolean keeps(long address) {
        return unkept.isEmpty() || !unkept.contains(address);
    }

    /** From now on every instruction may stay decoded. */
    public void keepAll() {
        unkept.clear();
    }

    private CodePage create(long address, int frame) {
        if (frames == LIMIT_FRAMES) {
            discardAll(DropReason.LIMIT);
        }
        if (groups[frame >>> GROUP_SHIFT] == null) {
            groups[frame >>> GROUP_SHIFT] = new CodePage[GROUP_FRAMES];
        }
        CodePage page = new CodePage(address & -FRAME_BYTES);
        groups[frame >>> GROUP_SHIFT][frame & GROUP_FRAMES - 1] = page;
        frames++;
        guards.add(address, StoreGuards.CODE);
        return page;
    }

    @Override
    public void onStore(long address, int lengthBytes) {
        if (lengthBytes == FRAME_BYTES) {
            int frame = frameIndex(address);
            if (groups[frame >>> GROUP_SHIFT] != null
                    && groups[frame >>> GROUP_SHIFT][frame & GROUP_FRAMES - 1] != null) {
                discard(frame, DropReason.FRAME);
            }
        } else {
            clear(address, lengthBytes, DropReason.STORE);
        }
    }

    private void clear(long address, int lengthBytes, DropReason reason) {
        CodePage page = find(address);
        if (page != null) {
            int offset = (int) address & FRAME_BYTES - 1;
            // The instruction one slot before may be 4 bytes long and reach into these bytes.
            int first = Math.max(0, (offset >>> 1) - 1);
            int last = offset + lengthBytes - 1 >>> 1;
            page.clear(first, last, reason);
        }
    }

    /** Lets all decoded code go. */
    public void discardAll(DropReason reason) {
        for (int group = 0; group < groups.length; group++) {
            if (groups[group] != null) {
                for (int i = 0; i < GROUP_FRAMES; i++) {
                    if (groups[group][i] != null) {
                        discard(group << GROUP_SHIFT | i, reason);
                    }
                }
                groups[group] = null;
            }
        }
    }

    private void discard(int frame, DropReason reason) {
        groups[frame >>> GROUP_SHIFT][frame & GROUP_FRAMES - 1].clear(0, CodePage.SLOTS - 1, reason);
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
