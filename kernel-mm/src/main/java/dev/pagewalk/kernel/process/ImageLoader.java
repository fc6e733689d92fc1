package dev.pagewalk.kernel.process;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfSegment;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.fault.UserMemory;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.space.AddressSpace;
import dev.pagewalk.kernel.space.Advice;
import dev.pagewalk.kernel.space.Backing;
import dev.pagewalk.kernel.space.FileBacking;
import dev.pagewalk.kernel.space.Protection;
import dev.pagewalk.kernel.space.Region;
import dev.pagewalk.kernel.space.RegionKind;
import dev.pagewalk.kernel.space.UserLayout;
import dev.pagewalk.mmu.table.PagingMode;
import java.nio.ByteBuffer;

/**
 * Maps an image's segments into an empty address space, as private mappings of its file: so text is shared by all who run
 * it, and comes when it is touched; .bss is private memory that begins as zeros.
 *
 * <p>Two segments may share a boundary page (S13): both keep their bytes in it, and it gets both their rights. Source: Linux,
 * fs/binfmt_elf.c, {@code elf_load}.
 */
final class ImageLoader {
    /** Bytes of the file, zeros, and a page that it shares with the segment before. */
    private static final int MOST_REGIONS_A_SEGMENT = 3;

    private final UserMemory userMemory;

    ImageLoader(UserMemory userMemory) {
        this.userMemory = userMemory;
    }

    /**
     * Maps the image and starts the heap after it.
     *
     * @param file holds the image's bytes
     * @throws ProgramException where a segment does not fit user space
     * @throws KernelException OUT_OF_MEMORY; RESOURCE_EXHAUSTED where it has too many segments
     */
    void load(ElfImage image, Inode file, AddressSpace space) throws ProgramException, KernelException {
        for (ElfSegment segment : image.segments()) {
            checkPlace(segment, space.layout());
        }
        if (!space.regions()
                .hasRoomFor(MOST_REGIONS_A_SEGMENT * image.segments().size())) {
            throw KernelError.RESOURCE_EXHAUSTED.exception();
        }
        long end = 0;
        for (ElfSegment segment : image.segments()) {
            map(segment, file, space);
            end = Math.max(end, segment.endAddress());
        }
        setCodeRange(image, space);
        space.startHeap(end);
    }

    private static void checkPlace(ElfSegment segment, UserLayout layout) throws ProgramException {
        long limit = layout.imageLimit();
        boolean fits = segment.virtualAddress() >= layout.userStart()
                && segment.virtualAddress() < limit
                && Long.compareUnsigned(segment.memorySizeBytes(), limit - segment.virtualAddress()) <= 0;
        if (!fits) {
            throw new ProgramException(String.format(
                    "the segment at 0x%x of 0x%x bytes lies outside user space, which is 0x%x to 0x%x",
                    segment.virtualAddress(), segment.memorySizeBytes(), layout.userStart(), limit));
        }
    }

    private void map(ElfSegment segment, Inode file, AddressSpace space) throws KernelException {
        long start = segment.virtualAddress() & PagingMode.PAGE_MASK;
        long end = AddressSpace.roundUp(segment.endAddress());
        long bytesEnd = segment.virtualAddress() + segment.fileSizeBytes();
        if (space.regions().find(start) != null) {
            // Segments come by address, so only the first page can be another's last one.
            start = mapBoundaryPage(segment, start, space);
        }
        long fileEnd = segment.fileSizeBytes() == 0 ? start : Math.max(start, AddressSpace.roundUp(bytesEnd));
        int protection = protection(segment);
        if (start < fileEnd) {
            long offset = segment.fileOffset() + (start - segment.virtualAddress());
            Backing backing = new FileBacking(file, offset, false, true);
            space.regions().insert(new Region(start, fileEnd, kind(protection), protection, backing, Advice.NONE));
            if (segment.memorySizeBytes() > segment.fileSizeBytes() && bytesEnd < fileEnd) {
                userMemory.initialize(space, bytesEnd, ByteBuffer.allocate((int) (fileEnd - bytesEnd)));
            }
        }
        space.regions().insert(new Region(fileEnd, Math.max(fileEnd, end), kind(protection), protection));
    }

    /**
     * Puts the segment's first bytes into the last page of the segment before, which gets both their rights.
     *
     * @return where the rest of the segment begins
     */
    private long mapBoundaryPage(ElfSegment segment, long start, AddressSpace space) throws KernelException {
        long pageEnd = start + PagingMode.PAGE_BYTES;
        int united = space.regions().find(start).protection() | protection(segment);
        space.protect(start, PagingMode.PAGE_BYTES, united);
        ByteBuffer bytes = segment.bytes();
        long length = Math.min(bytes.remaining(), pageEnd - segment.virtualAddress());
        userMemory.initialize(space, segment.virtualAddress(), bytes.limit((int) length));
        return pageEnd;
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
