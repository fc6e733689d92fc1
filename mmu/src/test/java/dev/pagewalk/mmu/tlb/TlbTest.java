package dev.pagewalk.mmu.tlb;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TlbTest {
    private static final long PAGE = 0x8004_2000L;
    private static final long MIB_2 = 2 << 20;
    private static final long ROOT = 0x8000_0000L;
    private static final long RIGHTS = Pte.R | Pte.W | Pte.U | Pte.A;

    private final List<String> dropped = new ArrayList<>();
    private final Tlb tlb = tlb(8, 8);
    private long ordinal;

    private Tlb tlb(int entries, int ways) {
        return new Tlb(
                new TlbGeometry(entries, ways, 0, ReplacementPolicy.FIFO),
                1,
                (entry, va, level) -> dropped.add(entry + ":" + Long.toHexString(va) + "/" + level));
    }

    private int insert(Tlb into, long va, int asid, boolean global, int level) {
        return into.insert(
                va, asid, global, level, Pte.leaf(PAGE & -PagingMode.pageSizeBytes(level), RIGHTS), ROOT, ++ordinal);
    }

    @Test
    void findsAPageByAnyAddressInIt() {
        int entry = insert(tlb, 0x5678, 3, false, 0);
        assertThat(tlb.lookup(0x5000, 3)).isEqualTo(entry);
        assertThat(tlb.lookup(0x5FFF, 3)).isEqualTo(entry);
        assertThat(tlb.lookup(0x6000, 3)).isEqualTo(-1);
        assertThat(tlb.lookup(0x4FFF, 3)).isEqualTo(-1);
        assertThat(tlb.physicalAddress(entry, 0x5678)).isEqualTo(PAGE + 0x678);
    }

    @Test
    void findsSuperpagesOfEverySize() {
        for (int level = 1; level < 5; level++) {
            Tlb fresh = tlb(8, 8);
            long size = PagingMode.pageSizeBytes(level);
            int entry = insert(fresh, 5 * size + 0x1234, 3, false, level);
            assertThat(fresh.lookup(5 * size, 3)).isEqualTo(entry);
            assertThat(fresh.lookup(6 * size - 1, 3)).isEqualTo(entry);
            assertThat(fresh.lookup(6 * size, 3)).isEqualTo(-1);
            assertThat(fresh.lookup(5 * size - 1, 3)).isEqualTo(-1);
            assertThat(fresh.virtualAddress(entry)).isEqualTo(5 * size);
            assertThat(fresh.physicalAddress(entry, 5 * size + 0x1234)).isEqualTo((PAGE & -size) + 0x1234);
        }
    }

    private List<Integer> overlapping(long va, int level) {
        List<Integer> entries = new ArrayList<>();
        tlb.forEachOverlapping(va, level, entries::add);
        entries.sort(null);
        return entries;
    }

    @Test
    void visitsWhatOverlapsAPageWhateverItsAddressSpaceAndSize() {
        int mine = insert(tlb, MIB_2 + 0x5000, 3, false, 0);
        int others = insert(tlb, MIB_2 + 0x5000, 4, false, 0);
        int neighbour = insert(tlb, MIB_2 + 0x6000, 3, false, 0);
        int large = insert(tlb, MIB_2, 5, false, 1);
        int elsewhere = insert(tlb, 2 * MIB_2, 3, false, 0);
        int high = insert(tlb, -0x1000, 3, true, 0);
        assertThat(overlapping(MIB_2 + 0x5000, 0)).containsExactly(mine, others, large);
        assertThat(overlapping(MIB_2, 1)).containsExactly(mine, others, neighbour, large);
        assertThat(overlapping(0, 2)).containsExactly(mine, others, neighbour, large, elsewhere);
        assertThat(overlapping(-0x1000, 0)).containsExactly(high);
        assertThat(overlapping(3 * MIB_2, 0)).isEmpty();
    }

    @Test
    void aMarkIsToldToWhoeverRestsOnTheEntryAndEndsWithIt() {
        int entry = insert(tlb, 0x5000, 3, false, 0);
        assertThat(tlb.staleMark(entry)).isZero();
        tlb.markStale(entry, 9);
        assertThat(dropped).containsExactly(entry + ":5000/0");
        assertThat(tlb.lookup(0x5000, 3)).as("it still translates").isEqualTo(entry);
        assertThat(tlb.staleMark(entry)).isEqualTo(9);
        assertThat(insert(tlb, 0x5000, 3, false, 0)).isEqualTo(entry);
        assertThat(tlb.staleMark(entry)).isZero();
    }

    @Test
    void anEntryIsSuspectWhenMarkedOrOfAnotherRoot() {
        int entry = insert(tlb, 0x5000, 3, false, 0);
        int global = insert(tlb, 0x6000, 3, true, 0);
        assertThat(tlb.root(entry)).isEqualTo(ROOT);
        assertThat(tlb.isSuspect(entry, ROOT)).isFalse();
        assertThat(tlb.isSuspect(entry, ROOT + 0x1000)).isTrue();
        assertThat(tlb.isSuspect(global, ROOT + 0x1000)).isFalse();
        tlb.markStale(global, 1);
        assertThat(tlb.isSuspect(global, ROOT)).isTrue();
        tlb.forgetRoot(entry);
        assertThat(tlb.isSuspect(entry, ROOT)).isTrue();
    }

    @Test
    void validEntriesAreFoundInTheirOrder() {
        assertThat(tlb.nextValid(0)).isEqualTo(-1);
        insert(tlb, 0x5000, 3, false, 0);
        insert(tlb, 0x6000, 3, false, 0);
        insert(tlb, 0x7000, 3, false, 0);
        tlb.flush(TlbFlush.address(0x6000));
        assertThat(tlb.nextValid(0)).isZero();
        assertThat(tlb.nextValid(1)).isEqualTo(2);
        assertThat(tlb.nextValid(3)).isEqualTo(-1);
    }

    @Test
    void keepsAddressesOfBothHalvesApart() {
        int low = insert(tlb, 0, 1, false, 0);
        int high = insert(tlb, -0x1000, 1, false, 0);
        assertThat(tlb.lookup(0xFFF, 1)).isEqualTo(low);
        assertThat(tlb.lookup(-1, 1)).isEqualTo(high);
        assertThat(tlb.virtualAddress(high)).isEqualTo(-0x1000);
    }

    @Test
    void matchesTheAsidUnlessThePageIsGlobal() {
        int mine = insert(tlb, 0x5000, 3, false, 0);
        int other = insert(tlb, 0x5000, 0xFFFF, false, 0);
        int global = insert(tlb, 0x7000, 3, true, 0);
        assertThat(tlb.lookup(0x5000, 3)).isEqualTo(mine);
        assertThat(tlb.lookup(0x5000, 0xFFFF)).isEqualTo(other);
        assertThat(tlb.lookup(0x5000, 4)).isEqualTo(-1);
        assertThat(tlb.lookup(0x7000, 12)).isEqualTo(global);
        assertThat(tlb.asid(other)).isEqualTo(0xFFFF);
        assertThat(tlb.isGlobal(global)).isTrue();
        assertThat(tlb.isGlobal(mine)).isFalse();
    }

    @Test
    void fillsTheLowestInvalidWayBeforeItReplaces() {
        for (int page = 0; page < 8; page++) {
            assertThat(insert(tlb, page << 12, 1, false, 0)).isEqualTo(page);
        }
        tlb.flush(TlbFlush.address(0x5000));
        tlb.flush(TlbFlush.address(0x3000));
        assertThat(insert(tlb, 0x8000, 1, false, 0)).isEqualTo(3);
        assertThat(insert(tlb, 0x9000, 1, false, 0)).isEqualTo(5);
        dropped.clear();
        assertThat(insert(tlb, 0xA000, 1, false, 0)).isEqualTo(0);
        assertThat(dropped).containsExactly("0:0/0");
        assertThat(tlb.lookup(0, 1)).isEqualTo(-1);
    }

    @Test
    void aNewTranslationTakesThePlaceOfTheOldOne() {
        insert(tlb, 0x4000, 1, false, 0);
        int entry = insert(tlb, 0x5000, 1, false, 0);
        long leaf = Pte.leaf(PAGE + 0x1000, RIGHTS | Pte.D);
        assertThat(tlb.insert(0x5000, 1, false, 0, leaf, ROOT, 77)).isEqualTo(entry);
        assertThat(tlb.leaf(entry)).isEqualTo(leaf);
        assertThat(tlb.stamps()[entry]).isEqualTo(77);
        assertThat(tlb.validEntries()).isEqualTo(2);
        assertThat(dropped).containsExactly(entry + ":5000/0");
    }

    @Test
    void aNewSuperpageRemovesTheSmallerPagesItCovers() {
        insert(tlb, 3 * MIB_2, 1, false, 0);
        insert(tlb, 3 * MIB_2 + 0x5000, 1, false, 0);
        insert(tlb, 3 * MIB_2 + 0x5000, 2, false, 0);
        int beside = insert(tlb, 4 * MIB_2, 1, false, 0);
        int superpage = insert(tlb, 3 * MIB_2 + 0x7000, 1, false, 1);
        assertThat(dropped).containsExactly("0:600000/0", "1:605000/0");
        assertThat(tlb.lookup(3 * MIB_2 + 0x5000, 1)).isEqualTo(superpage);
        assertThat(tlb.lookup(3 * MIB_2 + 0x5000, 2)).isEqualTo(2);
        assertThat(tlb.lookup(4 * MIB_2, 1)).isEqualTo(beside);
    }

    @Test
    void aNewSmallPageRemovesTheSuperpageAroundIt() {
        insert(tlb, 3 * MIB_2, 1, false, 1);
        int page = insert(tlb, 3 * MIB_2 + 0x5000, 1, false, 0);
        assertThat(tlb.lookup(3 * MIB_2 + 0x5000, 1)).isEqualTo(page);
        assertThat(tlb.lookup(3 * MIB_2, 1)).isEqualTo(-1);
        assertThat(dropped).containsExactly("0:600000/1");
    }

    @Test
    void aNewGlobalPageRemovesThoseOfAllAsids() {
        insert(tlb, 0x5000, 1, false, 0);
        insert(tlb, 0x5000, 2, false, 0);
        int global = insert(tlb, 0x5000, 3, true, 0);
        assertThat(global).isEqualTo(0);
        assertThat(tlb.validEntries()).isEqualTo(1);
        int own = insert(tlb, 0x5000, 2, false, 0);
        assertThat(tlb.lookup(0x5000, 2)).isEqualTo(own);
        assertThat(tlb.lookup(0x5000, 1)).isEqualTo(-1);
    }

    @Test
    void ofSeveralThatANewGlobalPageRemovesItTakesTheLowestPlace() {
        insert(tlb, 0x5000, 1, false, 0);
        insert(tlb, 0x5000, 2, false, 0);
        tlb.flush(TlbFlush.ofAsid(1));
        insert(tlb, 0x5000, 3, false, 0);
        assertThat(insert(tlb, 0x5000, 4, true, 0)).isEqualTo(0);
    }

    @Test
    void aPageGoesIntoTheSetOfItsOwnPageNumber() {
        Tlb sets = tlb(16, 2);
        assertThat(insert(sets, 0x5000, 1, false, 0) / 2).isEqualTo(5);
        assertThat(insert(sets, 0xD000, 1, false, 0) / 2).isEqualTo(5);
        assertThat(insert(sets, 5 * MIB_2 + 0x3000, 1, false, 1) / 2).isEqualTo(5);
        assertThat(dropped).containsExactly("10:5000/0");
        assertThat(insert(sets, 6L << 30, 1, false, 2) / 2).isEqualTo(6);
        assertThat(sets.lookup(5 * MIB_2, 1)).isNotEqualTo(-1);
        assertThat(sets.lookup(6L << 30, 1)).isNotEqualTo(-1);
    }

    private Tlb forFlushes() {
        Tlb filled = tlb(16, 16);
        insert(filled, 0x5000, 1, false, 0); // 0
        insert(filled, 0x5000, 2, false, 0); // 1
        insert(filled, 0x6000, 1, false, 0); // 2
        insert(filled, 0x7000, 1, true, 0); // 3
        insert(filled, MIB_2, 1, false, 1); // 4
        insert(filled, MIB_2, 2, false, 1); // 5
        insert(filled, 1 << 30, 7, true, 2); // 6
        return filled;
    }

    private static List<Integer> droppedBy(Tlb filled, TlbFlush flush) {
        filled.flush(flush);
        List<Integer> missing = new ArrayList<>();
        for (int entry = 0; entry < 7; entry++) {
            if (!filled.isValid(entry)) {
                missing.add(entry);
            }
        }
        assertThat(filled.validEntries()).isEqualTo(7 - missing.size());
        return missing;
    }

    @Test
    void aFlushDropsWhatItNamesAndNothingElse() {
        assertThat(droppedBy(forFlushes(), TlbFlush.all())).containsExactly(0, 1, 2, 3, 4, 5, 6);
        assertThat(droppedBy(forFlushes(), TlbFlush.ofAsid(1))).containsExactly(0, 2, 4);
        assertThat(droppedBy(forFlushes(), TlbFlush.ofAsid(7))).isEmpty();
        assertThat(droppedBy(forFlushes(), TlbFlush.address(0x5123))).containsExactly(0, 1);
        assertThat(droppedBy(forFlushes(), TlbFlush.address(0x5123, 2))).containsExactly(1);
        assertThat(droppedBy(forFlushes(), TlbFlush.address(0x7000))).containsExactly(3);
        assertThat(droppedBy(forFlushes(), TlbFlush.address(0x7000, 1))).isEmpty();
        assertThat(droppedBy(forFlushes(), TlbFlush.address(MIB_2 + 0x3000, 1))).containsExactly(4);
        assertThat(droppedBy(forFlushes(), TlbFlush.address((1 << 30) + 0x1234567)))
                .containsExactly(6);
        assertThat(droppedBy(forFlushes(), TlbFlush.range(0x6000, 0x2000, TlbFlush.EVERY_ASID)))
                .containsExactly(2, 3);
        assertThat(droppedBy(forFlushes(), TlbFlush.range(0x6000, MIB_2, 1))).containsExactly(2, 4);
    }

    @Test
    void aFlushTellsTheListener() {
        Tlb filled = forFlushes();
        dropped.clear();
        filled.flush(TlbFlush.address(MIB_2 + 0x3000, 2));
        assertThat(dropped).containsExactly("5:200000/1");
    }

    @Test
    void equalStatesAreEqualBytes() {
        Tlb filled = forFlushes();
        filled.flush(TlbFlush.ofAsid(1));
        byte[] saved = saved(filled);
        Tlb restored = tlb(16, 16);
        insert(restored, 0x9000, 1, false, 0);
        restored.restore(ByteStreams.newDataInput(saved));
        assertThat(saved(restored)).isEqualTo(saved);
        assertThat(restored.lookup(0x5000, 2)).isEqualTo(1);
        assertThat(restored.lookup(0x9000, 1)).isEqualTo(-1);
        assertThat(restored.lookup((1 << 30) + 0x5555, 9)).isEqualTo(6);
        assertThat(restored.validEntries()).isEqualTo(4);
        filled.flush(TlbFlush.all());
        assertThat(saved(filled)).as("empty again").isEqualTo(saved(tlb(16, 16)));
    }

    private static byte[] saved(Tlb tlb) {
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        tlb.save(out);
        return out.toByteArray();
    }

    @Test
    void describesAnEntryForPeople() {
        int entry = insert(tlb, 0x20_5000, 7, false, 1);
        assertThat(tlb.describe(entry)).isEqualTo("0x0000000000200000 2M asid 7 leaf 0x80000000 rw-u-a-");
        entry = insert(tlb, -0x1000, 7, true, 0);
        assertThat(tlb.describe(entry)).isEqualTo("0xfffffffffffff000 4K global leaf 0x80042000 rw-u-a-");
    }
}
