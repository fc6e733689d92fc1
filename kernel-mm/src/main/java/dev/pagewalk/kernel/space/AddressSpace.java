package dev.pagewalk.kernel.space;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.emulator.hart.Hart;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.kernel.shootdown.InvalidationBatch;
import dev.pagewalk.kernel.shootdown.PagesInTransit;
import dev.pagewalk.kernel.shootdown.SpaceTranslations;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.state.Snapshotable;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.List;

/**
 * One user address space: its regions, its page tables, its break. Every change is an operation in a file of its own;
 * here they meet.
 *
 * <p>Pages are lazy: a region promises memory, and the first access brings it (S15).
 *
 * <p>Next stop on the path of a load, after the fault handler has found the region: {@link #makeAccessible}.
 */
public final class AddressSpace implements Snapshotable {
    private final MemoryServices services;
    private final PageTable pageTable;
    private final RegionMap regions;
    private final ProgramBreak programBreak;
    private final UserLayout layout;
    private final SpaceLock lock = new SpaceLock();
    private final SpaceTranslations translations;
    private int initialAdvice;
    private long codeStart;
    private long codeEnd;
    private int userPages;
    private int peakUserPages;

    private AddressSpace(MemoryServices services, SpaceTranslations translations, UserLayout layout) {
        this.services = services;
        this.translations = translations;
        this.pageTable = translations.pageTable();
        this.regions = new RegionMap(services.regionBudget());
        this.layout = layout;
        this.programBreak = new ProgramBreak(layout.heapStart(), layout.heapLimitBytes());
    }

    /**
     * An empty address space.
     *
     * @param layout clamped to the paging mode's user half here
     * @throws KernelException OUT_OF_MEMORY
     */
    public static AddressSpace create(MemoryServices services, UserLayout layout) throws KernelException {
        PageTable table = PageTable.createSharing(services.editor(), services.kernelTable());
        UserLayout clamped = layout.clampedTo(services.editor().mode());
        return new AddressSpace(services, services.shootdowns().translationsOf(table), clamped);
    }

    /** An address space whose state {@link #restore} will bring. */
    public static AddressSpace forRestore(MemoryServices services, UserLayout layout) {
        PageTable table = PageTable.forRestore(services.editor());
        return new AddressSpace(
                services,
                services.shootdowns().translationsToRestore(table),
                layout.clampedTo(services.editor().mode()));
    }

    public UserLayout layout() {
        return layout;
    }

    public PageTable pageTable() {
        return pageTable;
    }

    /** Whoever changes its mappings has it alone, whoever uses them shares it. */
    public SpaceLock lock() {
        return lock;
    }

    public RegionMap regions() {
        return regions;
    }

    public ProgramBreak programBreak() {
        return programBreak;
    }

    /** What harts may have cached of it. */
    public SpaceTranslations translations() {
        return translations;
    }

    /**
     * Whether a page is being replaced, so that it has no PTE for a while ({@link CopyOnWriteOperation}); whoever faults on it
     * waits.
     */
    public boolean isInTransit(long address) {
        return translations.inTransit().contains(address);
    }

    /** Lets a hart wait before it goes back to the guest until a page is no longer in transit. */
    public void awaitPage(Hart hart, long address) {
        services.shootdowns().waitForPage(hart, translations, address);
    }

    /** Frames of RAM that the page tables map for the user, shared ones too; a frame that two PTEs map counts twice. */
    public int userPages() {
        return userPages;
    }

    public int peakUserPages() {
        return peakUserPages;
    }

    /** What maps an address, or will when its page is no longer in transit; free of charge. */
    public PageEntry entryOf(long address) {
        PageEntry entry = pageTable.look(address);
        return entry.isPresent() || !isInTransit(address)
                ? entry
                : entry.withPte(translations.inTransit().pte(address));
    }

    MemoryServices services() {
        return services;
    }

    /** Records where the image's code lies: a fault there where nothing is mapped is a text fault (S35). */
    public void setCodeRange(long start, long end) {
        codeStart = start;
        codeEnd = end;
    }

