package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.mmu.table.PagingMode;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.util.function.LongConsumer;

/**
 * One invalidation from the time it is issued: what it takes away, whom it waits for, and what is to be done when it is
 * complete. All of it is data.
 */
public final class Shootdown {
    static final int NO_HART = -1;
    static final long NO_PAGE = -1;

    private final SpaceTranslations space;
    private final FlushBatch pages;
    private final boolean retirement;
    final LongArrayList frames = new LongArrayList();
    final LongArrayList tables = new LongArrayList();

    /** A page in transit, which gets its new PTE at the end; or {@link #NO_PAGE}. */
    long replacedPage = NO_PAGE;

    /** The range that has to stay free of mappings while harts may still use it; empty where they may not. */
    long lingerStart;

    long lingerEnd;

    long number;
    long generation;
    int initiator = NO_HART;
    long issuedCycle;

    /** When all had been told. */
    long dispatchedCycle;

    /** When the last hart has answered. */
    long acknowledgedCycle;

    /** The harts that have not answered yet. */
    long awaited;

    /** Those of them that will find a note. */
    long posted;

    /** Whether nobody waits for the answers. */
    boolean parked;

    /** Whether its range is in {@link SpaceTranslations#parked}. */
    boolean holdsRange;

    /** Whether hardware carries it out, on all harts, by the time that it is finished. */
    boolean inHardware;

    /** The harts that wait for the page. */
    long waiters;

    Shootdown(SpaceTranslations space, FlushBatch pages, boolean retirement) {
        this.space = space;
        this.pages = pages;
        this.retirement = retirement;
    }

    /** Counted from 1 in the order of issue; 0 where nobody but the kernel's boot can have known what it takes away. */
    public long number() {
        return number;
    }

    public SpaceTranslations space() {
        return space;
    }

    /** How many pages were narrowed; those of a huge page count as one. */
    public long lengthPages() {
        return pages.length();
    }

    /** Whether all of the space goes: it is about too many pages, or frees tables, or the space itself ends. */
    public boolean flushesSpace() {
        return retirement || !tables.isEmpty() || pages.flushesEverything();
    }

    /** The pages to flush, by their first addresses, where it is not the whole space. */
    public long[] pages() {
        return pages.pages();
    }

    /** Whether page tables are freed at the end, so that page-walk caches matter, those of idle harts too. */
    public boolean freesTables() {
        return retirement || !tables.isEmpty();
    }

    /** Whether the space ends: no hart will load it again. */
    public boolean isRetirement() {
        return retirement;
    }

    /** Whether harts may go on using what is taken away until they come to notice, with nobody waiting for them. */
    public boolean mayLinger() {
        return lingerStart < lingerEnd;
    }

    /** The state of the space's tables from which on they no longer hold what is taken away. */
    public long generation() {
        return generation;
    }

    /** The hart that has issued it. */
    public int initiator() {
        return initiator;
    }

    /** When it was issued. */
    public long issuedCycle() {
        return issuedCycle;
    }

    /** The harts that have been told and have not answered yet, as bits. */
    public long awaited() {
        return awaited;
    }

    /** For inspection: whether nobody waits for it, because harts find a note of it when they come by. */
    public boolean isParked() {
        return parked;
    }

    /** For inspection: whether the hardware carries it out, without an interrupt. */
    public boolean isInHardware() {
        return inHardware;
    }

    /** For inspection: the harts that wait for the page which it replaces, as bits. */
    public long waiters() {
        return waiters;
    }

    /** For inspection: how many frames and page tables are given back when it is over. */
    public int heldFrames() {
        return frames.size() + tables.size();
    }

    /** For inspection: how many owners of a frame are given up when it is over. */
    public int ownersOf(long frame) {
        return (int) frames.longStream().filter(held -> held == frame).count();
    }

    /** For inspection: shows the frames of user pages that are given back when it is over, one owner each. */
    public void forEachFrame(LongConsumer visitor) {
        frames.forEach(visitor);
    }

    boolean isEmpty() {
        return pages.isEmpty() && tables.isEmpty() && !retirement;
    }

    void issued(long newNumber, int hartId, long cycle) {
        number = newNumber;
        initiator = hartId;
        issuedCycle = cycle;
    }

    boolean replaces(long virtualAddress) {
        return replacedPage == (virtualAddress & PagingMode.PAGE_MASK);
    }

    void save(ByteArrayDataOutput out) {
        out.writeLong(number);
        out.writeLong(space.id());
        out.writeBoolean(retirement);
        out.writeInt(pages.ceilingPages());
        pages.save(out);
        LongLists.save(frames, out);
        LongLists.save(tables, out);
        out.writeLong(replacedPage);
        out.writeLong(lingerStart);
        out.writeLong(lingerEnd);
        out.writeLong(generation);
        out.writeInt(initiator);
        out.writeLong(issuedCycle);
        out.writeLong(dispatchedCycle);
        out.writeLong(acknowledgedCycle);
        out.writeLong(awaited);
        out.writeLong(posted);
        out.writeBoolean(parked);
        out.writeBoolean(holdsRange);
        out.writeBoolean(inHardware);
        out.writeLong(waiters);
    }

    static Shootdown restore(ByteArrayDataInput in, SpacesById spaces) {
        long number = in.readLong();
        SpaceTranslations space = spaces.find(in.readLong());
        boolean retirement = in.readBoolean();
        FlushBatch pages = new FlushBatch(in.readInt());
        pages.restore(in);
        Shootdown shootdown = new Shootdown(space, pages, retirement);
        shootdown.number = number;
        LongLists.restore(shootdown.frames, in);
        LongLists.restore(shootdown.tables, in);
        shootdown.replacedPage = in.readLong();
        shootdown.lingerStart = in.readLong();
        shootdown.lingerEnd = in.readLong();
        shootdown.generation = in.readLong();
        shootdown.initiator = in.readInt();
        shootdown.issuedCycle = in.readLong();
        shootdown.dispatchedCycle = in.readLong();
        shootdown.acknowledgedCycle = in.readLong();
        shootdown.awaited = in.readLong();
        shootdown.posted = in.readLong();
        shootdown.parked = in.readBoolean();
        shootdown.holdsRange = in.readBoolean();
        shootdown.inHardware = in.readBoolean();
        shootdown.waiters = in.readLong();
        return shootdown;
    }
}
