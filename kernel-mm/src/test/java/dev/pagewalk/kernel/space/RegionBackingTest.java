package dev.pagewalk.kernel.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.google.common.io.ByteArrayDataOutput;
import com.google.common.io.ByteStreams;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.file.FileSystem;
import dev.pagewalk.kernel.file.Inode;
import dev.pagewalk.kernel.testing.TestMemory;
import dev.pagewalk.mmu.table.PagingMode;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Regions of files and devices: how they split and merge, and the references that they hold on inodes. */
@Tag("S5")
@Tag("S26")
class RegionBackingTest {
    private static final long PAGE = 4096;

    private final TestMemory memory = new TestMemory(1 << 20, PagingMode.SV48);
    private final FileSystem files = new FileSystem(memory.frames, memory.bus, memory.meter);
    private final RegionMap regions = new RegionMap(new RegionBudget());
    private Inode inode;
    private Inode other;

    @BeforeEach
    void createFiles() throws KernelException {
        inode = files.createUnnamed(100 * PAGE);
        other = files.createUnnamed(100 * PAGE);
    }

    private static Region file(Inode inode, long firstPage, long endPage, long offsetPage, boolean shared) {
        Backing backing = new FileBacking(inode, offsetPage * PAGE, shared, true);
        return new Region(firstPage * PAGE, endPage * PAGE, RegionKind.FILE, 1, backing, Advice.NONE);
    }

    private static Region device(long firstPage, long endPage, long physicalPage) {
        Backing backing = new DeviceBacking(physicalPage * PAGE);
        return new Region(firstPage * PAGE, endPage * PAGE, RegionKind.DEVICE, 3, backing, Advice.NONE);
    }

    /** The references that the regions hold; the test holds one itself. */
    private int held(Inode of) {
        return of.references() - 1;
    }

    @Test
    void contiguousPartsOfAFileAreOneRegion() {
        regions.insert(file(inode, 10, 12, 3, false));
        regions.insert(file(inode, 14, 15, 7, false));
        assertThat(held(inode)).isEqualTo(2);
        regions.insert(file(inode, 12, 14, 5, false));
        assertThat(regions.all()).containsExactly(file(inode, 10, 15, 3, false));
        assertThat(held(inode)).isEqualTo(1);
        regions.insert(file(inode, 8, 10, 1, false));
        assertThat(regions.all()).containsExactly(file(inode, 8, 15, 1, false));
        assertThat(held(inode)).isEqualTo(1);
    }

    @Test
    void whatIsNotTheSameFileCarriedOnStaysApart() {
        Region[] apart = {
            file(inode, 10, 12, 3, false),
            file(inode, 12, 13, 6, false),
            file(inode, 13, 14, 7, true),
            file(other, 14, 15, 8, true),
            new Region(15 * PAGE, 16 * PAGE, RegionKind.FILE, 1, new FileBacking(other, 9 * PAGE, true, false), 0),
            new Region(16 * PAGE, 17 * PAGE, RegionKind.FILE, 1),
            device(17, 18, 100),
            device(18, 19, 101),
        };
        for (Region region : apart) {
            regions.insert(region);
        }
        assertThat(regions.all()).containsExactly(apart);
    }

    @Test
    void theEndOfTheLongestFileIsNoTrap() {
        long last = Long.MAX_VALUE & -PAGE;
        Region end = new Region(PAGE, 2 * PAGE, RegionKind.FILE, 1, new FileBacking(inode, last, true, true), 0);
        regions.insert(end);
        regions.insert(file(inode, 2, 3, 0, true));
        assertThat(regions.size()).isEqualTo(2);
        assertThatIllegalArgumentException().isThrownBy(() -> new FileBacking(inode, 1, true, true));
        assertThatIllegalArgumentException().isThrownBy(() -> new FileBacking(inode, -PAGE, true, true));
        assertThatIllegalArgumentException().isThrownBy(() -> new DeviceBacking(5));
    }