    /** Where handlers of signals return to: the kernel's code that calls rt_sigreturn. */
    public long signalReturnAddress() {
        return layout.trampoline();
    }

    public boolean isInCodeRange(long address) {
        return address >= codeStart && address < codeEnd;
    }

    /**
     * Sets where the heap begins, once the image is in place.
     *
     * @param imageEnd the address after the image's last byte; it counts where the layout puts the heap after the image
     */
    public void startHeap(long imageEnd) {
        long start = layout.heapStart() == UserLayout.HEAP_AFTER_IMAGE ? roundUp(imageEnd) : layout.heapStart();
        programBreak.startAt(start);
    }

    /** mmap for anonymous memory (S16); see {@link MapOperation}. */
    public long map(MapRequest request) throws KernelException {
        return new MapOperation(this).map(request);
    }

    /**
     * Maps a range eagerly (S7): all its pages or none, zeroed.
     *
     * @throws KernelException ALREADY_EXISTS where anything is mapped in it; OUT_OF_MEMORY; either leaves no trace
     */
    public void mapRegion(long start, long lengthBytes, RegionKind kind, int protection) throws KernelException {
        new MapRegionOperation(this).map(start, lengthBytes, kind, protection);
    }

    /**
     * Maps device memory where the caller says (S8), uncached; see {@link MapDeviceOperation}.
     *
     * @throws KernelException ALREADY_EXISTS where anything is mapped there; INVALID_ARGUMENT, RESOURCE_EXHAUSTED,
     *     OUT_OF_MEMORY; each leaves no trace
     */
    public void mapPhysical(long start, long lengthBytes, long physicalAddress, int protection) throws KernelException {
        new MapDeviceOperation(this).mapAt(start, lengthBytes, physicalAddress, protection);
    }

    /** mmap of device memory (S8); see {@link MapDeviceOperation}. */
    public long mapDevice(MapRequest request, long physicalAddress) throws KernelException {
        return new MapDeviceOperation(this).map(request, physicalAddress);
    }

    /**
     * As {@link #mapRegion}, for the length of a scope (S9).
     *
     * @throws KernelException as there
     */
    public GuardedRegion mapGuarded(long start, long lengthBytes, RegionKind kind, int protection)
            throws KernelException {
        mapRegion(start, lengthBytes, kind, protection);
        return new GuardedRegion(this, start, lengthBytes);
    }

    /**
     * Makes a stack for a thread (S25): a guard and lazy memory above it, at a place that is free.
     *
     * @param usableBytes at least 1, rounded up to pages
     * @throws KernelException OUT_OF_MEMORY, RESOURCE_EXHAUSTED; then nothing has changed
     */
    public ThreadStack mapThreadStack(long usableBytes) throws KernelException {
        if (!regions.hasRoomFor(2)) {
            throw KernelError.RESOURCE_EXHAUSTED.exception();
        }
        long lengthBytes = ThreadStack.GUARD_BYTES + roundUp(Math.max(1, usableBytes));
        MapRequest request = new MapRequest(0, lengthBytes, Protection.NONE, false, MapRequest.Placement.ANYWHERE);
        ThreadStack stack = new ThreadStack(map(request), lengthBytes);
        protect(stack.usableStart(), stack.usableBytes(), Protection.READ | Protection.WRITE);
        return stack;
    }

    /** munmap (S10); see {@link UnmapOperation}. */
    public void unmap(long start, long lengthBytes) throws KernelException {
        new UnmapOperation(this).unmap(start, lengthBytes);
    }

    /** mprotect (S20); see {@link ProtectOperation}. */
    public void protect(long start, long lengthBytes, long protection) throws KernelException {
        new ProtectOperation(this).protect(start, lengthBytes, protection);
    }

    /** mremap: returns the mapping's address; see {@link RemapOperation}. */
    public long remap(RemapRequest request) throws KernelException {
        return new RemapOperation(this).remap(request);
    }

