package dev.pagewalk.tools.debug.monitor;

import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.FileBacking;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;

/** Why an address of a space has the page that it has, or none: in words. */
final class PageStory {
    private final AddressSpace space;
    private final long address;
    private final Region region;
    private final PageEntry entry;

    PageStory(AddressSpace space, long address) {
        this.space = space;
        this.address = address;
        this.region = space.regions().find(address);
        this.entry = space.pageTable().look(address);
    }

    /** The region that the address lies in; null where none does. */
    Region region() {
        return region;
    }

    /** Where the walk of the tables ends. */
    PageEntry entry() {
        return entry;
    }

    /** Whether the page is being replaced by copy-on-write, and has no PTE meanwhile. */
    boolean isInTransit() {
        return !entry.isPresent() && space.isInTransit(address);
    }

    /** The region, or what there is instead. */
    String place() {
        if (region != null) {
            return describe(region);
        }
        Region below = space.regions().below(address);
        Region above = space.regions().firstIn(address, Long.MAX_VALUE);
        return "none"
                + (below == null ? "" : "; the next one below ends at " + Text.hex(below.end()))
                + (above == null ? "" : "; the next one above begins at " + Text.hex(above.start()));
    }

    /** {@code 0x400000000000-0x400000008000 rw-p, 32 KiB of anonymous memory}. */
    static String describe(Region region) {
        return String.format(
                "0x%x-0x%x %s%s, %s of %s",
                region.start(),
                region.end(),
                Protection.describe(region.protection()),
                region.isShared() ? "s" : "p",
                Text.size(region.lengthBytes()),
                words(region.kind()));
    }

    private static String words(RegionKind kind) {
        return switch (kind) {
            case CODE -> "code";
            case RODATA -> "read-only data";
            case DATA -> "data";
            case HEAP -> "heap";
            case STACK -> "stack";
            case ANONYMOUS -> "anonymous memory";
            case SHARED -> "shared memory";
            case FILE -> "a mapped file";
            case DEVICE -> "a device's memory";
            case VDSO -> "the kernel's code for users";
        };
    }

    /** What is to be said of the page, and of what an access would meet; empty where the PTE says all. */
    String explanation() {
        if (entry.isPresent()) {
            return ofPresent();
        }
        if (isInTransit()) {
            return "in transit: copy-on-write has cleared the PTE and installs " + Pte.describe(pteInTransit())
                    + " when no hart can use the old frame any more; who faults meanwhile waits";
        }
        return region == null ? ofUnmapped() : ofMissing();
    }

    long pteInTransit() {
        return space.translations().inTransit().pte(address);
    }

    private String ofPresent() {
        if (region == null) {
            return "a PTE without a region: the kernel is taking it away";
        }
        if (!Pte.isValid(entry.pte())) {
            return "guard: no access is allowed (PROT_NONE), so V is 0, but the page keeps its frame, as RSW says";
        }
        boolean storesFault = (entry.pte() & Pte.W) == 0 && Protection.permits(region.protection(), AccessType.STORE);
        if (storesFault) {
            return region.isShared()
                    ? "the region allows stores and the PTE does not: the first one tells the page cache"
                    : "the region allows stores and the PTE does not: copy-on-write; 'cow " + Text.hex(address)
                            + "' says what a store would do";
        }
        return "";
    }

    private String ofMissing() {
        if (region.protection() == Protection.NONE) {
            return "guard: the region allows no access (PROT_NONE); one ends in SIGSEGV";
        }
        if (region.backing() instanceof FileBacking file) {
            return ofFile(file);
        }
        return (region.kind() == RegionKind.STACK ? "stack" : "demand-zero")
                + ", not touched yet: the first access faults and gets a page of zeros";
    }

    private String ofFile(FileBacking file) {
        long page = region.filePage(address);
        long lastPage = (file.inode().sizeBytes() - 1) / PagingMode.PAGE_BYTES;
        if (file.inode().sizeBytes() == 0 || page > lastPage) {
            return "beyond the end of the file, which has "
                    + Text.number(file.inode().sizeBytes()) + " bytes: an access ends in SIGBUS";
        }
        long cached = file.inode().pageIfResident(page);
        if (region.kind() == RegionKind.SHARED) {
            return cached == 0
                    ? "shared memory, not touched yet: the first access of any process gets a page of zeros for all"
                    : "not touched by this process yet, but by another that shares it: a fault maps frame "
                            + Text.hex(cached);
        }
        return "file page " + page + ", not used by this process yet: a fault "
                + (cached == 0
                        ? "reads it into the page cache and maps it"
                        : "maps the page cache's frame " + Text.hex(cached));
    }

    private String ofUnmapped() {
        UserLayout layout = space.layout();
        if (space.translations().parked().overlaps(address, address + 1)) {
            return "unmapped, but parked: harts may still have it cached, so nothing is mapped here before all have flushed";
        }
        if (space.stackReaching(address) != null) {
            return "below the stack, which may grow to here: an access makes it longer and gets a page of zeros";
        }
        if (layout.isInStackGuard(address)) {
            return "the guard below the stack: an access is a stack overflow and ends in SIGSEGV";
        }
        if (address < layout.userStart()) {
            return "below " + Text.hex(layout.userStart())
                    + " nothing can be mapped, so that null pointers are found: SIGSEGV";
        }
        return "nothing mapped: an access ends in SIGSEGV";
    }
}
