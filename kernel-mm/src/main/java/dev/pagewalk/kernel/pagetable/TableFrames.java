package dev.pagewalk.kernel.pagetable;

import com.google.common.io.ByteArrayDataInput;
import com.google.common.io.ByteArrayDataOutput;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.mmu.state.Snapshotable;
import it.unimi.dsi.fastutil.longs.LongArrayList;

/**
 * The frames that one address space's tables take, counted (S32): those in the tree, and one deposited for each huge leaf,
 * so that splitting it never has to ask for memory. Source of the idea: Linux, mm/pgtable-generic.c, {@code
 * pgtable_trans_huge_deposit}.
 */
final class TableFrames implements Snapshotable {
    private final PageTableEditor editor;

    /** Empty tables; none belongs to one huge leaf in particular. */
    private final LongArrayList deposited = new LongArrayList();

    private int pages;
    private int peakPages;

    TableFrames(PageTableEditor editor) {
        this.editor = editor;
    }

    int pages() {
        return pages;
    }

    int peakPages() {
        return peakPages;
    }

    /** An empty table. */
    long allocate() throws KernelException {
        long table = editor.allocateTable();
        pages++;
        peakPages = Math.max(peakPages, pages);
        return table;
    }

    void release(long table) {
        editor.freeTable(table);
        pages--;
    }

    /** Lays a table by for a huge leaf. */
    void deposit() throws KernelException {
        deposited.push(allocate());
    }

    /** The table of a huge leaf that is split. */
    long withdraw() {
        return deposited.popLong();
    }

    /** Gives back the table of a huge leaf that has gone; nothing ever led to it. */
    void releaseDeposit() {
        release(withdraw());
    }

    void releaseDeposits() {
        while (!deposited.isEmpty()) {
            releaseDeposit();
        }
    }

    @Override
    public void save(ByteArrayDataOutput out) {
        out.writeInt(pages);
        out.writeInt(peakPages);
        out.writeInt(deposited.size());
        deposited.forEach(out::writeLong);
    }

    @Override
    public void restore(ByteArrayDataInput in) {
        pages = in.readInt();
        peakPages = in.readInt();
        deposited.clear();
        int size = in.readInt();
        for (int i = 0; i < size; i++) {
            deposited.add(in.readLong());
        }
    }
}