    /** madvise; see {@link AdviseOperation}. */
    public void advise(long start, long lengthBytes, MemoryAdvice advice) throws KernelException {
        new AdviseOperation(this).advise(start, lengthBytes, advice);
    }

    /** mlock, with {@link Advice#LOCKED} and perhaps {@link Advice#LOCKED_ON_FAULT}; see {@link LockOperation}. */
    public void lock(long start, long lengthBytes, int lock) throws KernelException {
        new LockOperation(this).lock(start, lengthBytes, lock);
    }

    /** munlock; see {@link LockOperation}. */
    public void unlock(long start, long lengthBytes) throws KernelException {
        new LockOperation(this).unlock(start, lengthBytes);
    }

    /** mlockall and munlockall: gives all regions the lock, or none with {@link Advice#NONE}; see {@link LockOperation}. */
    public void lockAll(int lock) {
        new LockOperation(this).lockAll(lock);
    }

    /** mincore: which of the pages from an address on are in RAM; see {@link ResidencyOperation}. */
    public byte[] residency(long start, long pages) throws KernelException {
        return new ResidencyOperation(this).residency(start, pages);
    }

    /** What each region takes of RAM, in address order; free of charge. See {@link SurveyOperation}. */
    public List<RegionUse> survey() {
        return new SurveyOperation(this).survey();
    }

    /** msync; see {@link SyncOperation}. */
    public void sync(long start, long lengthBytes, boolean invalidates) throws KernelException {
        new SyncOperation(this).sync(start, lengthBytes, invalidates);
    }

    /** A file has become shorter: what is mapped of it beyond its end goes; see {@link TruncateOperation}. */
    public void truncated(Inode inode, long newSizeBytes) {
        new TruncateOperation(this).truncated(inode, newSizeBytes);
    }

    /**
     * The break is to be moved: where the heap grows, harts must have forgotten what was there.
     *
     * @throws KernelException STILL_CACHED where they have been told to now
     */
    public void prepareBreak(long address) throws KernelException {
        if (address > programBreak.current()) {
            requireSettled(programBreak.current(), address);
        }
    }

    /** brk (S17): returns the break, moved or not; see {@link BreakOperation}. */
    public long moveBreak(long address) {
        return new BreakOperation(this).moveTo(address);
    }

    /** The stack's region as {@link #growStack} would make it; null where it may not. */
    public Region stackReaching(long address) {
        return new StackGrowth(this).reaching(address);
    }

    /** Lets the stack reach down to an address, where that is allowed; see {@link StackGrowth}. */
    public Region growStack(long address) {
        return new StackGrowth(this).growTo(address);
    }

    /**
     * The space ends: no hart will load it again. The hart at work waits for those that have to leave it before {@link
     * #destroyStep}.
     */
    public void retire() {
        services.shootdowns().retire(translations);
    }

    /**
     * Gives the next part of the frames, and in the end the tables, back (S23); see {@link DestroyOperation}. No hart may
     * have the root loaded.
     *
     * @return whether nothing is left
     */
    public boolean destroyStep() {
        return new DestroyOperation(this).step();
    }

    /** Gives all frames and tables back at once. */
    public void destroy() {
        boolean done = false;
        while (!done) {
            done = destroyStep();
        }
    }

    /**
     * MAP_POPULATE: faults the next pages of a range in, as far as memory goes; see {@link PopulateOperation}.
     *
     * @return the address that was reached: {@code end} where all is done, or where memory has run out
     */
    public long populateStep(long address, long end) {
        return new PopulateOperation(this).step(address, end);
    }

    /**
     * Clears the PTEs of up to {@link InvalidationBatch#MOST_PAGES} pages, and leaves their frames to the batch.
     *
     * @return the address that was reached
     */
    long clearPages(long start, long end, InvalidationBatch batch) {
        clearPagesInTransit(start, end, batch);
        return pageTable.visitPages(start, end, InvalidationBatch.MOST_PAGES, (address, level, pte) -> {
            if (KernelPte.isDevice(pte)) {
                batch.narrowed(address);
            } else {
                batch.unhooked(address, level, Pte.physicalAddress(pte));
                userPages -= pagesOf(level);
            }
            return 0;
        });
    }

