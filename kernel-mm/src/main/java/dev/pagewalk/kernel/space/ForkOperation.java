package dev.pagewalk.kernel.space;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageTableBuilder;
import dev.pagewalk.kernel.pagetable.PageVisitor;
import dev.pagewalk.kernel.shootdown.InvalidationBatch;
import dev.pagewalk.kernel.space.ForkProgress.Phase;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;

/**
 * fork's memory, step by step: gives an empty child the parent's regions and pages (S19, S38, S42).
 *
 * <p>Under both strategies shared and device pages map the same frames in both, pages of the page cache stay the cache's, and
 * what the parent has never touched stays lazy. Whatever can fail comes first: copy-on-write takes all of the child's
 * tables before it changes the first PTE of the parent. Source: Linux, kernel/fork.c, {@code dup_mmap}, and mm/memory.c,
 * {@code copy_page_range}.
 *
 * <p>Neither parent nor child may run before the last step.
 */
final class ForkOperation {
    /** A step ends after so many pages, a region counted as one more. */
    private static final long PAGES_A_STEP = 512;

    private final AddressSpace parent;
    private final AddressSpace child;
    private final FrameAllocator frames;
    private final PageTableBuilder childTables;
    private long remainingPages = PAGES_A_STEP;
    private boolean narrowed;

    ForkOperation(AddressSpace parent, AddressSpace child) {
        this.parent = parent;
        this.child = child;
        this.frames = parent.services().frames();
        this.childTables = child.pageTable().builder();
    }

    /** Does the next part of a fork that is not over. */
    ForkProgress step(ForkProgress progress) {
        try {
            return switch (progress.phase()) {
                case RESERVE -> walkRegions(progress, this::reserve, Phase.SHARE);
                case SHARE -> finishSharing(walkRegions(progress, this::share, Phase.DONE));
                case COPY -> walkRegions(progress, this::copy, Phase.DONE);
                case ABANDON -> child.destroyStep() ? ForkProgress.at(Phase.FAILED) : progress;
                case DONE, FAILED -> throw new IllegalStateException("the fork is over: " + progress);
            };
        } catch (KernelException noRoom) {
            return ForkProgress.at(Phase.ABANDON);
        }
    }

    /** What a phase does with the parent's pages of a region, from an address on; returns the address that it has reached. */
    private interface Part {
        long go(Region region, long from) throws KernelException;
    }

    private ForkProgress walkRegions(ForkProgress progress, Part part, Phase after) throws KernelException {
        long next = progress.next();
        narrowed = progress.narrowed();
        long end = parent.layout().userEnd();
        for (Region region = parent.regions().firstIn(next, end);
                region != null;
                region = parent.regions().firstIn(next, end)) {
            if (remainingPages <= 0) {
                return new ForkProgress(progress.phase(), next, narrowed);
            }
            next = region.has(Advice.DONT_FORK) ? region.end() : part.go(region, Math.max(next, region.start()));
            remainingPages--;
        }
        return new ForkProgress(after, 0, narrowed);
    }

    private long reserve(Region region, long from) throws KernelException {
        inherit(region, from);
        return visit(region, from, (address, level, pte) -> {
            childTables.reserve(address, level);
            return pte;
        });
    }

    /** Gives the child a region when the walk comes to its start. What is locked in the parent is not in the child. */
    private void inherit(Region region, long from) throws KernelException {
        if (from == region.start()) {
            if (!child.regions().hasRoomFor(1)) {
                throw KernelError.RESOURCE_EXHAUSTED.exception();
            }
            parent.services().meter().regionChange();
            child.regions().insert(region.withAdvice(region.advice() & ~Advice.LOCKS));
        }
    }

    private long share(Region region, long from) {
        return visit(region, from, (address, level, pte) -> {
            long inBoth = region.isShared() ? pte : pte & ~Pte.W;
            narrowed |= inBoth != pte;
            shareFrames(level, inBoth);
            childTables.fill(address, level, inBoth);
            return inBoth;
        });
    }

    private ForkProgress finishSharing(ForkProgress progress) {
        if (progress.isOver() && progress.narrowed()) {
            InvalidationBatch batch = parent.invalidationBatch();
            batch.narrowedEverywhere();
            batch.issue();
        }
        return progress;
    }

    private long copy(Region region, long from) throws KernelException {
        inherit(region, from);
        return visit(region, from, (address, level, pte) -> {
            if (isPrivate(region, pte)) {
                copyPage(region, address, level, pte);
            } else {
                childTables.map(address, level, pte);
                shareFrames(level, pte);
            }
            return pte;
        });
    }

    private boolean isPrivate(Region region, long pte) {
        return !region.isShared() && frames.use(Pte.physicalAddress(pte)) == FrameUse.USER;
    }

    /** Copies a page of the parent; a huge one in pieces where there are not enough frames in a row. */
    private void copyPage(Region region, long address, int level, long pte) throws KernelException {
        long source = Pte.physicalAddress(pte);
        long copy;
        try {
            copy = frames.allocateCopy(source, HugePageOperation.ORDER * level, FrameUse.USER);
        } catch (KernelException outOfMemory) {
            if (level == 0) {
                throw outOfMemory;
            }
            for (int index = 0; index < PagingMode.TABLE_ENTRIES; index++) {
                copyPage(region, address + (long) index * PagingMode.PAGE_BYTES, 0, KernelPte.piece(pte, index));
            }
            return;
        }
        long copied = KernelPte.userPage(copy, Protection.pteRights(region.protection()), pte & (Pte.A | Pte.D));
        try {
            childTables.map(address, level, copied);
        } catch (KernelException outOfMemory) {
            KernelPte.forEachFrame(level, copied, frames::release);
            throw outOfMemory;
        }
        child.countPages(level);
    }

    private void shareFrames(int level, long pte) {
        if (!KernelPte.isDevice(pte)) {
            KernelPte.forEachFrame(level, pte, frames::share);
            child.countPages(level);
        }
    }

    /** Visits as many present pages of the parent as the step has left. */
    private <E extends Exception> long visit(Region region, long from, PageVisitor<E> visitor) throws E {
        return parent.pageTable().visitPages(from, region.end(), remainingPages, (address, level, pte) -> {
            remainingPages -= PagingMode.pageSizeBytes(level) / PagingMode.PAGE_BYTES;
            return visitor.visit(address, level, pte);
        });
    }
}
