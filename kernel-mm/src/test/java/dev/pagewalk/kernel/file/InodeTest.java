package dev.pagewalk.kernel.file;

import static dev.pagewalk.kernel.testing.TestFiles.PAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pagewalk.kernel.error.KernelError;
import dev.pagewalk.kernel.error.KernelException;
import dev.pagewalk.kernel.error.Signal;
import dev.pagewalk.kernel.frame.FrameAllocator;
import dev.pagewalk.kernel.frame.FrameUse;
import dev.pagewalk.kernel.testing.Errors;
import dev.pagewalk.kernel.testing.TestFiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The page cache, as those see it who map files. */
@Tag("S26")
class InodeTest {
    private final TestFiles files = new TestFiles(1 << 20);
    private final FrameAllocator frames = files.memory.frames;

    @AfterEach
    void everyFrameComesBack() {
        files.end();
    }

    private Inode preloaded(String path, int lengthBytes) throws KernelException {
        byte[] bytes = new byte[lengthBytes];
        for (int i = 0; i < lengthBytes; i++) {
            bytes[i] = (byte) (1 + i / PAGE);
        }
        files.system.preload(path, bytes);
        return files.system.find(PathBase.ROOT, path);
    }

    @Test
    @Tag("S39")
    void aPageOfAPreloadedFileIsFilledWhenItIsAskedForAndItsTailIsZero() throws KernelException {
        // A frame that is given out again still holds what it held.
        long dirty = frames.allocate(FrameUse.USER);
        files.memory.ram.write(dirty, filled(PAGE, 0xEE), 0, PAGE);
        frames.release(dirty);
        Inode inode = preloaded("/data", PAGE + 904);
        assertThat(files.framesInUse()).isZero();

        long last = inode.page(1);

        byte[] page = files.frame(last);
        assertThat(Arrays.copyOf(page, 904)).containsOnly(2);
        assertThat(Arrays.copyOfRange(page, 904, PAGE)).containsOnly(0);
        assertThat(inode.pageIfResident(0)).isZero();
        assertThat(inode.pageIfResident(1)).isEqualTo(last).isEqualTo(inode.page(1));
        assertThat(frames.inUse(FrameUse.FILE)).isEqualTo(1);
        assertThat(frames.use(last)).isEqualTo(FrameUse.FILE);
    }

    @Test
    void aPageIsFilledFromItsOwnPlaceInTheFile() throws KernelException {
        // The whole page, and one byte and zeros.
        assertThat(files.frame(preloaded("/whole", 3 * PAGE).page(2))).containsOnly(3);
        assertThat(files.frame(preloaded("/byte", 1).page(0))).startsWith(1, 0).endsWith(0);
    }

    @Test
    @Tag("S35")
    void aPageWithoutAByteOfTheFileIsABusError() throws KernelException {
        Inode inode = files.system.createUnnamed(PAGE + 1);
        inode.page(1);

        assertThat(Errors.of(() -> inode.page(2))).isEqualTo(KernelError.PAST_END_OF_FILE);
        assertThat(Errors.of(() -> inode.page(-1))).isEqualTo(KernelError.PAST_END_OF_FILE);
        assertThat(Errors.of(() -> inode.pageToWrite(Long.MAX_VALUE))).isEqualTo(KernelError.PAST_END_OF_FILE);
        assertThat(KernelError.PAST_END_OF_FILE.signal()).isEqualTo(Signal.SIGBUS);
        Inode empty = files.system.createUnnamed(0);
        assertThat(Errors.of(() -> empty.page(0))).isEqualTo(KernelError.PAST_END_OF_FILE);
        inode.release();
        empty.release();
    }

    @Test
    void anUnnamedFileIsZerosAndTakesOnlyThePagesThatAreAskedFor() throws KernelException {
        Inode inode = files.system.createUnnamed(Long.MAX_VALUE);

        assertThat(files.frame(inode.page(Long.MAX_VALUE / PAGE))).containsOnly(0);
        assertThat(inode.residentPages()).isEqualTo(1);
        assertThat(inode.status().blocks()).isEqualTo(8);
        assertThat(files.framesInUse()).isEqualTo(1);
        inode.release();
    }

