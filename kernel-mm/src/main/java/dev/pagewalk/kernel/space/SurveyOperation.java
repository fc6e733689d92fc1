package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.pagetable.KernelPte;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * Finds out what each region takes of RAM, for those who only look (S22): it takes no simulated time and changes nothing.
 * What it costs the host is linear in tables and resident pages, however large the regions are.
 */
final class SurveyOperation {
    private final AddressSpace space;
    private final List<RegionUse> uses = new ArrayList<>();
    private final Iterator<Region> rest;

    /** The region whose pages are being counted; null behind the last one. */
    private Region region;

    private long residentPages;
    private long sharedPages;
    private long hugePages;

    SurveyOperation(AddressSpace space) {
        this.space = space;
        this.rest = space.regions().all().iterator();
        this.region = rest.hasNext() ? rest.next() : null;
    }

    /** All regions, in address order; to be called once. */
    List<RegionUse> survey() {
        space.pageTable().lookAtPages(this::count);
        while (region != null) {
            finishRegion();
        }
        return uses;
    }

    /** Pages come in address order, and each lies in one region as a whole. */
    private void count(long address, int level, long pte) {
        while (region != null && region.end() <= address) {
            finishRegion();
        }
        if (region == null || !region.contains(address) || KernelPte.isDevice(pte)) {
            return;
        }
        hugePages += level > 0 ? 1 : 0;
        KernelPte.forEachFrame(level, pte, this::countFrame);
    }

    private void countFrame(long frame) {
        FrameAllocator frames = space.services().frames();
        residentPages++;
        sharedPages += frames.owners(frame) > 1 ? 1 : 0;
    }

    private void finishRegion() {
        uses.add(new RegionUse(region, residentPages, sharedPages, hugePages));
        residentPages = 0;
        sharedPages = 0;
        hugePages = 0;
        region = rest.hasNext() ? rest.next() : null;
    }
}
