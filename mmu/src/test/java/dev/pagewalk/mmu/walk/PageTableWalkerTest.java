package dev.pagewalk.mmu.walk;

import static dev.pagewalk.mmu.access.AccessType.FETCH;
import static dev.pagewalk.mmu.access.AccessType.LOAD;
import static dev.pagewalk.mmu.access.AccessType.STORE;
import static dev.pagewalk.mmu.access.TranslationFault.ACCESS_FAULT;
import static dev.pagewalk.mmu.access.TranslationFault.PAGE_FAULT;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.access.TranslationFault;
import dev.pagewalk.mmu.memory.PhysicalMemory;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.testing.TestPageTables;
import dev.pagewalk.mmu.tlb.ReplacementPolicy;
import dev.pagewalk.mmu.tlb.TlbFlush;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class PageTableWalkerTest {
    private static final long ALL = Pte.R | Pte.W | Pte.X | Pte.U | Pte.A | Pte.D;
    private static final int READ_CYCLES = 10;
    private static final int UPDATE_CYCLES = 7;
    private static final int ASID = 1;

    /** A machine with one empty address space, and a page table walker that sets A and D or does not. */
    private static final class Space {
        final PhysicalMemory memory = new PhysicalMemory(1 << 20);
        final TestPageTables tables;
        final PagingMode mode;
        final long root;
        final WalkCache cache;
        final PageTableWalker walker;
        final WalkResult result = new WalkResult();

        Space(PagingMode mode, WalkCacheParameters cacheParameters, boolean hardwareUpdates) {
            this.mode = mode;
            this.tables = new TestPageTables(memory, mode);
            this.root = tables.newTable();
            this.cache = new WalkCache(cacheParameters, 0);
            this.walker = new PageTableWalker(memory, mode, cache, READ_CYCLES, UPDATE_CYCLES, hardwareUpdates);
        }

        Space(PagingMode mode) {
            this(mode, WalkCacheParameters.NONE, true);
        }

        /** Maps and walks; the software translation must agree where A and D are no matter. */
        TranslationFault tryPte(long va, int level, long pte, AccessType type) {
            tables.put(root, va, level, pte);
            TranslationFault probed = walker.probe(root, va, type, result);
            long probedAddress = probed == null ? result.physicalAddress() : -1;
            assertThat(tables.get(root, va, level)).isEqualTo(pte);
            TranslationFault fault = walk(va, type);
            assertThat(probed).isEqualTo(fault);
            assertThat(probedAddress).isEqualTo(fault == null ? result.physicalAddress() : -1);
            return fault;
        }

        TranslationFault walk(long va, AccessType type) {
            TranslationFault fault = walker.walk(root, ASID, va, type, result);
            assertThat(result.fault()).isEqualTo(fault);
            return fault;
        }
    }

    static Stream<Arguments> pages() {
        return Stream.of(PagingMode.values())
                .flatMap(mode -> Stream.iterate(0, level -> level + 1)
                        .limit(mode.levels())
                        .map(level -> Arguments.of(mode, level)));
    }

    static Stream<Arguments> superpages() {
        return pages().filter(arguments -> (int) arguments.get()[1] > 0);
    }

    private static long someAddress(PagingMode mode) {
        return mode.userHalfEnd() - 0x1234_5679L;
    }

    /** Superpages lie where there is no RAM: that is not the walker's business. */
    private static long someFrame(int level) {
        return level == 0 ? PhysicalMemory.RAM_BASE + 0x8_0000 : 3 * PagingMode.pageSizeBytes(level);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void findsPagesOfEverySize(PagingMode mode, int level) {
        Space space = new Space(mode);
        long va = someAddress(mode);
        long size = PagingMode.pageSizeBytes(level);
        for (AccessType type : AccessType.values()) {
            assertThat(space.tryPte(va, level, Pte.leaf(someFrame(level), ALL), type))
                    .isNull();
            assertThat(space.result.physicalAddress()).isEqualTo(someFrame(level) + (va & size - 1));
            assertThat(space.result.level()).isEqualTo(level);
            assertThat(space.result.leaf()).isEqualTo(Pte.leaf(someFrame(level), ALL));
            assertThat(space.result.leafAddress()).isEqualTo(space.tables.pteAddress(space.root, va, level));
            assertThat(space.result.pteReads()).isEqualTo(mode.levels() - level);
            assertThat(space.result.cycles()).isEqualTo((mode.levels() - level) * READ_CYCLES);
            assertThat(space.result.global()).isFalse();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void eachAccessNeedsItsRight(PagingMode mode, int level) {
        Space space = new Space(mode);
        long va = someAddress(mode);
        long other = ALL & ~(Pte.R | Pte.W | Pte.X);
        long[] rights = {Pte.R, Pte.X, Pte.R | Pte.W, Pte.R | Pte.X, Pte.R | Pte.W | Pte.X};
        for (long right : rights) {
            long pte = Pte.leaf(someFrame(level), other | right);
            assertThat(space.tryPte(va, level, pte, LOAD)).isEqualTo((right & Pte.R) != 0 ? null : PAGE_FAULT);
            assertThat(space.tryPte(va, level, pte, STORE)).isEqualTo((right & Pte.W) != 0 ? null : PAGE_FAULT);
            assertThat(space.tryPte(va, level, pte, FETCH)).isEqualTo((right & Pte.X) != 0 ? null : PAGE_FAULT);
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void faultsWhereUserModeMayNotGo(PagingMode mode, int level) {
        Space space = new Space(mode);
        assertThat(space.tryPte(someAddress(mode), level, Pte.leaf(someFrame(level), ALL & ~Pte.U), LOAD))
                .isEqualTo(PAGE_FAULT);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void faultsAtInvalidAndReservedEntries(PagingMode mode, int level) {
        Space space = new Space(mode);
        long va = someAddress(mode);
        long good = Pte.leaf(someFrame(level), ALL);
        assertThat(space.tryPte(va, level, 0, LOAD)).isEqualTo(PAGE_FAULT);
        assertThat(space.result.pteReads()).isEqualTo(mode.levels() - level);
        assertThat(space.result.cycles()).isEqualTo((mode.levels() - level) * READ_CYCLES);
        assertThat(space.tryPte(va, level, good & ~Pte.V, LOAD)).isEqualTo(PAGE_FAULT);
        assertThat(space.tryPte(va, level, good & ~Pte.R, FETCH)).isEqualTo(PAGE_FAULT);
        for (int bit = 54; bit <= 60; bit++) {
            assertThat(space.tryPte(va, level, good | 1L << bit, LOAD)).isEqualTo(PAGE_FAULT);
        }
        assertThat(space.tryPte(va, level, good | Pte.N, LOAD)).isEqualTo(PAGE_FAULT);
        assertThat(space.tryPte(va, level, good | 3L << Pte.PBMT_SHIFT, LOAD)).isEqualTo(PAGE_FAULT);
        for (long type = 0; type < 3; type++) {
            assertThat(space.tryPte(va, level, good | type << Pte.PBMT_SHIFT | Pte.RSW, LOAD))
                    .isNull();
        }
    }

    @ParameterizedTest
    @MethodSource("superpages")
    void faultsAtMisalignedSuperpages(PagingMode mode, int level) {
        Space space = new Space(mode);
        for (long offset = 4096; offset < PagingMode.pageSizeBytes(level); offset *= 2) {
            assertThat(space.tryPte(someAddress(mode), level, Pte.leaf(someFrame(level) + offset, ALL), LOAD))
                    .isEqualTo(PAGE_FAULT);
        }
    }

    @ParameterizedTest
    @MethodSource("superpages")
    void faultsAtPointersWithReservedBits(PagingMode mode, int level) {
        Space space = new Space(mode);
        long va = someAddress(mode);
        space.tables.put(space.root, va, 0, Pte.leaf(someFrame(0), ALL));
        long pointer = space.tables.get(space.root, va, level);
        assertThat(space.tryPte(va, level, pointer, LOAD)).isNull();
        for (long bit : new long[] {Pte.A, Pte.D, Pte.U, Pte.N, 1L << 54, 1L << 60, 1L << 61, 1L << 62}) {
            assertThat(space.tryPte(va, level, pointer | bit, LOAD)).isEqualTo(PAGE_FAULT);
        }
        assertThat(space.tryPte(va, level, pointer | Pte.RSW, LOAD)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void faultsAtAPointerWhereOnlyALeafCanBe(PagingMode mode) {
        Space space = new Space(mode);
        assertThat(space.tryPte(someAddress(mode), 0, Pte.table(space.root), LOAD))
                .isEqualTo(PAGE_FAULT);
        assertThat(space.result.pteReads()).isEqualTo(mode.levels());
    }

    @ParameterizedTest
    @MethodSource("superpages")
    void aTableOutsideRamIsAnAccessFault(PagingMode mode, int level) {
        Space space = new Space(mode);
        long end = space.memory.endAddress();
        for (long table : new long[] {end, 0, PhysicalMemory.RAM_BASE - 4096, (1L << 56) - 4096}) {
            assertThat(space.tryPte(someAddress(mode), level, Pte.table(table), STORE))
                    .isEqualTo(ACCESS_FAULT);
            assertThat(space.result.pteReads()).isEqualTo(mode.levels() - level);
        }
        assertThat(space.walker.walk(end, ASID, 0, LOAD, space.result)).isEqualTo(ACCESS_FAULT);
        assertThat(space.result.cycles()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aNonCanonicalAddressFaultsUnread(PagingMode mode) {
        Space space = new Space(mode);
        for (long va : new long[] {mode.userHalfEnd(), -mode.userHalfEnd() - 1, Long.MIN_VALUE}) {
            assertThat(space.walk(va, LOAD)).isEqualTo(PAGE_FAULT);
            assertThat(space.result.pteReads()).isZero();
            assertThat(space.walker.probe(space.root, va, LOAD, space.result)).isEqualTo(PAGE_FAULT);
            assertThat(space.walker.explain(space.root, va)).isEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void hardwareSetsAccessedAndDirty(PagingMode mode, int level) {
        Space space = new Space(mode);
        long va = someAddress(mode);
        long fresh = Pte.leaf(someFrame(level), ALL & ~(Pte.A | Pte.D) | Pte.RSW);
        int reads = (mode.levels() - level) * READ_CYCLES;

        space.tables.put(space.root, va, level, fresh);
        assertThat(space.walk(va, LOAD)).isNull();
        assertThat(space.tables.get(space.root, va, level)).isEqualTo(fresh | Pte.A);
        assertThat(space.result.leaf()).isEqualTo(fresh | Pte.A);
        assertThat(space.result.cycles()).isEqualTo(reads + UPDATE_CYCLES);

        assertThat(space.walk(va, FETCH)).isNull();
        assertThat(space.result.cycles()).isEqualTo(reads);

        assertThat(space.walk(va, STORE)).isNull();
        assertThat(space.tables.get(space.root, va, level)).isEqualTo(fresh | Pte.A | Pte.D);
        assertThat(space.result.leaf()).isEqualTo(fresh | Pte.A | Pte.D);
        assertThat(space.result.cycles()).isEqualTo(reads + UPDATE_CYCLES);

        assertThat(space.walk(va, STORE)).isNull();
        assertThat(space.result.cycles()).isEqualTo(reads);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void withoutHardwareUpdatesAccessedAndDirtyFault(PagingMode mode, int level) {
        Space space = new Space(mode, WalkCacheParameters.NONE, false);
        long va = someAddress(mode);
        long fresh = Pte.leaf(someFrame(level), ALL & ~(Pte.A | Pte.D));
        long[] states = {0, Pte.A, Pte.D, Pte.A | Pte.D};
        for (long state : states) {
            space.tables.put(space.root, va, level, fresh | state);
            assertThat(space.walk(va, LOAD)).isEqualTo((state & Pte.A) != 0 ? null : PAGE_FAULT);
            assertThat(space.walk(va, FETCH)).isEqualTo((state & Pte.A) != 0 ? null : PAGE_FAULT);
            assertThat(space.walk(va, STORE)).isEqualTo(state == (Pte.A | Pte.D) ? null : PAGE_FAULT);
            assertThat(space.tables.get(space.root, va, level)).isEqualTo(fresh | state);
            assertThat(space.walker.probe(space.root, va, STORE, space.result)).isNull();
        }
    }

    @Test
    void anAccessThatFaultsSetsNothing() {
        Space space = new Space(PagingMode.SV48);
        long pte = Pte.leaf(someFrame(0), Pte.R | Pte.U);
        assertThat(space.tryPte(0x5000, 0, pte, STORE)).isEqualTo(PAGE_FAULT);
        assertThat(space.tables.get(space.root, 0x5000, 0)).isEqualTo(pte);
    }

    @ParameterizedTest
    @MethodSource("pages")
    void whatAGlobalPointerOrLeafMapsIsGlobal(PagingMode mode, int level) {
        Space space = new Space(mode);
        long va = someAddress(mode);
        space.tables.put(space.root, va, 0, Pte.leaf(someFrame(0), ALL));
        space.tables.put(space.root, va, level, space.tables.get(space.root, va, level) | Pte.G);
        assertThat(space.walk(va, LOAD)).isNull();
        assertThat(space.result.global()).isTrue();
        assertThat(space.walker.probe(space.root, va, LOAD, space.result)).isNull();
        assertThat(space.result.global()).isTrue();
        space.tables.put(space.root, 0x1000, 0, Pte.leaf(someFrame(0), ALL));
        assertThat(space.walk(0x1000, LOAD)).isNull();
        assertThat(space.result.global()).isFalse();
    }

    private static WalkCacheParameters cacheOf(int entries, boolean addressFlushDropsTables) {
        return new WalkCacheParameters(entries, ReplacementPolicy.LRU, 2, addressFlushDropsTables);
    }

    @ParameterizedTest
    @EnumSource
    void theCacheSparesTheReadsAboveTheLastTable(PagingMode mode) {
        Space space = new Space(mode, cacheOf(8, true), true);
        long va = 0x5000;
        space.tables.put(space.root, va, 0, Pte.leaf(someFrame(0), ALL));
        space.tables.put(space.root, va + 0x1000, 0, Pte.leaf(someFrame(0), ALL));
        space.tables.put(space.root, va + (2 << 20), 0, Pte.leaf(someFrame(0), ALL));
        space.walk(va, LOAD);
        assertThat(space.result.cycles()).isEqualTo(2 + mode.levels() * READ_CYCLES);
        space.walk(va + 0x1000, LOAD);
        assertThat(space.result.pteReads()).isEqualTo(1);
        assertThat(space.result.cycles()).isEqualTo(2 + READ_CYCLES);
        space.walk(va + (2 << 20), LOAD);
        assertThat(space.result.pteReads()).isEqualTo(2);
        assertThat(space.walker.walk(space.root, ASID + 1, va, LOAD, space.result))
                .isNull();
        assertThat(space.result.pteReads()).isEqualTo(mode.levels());
    }

    @Test
    void theCacheServesGlobalTablesToAllAsids() {
        Space space = new Space(PagingMode.SV48, cacheOf(8, true), true);
        space.tables.put(space.root, 0x5000, 0, Pte.leaf(someFrame(0), ALL));
        space.tables.put(space.root, 0x5000, 2, space.tables.get(space.root, 0x5000, 2) | Pte.G);
        space.walk(0x5000, LOAD);
        assertThat(space.walker.walk(space.root, ASID + 1, 0x5000, LOAD, space.result))
                .isNull();
        assertThat(space.result.pteReads()).isEqualTo(1);
        assertThat(space.result.global()).isTrue();
    }

    @Test
    void aFailedWalkLeavesNothingInTheCache() {
        Space space = new Space(PagingMode.SV48, cacheOf(8, true), true);
        space.tables.put(space.root, 0x5000, 0, 0);
        assertThat(space.walk(0x5000, LOAD)).isEqualTo(PAGE_FAULT);
        assertThat(space.walk(0x5000, LOAD)).isEqualTo(PAGE_FAULT);
        assertThat(space.result.pteReads()).isEqualTo(4);
    }

    private static int readsAfter(TlbFlush flush, boolean addressFlushDropsTables) {
        Space space = new Space(PagingMode.SV48, cacheOf(8, addressFlushDropsTables), true);
        space.tables.put(space.root, 0x5000, 0, Pte.leaf(someFrame(0), ALL));
        space.walk(0x5000, LOAD);
        space.cache.flush(flush);
        space.walk(0x5000, LOAD);
        return space.result.pteReads();
    }

    @Test
    void flushesReachTheCacheAsItsParametersSay() {
        for (boolean drops : new boolean[] {true, false}) {
            assertThat(readsAfter(TlbFlush.all(), drops)).isEqualTo(4);
            assertThat(readsAfter(TlbFlush.ofAsid(ASID), drops)).isEqualTo(4);
            assertThat(readsAfter(TlbFlush.ofAsid(ASID + 1), drops)).isEqualTo(1);
        }
        // The tables at levels 0, 1 and 2 that serve the address go; a table beside does not.
        assertThat(readsAfter(TlbFlush.address(0x5000), true)).isEqualTo(4);
        assertThat(readsAfter(TlbFlush.address(0x5000), false)).isEqualTo(1);
        assertThat(readsAfter(TlbFlush.address(0x9000, ASID), true)).isEqualTo(4);
        assertThat(readsAfter(TlbFlush.address(0x5000, ASID + 1), true)).isEqualTo(1);
        assertThat(readsAfter(TlbFlush.address(2 << 20), true)).isEqualTo(1);
        assertThat(readsAfter(TlbFlush.address(1L << 39), true)).isEqualTo(1);
    }

    @Test
    void explainsEachStepAndWhatStopsIt() {
        Space space = new Space(PagingMode.SV39);
        space.tables.put(space.root, 0x5000, 0, Pte.leaf(0x8008_0000L, Pte.R | Pte.U));
        List<WalkStep> steps = space.walker.explain(space.root, 0x5123);
        assertThat(steps).extracting(WalkStep::level).containsExactly(2, 1, 0);
        assertThat(steps).extracting(WalkStep::verdict).containsOnly("");
        assertThat(steps.get(2)).hasToString("level 0 [  5] at 0x80002028: 0x0000000020020013 leaf 0x80080000 r--u---");
        assertThat(space.tables.get(space.root, 0x5000, 0)).isEqualTo(Pte.leaf(0x8008_0000L, Pte.R | Pte.U));

        assertThat(lastStep(space, 0, Pte.table(space.root))).contains("pointer at the last level");
        assertThat(lastStep(space, 0, 0)).endsWith("invalid: page fault: not valid");
        assertThat(lastStep(space, 0, Pte.leaf(0, Pte.R))).contains("not for user mode");
        assertThat(lastStep(space, 0, Pte.leaf(0, Pte.W | Pte.X))).contains("reserved encoding");
        assertThat(lastStep(space, 1, Pte.leaf(4096, ALL))).contains("misaligned superpage");
        assertThat(lastStep(space, 1, Pte.table(0))).contains("access fault: there is no RAM");
    }

    private static String lastStep(Space space, int level, long pte) {
        space.tables.put(space.root, 0x5000, level, pte);
        List<WalkStep> steps = space.walker.explain(space.root, 0x5000);
        return steps.get(steps.size() - 1).toString();
    }
}
