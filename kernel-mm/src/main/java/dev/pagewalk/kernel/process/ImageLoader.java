package dev.pagewalk.kernel.process;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfSegment;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.mmu.table.PagingMode;

/**
 * Puts an image's segments into an empty address space: the pages with bytes from the file at once, those of .bss when
 * they are touched.
 *
 * <p>Two segments may share a boundary page (S13): both keep their bytes in it, and it gets both their rights.
 */
final class ImageLoader {
    private final UserMemory userMemory;

    ImageLoader(UserMemory userMemory) {
        this.userMemory = userMemory;
    }

    /**
     * Loads the image and starts the heap after it.
     *
     * @throws ProgramException where a segment does not fit user space
     * @throws KernelException OUT_OF_MEMORY
     */
    void load(ElfImage image, AddressSpace space) throws ProgramException, KernelException {
        for (ElfSegment segment : image.segments()) {
            checkPlace(segment, space.layout());
        }
        long end = 0;
        for (ElfSegment segment : image.segments()) {
            addRegions(segment, space);
            end = Math.max(end, segment.endAddress());
        }
        for (ElfSegment segment : image.segments()) {
            userMemory.initialize(space, segment.virtualAddress(), segment.bytes());
        }
        setCodeRange(image, space);
        space.startHeap(end);
    }

    private static void checkPlace(ElfSegment segment, UserLayout layout) throws ProgramException {
        long limit = layout.stackReserveStart();
        boolean fits = segment.virtualAddress() >= layout.userStart()
                && segment.virtualAddress() < limit
                && Long.compareUnsigned(segment.memorySizeBytes(), limit - segment.virtualAddress()) <= 0;
        if (!fits) {
            throw new ProgramException(String.format(
                    "the segment at 0x%x of 0x%x bytes lies outside user space, which is 0x%x to 0x%x",
                    segment.virtualAddress(), segment.memorySizeBytes(), layout.userStart(), limit));
        }
    }

    private static void addRegions(ElfSegment segment, AddressSpace space) {
        long start = segment.virtualAddress() & PagingMode.PAGE_MASK;
        long end = segment.endAddress() + PagingMode.PAGE_BYTES - 1 & PagingMode.PAGE_MASK;
        Region shared = space.regions().find(start);
        if (shared != null) {
            // Segments come by address, so only the first page can be another's last one.
            int united = shared.protection() | protection(segment);
            long boundaryEnd = start + PagingMode.PAGE_BYTES;
            space.regions().remove(start, boundaryEnd);
            space.regions().insert(new Region(start, boundaryEnd, kind(united), united));
            start = boundaryEnd;
        }
        space.regions().insert(new Region(start, Math.max(start, end), kind(protection(segment)), protection(segment)));
    }

    private static void setCodeRange(ElfImage image, AddressSpace space) {
        long start = Long.MAX_VALUE;
        long end = 0;
        for (ElfSegment segment : image.segments()) {
            if (segment.executable()) {
                start = Math.min(start, segment.virtualAddress());
                end = Math.max(end, segment.endAddress());
            }
        }
        space.setCodeRange(start, end);
    }

    private static int protection(ElfSegment segment) {
        return (segment.readable() ? Protection.READ : 0)
                | (segment.writable() ? Protection.WRITE : 0)
                | (segment.executable() ? Protection.EXEC : 0);
    }

    private static RegionKind kind(int protection) {
        if ((protection & Protection.EXEC) != 0) {
            return RegionKind.CODE;
        }
        return (protection & Protection.WRITE) != 0 ? RegionKind.DATA : RegionKind.RODATA;
    }
}
