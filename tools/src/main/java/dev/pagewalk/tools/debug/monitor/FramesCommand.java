package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.frame.NodeFigures;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.tools.debug.monitor.GuestView.OwnedSpace;
import dev.pagewalk.tools.text.TextTable;
import it.unimi.dsi.fastutil.longs.LongOpenHashSet;
import it.unimi.dsi.fastutil.longs.LongSet;
import java.util.ArrayList;
import java.util.List;

/** {@code frames}: what RAM is used for, and by whom. */
final class FramesCommand implements MonitorCommand {
    private static final long KIB_A_FRAME = FrameAllocator.FRAME_BYTES / 1024;

    @Override
    public String name() {
        return "frames";
    }

    @Override
    public String arguments() {
        return "";
    }

    @Override
    public String summary() {
        return "what the frames of RAM are used for, which are free, and who has how many";
    }

    @Override
    public List<String> details() {
        return List.of(
                "A frame is 4 KiB of RAM. Free frames lie in blocks of 2^order frames in a row (the buddy system), but",
                "for some that harts keep at hand. A frame that several processes map counts for each of them as",
                "shared, and once in the totals.");
    }

    @Override
    public List<String> execute(Request request) {
        GuestView guest = request.guest();
        FrameAllocator frames = guest.kernel().frames();
        List<String> lines = new ArrayList<>();
        lines.add(Text.count(frames.totalFrames(), "frame") + " of " + Text.size(FrameAllocator.FRAME_BYTES) + ": "
                + Text.size((long) frames.totalFrames() * FrameAllocator.FRAME_BYTES) + " of RAM");
        addUses(lines, frames);
        lines.add("");
        addFree(lines, guest, frames);
        lines.add("");
        addOwners(lines, guest, frames);
        return lines;
    }

    private static void addUses(List<String> lines, FrameAllocator frames) {
        TextTable table = new TextTable("use", ">frames", ">KiB", ">peak");
        for (FrameUse use : FrameUse.values()) {
            table.add(Text.use(use), frames.inUse(use), frames.inUse(use) * KIB_A_FRAME, frames.peak(use));
        }
        table.add("free", frames.freeFrames(), frames.freeFrames() * KIB_A_FRAME, "");
        lines.addAll(table.lines("  "));
    }

    private static void addFree(List<String> lines, GuestView guest, FrameAllocator frames) {
        int cached = 0;
        List<String> byHart = new ArrayList<>();
        for (int hartId = 0; hartId < guest.harts().size(); hartId++) {
            cached += frames.cachedFrames(hartId);
            if (frames.cachedFrames(hartId) > 0) {
                byHart.add("hart " + hartId + " " + frames.cachedFrames(hartId));
            }
        }
        lines.add("free: " + Text.number((long) frames.freeFrames() - cached) + " in blocks, " + Text.number(cached)
                + " at hand in harts' caches" + (byHart.isEmpty() ? "" : " (" + String.join(", ", byHart) + ")"));
        for (int node = 0; node < frames.nodeCount(); node++) {
            if (frames.nodeCount() > 1) {
                NodeFigures figures = frames.node(node);
                lines.add("node " + node + ": " + Text.number(figures.freeFrames()) + " of "
                        + Text.number(figures.totalFrames()) + " frames free");
            }
            addBlocks(lines, frames, node);
        }
    }

    private static void addBlocks(List<String> lines, FrameAllocator frames, int node) {
        TextTable table = new TextTable(">order", ">block", ">blocks", ">frames");
        for (int order = 0; order <= FrameAllocator.MAX_ORDER; order++) {
            int blocks = frames.freeBlocks(node, order);
            if (blocks > 0) {
                table.add(order, Text.size((long) FrameAllocator.FRAME_BYTES << order), blocks, (long) blocks << order);
            }
        }
        if (!table.isEmpty()) {
            lines.addAll(table.lines("  "));
        }
    }

    private static void addOwners(List<String> lines, GuestView guest, FrameAllocator frames) {
        TextTable table = new TextTable("who", ">mapped", ">its own", ">shared", ">page cache's", ">page tables");
        LongSet mapped = new LongOpenHashSet();
        int tables = 0;
        for (OwnedSpace owned : guest.spaces()) {
            Share share = new Share(frames, mapped);
            owned.space().pageTable().lookAtPages((address, level, pte) -> share.see(level, pte));
            share.seeInTransit(owned);
            int tablePages = owned.space().pageTable().tablePages();
            tables += tablePages;
            table.add(owned.owners(), share.mapped, share.own, share.shared, share.cached, tablePages);
        }
        table.add("the kernel's half", "", "", "", "", frames.inUse(FrameUse.PAGE_TABLE) - tables);
        lines.addAll(table.lines("  "));
        int unmapped = frames.inUse(FrameUse.USER) - mapped.size();
        if (unmapped > 0) {
            lines.add("  " + Text.count(unmapped, "frame") + " of user memory that no process maps any more: "
                    + "kept until shootdowns are over, so that no hart can still reach them");
        }
    }

    /** What one address space maps, in frames. */
    private static final class Share {
        private final FrameAllocator frames;
        private final LongSet allMapped;
        long mapped;
        long own;
        long shared;
        long cached;

        /** @param allMapped takes each frame of user memory that any space maps */
        Share(FrameAllocator frames, LongSet allMapped) {
            this.frames = frames;
            this.allMapped = allMapped;
        }

        void see(int level, long pte) {
            if (!KernelPte.isDevice(pte)) {
                KernelPte.forEachFrame(level, pte, this::seeFrame);
            }
        }

        private void seeFrame(long frame) {
            mapped++;
            if (frames.use(frame) == FrameUse.FILE) {
                cached++;
                return;
            }
            allMapped.add(frame);
            if (frames.owners(frame) > 1) {
                shared++;
            } else {
                own++;
            }
        }

        void seeInTransit(OwnedSpace owned) {
            var inTransit = owned.space().translations().inTransit();
            for (long page = inTransit.firstIn(0, Long.MAX_VALUE);
                    page >= 0;
                    page = inTransit.firstIn(page + FrameAllocator.FRAME_BYTES, Long.MAX_VALUE)) {
                seeFrame(Pte.physicalAddress(inTransit.pte(page)));
            }
        }
    }
}
