package dev.pagewalk.kernel.pagetable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.access.AccessType;
import dev.pagewalk.mmu.table.PagingMode;
import dev.pagewalk.mmu.table.Pte;
import dev.pagewalk.mmu.walk.PageTableWalker;
import dev.pagewalk.mmu.walk.WalkResult;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Leaves of 2 MiB: found, visited, split, and the table that each has in store for that. */
@Tag("S14")
class HugePageTableTest {
    private static final long PAGE = 4096;
    private static final long HUGE = 2 << 20;
    private static final long VA = 0x4000_0000L;
    private static final long FRAME = 0x8020_0000L;
    private static final long RW = Pte.R | Pte.W;

    private TestMemory memory;
    private PageTable table;
    private int framesBefore;

    private void start(PagingMode mode) throws KernelException {
        memory = new TestMemory(4 << 20, mode);
        framesBefore = memory.frames.freeFrames();
        table = PageTable.createSharing(memory.editor, memory.kernelTable);
    }

    private void assertEverythingComesBack() {
        table.free();
        memory.refill();
        assertThat(memory.frames.freeFrames()).isEqualTo(framesBefore);
    }

    private static long huge(long rights) {
        return KernelPte.userPage(FRAME, rights, Pte.A | Pte.D);
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void splittingChangesNoTranslationAndNeedsNoMemory(PagingMode mode) throws KernelException {
        start(mode);
        table.map(VA, 1, huge(RW));
        memory.drainTo(0);
        int tables = table.tablePages();
        table.split(table.find(VA + 5 * PAGE));
        assertThat(table.tablePages()).isEqualTo(tables);
        PageTableWalker walker = new PageTableWalker(memory.ram, mode);
        WalkResult result = new WalkResult();
        for (long offset = 0; offset < HUGE; offset += PAGE) {
            PageEntry entry = table.find(VA + offset);
            assertThat(entry.level()).isZero();
            assertThat(entry.pte()).isEqualTo(KernelPte.userPage(FRAME + offset, RW, Pte.A | Pte.D));
            assertThat(walker.probe(table.rootAddress(), VA + offset + 7, AccessType.STORE, result))
                    .isNull();
            assertThat(result.physicalAddress()).isEqualTo(FRAME + offset + 7);
        }
        assertThat(table.find(VA + HUGE).isPresent()).isFalse();
        assertEverythingComesBack();
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void anInaccessibleHugePageIsPresentAndSplitsToo(PagingMode mode) throws KernelException {
        start(mode);
        table.map(VA, 1, huge(0));
        PageEntry found = table.find(VA + 0x12_3456);
        assertThat(found.isHuge()).isTrue();
        assertThat(found.virtualAddress()).isEqualTo(VA);
        assertThat(found.physicalAddress(VA + 0x12_3456)).isEqualTo(FRAME + 0x12_3456);
        table.split(found);
        assertThat(table.find(VA + 0x12_3456).pte()).isEqualTo(KernelPte.userPage(FRAME + 0x12_3000, 0, Pte.A | Pte.D));
        assertEverythingComesBack();
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    @Tag("S31")
    void aHugePageTakesItsDepositOrNothingAtAll(PagingMode mode) throws KernelException {
        start(mode);
        int needed = mode.levels() - 2 + 1;
        for (int free = 0; free < needed; free++) {
            memory.drainTo(free);
            assertThat(Errors.of(() -> table.map(VA, 1, huge(RW)))).isEqualTo(KernelError.OUT_OF_MEMORY);
            assertThat(table.tablePages()).isEqualTo(1);
            assertThat(memory.frames.freeFrames()).isEqualTo(free);
            assertThat(memory.ram.readLong(table.rootAddress())).isZero();
            memory.refill();
        }
        memory.drainTo(needed);
        table.map(VA, 1, huge(RW));
        assertThat(table.tablePages()).isEqualTo(1 + needed);
        assertThat(memory.frames.freeFrames()).isZero();
        assertEverythingComesBack();
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void theDepositGoesWithTheLeaf(PagingMode mode) throws KernelException {
        start(mode);
        table.map(VA, 1, huge(RW));
        table.map(VA + HUGE, 1, huge(RW));
        int tables = table.tablePages();
        table.write(table.find(VA), KernelPte.withRights(table.peek(VA), 0));
        assertThat(table.tablePages()).isEqualTo(tables);
        table.write(table.find(VA), 0);
        assertThat(table.tablePages()).isEqualTo(tables - 1);
        table.visitPages(VA, VA + 2 * HUGE, (address, level, pte) -> 0);
        assertThat(table.tablePages()).isEqualTo(tables - 2);
        assertThat(table.peek(VA + HUGE)).isZero();
        assertEverythingComesBack();
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void visitorsGetAHugePageWholeOrInPieces(PagingMode mode) throws KernelException {
        start(mode);
        table.map(VA - PAGE, 0, huge(RW));
        for (int i = 0; i < 3; i++) {
            table.map(VA + i * HUGE, 1, huge(RW));
        }
        assertThat(visited(VA - PAGE, VA + 2 * HUGE)).containsExactly((VA - PAGE) + "/0", VA + "/1", VA + HUGE + "/1");
        assertThat(table.find(VA + HUGE).isHuge()).isTrue();
        assertThat(visited(VA + 2 * HUGE + 3 * PAGE, VA + 3 * HUGE))
                .hasSize(509)
                .allMatch(page -> page.endsWith("/0"));
        assertThat(visited(VA + HUGE - PAGE, VA + HUGE + PAGE))
                .containsExactly(VA + HUGE - PAGE + "/0", VA + HUGE + "/0");
        assertThat(visited(VA, VA + 3 * HUGE)).hasSize(3 * 512);
        assertEverythingComesBack();
    }

    private List<String> visited(long start, long end) {
        List<String> seen = new ArrayList<>();
        table.visitPages(start, end, (address, level, pte) -> {
            seen.add(address + "/" + level);
            return pte;
        });
        return seen;
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void aHugePageCountsAs512WhereVisitsAreLimited(PagingMode mode) throws KernelException {
        start(mode);
        for (int i = 0; i < 3; i++) {
            table.map(VA + i * HUGE, 1, huge(RW));
        }
        assertThat(table.visitPages(VA, VA + 3 * HUGE, 513, (address, level, pte) -> pte))
                .isEqualTo(VA + 2 * HUGE);
        assertThat(table.visitPages(VA, VA + 3 * HUGE, 512, (address, level, pte) -> pte))
                .isEqualTo(VA + HUGE);
        assertEverythingComesBack();
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void tablesAroundHugePagesStayUntilTheyServeNothing(PagingMode mode) throws KernelException {
        start(mode);
        table.map(VA, 1, huge(RW));
        table.map(VA + HUGE, 1, huge(RW));
        table.visitPages(VA, VA + PAGE, (address, level, pte) -> 0);
        List<Long> unhooked = new ArrayList<>();
        table.unhookTables(VA, VA + PAGE, (from, to) -> to > VA + PAGE, unhooked::add);
        assertThat(unhooked).isEmpty();
        table.visitPages(VA, VA + HUGE, (address, level, pte) -> 0);
        table.unhookTables(VA, VA + HUGE, (from, to) -> to > VA + HUGE, unhooked::add);
        assertThat(unhooked).hasSize(1);
        table.visitPages(VA, VA + 2 * HUGE, (address, level, pte) -> 0);
        table.unhookTables(VA, VA + 2 * HUGE, (from, to) -> false, unhooked::add);
        assertThat(unhooked).hasSize(mode.levels() - 1);
        unhooked.forEach(table::releaseUnhooked);
        assertThat(table.tablePages()).isEqualTo(1);
        assertEverythingComesBack();
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void aHugePageHidesNothing(PagingMode mode) throws KernelException {
        start(mode);
        table.map(VA, 0, huge(RW));
        table.map(VA + HUGE, 1, huge(RW));
        assertThatIllegalStateException().isThrownBy(() -> table.map(VA, 1, huge(RW)));
        assertThatIllegalStateException().isThrownBy(() -> table.map(VA + HUGE, 1, huge(RW)));
        assertThatIllegalStateException().isThrownBy(() -> table.map(VA + HUGE + PAGE, 0, huge(RW)));
        assertThatIllegalStateException().isThrownBy(() -> table.split(table.find(VA)));
        assertEverythingComesBack();
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void aHugePageBeginsAtAMultipleOfItsSizeOnBothSides(PagingMode mode) throws KernelException {
        start(mode);
        int free = memory.frames.freeFrames();
        for (long off : new long[] {PAGE, HUGE / 2, HUGE - PAGE}) {
            assertThatIllegalArgumentException().isThrownBy(() -> table.map(VA + off, 1, huge(RW)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> table.map(VA, 1, KernelPte.userPage(FRAME + off, RW, 0)));
        }
        assertThat(table.tablePages()).isEqualTo(1);
        assertThat(memory.frames.freeFrames()).isEqualTo(free);
        assertEverythingComesBack();
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void whatWasReservedIsFilledWithoutMemory(PagingMode mode) throws KernelException {
        start(mode);
        PageTableBuilder reserving = table.builder();
        reserving.reserve(VA - PAGE, 0);
        reserving.reserve(VA, 1);
        reserving.reserve(VA + 2 * HUGE, 0);
        int tables = table.tablePages();
        memory.drainTo(0);
        PageTableBuilder filling = table.builder();
        filling.fill(VA - PAGE, 0, huge(RW));
        filling.fill(VA, 1, huge(RW));
        filling.fill(VA + 2 * HUGE + PAGE, 0, huge(RW));
        assertThat(table.tablePages()).isEqualTo(tables);
        table.split(table.find(VA));
        assertThat(visited(VA - PAGE, VA + 3 * HUGE)).hasSize(1 + 512 + 1);
        assertThatIllegalStateException().isThrownBy(() -> table.builder().fill(VA + 3 * HUGE, 0, huge(RW)));
        assertEverythingComesBack();
    }

    @ParameterizedTest
    @EnumSource(PagingMode.class)
    void depositsSurviveASnapshot(PagingMode mode) throws KernelException {
        start(mode);
        table.map(VA, 1, huge(RW));
        table.map(VA + HUGE, 1, huge(RW));
        ByteArrayDataOutput saved = ByteStreams.newDataOutput();
        table.save(saved);
        PageTable restored = PageTable.forRestore(memory.editor);
        restored.restore(ByteStreams.newDataInput(saved.toByteArray()));
        assertThat(restored.tablePages()).isEqualTo(table.tablePages());
        table = restored;
        table.split(table.find(VA));
        assertThat(visited(VA, VA + 2 * HUGE)).hasSize(512 + 1);
        assertEverythingComesBack();
    }
}
