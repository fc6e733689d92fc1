package dev.pagewalk.kernel.space;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelPte;
import dev.pagewalk.kernel.pagetable.PageEntry;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.kernel.shootdown.InvalidationBatch;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.state.Snapshotable;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.function.LongFunction;

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
    private final RegionMap regions = new RegionMap();
    private final ProgramBreak programBreak;
    private final UserLayout layout;
    private final LongFunction<Inode> inodes;
    private int asid;
    private long codeStart;
    private long codeEnd;
    private int userPages;
    private int peakUserPages;

    private AddressSpace(
            MemoryServices services, PageTable pageTable, UserLayout layout, int asid, LongFunction<Inode> inodes) {
        this.services = services;
        this.pageTable = pageTable;
        this.layout = layout;
        this.inodes = inodes;
        this.asid = asid;
        this.programBreak = new ProgramBreak(layout.heapStart(), layout.heapLimitBytes());
    }

    /**
     * An empty address space.
     *
     * @param layout clamped to the paging mode's user half here
     * @throws KernelException OUT_OF_MEMORY
     */
    public static AddressSpace create(MemoryServices services, UserLayout layout, int asid) throws KernelException {
        PageTable table = PageTable.createSharing(services.editor(), services.kernelTable());
        UserLayout clamped = layout.clampedTo(services.editor().mode());
        return new AddressSpace(services, table, clamped, asid, AddressSpace::unknownInode);
    }

    /**
     * An address space whose state {@link #restore} will bring.
     *
     * @param inodes finds an inode by its number
     */
    public static AddressSpace forRestore(MemoryServices services, UserLayout layout, LongFunction<Inode> inodes) {
        PageTable table = PageTable.forRestore(services.editor());
        return new AddressSpace(
                services, table, layout.clampedTo(services.editor().mode()), 0, inodes);
    }

    /** As above, for spaces without files. */
    public static AddressSpace forRestore(MemoryServices services, UserLayout layout) {
        return forRestore(services, layout, AddressSpace::unknownInode);
    }

    private static Inode unknownInode(long number) {
        throw new IllegalStateException("nobody here knows inode " + number);
    }

    public UserLayout layout() {
        return layout;
    }

    public PageTable pageTable() {
        return pageTable;
    }

    public RegionMap regions() {
        return regions;
    }

    public ProgramBreak programBreak() {
        return programBreak;
    }

    /** The ASID under which harts cache its translations. */
    public int asid() {
        return asid;
    }

    /** Frames of RAM that the page tables map for the user, shared ones too; a frame that two PTEs map counts twice. */
    public int userPages() {
        return userPages;
    }

    public int peakUserPages() {
        return peakUserPages;
    }

    MemoryServices services() {
        return services;
    }

    /** Records where the image's code lies: a fault there where nothing is mapped is a text fault (S35). */
    public void setCodeRange(long start, long end) {
        codeStart = start;
        codeEnd = end;
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

    /** munmap (S10); see {@link UnmapOperation}. */
    public void unmap(long start, long lengthBytes) throws KernelException {
        new UnmapOperation(this).unmap(start, lengthBytes);
    }

    /** mprotect (S20); see {@link ProtectOperation}. */
    public void protect(long start, long lengthBytes, long protection) throws KernelException {
        new ProtectOperation(this).protect(start, lengthBytes, protection);
    }

    /** brk (S17): returns the break, moved or not; see {@link BreakOperation}. */
    public long moveBreak(long address) {
        return new BreakOperation(this).moveTo(address);
    }

    /** Lets the stack reach down to an address, where that is allowed; see {@link StackGrowth}. */
    public Region growStack(long address) {
        return new StackGrowth(this).growTo(address);
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
     * MAP_POPULATE: faults the next pages of a mapping in, as far as memory goes; see {@link PopulateOperation}.
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

    InvalidationBatch invalidationBatch() {
        return services.invalidationBatch(pageTable, asid);
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
    public AddressSpace beginFork(int childAsid) throws KernelException {
        PageTable table = PageTable.createSharing(services.editor(), services.kernelTable());
        AddressSpace child = new AddressSpace(services, table, layout, childAsid, inodes);
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
        services.invalidation().flushPage(asid, address);
    }

    /** Whether nobody else, be it another space or the page cache, owns any frame of a present page of RAM. */
    boolean isOwn(int level, long pte) {
        FrameAllocator frames = services.frames();
        long end = Pte.physicalAddress(pte) + PagingMode.pageSizeBytes(level);
        for (long frame = Pte.physicalAddress(pte); frame < end; frame += PagingMode.PAGE_BYTES) {
            if (frames.owners(frame) > 1 || frames.use(frame) != FrameUse.USER) {
                return false;
            }
        }
        return true;
    }

    /** Counts a page of RAM that has been mapped. */
    void countPages(int level) {
        userPages += pagesOf(level);
        peakUserPages = Math.max(peakUserPages, userPages);
    }

    private static int pagesOf(int level) {
        return (int) (PagingMode.pageSizeBytes(level) / PagingMode.PAGE_BYTES);
    }

    static long roundUp(long address) {
        return address + PagingMode.PAGE_BYTES - 1 & PagingMode.PAGE_MASK;
    }

    static boolean isPageAligned(long address) {
        return (address & ~PagingMode.PAGE_MASK) == 0;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(asid);
        out.writeLong(codeStart);
        out.writeLong(codeEnd);
        out.writeInt(userPages);
        out.writeInt(peakUserPages);
        pageTable.save(out);
        regions.save(out);
        programBreak.save(out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        asid = in.readInt();
        codeStart = in.readLong();
        codeEnd = in.readLong();
        userPages = in.readInt();
        peakUserPages = in.readInt();
        pageTable.restore(in);
        regions.restore(in, inodes);
        programBreak.restore(in);
    }
}
