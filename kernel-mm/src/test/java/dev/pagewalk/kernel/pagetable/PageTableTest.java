package dev.pagewalk.kernel.pagetable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.memory.MemorySnapshot;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.walk.PageTableWalker;
import dev.pagewalk.mmu.walk.WalkResult;
import dev.pagewalk.mmu.walk.WalkStep;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("S1")
class PageTableTest {
    private static final long RAM_BYTES = 8 << 20;
    private static final long VA = 0x12_3456_7000L;

    private TestMemory memory;
    private PageTable table;
    private int framesBefore;

    private void start(PagingMode mode) throws KernelException {
        memory = new TestMemory(RAM_BYTES, mode);
        framesBefore = memory.frames.freeFrames();
        table = PageTable.createSharing(memory.editor, memory.kernelTable);
    }

    private static long leaf(long frame) {
        return Pte.leaf(frame, Pte.R | Pte.W | Pte.U | Pte.A | Pte.D);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void aMappedPageIsWhatTheHardwareFinds(PagingMode mode) throws KernelException {
        start(mode);
        long frame = memory.frames.allocate(FrameUse.USER);
        table.map(VA, 0, leaf(frame));
        WalkResult result = new WalkResult();
        PageTableWalker walker = new PageTableWalker(memory.ram, mode);
        assertThat(walker.probe(table.rootAddress(), VA + 0x123, AccessType.STORE, result))
                .isNull();
        assertThat(result.physicalAddress()).isEqualTo(frame + 0x123);
        assertThat(result.leafAddress()).isEqualTo(table.find(VA + 0x123).slot());
        assertThat(table.peek(VA))
                .isEqualTo(leaf(frame))
                .isEqualTo(table.find(VA).pte());
        assertThat(table.tablePages()).isEqualTo(mode.levels());
        assertThat(memory.frames.inUse(FrameUse.PAGE_TABLE)).isEqualTo(memory.kernelTable.tablePages() + mode.levels());
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    @Tag("S33")
    void findAllocatesNothingAndKnowsEmptySlots(PagingMode mode) throws KernelException {
        start(mode);
        int before = memory.frames.freeFrames();
        assertThat(table.find(VA).lacksTable()).isTrue();
        assertThat(table.peek(VA)).isZero();
        assertThat(memory.frames.freeFrames()).isEqualTo(before);
        table.map(VA, 0, leaf(0x8020_0000L));
        PageEntry neighbour = table.find(VA + 4096);
        assertThat(neighbour.slot()).isEqualTo(table.find(VA).slot() + 8);
        assertThat(neighbour)
                .isEqualTo(new PageEntry(VA + 4096, 0, table.find(VA).slot() + 8, 0));
        assertThat(neighbour.lacksTable()).isFalse();
        assertThat(table.find(VA + (1 << 21)).lacksTable()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void aSuperpageIsFoundAtItsLevelAndNotMappedOver(PagingMode mode) throws KernelException {
        start(mode);
        long va = 0x4000_0000L;
        table.map(va, 1, leaf(0x8020_0000L));
        assertThat(table.peek(va + 0x12_3000)).isEqualTo(leaf(0x8020_0000L));
        assertThat(table.find(va + 0x12_3000)).isEqualTo(table.find(va));
        // Its deposit is one of them.
        assertThat(table.tablePages()).isEqualTo(mode.levels());
        assertThatIllegalStateException().isThrownBy(() -> table.map(va + 4096, 0, leaf(0x8020_0000L)));
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    @Tag("S31")
    void mappingThatRunsOutOfMemoryLeavesTheTreeByteIdentical(PagingMode mode) throws KernelException {
        start(mode);
        table.map(VA, 0, leaf(0x8020_0000L));
        // One new table is needed beside VA, two a level higher, and so on up to all but the root.
        for (int needed = 1; needed < mode.levels(); needed++) {
            long va = VA + PagingMode.pageSizeBytes(needed);
            for (int free = 0; free < needed; free++) {
                memory.drainTo(free);
                int tables = table.tablePages();
                List<byte[]> before = userTables();
                assertThat(Errors.of(() -> table.map(va, 0, leaf(0x8020_0000L))))
                        .as("%d frames free of %d", free, needed)
                        .isEqualTo(KernelError.OUT_OF_MEMORY);
                assertThat(userTables()).containsExactlyElementsOf(before);
                assertThat(table.tablePages()).isEqualTo(tables);
                assertThat(memory.frames.freeFrames()).isEqualTo(free);
                assertThat(memory.frames.inUse(FrameUse.PAGE_TABLE))
                        .isEqualTo(memory.kernelTable.tablePages() + tables);
                memory.refill();
            }
        }
        memory.drainTo(mode.levels() - 1);
        table.map(VA + PagingMode.pageSizeBytes(mode.levels() - 1), 0, leaf(0x8020_0000L));
        assertThat(memory.frames.freeFrames()).isZero();
    }

    /** The contents of every table that the user half's root entries reach, the root first. */
    private List<byte[]> userTables() {
        List<byte[]> tables = new ArrayList<>();
        collect(table.rootAddress(), memory.editor.mode().levels() - 1, 256, tables);
        return tables;
    }

    private void collect(long address, int level, int entries, List<byte[]> into) {
        byte[] content = new byte[4096];
        memory.ram.read(address, content, 0, 4096);
        into.add(content);
        for (int i = 0; i < entries && level > 0; i++) {
            long pte = memory.ram.readLong(address + 8L * i);
            if (Pte.isValid(pte) && !Pte.isLeaf(pte)) {
                collect(Pte.physicalAddress(pte), level - 1, 512, into);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    @Tag("S3")
    void freeingReturnsTheNumberOfTables(PagingMode mode) throws KernelException {
        start(mode);
        table.map(VA, 0, leaf(0x8020_0000L));
        table.map(VA + 4096, 0, leaf(0x8020_0000L));
        table.map(VA + (1 << 21), 0, leaf(0x8020_0000L));
        long root = table.rootAddress();
        assertThat(table.freeUserTables()).isEqualTo(mode.levels() - 1 + 1);
        assertThat(table.rootAddress()).isEqualTo(root);
        assertThat(table.tablePages()).isEqualTo(1);
        for (int i = 0; i < 256; i++) {
            assertThat(memory.ram.readLong(root + 8 * i)).isZero();
        }
        assertThat(table.freeUserTables()).isZero();
        table.map(VA, 0, leaf(0x8020_0000L));
        assertThat(table.free()).isEqualTo(mode.levels());
        assertThat(table.rootAddress()).isZero();
        assertThat(table.free()).isZero();
        assertThat(memory.frames.freeFrames()).isEqualTo(framesBefore);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    @Tag("S3")
    void freeingPassesOverHugeLeaves(PagingMode mode) throws KernelException {
        start(mode);
        table.map(0x4000_0000L, 1, leaf(0x8020_0000L));
        table.map(0x8000_0000L, 2, leaf(0x8000_0000L));
        assertThat(table.free()).isEqualTo(table.peakTablePages());
        assertThat(memory.frames.freeFrames()).isEqualTo(framesBefore);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    @Tag("S2")
    void everyTableSharesTheKernelHalf(PagingMode mode) throws KernelException {
        start(mode);
        PageTable other = PageTable.createSharing(memory.editor, memory.kernelTable);
        int present = 0;
        for (int i = 0; i < 512; i++) {
            long pte = memory.ram.readLong(table.rootAddress() + 8 * i);
            assertThat(pte).isEqualTo(memory.ram.readLong(other.rootAddress() + 8 * i));
            assertThat(pte).isEqualTo(memory.ram.readLong(memory.kernelTable.rootAddress() + 8 * i));
            present += Pte.isValid(pte) ? 1 : 0;
            assertThat(i >= 256 || pte == 0).isTrue();
        }
        assertThat(present).isPositive();
        int free = memory.frames.freeFrames();
        assertThat(other.free()).isEqualTo(1);
        assertThat(memory.frames.freeFrames()).isEqualTo(free + 1);
    }

    @Test
    @Tag("S2")
    void kernelSpaceBeginsWhereTheUpperHalfDoes() {
        assertThat(KernelHalf.baseAddress(PagingMode.SV48)).isEqualTo(0xFFFF_8000_0000_0000L);
        assertThat(PagingMode.SV48.index(0xFFFF_8000_0000_0000L, 3)).isEqualTo(256);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    @Tag("S2")
    void theLinearMapTranslatesAllOfRamGloballyAndNotForTheUser(PagingMode mode) throws KernelException {
        for (long ramBytes : new long[] {64 << 10, (2 << 20) + 4096, (1L << 30) + (6 << 20) + 12288, 64L << 30}) {
            memory = new TestMemory(ramBytes, mode);
            table = PageTable.createSharing(memory.editor, memory.kernelTable);
            PageTableWalker walker = new PageTableWalker(memory.ram, mode);
            Random random = new Random(3);
            for (int i = 0; i < 200; i++) {
                long offset = i == 0 ? 0 : i == 1 ? ramBytes - 1 : (long) (random.nextDouble() * ramBytes);
                long physical = memory.ram.baseAddress() + offset;
                long va = KernelHalf.linearAddress(mode, physical);
                assertThat(mode.isCanonical(va)).isTrue();
                assertThat(va)
                        .isGreaterThanOrEqualTo(KernelHalf.baseAddress(mode))
                        .isNegative();
                List<WalkStep> steps = walker.explain(table.rootAddress(), va);
                WalkStep last = steps.get(steps.size() - 1);
                assertThat(Pte.isLeaf(last.pte())).as(last.toString()).isTrue();
                assertThat(last.verdict()).isEqualTo("page fault: not for user mode");
                assertThat(Pte.isGlobal(last.pte())).isTrue();
                assertThat(Pte.isUser(last.pte())).isFalse();
                assertThat(Pte.physicalAddress(last.pte()) + (va & PagingMode.pageSizeBytes(last.level()) - 1))
                        .isEqualTo(physical);
            }
            List<WalkStep> beyond =
                    walker.explain(table.rootAddress(), KernelHalf.linearAddress(mode, memory.ram.endAddress()));
            assertThat(Pte.isValid(beyond.get(beyond.size() - 1).pte())).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void visitorsSeeEveryPresentPageOfTheRangeInOrder(PagingMode mode) throws KernelException {
        start(mode);
        Random random = new Random(17);
        TreeMap<Long, Long> model = new TreeMap<>();
        long span = PagingMode.pageSizeBytes(mode.levels() - 1) * 3;
        long base = mode.userHalfEnd() - span;
        for (int i = 0; i < 200; i++) {
            long va = base + ((long) (random.nextDouble() * span) & -4096);
            long near = random.nextBoolean() || model.isEmpty() ? va : model.firstKey() + random.nextInt(50) * 4096L;
            if (near < mode.userHalfEnd()) {
                long pte =
                        KernelPte.userPage(0x8000_0000L + random.nextInt(1000) * 4096L, random.nextInt(2) * Pte.R, 0);
                table.map(near, 0, pte);
                model.put(near, pte);
            }
        }
        table.map(base + 4096, 0, 0);
        for (int i = 0; i < 100; i++) {
            long from = base + ((long) (random.nextDouble() * span) & -4096);
            long to = Math.min(mode.userHalfEnd(), from + ((long) (random.nextDouble() * span) & -4096));
            TreeMap<Long, Long> seen = new TreeMap<>();
            List<Long> order = new ArrayList<>();
            table.visitPages(from, to, (va, level, pte) -> {
                seen.put(va, pte);
                order.add(va);
                return pte;
            });
            assertThat(seen).isEqualTo(new TreeMap<>(model.subMap(from, to)));
            assertThat(order).isSorted();
        }
        table.visitPages(0, mode.userHalfEnd(), (va, level, pte) -> 0);
        table.visitPages(0, mode.userHalfEnd(), (va, level, pte) -> {
            throw new AssertionError();
        });
        table.free();
        assertThat(memory.frames.freeFrames()).isEqualTo(framesBefore);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    @Tag("S12")
    void aPageIsMappedWithAGivenFrameAndRemappedToAnother(PagingMode mode) throws KernelException {
        start(mode);
        table.map(VA, 0, leaf(0x8020_0000L));
        table.map(VA, 0, leaf(0x8020_1000L));
        assertThat(table.peek(VA)).isEqualTo(leaf(0x8020_1000L));
        table.write(table.find(VA), leaf(0x8020_2000L));
        WalkResult result = new WalkResult();
        PageTableWalker walker = new PageTableWalker(memory.ram, mode);
        assertThat(walker.probe(table.rootAddress(), VA + 8, AccessType.LOAD, result))
                .isNull();
        assertThat(result.physicalAddress()).isEqualTo(0x8020_2008L);
        assertThat(table.tablePages()).isEqualTo(mode.levels());
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void creatingWithoutAFrameIsOutOfMemory(PagingMode mode) throws KernelException {
        start(mode);
        memory.drainTo(0);
        MemorySnapshot before = memory.ram.snapshot();
        assertThat(Errors.of(() -> PageTable.createSharing(memory.editor, memory.kernelTable)))
                .isEqualTo(KernelError.OUT_OF_MEMORY);
        assertThat(memory.ram.snapshot().frameCount()).isEqualTo(before.frameCount());
    }
}
