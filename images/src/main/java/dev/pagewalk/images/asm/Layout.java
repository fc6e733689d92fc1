package dev.pagewalk.images.asm;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The linker's part: gives every section its address, each on pages of its own, so that each can have its own
 * permissions. Code first, then read-only data, data, and zeros; between equals the source's order decides.
 */
final class Layout {
    static final long FIRST_ADDRESS = 0x10000;

    private Layout() {}

    /** Places all {@code sections} and gives those that occupy memory, by the order of their kind. */
    static List<Section> place(List<Section> sections) {
        List<Section> ordered = new ArrayList<>(sections);
        ordered.removeIf(section -> !section.allocated);
        ordered.sort(Comparator.comparingInt(Layout::rank));
        long next = FIRST_ADDRESS;
        for (Section section : ordered) {
            long address = section.wantedAddress >= 0
                    ? section.wantedAddress
                    : next + section.alignmentBytes - 1 & -section.alignmentBytes;
            section.place(address);
            if (section.sizeBytes() > 0) {
                next = address + section.sizeBytes();
                next = next + Section.PAGE_SIZE_BYTES - 1 & -Section.PAGE_SIZE_BYTES;
            }
        }
        sections.stream().filter(section -> !section.allocated).forEach(section -> section.place(0));
        return ordered;
    }

    private static int rank(Section section) {
        if (section.executable) {
            return 0;
        }
        return section.noBits ? 3 : section.writable ? 2 : 1;
    }
}
