package dev.pagewalk.kernel.model;

import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.space.FileBacking;
import dev.pagewalk.kernel.space.Region;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/** Compares region maps: maximal runs of like pages, no more and no less, and the references that they hold on files. */
final class RegionCheck {
    private final KernelMemory kernel;
    private final MemoryModel model;
    private final Arena arena;
    private final Map<Inode, Integer> references = new HashMap<>();

    RegionCheck(KernelMemory kernel, MemoryModel model) {
        this.kernel = kernel;
        this.model = model;
        this.arena = kernel.arena;
    }

    void check() {
        references.clear();
        for (int space = 0; space < Arena.MOST_SPACES; space++) {
            if (model.space(space) != null) {
                checkSpace(space);
            }
        }
        for (ModelFile file : model.files) {
            Difference.unlessSame(
                    "references of a file", references.getOrDefault(file.inode, 0), file.inode.references());
        }
        for (Iterator<ModelFile> files = model.unnamed.iterator(); files.hasNext(); ) {
            checkUnnamed(files);
        }
    }

    private void checkUnnamed(Iterator<ModelFile> files) {
        ModelFile file = files.next();
        int expected = file.inode == null ? 0 : references.getOrDefault(file.inode, 0);
        if (expected == 0) {
            // Nobody maps it any more, or it was gone before anybody saw it.
            boolean isGone = file.inode == null || kernel.memory.files.inode(file.inode.number()) == null;
            Difference.unlessEqual("shared memory that nobody maps is gone", true, isGone);
            files.remove();
        } else {
            Difference.unlessSame("references of shared memory", expected, file.inode.references());
        }
    }

    private void checkSpace(int space) {
        ModelSpace expected = model.space(space);
        Iterator<Region> regions = kernel.space(space).regions().all().iterator();
        int page = 0;
        while (page < arena.pages()) {
            if (expected.page(page) == null) {
                page++;
                continue;
            }
            int end = expected.regionEnd(page);
            Region region = regions.hasNext() ? regions.next() : null;
            if (!isLike(region, page, end, expected.page(page))) {
                throw new AssertionError("space " + space + " should have a region " + describe(page, end, expected)
                        + ", and has " + describe(region));
            }
            page = end;
        }
        if (regions.hasNext()) {
            throw new AssertionError("space " + space + " has a region too many: " + describe(regions.next()));
        }
    }

    private boolean isLike(Region region, int page, int end, ModelPage first) {
        return region != null
                && region.start() == arena.address(page)
                && region.end() == arena.address(end)
                && region.kind() == first.kind
                && region.protection() == first.protection
                && region.advice() == first.advice
                && hasBacking(region, first);
    }

    private boolean hasBacking(Region region, ModelPage first) {
        if (first.file == null || !(region.backing() instanceof FileBacking backing)) {
            return first.file == null && region.backing() == null;
        }
        if (first.file.inode == null) {
            first.file.inode = backing.inode();
        }
        references.merge(backing.inode(), 1, Integer::sum);
        return backing.inode() == first.file.inode
                && backing.offset() == first.filePage * Arena.PAGE
                && backing.shared() == first.shared
                && backing.mayWrite() == first.mayWrite;
    }

    private String describe(int page, int end, ModelSpace space) {
        ModelPage at = space.page(page);
        return String.format(
                "0x%x-0x%x (pages %d to %d) %s, protection %d, advice %d, %s",
                arena.address(page),
                arena.address(end),
                page,
                end - 1,
                at.kind,
                at.protection,
                at.advice,
                at.file == null ? "no file" : "page " + at.filePage + " of a file");
    }

    private static String describe(Region region) {
        return region == null ? "none" : String.format("0x%x-0x%x: %s", region.start(), region.end(), region);
    }
}