    @Test
    void theLastReferenceOfAnUnnamedFileGivesItsPagesBackExceptThoseThatAreMapped() throws KernelException {
        Inode inode = files.system.createUnnamed(2 * PAGE);
        long mapped = inode.pageToWrite(0);
        frames.share(mapped);
        inode.page(1);
        inode.addReference();

        inode.release();
        assertThat(files.framesInUse()).isEqualTo(2);
        inode.release();
        assertThat(files.framesInUse()).isEqualTo(1);
        assertThat(files.system.inode(inode.number())).isNull();
        assertThat(frames.release(mapped)).isTrue();
        assertThatThrownBy(inode::release).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void memoryPressureTakesCleanPagesThatNobodyMapsAndNoOthers() throws KernelException {
        Inode inode = preloaded("/data", 40 * PAGE);
        for (int page = 0; page < 40; page++) {
            inode.page(page);
        }
        long mapped = inode.page(7);
        frames.share(mapped);
        long written = inode.pageToWrite(8);
        files.memory.ram.write(written, filled(PAGE, 0x55), 0, PAGE);
        List<Long> taken = new ArrayList<>();

        assertThat(Errors.of(() -> {
                    while (true) {
                        taken.add(frames.allocate(FrameUse.USER));
                    }
                }))
                .isEqualTo(KernelError.OUT_OF_MEMORY);

        assertThat(inode.residentPages()).isEqualTo(2);
        assertThat(inode.pageIfResident(7)).isEqualTo(mapped);
        assertThat(inode.pageIfResident(8)).isEqualTo(written);
        assertThat(Errors.of(() -> inode.page(9))).isEqualTo(KernelError.OUT_OF_MEMORY);
        taken.forEach(frames::release);
        // They come back as they were.
        assertThat(files.frame(inode.page(9))).containsOnly(10);
        assertThat(files.frame(written)).containsOnly(0x55);
        frames.release(mapped);
    }

    @Test
    void memoryPressureFallsOnFilesInTurn() throws KernelException {
        Inode first = preloaded("/first", 40 * PAGE);
        Inode second = preloaded("/second", 40 * PAGE);
        for (int page = 0; page < 40; page++) {
            first.page(page);
            second.page(page);
        }

        assertThat(files.system.reclaim()).isTrue();
        assertThat(files.system.reclaim()).isTrue();

        assertThat(first.residentPages()).isPositive().isEqualTo(second.residentPages());
        assertThat(files.system.reclaim()).isTrue();
        assertThat(files.system.reclaim()).isTrue();
        assertThat(files.system.reclaim()).isFalse();
    }

    @Test
    void truncationTellsMappingsBeforeItDropsPages() throws KernelException {
        Inode inode = files.system.createUnnamed(3 * PAGE);
        long kept = inode.pageToWrite(0);
        long dropped = inode.pageToWrite(1);
        List<String> told = new ArrayList<>();
        files.system.observeMappings((which, newSizeBytes) -> told.add(which.number() + " " + newSizeBytes + " "
                + which.sizeBytes() + " " + (which.pageIfResident(1) == dropped)));

        inode.truncate(100);
        assertThat(told).containsExactly(inode.number() + " 100 100 true");
        assertThat(inode.pageIfResident(0)).isEqualTo(kept);
        assertThat(inode.pageIfResident(1)).isZero();
        // Growing concerns no mapping.
        inode.truncate(3 * PAGE);
        assertThat(told).hasSize(1);
        inode.release();
    }

    @Test
    @Tag("S39")
    void whatAMappingWroteBehindTheEndIsGoneOnceTheFileHasGrown() throws KernelException {
        Inode inode = files.system.createUnnamed(100);
        long frame = inode.pageToWrite(0);

        for (boolean byWriting : new boolean[] {false, true}) {
            inode.truncate(100);
            files.memory.ram.write(frame, filled(PAGE, 0x77), 0, PAGE);
            if (byWriting) {
                inode.write(300, new byte[] {1}, 1);
            } else {
                inode.truncate(301);
            }
            byte[] page = files.frame(frame);
            assertThat(Arrays.copyOf(page, 100)).containsOnly(0x77);
            assertThat(Arrays.copyOfRange(page, 100, 300)).containsOnly(0);
        }
        inode.release();
    }

    @Test
    @Tag("S39")
    void shrinkingZeroesTheRestOfTheLastPage() throws KernelException {
        Inode inode = preloaded("/data", 2 * PAGE);
        long frame = inode.page(1);

        inode.truncate(PAGE + 10);

        assertThat(Arrays.copyOf(files.frame(frame), 10)).containsOnly(2);
        assertThat(Arrays.copyOfRange(files.frame(frame), 10, PAGE)).containsOnly(0);
        // Also where the page comes in again, after the file has grown over the old bytes.
        inode.truncate(3 * PAGE);
        assertThat(files.system.reclaim()).isTrue();
        assertThat(inode.residentPages()).isZero();
        byte[] again = files.frame(inode.page(1));
        assertThat(Arrays.copyOf(again, 10)).containsOnly(2);
        assertThat(Arrays.copyOfRange(again, 10, PAGE)).containsOnly(0);
        assertThat(files.frame(inode.page(2))).containsOnly(0);
    }

    @Test
    void everyFailedAllocationLeavesTheCacheAsItWas() throws KernelException {
        Inode inode = preloaded("/data", 2 * PAGE);
        frames.setFailurePlan(() -> true);

        assertThat(Errors.of(() -> inode.page(0))).isEqualTo(KernelError.OUT_OF_MEMORY);
        assertThat(Errors.of(() -> inode.pageToWrite(0))).isEqualTo(KernelError.OUT_OF_MEMORY);
        assertThat(Errors.of(() -> inode.read(0, new byte[10], 10))).isEqualTo(KernelError.OUT_OF_MEMORY);
        assertThat(Errors.of(() -> inode.write(5 * PAGE, new byte[PAGE], PAGE))).isEqualTo(KernelError.NO_SPACE);
        assertThat(Errors.of(() -> inode.write(5 * PAGE, new byte[1], 1))).isEqualTo(KernelError.NO_SPACE);

        assertThat(inode.residentPages()).isZero();
        assertThat(inode.sizeBytes()).isEqualTo(2 * PAGE);
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }
}