    /** A page that has no PTE yet will not get one. */
    private void clearPagesInTransit(long start, long end, InvalidationBatch batch) {
        PagesInTransit inTransit = translations.inTransit();
        for (long page = inTransit.firstIn(start, end); page >= 0; page = inTransit.firstIn(page, end)) {
            batch.unhooked(page, Pte.physicalAddress(inTransit.cancel(page)));
            userPages--;
        }
    }

    /** Takes away the pages of a range whose tables stay; what then is there comes again at the next access. */
    void discardPages(long start, long end) {
        InvalidationBatch batch = invalidationBatch();
        long reached = start;
        while (reached < end) {
            reached = clearPages(reached, end, batch);
            batch.issue();
        }
    }

    /**
     * The lowest gap that is long enough, and of which no hart can have anything cached.
     *
     * @param from where the gap may begin
     * @param limit where it must end
     * @return the gap's start, or -1 where there is none
     */
    long findGap(long from, long limit, long lengthBytes) {
        long gap = regions.findGap(from, limit, lengthBytes);
        while (gap >= 0) {
            long parkedEnd = translations.parked().endOfOverlap(gap, gap + lengthBytes);
            if (parkedEnd < 0) {
                break;
            }
            gap = regions.findGap(parkedEnd, limit, lengthBytes);
        }
        return gap;
    }

    /**
     * A range is to be mapped: harts must have forgotten what was there.
     *
     * @throws KernelException STILL_CACHED where they have been told to now
     */
    void requireSettled(long start, long end) throws KernelException {
        if (!services.shootdowns().settle(translations, start, end)) {
            throw KernelError.STILL_CACHED.exception();
        }
    }

    /** Whether harts may still have cached what the operation has taken away. */
    boolean isStillCached() {
        return services.shootdowns().hasUnfinished();
    }

    /** Takes away regions, pages and tables of a range. */
    void cut(long start, long end) {
        new UnmapOperation(this).cut(start, end);
    }

    /** Unhooks the tables around a range, whose pages have been cleared, that no region uses any more. */
    void unhookUnusedTables(long start, long end, InvalidationBatch batch) {
        pageTable.unhookTables(start, end, regions::overlaps, batch::unhookedTable);
    }

    /**
     * Changes what has been said about a part of a region.
     *
     * @param advice {@link Advice} bits
     */
    void setAdvice(Region region, long from, long to, int advice) {
        if (region.advice() != advice) {
            services.meter().regionChange();
            regions.replace(region.between(from, to).withAdvice(advice));
            splitHugePageAt(from);
            splitHugePageAt(to);
        }
    }

    /** Lets no huge page lie across an address where two regions meet. */
    private void splitHugePageAt(long address) {
        PageEntry entry = pageTable.find(address);
        if (entry.isHuge() && entry.virtualAddress() != address) {
            pageTable.split(entry);
        }
    }

    /** Gives all huge pages in a range their tables, in preparation for small ones. */
    void splitHugePages(long start, long end) {
        pageTable.visitPages(start, end, (address, level, pte) -> {
            if (level > 0) {
                pageTable.split(pageTable.find(address));
            }
            return pte;
        });
    }

    /** The {@link Advice} with which mappings begin: none, unless mlockall has said so. */
    public int initialAdvice() {
        return initialAdvice;
    }

    /** Sets the {@link Advice} with which mappings begin from now on. */
    public void setInitialAdvice(int advice) {
        initialAdvice = advice;
    }

    InvalidationBatch invalidationBatch() {
        return services.invalidationBatch(translations);
    }

    /**
     * Makes a page accessible: brings it, or gives a store a page of its own; see {@link AccessOperation}.
     *
     * @param region that of the address
     * @param access one that the region allows
     * @return what that took
     * @throws KernelException OUT_OF_MEMORY, PAST_END_OF_FILE; then no translation has changed
     */
    public PageChange makeAccessible(Region region, long address, AccessType access) throws KernelException {
        return new AccessOperation(this).makeAccessible(region, address, access);
    }