    @Test
    @Tag("S10")
    void aPartThatIsCutOutLeavesTheRestAtItsPlaceInTheFile() {
        regions.insert(file(inode, 10, 20, 3, false));
        regions.remove(12 * PAGE, 14 * PAGE);
        assertThat(regions.all()).containsExactly(file(inode, 10, 12, 3, false), file(inode, 14, 20, 7, false));
        assertThat(held(inode)).isEqualTo(2);
        assertThat(regions.find(15 * PAGE).filePage(15 * PAGE + 77)).isEqualTo(8);
        regions.remove(0, 11 * PAGE);
        assertThat(regions.all()).containsExactly(file(inode, 11, 12, 4, false), file(inode, 14, 20, 7, false));
        regions.remove(0, 100 * PAGE);
        assertThat(held(inode)).isZero();

        regions.insert(device(10, 20, 50));
        regions.remove(12 * PAGE, 14 * PAGE);
        assertThat(regions.all()).containsExactly(device(10, 12, 50), device(14, 20, 54));
    }

    @Test
    void aFileWithoutNameOutlivesTheReplacementOfItsOnlyRegion() throws KernelException {
        regions.insert(file(inode, 10, 20, 0, true));
        inode.page(0);
        inode.release();
        Region changed = file(inode, 10, 20, 0, true).withAdvice(Advice.LOCKED);
        regions.replace(changed);
        assertThat(regions.all()).containsExactly(changed);
        assertThat(inode.residentPages()).isEqualTo(1);
        assertThat(inode.references()).isEqualTo(1);
        regions.remove(0, 100 * PAGE);
        assertThat(inode.references()).isZero();
        assertThat(inode.residentPages()).isZero();
    }

    @Test
    void adviceKeepsRegionsApart() {
        Region plain = new Region(PAGE, 2 * PAGE, RegionKind.ANONYMOUS, 3);
        Region locked = new Region(2 * PAGE, 3 * PAGE, RegionKind.ANONYMOUS, 3).withAdvice(Advice.LOCKED);
        regions.insert(plain);
        regions.insert(locked);
        assertThat(regions.all()).containsExactly(plain, locked);
        assertThat(locked.has(Advice.LOCKED)).isTrue();
        assertThat(locked.has(Advice.LOCKED | Advice.HUGE)).isFalse();
        regions.replace(locked.withAdvice(Advice.NONE));
        assertThat(regions.all()).containsExactly(new Region(PAGE, 3 * PAGE, RegionKind.ANONYMOUS, 3));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void everyRegionOfAFileHoldsOneReference(long seed) {
        Random random = new Random(seed);
        for (int step = 0; step < 5_000; step++) {
            int from = random.nextInt(60);
            int to = from + 1 + random.nextInt(8);
            Inode chosen = random.nextBoolean() ? inode : other;
            switch (random.nextInt(3)) {
                // The offset follows the address, so that neighbours merge.
                case 0 -> regions.replace(file(chosen, from, to, from, random.nextInt(4) > 0));
                case 1 -> regions.replace(new Region(from * PAGE, to * PAGE, RegionKind.ANONYMOUS, 3));
                default -> regions.remove(from * PAGE, to * PAGE);
            }
            for (Inode each : new Inode[] {inode, other}) {
                long expected = regions.all().stream()
                        .filter(region -> region.backing() instanceof FileBacking file && file.inode() == each)
                        .count();
                assertThat(held(each)).as("seed %d, step %d", seed, step).isEqualTo((int) expected);
            }
        }
    }

    @Test
    void aRestoredMapKnowsItsFilesByNumberAndTakesNoReferences() {
        regions.insert(file(inode, 10, 20, 3, false).withAdvice(Advice.LOCKED | Advice.NO_HUGE));
        regions.insert(file(other, 20, 21, 0, true));
        regions.insert(device(30, 31, 77));
        ByteArrayDataOutput out = ByteStreams.newDataOutput();
        regions.save(out);
        RegionMap restored = new RegionMap(new RegionBudget());
        restored.restore(ByteStreams.newDataInput(out.toByteArray()), files::inode);
        assertThat(restored.all()).containsExactlyElementsOf(regions.all());
        assertThat(held(inode)).isEqualTo(1);
    }

    @Test
    void sharedIsWhatOthersSee() {
        assertThat(file(inode, 0, 1, 0, true).isShared()).isTrue();
        assertThat(file(inode, 0, 1, 0, false).isShared()).isFalse();
        assertThat(device(0, 1, 0).isShared()).isTrue();
        assertThat(new Region(0, PAGE, RegionKind.ANONYMOUS, 3).isShared()).isFalse();
        assertThat(new Region(0, PAGE, RegionKind.SHARED, 3).isShared()).isTrue();
    }
}
