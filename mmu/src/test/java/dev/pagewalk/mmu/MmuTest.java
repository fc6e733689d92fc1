package dev.pagewalk.mmu;

import static dev.pagewalk.mmu.access.AccessType.FETCH;
import static dev.pagewalk.mmu.access.AccessType.LOAD;
import static dev.pagewalk.mmu.access.AccessType.STORE;
import static dev.pagewalk.mmu.access.TranslationFault.ACCESS_FAULT;
import static dev.pagewalk.mmu.access.TranslationFault.PAGE_FAULT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.memory.StoreGuards;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.testing.TestEngine;
import dev.pagewalk.mmu.testing.TestPageTables;
import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import dev.pagewalk.mmu.tlb.TlbFlush;
import dev.pagewalk.mmu.tlb.TlbGeometry;
import dev.pagewalk.mmu.walk.WalkCacheParameters;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MmuTest {
    private static final long FRAME = PhysicalMemory.RAM_BASE + 0x8_0000;
    private static final long PAGE = 0x5000;
    private static final long ALL = Pte.R | Pte.W | Pte.X | Pte.U | Pte.A | Pte.D;
    private static final int READ = 10;
    private static final int UPDATE = 7;
    private static final int L2_LATENCY = 3;

    private final PhysicalMemory memory = new PhysicalMemory(1 << 20);
    private final StoreGuards guards = new StoreGuards(memory);
    private final TestPageTables tables = new TestPageTables(memory, PagingMode.SV48);
    private final long root = tables.newTable();
    private Mmu mmu;
    private TestEngine engine;

    MmuTest() {
        build(true);
    }

    private static MmuParameters parameters(boolean hardwareUpdates) {
        return new MmuParameters(
                TlbGeometry.fullyAssociative(2, 0, ReplacementPolicy.LRU),
                TlbGeometry.fullyAssociative(2, 0, ReplacementPolicy.LRU),
                new TlbGeometry(16, 4, L2_LATENCY, ReplacementPolicy.LRU),
                WalkCacheParameters.NONE,
                READ,
                UPDATE,
                hardwareUpdates);
    }

    private void build(boolean hardwareUpdates) {
        mmu = new Mmu(memory, guards, PagingMode.SV48, parameters(hardwareUpdates), 1);
        mmu.setAddressSpace(root, 1);
        engine = new TestEngine(mmu);
    }

    private void map(long va, long pte) {
        tables.put(root, va, 0, pte);
    }

    /** What an access costs beyond its instruction. */
    private long cost(long va, AccessType type) {
        engine.access(va, type, 8);
        return mmu.takeExtraCycles();
    }

    private long l0HitsOf(long va, AccessType type) {
        long before = engine.l0Hits;
        engine.access(va, type, 8);
        return engine.l0Hits - before;
    }

    @Test
    void satpTellsModeAsidAndRoot() {
        mmu.setAddressSpace(root, 0xABCD);
        assertThat(mmu.satp()).isEqualTo(9L << 60 | 0xABCDL << 44 | root >>> 12);
        assertThatIllegalArgumentException().isThrownBy(() -> mmu.setAddressSpace(root + 8, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> mmu.setAddressSpace(root, 65_536));
        assertThatIllegalArgumentException().isThrownBy(() -> mmu.setAddressSpace(root, -1));
        assertThat(mmu.rootAddress()).isEqualTo(root);
        assertThat(mmu.mode()).isEqualTo(PagingMode.SV48);
        for (int asid : new int[] {0, 65_535}) {
            mmu.setAddressSpace(root, asid);
            assertThat(mmu.asid()).isEqualTo(asid);
        }
    }

    @Test
    void eachLevelAddsItsCost() {
        for (int page = 0; page < 3; page++) {
            map(PAGE + page * 4096, Pte.leaf(FRAME, ALL));
        }
        assertThat(cost(PAGE, LOAD)).as("L2 miss and walk").isEqualTo(L2_LATENCY + 4 * READ);
        assertThat(cost(PAGE + 8, LOAD)).as("L0 hit").isZero();
        mmu.clearL0();
        assertThat(cost(PAGE + 16, LOAD)).as("L1 hit").isZero();
        assertThat(cost(PAGE, FETCH)).as("L2 hit, filled by the load").isEqualTo(L2_LATENCY);
        cost(PAGE + 4096, LOAD);
        cost(PAGE + 8192, LOAD);
        assertThat(cost(PAGE, LOAD)).as("evicted from L1 only").isEqualTo(L2_LATENCY);
        assertThat(mmu.counters()).isEqualTo(new MmuCounters(1, 1, 6, 4, 5, 3, 3, 12));
    }

    @Test
    void costsAddUpUntilTheyAreTaken() {
        map(PAGE, Pte.leaf(FRAME, ALL));
        engine.access(PAGE, LOAD, 8);
        engine.access(PAGE, FETCH, 8);
        assertThat(mmu.takeExtraCycles()).isEqualTo(2 * L2_LATENCY + 4 * READ);
        assertThat(mmu.takeExtraCycles()).isZero();
    }

    @Test
    void aFailedWalkIsCountedAndChargedButFillsNothing() {
        map(PAGE, 0);
        for (int attempt = 1; attempt <= 2; attempt++) {
            assertThat(engine.access(PAGE, LOAD, 8)).isEqualTo(-1);
            assertThat(mmu.fault()).isEqualTo(PAGE_FAULT);
            assertThat(mmu.takeExtraCycles()).isEqualTo(L2_LATENCY + 4 * READ);
            assertThat(mmu.counters())
                    .isEqualTo(new MmuCounters(0, 0, attempt, attempt, attempt, attempt, attempt, 4L * attempt));
        }
        assertThat(mmu.dataTlb().validEntries() + mmu.l2().validEntries()).isZero();
    }

    @Test
    void aTableOutsideRamIsAnAccessFault() {
        tables.put(root, PAGE, 3, Pte.table(0x1000));
        assertThat(engine.access(PAGE, STORE, 8)).isEqualTo(-1);
        assertThat(mmu.fault()).isEqualTo(ACCESS_FAULT);
    }

    @Test
    void aNonCanonicalAddressIsAMissWithoutAWalk() {
        for (AccessType type : AccessType.values()) {
            assertThat(engine.access(1L << 47, type, 8)).isEqualTo(-1);
            assertThat(mmu.fault()).isEqualTo(PAGE_FAULT);
        }
        assertThat(mmu.takeExtraCycles()).isZero();
        assertThat(mmu.counters()).isEqualTo(new MmuCounters(1, 1, 2, 2, 0, 0, 0, 0));
    }

    @Test
    void aTlbHitWithoutTheRightFaultsWithoutAWalk() {
        map(PAGE, Pte.leaf(FRAME, Pte.R | Pte.U | Pte.A));
        engine.access(PAGE, LOAD, 8);
        map(PAGE, Pte.leaf(FRAME, ALL));
        mmu.takeExtraCycles();
        assertThat(engine.access(PAGE, STORE, 8)).as("L1 knows no W").isEqualTo(-1);
        assertThat(mmu.takeExtraCycles()).isZero();
        assertThat(engine.access(PAGE, FETCH, 8)).as("L2 knows no X").isEqualTo(-1);
        assertThat(mmu.fault()).isEqualTo(PAGE_FAULT);
        assertThat(mmu.takeExtraCycles()).isEqualTo(L2_LATENCY);
        assertThat(mmu.counters().walks()).isEqualTo(1);
        mmu.flush(TlbFlush.address(PAGE, 1));
        assertThat(engine.access(PAGE, STORE, 8)).isEqualTo(FRAME);
    }

    @Test
    void theFirstStoreToACleanEntryWalksAgainToSetD() {
        map(PAGE, Pte.leaf(FRAME, ALL & ~Pte.D));
        engine.access(PAGE, LOAD, 8);
        mmu.takeExtraCycles();
        assertThat(cost(PAGE, STORE)).isEqualTo(4 * READ + UPDATE);
        assertThat(Pte.isDirty(tables.get(root, PAGE, 0))).isTrue();
        assertThat(mmu.counters()).as("a hit, but a walk").isEqualTo(new MmuCounters(0, 0, 2, 1, 1, 1, 2, 8));
        assertThat(l0HitsOf(PAGE, STORE)).isEqualTo(1);
        assertThat(mmu.dataTlb().validEntries()).isEqualTo(1);
        assertThat(mmu.l2().validEntries()).isEqualTo(1);
    }

    @Test
    void theFirstStoreIsSeenAlsoWhereOnlyTheL2KnowsThePage() {
        map(PAGE, Pte.leaf(FRAME, ALL & ~Pte.D));
        engine.access(PAGE, FETCH, 8);
        mmu.takeExtraCycles();
        assertThat(cost(PAGE, STORE)).isEqualTo(L2_LATENCY + 4 * READ + UPDATE);
        assertThat(Pte.isDirty(tables.get(root, PAGE, 0))).isTrue();
    }

    @Test
    void withoutHardwareUpdatesAStoreToACleanEntryFaultsUntilItIsFlushed() {
        build(false);
        map(PAGE, Pte.leaf(FRAME, ALL & ~Pte.D));
        assertThat(engine.access(PAGE, LOAD, 8)).isEqualTo(FRAME);
        assertThat(engine.access(PAGE, STORE, 8)).isEqualTo(-1);
        map(PAGE, Pte.leaf(FRAME, ALL));
        assertThat(engine.access(PAGE, STORE, 8)).isEqualTo(-1);
        assertThat(mmu.counters().walks()).isEqualTo(1);
        mmu.flush(TlbFlush.address(PAGE));
        assertThat(engine.access(PAGE, STORE, 8)).isEqualTo(FRAME);
    }

    @Test
    void l0HoldsEachKindOfAccessByItself() {
        map(PAGE, Pte.leaf(FRAME, ALL));
        for (AccessType type : AccessType.values()) {
            assertThat(l0HitsOf(PAGE, type)).isZero();
            assertThat(l0HitsOf(PAGE, type)).isEqualTo(1);
        }
    }

    @Test
    void l0NeverHoldsDevicesOrWhatIsNotRam() {
        map(PAGE, Pte.leaf(FRAME, ALL | (long) Pte.PBMT_IO << Pte.PBMT_SHIFT));
        map(PAGE + 4096, Pte.leaf(0x1000_0000, ALL));
        map(PAGE + 8192, Pte.leaf(FRAME, ALL | (long) Pte.PBMT_NC << Pte.PBMT_SHIFT));
        for (int attempt = 0; attempt < 2; attempt++) {
            assertThat(l0HitsOf(PAGE, LOAD)).isZero();
            assertThat(l0HitsOf(PAGE + 4096, STORE)).isZero();
            assertThat(l0HitsOf(PAGE + 8192, FETCH)).isEqualTo(attempt);
        }
        assertThat(engine.access(PAGE + 4096 + 5, LOAD, 1)).isEqualTo(0x1000_0005);
    }

    @Test
    void aGuardedFrameIsInNoStoreLine() {
        map(PAGE, Pte.leaf(FRAME, ALL));
        engine.access(PAGE, STORE, 8);
        engine.access(PAGE, LOAD, 8);
        guards.add(FRAME + 100, StoreGuards.CODE);
        assertThat(l0HitsOf(PAGE, STORE)).isZero();
        assertThat(l0HitsOf(PAGE, STORE)).isZero();
        assertThat(l0HitsOf(PAGE, LOAD)).isEqualTo(1);
        guards.remove(FRAME, StoreGuards.CODE);
        assertThat(l0HitsOf(PAGE, STORE)).isZero();
        assertThat(l0HitsOf(PAGE, STORE)).isEqualTo(1);
    }

    @Test
    void aLoadOfTheAddressSpaceEmptiesL0AndKeepsTheTlbs() {
        map(PAGE, Pte.leaf(FRAME, ALL));
        engine.access(PAGE, LOAD, 8);
        mmu.setAddressSpace(root, 2);
        assertThat(l0HitsOf(PAGE, LOAD)).isZero();
        assertThat(mmu.counters().walks()).isEqualTo(2);
        mmu.setAddressSpace(root, 1);
        mmu.takeExtraCycles();
        assertThat(cost(PAGE, LOAD)).isZero();
    }

    @Test
    void anEvictionTakesTheL0LineWithItAndAnL0HitCountsAsUse() {
        for (int page = 0; page < 3; page++) {
            map(PAGE + page * 4096, Pte.leaf(FRAME + page * 4096, ALL));
        }
        engine.access(PAGE, LOAD, 8);
        engine.access(PAGE + 4096, LOAD, 8);
        assertThat(l0HitsOf(PAGE, LOAD)).isEqualTo(1);
        engine.access(PAGE + 8192, LOAD, 8);
        assertThat(l0HitsOf(PAGE, LOAD)).as("used last, so it stayed").isEqualTo(1);
        assertThat(l0HitsOf(PAGE + 4096, LOAD)).as("the victim").isZero();
    }

    @Test
    void settingDMakesAPageTheL2sLatest() {
        TlbGeometry two = TlbGeometry.fullyAssociative(2, 0, ReplacementPolicy.LRU);
        mmu = new Mmu(
                memory,
                guards,
                PagingMode.SV48,
                new MmuParameters(two, two, two, WalkCacheParameters.NONE, READ, UPDATE, true),
                1);
        mmu.setAddressSpace(root, 1);
        engine = new TestEngine(mmu);
        for (int page = 0; page < 3; page++) {
            map(PAGE + page * 4096, Pte.leaf(FRAME, ALL & ~Pte.D));
        }
        engine.access(PAGE, LOAD, 8);
        engine.access(PAGE + 4096, LOAD, 8);
        engine.access(PAGE, STORE, 8);
        engine.access(PAGE + 8192, LOAD, 8);
        assertThat(mmu.l2().lookup(PAGE, 1)).isNotEqualTo(-1);
        assertThat(mmu.l2().lookup(PAGE + 4096, 1)).isEqualTo(-1);
    }

    @Test
    void anEvictedSuperpageTakesAllItsLinesWithIt() {
        long va = 4L << 30;
        tables.put(root, va, 2, Pte.leaf(PhysicalMemory.RAM_BASE, ALL));
        engine.access(va + 0x8_0000, LOAD, 8);
        engine.access(va + 0x8_1000, LOAD, 8);
        assertThat(l0HitsOf(va + 0x8_0000, LOAD) + l0HitsOf(va + 0x8_1000, LOAD))
                .isEqualTo(2);
        mmu.flush(TlbFlush.address(va + 0x123_4567));
        assertThat(l0HitsOf(va + 0x8_0000, LOAD) + l0HitsOf(va + 0x8_1000, LOAD))
                .isZero();
        assertThat(engine.access(va + (512 << 20), LOAD, 8))
                .as("not RAM")
                .isEqualTo(PhysicalMemory.RAM_BASE + (512 << 20));
        engine.checkL0(memory, guards);
    }

    @Test
    void aFlushReachesEveryLevel() {
        map(PAGE, Pte.leaf(FRAME, ALL));
        for (AccessType type : AccessType.values()) {
            engine.access(PAGE, type, 8);
        }
        map(PAGE, 0);
        mmu.flush(TlbFlush.ofAsid(2));
        for (AccessType type : AccessType.values()) {
            assertThat(engine.access(PAGE, type, 8)).as("flush of another ASID").isEqualTo(FRAME);
        }
        mmu.flush(TlbFlush.address(PAGE, 1));
        for (AccessType type : AccessType.values()) {
            assertThat(engine.access(PAGE, type, 8)).isEqualTo(-1);
        }
    }

    /** The page tables say otherwise meanwhile: it is asked what a fetch would find, not what is right. */
    @Test
    void peekingSeesWhatAFetchWouldSeeAndLeavesNoTrace() {
        map(PAGE, Pte.leaf(FRAME, ALL & ~Pte.A));
        assertThat(mmu.peekFetch(PAGE + 2)).as("by a walk").isEqualTo(FRAME + 2);
        assertThat(mmu.peekFetch(PAGE + 4096)).isEqualTo(-1);
        assertThat(mmu.peekFetch(1L << 47)).isEqualTo(-1);
        assertThat(tables.get(root, PAGE, 0)).isEqualTo(Pte.leaf(FRAME, ALL & ~Pte.A));
        assertThat(mmu.counters()).isEqualTo(new MmuCounters(0, 0, 0, 0, 0, 0, 0, 0));

        engine.access(PAGE, LOAD, 8);
        map(PAGE, 0);
        assertThat(mmu.peekFetch(PAGE + 2)).as("by the L2 TLB").isEqualTo(FRAME + 2);
        assertThat(mmu.instructionTlb().validEntries()).isZero();

        map(PAGE, Pte.leaf(FRAME, ALL));
        engine.access(PAGE, FETCH, 4);
        mmu.l2().flush(TlbFlush.all());
        map(PAGE, 0);
        MmuCounters before = mmu.counters();
        assertThat(mmu.peekFetch(PAGE + 2)).as("by the L1 TLB").isEqualTo(FRAME + 2);
        assertThat(mmu.counters()).isEqualTo(before);

        mmu.flush(TlbFlush.all());
        assertThat(mmu.peekFetch(PAGE)).isEqualTo(-1);
    }

    @Test
    void aVetoKeepsPagesOutOfL0FromTheMomentItIsThere() {
        map(PAGE, Pte.leaf(FRAME, ALL));
        map(PAGE + 4096, Pte.leaf(FRAME, ALL));
        engine.access(PAGE, LOAD, 8);
        engine.access(PAGE, STORE, 8);
        assertThat(l0HitsOf(PAGE, LOAD) + l0HitsOf(PAGE, STORE)).isEqualTo(2);

        mmu.setL0Veto((virtualAddress, type) -> virtualAddress >> 12 == PAGE >> 12 && type == STORE);
        for (int again = 0; again < 2; again++) {
            engine.access(PAGE, LOAD, 8);
            assertThat(l0HitsOf(PAGE, STORE)).isZero();
            engine.access(PAGE + 4096, STORE, 8);
        }
        assertThat(l0HitsOf(PAGE, LOAD)).isEqualTo(1);
        assertThat(l0HitsOf(PAGE + 4096, STORE)).isEqualTo(1);

        mmu.setL0Veto(null);
        engine.access(PAGE, STORE, 8);
        assertThat(l0HitsOf(PAGE, STORE)).isEqualTo(1);
    }

    @Test
    void aListenerIsToldOfEachWalkAndWhatItCost() {
        List<String> told = new ArrayList<>();
        mmu.setWalkListener(
                (access, afterCycles, walkCycles) -> told.add(access + " " + afterCycles + " " + walkCycles));
        map(PAGE, Pte.leaf(FRAME, ALL));
        engine.access(PAGE, LOAD, 8);
        engine.access(PAGE, FETCH, 4);
        engine.access(PAGE + 4096, STORE, 8);
        mmu.setWalkListener(null);
        engine.access(PAGE + 8192, LOAD, 8);

        int walk = 4 * READ;
        assertThat(told)
                .containsExactly("LOAD " + L2_LATENCY + " " + walk, "STORE " + (3 * L2_LATENCY + walk) + " " + walk);
    }

    @Test
    void placesAreKnownByTheirNamesAndHoldTheirTlbs() {
        assertThat(TranslationCache.values())
                .extracting(TranslationCache::label)
                .containsExactly("L1I", "L1D", "L2", "walk cache");
        assertThat(mmu.tlb(TranslationCache.L1_INSTRUCTION)).isSameAs(mmu.instructionTlb());
        assertThat(mmu.tlb(TranslationCache.L1_DATA)).isSameAs(mmu.dataTlb());
        assertThat(mmu.tlb(TranslationCache.L2)).isSameAs(mmu.l2()).isNotNull();
        assertThat(mmu.tlb(TranslationCache.WALK_CACHE)).isNull();
    }

    @Test
    void acceptsTheSmallestCostsAndTheLargestFirstLevel() {
        TlbGeometry largest = TlbGeometry.fullyAssociative(2048, 0, ReplacementPolicy.LRU);
        MmuParameters free = new MmuParameters(largest, largest, null, WalkCacheParameters.NONE, 0, 0, true);
        assertThat(free.pteReadCycles() + free.pteUpdateCycles()).isZero();
    }

    @Test
    void countersOfHartsAddUp() {
        MmuCounters counters = new MmuCounters(1, 2, 3, 4, 5, 6, 7, 8);
        assertThat(counters.plus(counters)).isEqualTo(new MmuCounters(2, 4, 6, 8, 10, 12, 14, 16));
    }

    @Test
    void refusesParametersThatNoCoreHas() {
        TlbGeometry good = TlbGeometry.fullyAssociative(4, 0, ReplacementPolicy.LRU);
        TlbGeometry slow = TlbGeometry.fullyAssociative(4, 1, ReplacementPolicy.LRU);
        TlbGeometry huge = TlbGeometry.fullyAssociative(4096, 0, ReplacementPolicy.LRU);
        WalkCacheParameters none = WalkCacheParameters.NONE;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MmuParameters(slow, good, null, none, 1, 1, true))
                .withMessageContaining("instruction");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MmuParameters(good, huge, null, none, 1, 1, true))
                .withMessageContaining("data");
        assertThatIllegalArgumentException().isThrownBy(() -> new MmuParameters(good, good, null, none, -1, 1, true));
        assertThatIllegalArgumentException().isThrownBy(() -> new MmuParameters(good, good, null, none, 1, -1, true));
        assertThatNullPointerException().isThrownBy(() -> new MmuParameters(good, good, null, null, 1, 1, true));
    }
}
