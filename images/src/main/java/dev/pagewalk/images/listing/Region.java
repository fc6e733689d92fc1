package dev.pagewalk.images.listing;

import dev.pagewalk.images.elf.ElfImage;
import dev.pagewalk.images.elf.ElfSection;
import dev.pagewalk.images.elf.ElfSegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A part of a segment that is listed in one way.
 *
 * @param endAddress the address after its last byte; it begins where the region before it ends
 * @param code whether its words are instructions; data otherwise
 * @param zeros whether it has no bytes in the file
 */
record Region(long endAddress, boolean code, boolean zeros) {

    /** The regions of {@code segment} in ascending order; together they cover it. */
    static List<Region> of(ElfImage image, ElfSegment segment) {
        List<Region> regions = new ArrayList<>();
        long bytesEnd = segment.virtualAddress() + segment.fileSizeBytes();
        if (segment.fileSizeBytes() > 0) {
            if (segment.executable() && !image.sections().isEmpty()) {
                long covered = segment.virtualAddress();
                for (ElfSection section : codeSections(image, covered, bytesEnd)) {
                    if (section.virtualAddress() < covered) {
                        continue;
                    }
                    long end = section.virtualAddress() + section.sizeBytes();
                    add(regions, covered, section.virtualAddress(), false);
                    add(regions, section.virtualAddress(), end, true);
                    covered = end;
                }
                add(regions, covered, bytesEnd, false);
            } else {
                regions.add(new Region(bytesEnd, segment.executable(), false));
            }
        }
        if (bytesEnd != segment.endAddress()) {
            regions.add(new Region(segment.endAddress(), false, true));
        }
        return regions;
    }

    private static void add(List<Region> regions, long start, long end, boolean code) {
        if (start != end) {
            regions.add(new Region(end, code, false));
        }
    }

    /** The executable sections that lie within the range, by address. */
    private static List<ElfSection> codeSections(ElfImage image, long start, long end) {
        return image.sections().stream()
                .filter(section -> section.executable() && !section.noBits() && section.sizeBytes() > 0)
                .filter(section -> section.virtualAddress() - start >= 0 && end - section.virtualAddress() > 0)
                .filter(section -> section.sizeBytes() <= end - section.virtualAddress())
                .sorted(Comparator.comparingLong(ElfSection::virtualAddress))
                .toList();
    }
}
