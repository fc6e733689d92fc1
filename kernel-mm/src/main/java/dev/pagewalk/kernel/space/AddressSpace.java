package dev.pagewalk.kernel.space;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.pagetable.KernelPte;
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
 * <p>Next stop on the path of a load, after the fault handler has found the region: {@link #installZeroPage}.
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

    /** Frames of user memory that the page tables map. */
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
            batch.unhooked(address, level, Pte.physicalAddress(pte));
            userPages -= pagesOf(level);
            return 0;
        });
    }

    InvalidationBatch invalidationBatch() {
        return services.invalidationBatch(pageTable, asid);
    }

    /**
     * Gives a page of a region a zeroed frame, mapped as the region is protected.
     *
     * @param address anywhere in the page, which no PTE maps yet
     * @return the frame's physical address
     * @throws KernelException OUT_OF_MEMORY; then nothing has changed
     */
    public long installZeroPage(Region region, long address, AccessType access) throws KernelException {
        long frame = services.frames().allocate(FrameUse.USER);
        long rights = Protection.pteRights(region.protection());
        long pte = KernelPte.touched(KernelPte.userPage(frame, rights, 0), access);
        try {
            pageTable.map(address & PagingMode.PAGE_MASK, 0, pte);
        } catch (KernelException outOfMemory) {
            services.frames().release(frame);
            throw outOfMemory;
        }
        pageInstalled();
        return frame;
    }

    private static int pagesOf(int level) {
        return (int) (PagingMode.pageSizeBytes(level) / PagingMode.PAGE_BYTES);
    }

    void pageInstalled() {
        userPages++;
        peakUserPages = Math.max(peakUserPages, userPages);
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
