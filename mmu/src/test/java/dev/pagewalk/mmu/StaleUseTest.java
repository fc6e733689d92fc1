package dev.pagewalk.mmu;

import static dev.pagewalk.mmu.TranslationCache.L1_DATA;
import static dev.pagewalk.mmu.TranslationCache.L1_INSTRUCTION;
import static dev.pagewalk.mmu.TranslationCache.L2;
import static dev.pagewalk.mmu.TranslationCache.WALK_CACHE;
import static dev.pagewalk.mmu.access.AccessType.FETCH;
import static dev.pagewalk.mmu.access.AccessType.LOAD;
import static dev.pagewalk.mmu.access.AccessType.STORE;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.memory.StoreGuards;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.testing.TestEngine;
import dev.pagewalk.mmu.testing.TestPageTables;
import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import dev.pagewalk.mmu.tlb.Tlb;
import dev.pagewalk.mmu.tlb.TlbFlush;
import dev.pagewalk.mmu.tlb.TlbGeometry;
import dev.pagewalk.mmu.walk.WalkCacheParameters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StaleUseTest {
    private static final long FRAME = PhysicalMemory.RAM_BASE + 0x8_0000;
    private static final long PAGE = 0x5000;
    private static final long LEAF = Pte.leaf(FRAME, Pte.R | Pte.W | Pte.X | Pte.U | Pte.A | Pte.D);
    private static final int BLAME = 7;

    private final PhysicalMemory memory = new PhysicalMemory(1 << 20);
    private final StoreGuards guards = new StoreGuards(memory);
    private final TestPageTables tables = new TestPageTables(memory, PagingMode.SV48);
    private final long root = tables.newTable();
    private final long otherRoot = tables.newTable();
    private final List<StaleUse> uses = new ArrayList<>();
    private final Mmu mmu = newMmu();
    private final TestEngine engine = new TestEngine(mmu);

    StaleUseTest() {
        tables.put(root, PAGE, 0, LEAF);
        tables.put(root, PAGE + 4096, 0, LEAF);
        tables.put(otherRoot, PAGE, 0, LEAF);
        mmu.setAddressSpace(root, 3);
    }

    private Mmu newMmu() {
        TlbGeometry small = TlbGeometry.fullyAssociative(2, 0, ReplacementPolicy.LRU);
        Mmu fresh = new Mmu(
                memory,
                guards,
                PagingMode.SV48,
                new MmuParameters(
                        small,
                        small,
                        new TlbGeometry(16, 4, 1, ReplacementPolicy.LRU),
                        new WalkCacheParameters(8, ReplacementPolicy.LRU, 0, false),
                        1,
                        1,
                        true),
                1);
        fresh.setStaleUseListener(uses::add);
        return fresh;
    }

    private void access(AccessType type) {
        assertThat(engine.access(PAGE, type, 8)).isEqualTo(FRAME);
    }

    private void mark(Tlb tlb) {
        tlb.markStale(tlb.lookup(PAGE, mmu.asid()), BLAME);
    }

    private List<TranslationCache> caches() {
        return uses.stream().map(StaleUse::cache).toList();
    }

    @Test
    void everyUseOfAMarkedL1EntryIsSeenThoughL0HeldItBefore() {
        access(STORE);
        access(LOAD);
        long hits = engine.l0Hits;
        access(STORE);
        access(LOAD);
        assertThat(engine.l0Hits - hits).isEqualTo(2);
        mark(mmu.dataTlb());
        access(STORE);
        access(LOAD);
        access(LOAD);
        assertThat(uses)
                .containsExactly(
                        new StaleUse(L1_DATA, PAGE, STORE, 3, false, root, BLAME, LEAF),
                        new StaleUse(L1_DATA, PAGE, LOAD, 3, false, root, BLAME, LEAF),
                        new StaleUse(L1_DATA, PAGE, LOAD, 3, false, root, BLAME, LEAF));
    }

    @Test
    void whatIsFilledFromAMarkedL2EntryIsMarkedToo() {
        access(LOAD);
        mark(mmu.l2());
        access(FETCH);
        access(FETCH);
        assertThat(caches()).containsExactly(L2, L1_INSTRUCTION);
        access(LOAD);
        assertThat(caches()).as("the L1 entry itself is not marked").hasSize(2);
    }

    @Test
    void whatIsFilledThroughAMarkedPointerIsMarkedToo() {
        access(LOAD);
        mmu.flush(TlbFlush.address(PAGE));
        for (int entry = mmu.walkCache().nextValid(0);
                entry >= 0;
                entry = mmu.walkCache().nextValid(entry + 1)) {
            if (mmu.walkCache().tableLevel(entry) == 0) {
                mmu.walkCache().markStale(entry, BLAME);
            }
        }
        access(LOAD);
        assertThat(caches()).containsExactly(WALK_CACHE);
        assertThat(Pte.isLeaf(uses.get(0).pte())).isFalse();
        access(LOAD);
        access(FETCH);
        assertThat(caches()).containsExactly(WALK_CACHE, L1_DATA, L2);
    }

    @Test
    void anEntryOfAnotherRootIsReportedWhereItsAsidIsReused() {
        access(LOAD);
        mmu.setAddressSpace(otherRoot, 4);
        access(LOAD);
        assertThat(uses).isEmpty();
        mmu.setAddressSpace(root, 3);
        access(LOAD);
        assertThat(uses).isEmpty();
        mmu.setAddressSpace(otherRoot, 3);
        access(LOAD);
        assertThat(uses).containsExactly(new StaleUse(L1_DATA, PAGE, LOAD, 3, false, root, 0, LEAF));
        engine.access(PAGE + 4096, LOAD, 8);
        assertThat(caches()).containsExactly(L1_DATA, WALK_CACHE);
        assertThat(mmu.dataTlb().root(mmu.dataTlb().lookup(PAGE + 4096, 3))).isEqualTo(root);
    }

    @Test
    void aRootThatIsForgottenMatchesNone() {
        access(LOAD);
        mmu.dataTlb().forgetRoot(mmu.dataTlb().lookup(PAGE, 3));
        mmu.clearL0();
        access(LOAD);
        assertThat(uses).containsExactly(new StaleUse(L1_DATA, PAGE, LOAD, 3, false, Tlb.NO_ROOT, 0, LEAF));
    }

    @Test
    void globalEntriesServeEveryRoot() {
        tables.put(root, PAGE, 0, LEAF | Pte.G);
        access(LOAD);
        mmu.setAddressSpace(otherRoot, 3);
        access(LOAD);
        mmu.setAddressSpace(otherRoot, 5);
        access(LOAD);
        assertThat(uses).isEmpty();
        mark(mmu.dataTlb());
        access(LOAD);
        assertThat(caches()).containsExactly(L1_DATA);
    }

    @Test
    void globalPointersServeEveryRoot() {
        tables.put(root, PAGE, 1, tables.get(root, PAGE, 1) | Pte.G);
        access(LOAD);
        mmu.setAddressSpace(otherRoot, 5);
        long readsBefore = mmu.counters().walkReads();
        engine.access(PAGE + 4096, LOAD, 8);
        assertThat(mmu.counters().walkReads() - readsBefore).isEqualTo(1);
        assertThat(uses).isEmpty();
    }

    @Test
    void aFlushOrARefillEndsTheMark() {
        access(LOAD);
        mark(mmu.dataTlb());
        mark(mmu.l2());
        mmu.flush(TlbFlush.address(PAGE, 3));
        access(LOAD);
        access(LOAD);
        assertThat(uses).isEmpty();

        tables.put(root, PAGE + 4096, 0, LEAF & ~Pte.D);
        engine.access(PAGE + 4096, LOAD, 8);
        mmu.dataTlb().markStale(mmu.dataTlb().lookup(PAGE + 4096, 3), BLAME);
        engine.access(PAGE + 4096, STORE, 8);
        assertThat(caches()).as("the hit that had D = 0").containsExactly(L1_DATA);
        engine.access(PAGE + 4096, STORE, 8);
        assertThat(caches()).hasSize(1);
    }

    @Test
    void aHitWithoutTheRightIsAUseToo() {
        tables.put(root, PAGE, 0, LEAF & ~Pte.W);
        access(LOAD);
        mark(mmu.dataTlb());
        assertThat(engine.access(PAGE, STORE, 8)).isEqualTo(-1);
        assertThat(caches()).containsExactly(L1_DATA);
    }

    @Test
    void marksAndRootsOutliveASnapshot() {
        access(LOAD);
        mark(mmu.dataTlb());
        mmu.l2().forgetRoot(mmu.l2().lookup(PAGE, 3));
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        mmu.save(out);
        Mmu other = newMmu();
        other.setAddressSpace(otherRoot, 1);
        other.dataAccesses++;
        other.translate(PAGE, LOAD);
        other.dataTlb().markStale(0, BLAME + 1);
        other.restore(ByteStreams.newDataInput(out.toByteArray()));
        TestEngine restored = new TestEngine(other);
        restored.access(PAGE, LOAD, 8);
        restored.access(PAGE, FETCH, 8);
        assertThat(uses)
                .containsExactly(
                        new StaleUse(L1_DATA, PAGE, LOAD, 3, false, root, BLAME, LEAF),
                        new StaleUse(L2, PAGE, FETCH, 3, false, Tlb.NO_ROOT, 0, LEAF));
    }

    @Test
    void nobodyNeedsToListen() {
        mmu.setStaleUseListener(null);
        access(LOAD);
        mark(mmu.dataTlb());
        mark(mmu.l2());
        access(LOAD);
        access(FETCH);
        assertThat(uses).isEmpty();
    }
}
