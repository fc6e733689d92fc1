package dev.pagewalk.kernel.shootdown;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.pagetable.PageTable;
import dev.pagewalk.mmu.state.Snapshotable;

/**
 * What harts may have cached of one address space, and under which ASID. {@link Shootdowns#translationsOf} makes it; sets of
 * harts are bits in a long.
 */
public final class SpaceTranslations implements Snapshotable {
    private final PageTable pageTable;
    private final FlushEpochs epochs;
    private final TlbGenerations generations;
    private final PagesInTransit inTransit = new PagesInTransit();
    private final ParkedRanges parked = new ParkedRanges();
    private final long[] epochWhenLeft;
    private long id;
    private int asid;
    private long asidGeneration;
    private long loadedOn;
    private long leftBy;
    private boolean retired;

    SpaceTranslations(long id, PageTable pageTable, FlushEpochs epochs) {
        this.id = id;
        this.pageTable = pageTable;
        this.epochs = epochs;
        this.generations = new TlbGenerations(epochs.harts());
        this.epochWhenLeft = new long[epochs.harts()];
    }

    /** Counted from 1, and never used again; 0 until {@link #restore} brings it. */
    public long id() {
        return id;
    }

    public PageTable pageTable() {
        return pageTable;
    }

    /** The ASID under which harts cache its translations: 0 before any has loaded it. A roll-over may take it away. */
    public int asid() {
        return asid;
    }

    /** In which generation of ASIDs it got {@link #asid}, or was allowed to keep it. */
    long asidGeneration() {
        return asidGeneration;
    }

    /** It gets an ASID under which no hart can have cached anything of it. */
    void giveAsid(int newAsid, long generation) {
        asid = newAsid;
        asidGeneration = generation;
        leftBy = 0;
    }

    void keepAsid(long generation) {
        asidGeneration = generation;
    }

    /** The harts whose satp names it, idle ones included. */
    public long loadedOn() {
        return loadedOn;
    }

    /** The harts that may have cached something of it which they could come to use. */
    public long cachedOn() {
        long harts = loadedOn;
        for (long rest = leftBy & ~loadedOn; rest != 0; rest = HartBits.withoutLowest(rest)) {
            int hartId = HartBits.lowest(rest);
            if (epochWhenLeft[hartId] == epochs.of(hartId)) {
                harts |= HartBits.of(hartId);
            }
        }
        return harts;
    }

    void loadedBy(int hartId) {
        loadedOn |= HartBits.of(hartId);
    }

    void leftBy(int hartId) {
        loadedOn &= ~HartBits.of(hartId);
        leftBy |= HartBits.of(hartId);
        epochWhenLeft[hartId] = epochs.of(hartId);
    }

    /** What has been taken away, and which hart has heard of it. */
    public TlbGenerations generations() {
        return generations;
    }

    /** Pages that have no PTE while their old one is being shot down. */
    public PagesInTransit inTransit() {
        return inTransit;
    }

    /** Addresses that are not to be used again yet. */
    public ParkedRanges parked() {
        return parked;
    }

    /** Whether no hart will ever load it again. */
    public boolean isRetired() {
        return retired;
    }

    void retire() {
        retired = true;
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeLong(id);
        out.writeInt(asid);
        out.writeLong(asidGeneration);
        out.writeLong(loadedOn);
        out.writeLong(leftBy);
        out.writeBoolean(retired);
        for (long epoch : epochWhenLeft) {
            out.writeLong(epoch);
        }
        generations.save(out);
        inTransit.save(out);
        parked.save(out);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        id = in.readLong();
        asid = in.readInt();
        asidGeneration = in.readLong();
        loadedOn = in.readLong();
        leftBy = in.readLong();
        retired = in.readBoolean();
        for (int hartId = 0; hartId < epochWhenLeft.length; hartId++) {
            epochWhenLeft[hartId] = in.readLong();
        }
        generations.restore(in);
        inTransit.restore(in);
        parked.restore(in);
    }
}
