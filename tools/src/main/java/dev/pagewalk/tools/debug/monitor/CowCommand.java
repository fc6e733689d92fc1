package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.process.Process;
import dev.pagewalk.kernel.shootdown.Shootdown;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.FileBacking;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.tools.debug.monitor.GuestView.OwnedSpace;
import dev.pagewalk.tools.text.TextTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** {@code cow VA [PID]}: who shares the page of an address, and what a store to it would do. */
final class CowCommand implements MonitorCommand {
    @Override
    public String name() {
        return "cow";
    }

    @Override
    public String arguments() {
        return "VA [PID]";
    }

    @Override
    public String summary() {
        return "who shares a page, and what a store to it would do";
    }

    @Override
    public List<String> details() {
        return List.of(
                "After fork, parent and child map the same frames, without the right to store: copy-on-write.",
                "A store would be one of",
                "  ALLOWED  the PTE has W: no fault",
                "  COPY     it faults; others own the frame too, so the process gets a copy of its own",
                "  REUSE    it faults; nobody else owns the frame any more, so the process may keep it",
                "  GRANT    it faults; the mapping is shared, so stores are let through to the one frame",
                "  ZERO     it faults; nothing is there yet, so the process gets a page of zeros",
                "  WAIT     it faults and waits: the page is being replaced",
                "  REFUSED  it faults, and the process gets a signal");
    }

    @Override
    public List<String> execute(Request request) throws MonitorException {
        long address = request.userAddress(0);
        Process process = request.process(1);
        return new Sharing(request.guest(), process, address).lines();
    }

    /** One address of one process. */
    private static final class Sharing {
        private final GuestView guest;
        private final FrameAllocator frames;
        private final Process process;
        private final AddressSpace space;
        private final long address;
        private final PageStory story;
        private final PageEntry entry;
        private final List<String> lines = new ArrayList<>();

        Sharing(GuestView guest, Process process, long address) {
            this.guest = guest;
            this.frames = guest.kernel().frames();
            this.process = process;
            this.space = process.space();
            this.address = address;
            this.story = new PageStory(space, address);
            this.entry = space.entryOf(address);
        }

        List<String> lines() {
            lines.add("copy-on-write at " + Text.hex(address) + " in process " + process.pid());
            lines.add("region  " + story.place());
            lines.add("page    "
                    + (entry.isPresent()
                            ? Pte.describe(entry.pte()) + ", "
                                    + Text.size(PagingMode.pageSizeBytes(entry.level()))
                                    + (story.isInTransit() ? ", to be installed: it is in transit" : "")
                            : "none: " + story.explanation()));
            if (entry.isPresent() && KernelPte.isDevice(entry.pte())) {
                lines.add("frame   none: the page is a device's");
            } else if (entry.isPresent()) {
                addOwners(entry.physicalAddress(address & PagingMode.PAGE_MASK));
            }
            lines.add("store   " + store());
            return lines;
        }

        private void addOwners(long frame) {
            int owners = frames.owners(frame);
            FrameUse use = frames.use(frame);
            lines.add(
                    "frame   " + Text.hex(frame) + ", of " + Text.use(use) + ", " + Text.count(owners, "owner") + ":");
            TextTable table = new TextTable("owner", "at", "VRWXUGAD");
            int known = 0;
            if (use == FrameUse.FILE) {
                table.add("the page cache", "", "");
                known++;
            }
            for (OwnedSpace owned : guest.spaces()) {
                known += addMappings(table, owned, frame);
            }
            int held = 0;
            for (Shootdown shootdown : guest.shootdowns().unfinished()) {
                held += shootdown.ownersOf(frame);
            }
            if (held > 0) {
                table.add("shootdowns that are not over", "", "");
                known += held;
            }
            if (known < owners) {
                table.add("a kernel operation under way", "", "");
            }
            lines.addAll(table.lines("          "));
        }