    /**
     * Gives the space a page that the kernel may change for it, whatever the region's protection; private memory gets one of
     * its own.
     *
     * @param region that of the address
     * @return where the byte at the address stands in RAM
     * @throws KernelException OUT_OF_MEMORY, PAST_END_OF_FILE; then no translation has changed
     */
    public long own(Region region, long address) throws KernelException {
        return new AccessOperation(this).own(region, address);
    }

    /**
     * A child for fork, with nothing in it but what this space knows beyond its regions: {@link #forkStep} brings those.
     *
     * @throws KernelException OUT_OF_MEMORY
     */
    public AddressSpace beginFork() throws KernelException {
        PageTable table = PageTable.createSharing(services.editor(), services.kernelTable());
        AddressSpace child = new AddressSpace(services, services.shootdowns().translationsOf(table), layout);
        child.setCodeRange(codeStart, codeEnd);
        child.programBreak.inherit(programBreak);
        return child;
    }

    /**
     * Does the next part of a fork; see {@link ForkOperation}. Neither this space nor the child may be used between the first
     * step and the last. Where the fork fails, this space is as it was and the child is gone.
     *
     * @param child which {@link #beginFork} has made
     * @param progress what the last step returned, at first {@link ForkProgress#begin}
     */
    public ForkProgress forkStep(AddressSpace child, ForkProgress progress) {
        return new ForkOperation(this, child).step(progress);
    }

    /**
     * Maps a page of RAM.
     *
     * @param address anywhere in the page, which no PTE maps yet
     * @throws KernelException OUT_OF_MEMORY; then nothing has changed
     */
    void install(long address, int level, long pte) throws KernelException {
        pageTable.map(address & -PagingMode.pageSizeBytes(level), level, pte);
        countPages(level);
    }

    /** Lets a present page grant more than before. Other harts that do not know yet will fault and ask. */
    void grant(PageEntry entry, long pte, long address) {
        pageTable.write(entry, pte);
        services.shootdowns().widened(translations, address);
    }

    /** Whether nobody else, be it another space or the page cache, owns any frame of a present page of RAM. */
    boolean isOwn(int level, long pte) {
        long end = Pte.physicalAddress(pte) + PagingMode.pageSizeBytes(level);
        for (long frame = Pte.physicalAddress(pte); frame < end; frame += PagingMode.PAGE_BYTES) {
            if (!isOwnFrame(frame)) {
                return false;
            }
        }
        return true;
    }

    /** Whether nobody else owns a frame that a private page of this space maps. */
    boolean isOwnFrame(long frame) {
        FrameAllocator frames = services.frames();
        return frames.owners(frame) == 1 && frames.use(frame) == FrameUse.USER;
    }

    /** Counts a page of RAM that has been mapped. */
    void countPages(int level) {
        userPages += pagesOf(level);
        peakUserPages = Math.max(peakUserPages, userPages);
    }

    private static int pagesOf(int level) {
        return (int) (PagingMode.pageSizeBytes(level) / PagingMode.PAGE_BYTES);
    }

    /** The next multiple of 4096 that is not below an address or length. */
    public static long roundUp(long address) {
        return address + PagingMode.PAGE_BYTES - 1 & PagingMode.PAGE_MASK;
    }

    static boolean isPageAligned(long address) {
        return (address & ~PagingMode.PAGE_MASK) == 0;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        translations.save(out);
        out.writeInt(initialAdvice);
        out.writeLong(codeStart);
        out.writeLong(codeEnd);
        out.writeInt(userPages);
        out.writeInt(peakUserPages);
        pageTable.save(out);
        regions.save(out);
        programBreak.save(out);
        lock.save(out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        translations.restore(in);
        initialAdvice = in.readInt();
        codeStart = in.readLong();
        codeEnd = in.readLong();
        userPages = in.readInt();
        peakUserPages = in.readInt();
        pageTable.restore(in);
        regions.restore(in, services.files()::inode);
        programBreak.restore(in);
        lock.restore(in);
    }
}