        /** Returns how many. */
        private static int addMappings(TextTable table, OwnedSpace owned, long frame) {
            List<Long> found = new ArrayList<>();
            owned.space().pageTable().lookAtPages((start, level, pte) -> {
                long offset = frame - Pte.physicalAddress(pte);
                if (!KernelPte.isDevice(pte) && offset >= 0 && offset < PagingMode.pageSizeBytes(level)) {
                    found.add(start + offset);
                    table.add(
                            owned.owners(),
                            Text.hex(start + offset) + (level > 0 ? ", in a page of 2 MiB" : ""),
                            (Pte.isValid(pte) ? "V" : "-") + Pte.rights(pte).toUpperCase(Locale.ROOT));
                }
            });
            var inTransit = owned.space().translations().inTransit();
            for (long page = inTransit.firstIn(0, Long.MAX_VALUE);
                    page >= 0;
                    page = inTransit.firstIn(page + PagingMode.PAGE_BYTES, Long.MAX_VALUE)) {
                if (Pte.physicalAddress(inTransit.pte(page)) == frame) {
                    found.add(page);
                    table.add(owned.owners(), Text.hex(page) + ", in transit", "");
                }
            }
            return found.size();
        }

        private String store() {
            Region region = story.region();
            if (region == null) {
                return space.stackReaching(address) != null
                        ? "ZERO: the stack grows to here and gets a page of zeros"
                        : "REFUSED: nothing is mapped; SIGSEGV";
            }
            if (!Protection.permits(region.protection(), AccessType.STORE)) {
                return "REFUSED: the region is " + Protection.describe(region.protection()) + "; SIGSEGV";
            }
            if (story.isInTransit()) {
                return "WAIT: until no hart can use the old frame any more; then it goes through";
            }
            return entry.isPresent() ? storeToPresent(region) : storeToMissing(region);
        }

        private String storeToMissing(Region region) {
            if (!(region.backing() instanceof FileBacking file)) {
                return "ZERO: the process gets a page of zeros of its own";
            }
            long page = region.filePage(address);
            if (page * PagingMode.PAGE_BYTES >= file.inode().sizeBytes()) {
                return "REFUSED: it is beyond the end of the file; SIGBUS";
            }
            if (file.shared()) {
                return file.inode().pageIfResident(page) == 0
                        ? "ZERO or GRANT: the page comes into the page cache, and stores reach it there"
                        : "GRANT: the page cache's frame is mapped, and stores reach it there";
            }
            return "COPY: the process gets a copy of the file's page; " + copyCost()
                    + ", no shootdown, as no hart knows the old page";
        }

        private String storeToPresent(Region region) {
            if (KernelPte.permits(entry.pte(), AccessType.STORE)) {
                return "ALLOWED: the PTE has W, so no fault"
                        + (Pte.isDirty(entry.pte())
                                ? ""
                                : guest.profile().translation().hardwareUpdatesAccessedDirty()
                                        ? "; the walk of the first one sets D"
                                        : " but that by which the kernel sets D");
            }
            if (region.isShared()) {
                return "GRANT: the mapping is shared; stores are let through to the one frame";
            }
            long frame = entry.physicalAddress(address & PagingMode.PAGE_MASK);
            if (isOwn(frame)) {
                return "REUSE: nobody else owns the frame any more, so the PTE gets W back; no copy, no shootdown";
            }
            long others = space.translations().cachedOn();
            return "COPY: " + copyCost() + "; the PTE is cleared, whoever may have it cached (" + Text.harts(others)
                    + ") must forget it, then the copy is installed";
        }

        /** Whether no other space and no cache owns a frame that is mapped here. */
        private boolean isOwn(long frame) {
            return frames.owners(frame) == 1 && frames.use(frame) == FrameUse.USER;
        }

        private String copyCost() {
            return Text.size(PagingMode.PAGE_BYTES) + " are copied in "
                    + Text.count(guest.profile().kernel().copyCycles(PagingMode.PAGE_BYTES), "cycle");
        }
    }
}
